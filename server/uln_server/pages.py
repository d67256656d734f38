"""What a person sees who opens a service's address in a browser."""

from collections.abc import Mapping
from html import escape

from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_server.gate.endpoints import Endpoint
from uln_server.html_page import document
from uln_server.operations.catalogue import OPERATIONS

_CONTRACTS: Mapping[str, str] = {
    "today": "today\N{RIGHT SINGLE QUOTATION MARK}s contract",
    "2014": "the contract of 2014",
    "external": "the contract of ExternalService",
    "r9": "today\N{RIGHT SINGLE QUOTATION MARK}s contract of LearnerServiceR9",
    "reconciliation": "a contract of this service\N{RIGHT SINGLE QUOTATION MARK}s own",
}
_FIRST_CALLS: Mapping[str, str] = {
    "ExternalService": "GetAchievementBatchJob",
    "LearnerServiceR9": "GetOrganisation",
    "ReconciliationService": "GetOwnAwards",
}
_BROWSABLE = {
    "wsdl": "the WSDL, with its schemas beside it",
    "singleWsdl": "the WSDL in one file, without imports, for tools that like that better",
}


def service_page(endpoint: Endpoint, address: str, maintenance: str | None = None) -> str:
    """Give the page of one endpoint: its contract, its operations, and a first call.

    ``address`` is the endpoint's full address as the caller reaches it; ``maintenance`` is what the operator says
    while the service is closed for it, ``None`` while it is open.
    """
    url = escape(address)
    return document(
        endpoint.service,
        f"""<h1>{endpoint.service}</h1>
<p>A SOAP 1.1 service: send messages here with POST, as <code>text/xml</code>.
This address speaks {escape(_CONTRACTS[endpoint.generation])}.</p>
<p><code>{url}</code></p>
{_closed(maintenance)}<h2>The contract</h2>
<ul>{"".join(_contract_link(url, name, text) for name, text in _BROWSABLE.items())}</ul>
<h2>Operations</h2>
<table><thead><tr><th scope="col">operation</th><th scope="col">body element</th>
<th scope="col">here</th></tr></thead>
<tbody>{_operations(endpoint.generation)}</tbody></table>
<h2>A first call</h2>
{_first_call(endpoint, address)}""",
    )


def _closed(maintenance: str | None) -> str:
    if maintenance is None:
        return ""
    told = f" {escape(maintenance)}" if maintenance else ""
    return f"<p><strong>Closed for maintenance.</strong>{told} Messages are answered again later.</p>\n"


def _contract_link(url: str, name: str, text: str) -> str:
    return f'<li><a href="{url}?{name}">?{name}</a>: {text}</li>'


def _operations(generation: str) -> str:
    rows = (
        (each.name, each.request.partition("}")[2], "answered" if each.name in OPERATIONS else "not yet: WSEC0002")
        for each in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
        if generation in each.generations
    )
    return "".join(
        f"<tr><td><code>{name}</code></td><td><code>{element}</code></td><td>{state}</td></tr>"
        for name, element, state in rows
    )


def _first_call(endpoint: Endpoint, address: str) -> str:
    if endpoint.service != "LearnerService":
        call = _FIRST_CALLS[endpoint.service]
        return f"<p>With a tool of your own: generate a client from the WSDL and call <code>{call}</code>.</p>"
    url = f"--url {address} --ukprn 90000001 --username yourname --password-file -"
    command = f"echo SandboxAO-000001 | uln {url} verify 1026893096 --given-name Darcie --family-name Tucker"
    return f"""<p>With the reference client, against a sandbox:</p>
<pre>{escape(command)}</pre>
<p>With a tool of your own: generate a client from the WSDL and call <code>verifyLearner</code>.</p>"""
