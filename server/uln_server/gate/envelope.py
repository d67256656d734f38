"""From a parsed document to the one body element, the operation that it asks for, and the sender's name for it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uln_contract.codes import FaultCode
from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.reading import Element, local_name
from uln_contract.shape import OperationContract
from uln_server.gate.endpoints import PATHS
from uln_server.soap.faults import (
    SOAP11,
    SOAP12,
    ContractFault,
    MustUnderstand,
    VersionMismatch,
)

# A SOAPAction is a URI or an URN; the operation is what follows the last of these.
_SEPARATORS = re.compile("[/#:]")
_NEXT_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next"
# Understood because nothing in it changes an answer: a reply always goes back the way the request came.
_ADDRESSING = frozenset(
    {"http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"}
)
_LONGEST_MESSAGE_ID = 200


@dataclass(frozen=True, slots=True)
class _Requests:
    """What one service is asked with: its body elements, by local name too, and the names a SOAPAction may use."""

    by_element: Mapping[str, OperationContract]
    by_local_name: Mapping[str, OperationContract]
    by_action: Mapping[str, OperationContract]
    wsdl_namespaces: frozenset[str]

    def find(self, element: str) -> OperationContract | None:
        """The operation of a body element ``{namespace}name``.

        It may come without a namespace or in a WSDL's instead of its own schema's (interop).
        """
        namespace, _, name = element.rpartition("}")
        tolerated = namespace[1:] in self.wsdl_namespaces
        return self.by_element.get(element) or (self.by_local_name.get(name) if tolerated else None)


def _requests(operations: Sequence[OperationContract], *wsdl_namespaces: str) -> _Requests:
    return _Requests(
        by_element={each.request: each for each in operations},
        by_local_name={each.request.rpartition("}")[2]: each for each in operations},
        by_action={name: each for each in operations for name in each.actions},
        wsdl_namespaces=frozenset({"", *wsdl_namespaces}),
    )


_SERVICES: Mapping[str, _Requests] = {
    "LearnerService": _requests(LEARNER_SERVICE, "http://tempuri.org/", "http://learner.webservice.miap.gov.uk"),
    "ExternalService": _requests(EXTERNAL_SERVICE, "http://tempuri.org/"),
    "LearnerServiceR9": _requests(LEARNER_SERVICE_R9, "http://tempuri.org/"),
    "ReconciliationService": _requests(RECONCILIATION_SERVICE),
}


def open_envelope(root: Element, raw: bytes) -> Element:
    """Give the one child of a SOAP 1.1 Body; ``raw`` are the document's bytes, scanned for what is rare.

    Raises ``VersionMismatch``, ``MustUnderstand``, or ``ContractFault`` WSEC0001 (domain §4).
    """
    _check_version(root)
    header, body = _parts(root)
    if header is not None:
        _check_header(header)
    if b"encodingStyle" in raw:
        _check_encoding_style(root, header, body)
    child = _only_child(body)
    if b"href" in raw:
        _check_href(child)
    return child


def recognise(body: Element, service: str) -> OperationContract:
    """Give the operation of a body element.

    ``ContractFault`` WSEC0002 for one that ``service`` does not know; its text names the path of one that does.
    """
    element = str(body.tag)
    operation = _SERVICES[service].find(element)
    if operation is not None:
        return operation
    namespace, _, name = element.rpartition("}")
    other = next((known for each in _SERVICES.values() if (known := each.find(element))), None)
    remedy = (
        "The WSDL lists the request elements."
        if other is None
        else f"{other.service} has it: send the message to {PATHS[other.service]}."
    )
    raise ContractFault(
        FaultCode.WSEC0002,
        f"Body element '{name[:40]}' in namespace '{namespace[1:][:80]}' is no request of this service. {remedy}",
        actor=name[:40],
    )


def check_action(action: str | None, operation: OperationContract) -> None:
    """Refuse a SOAPAction that names another operation of the service; any other says nothing (interop)."""
    name = _SEPARATORS.split((action or "").strip("\"' ").rstrip("/"))[-1].lower()
    named = _SERVICES[operation.service].by_action.get(name)
    if named is not None and named is not operation:
        raise ContractFault(
            FaultCode.WSEC0001,
            f"SOAPAction names {named.name}, the body asks for {operation.name}. "
            "Send the body's own operation as SOAPAction, or leave it empty.",
        )


def addressed_as(root: Element) -> str | None:
    """Give the MessageID that the sender gave an opened envelope (WS-Addressing); ``None`` without one.

    One that is longer than any sender needs is given as its hash, so that it can be kept and compared.
    """
    if len(root) < len(("Header", "Body")):
        return None
    for namespace in _ADDRESSING:
        found = (root[0].findtext(f"{{{namespace}}}MessageID") or "").strip()
        if found:
            return found if len(found) <= _LONGEST_MESSAGE_ID else hashlib.sha256(found.encode()).hexdigest()
    return None


def _bad(text: str) -> ContractFault:
    return ContractFault(FaultCode.WSEC0001, text)


def _check_version(root: Element) -> None:
    if root.tag == f"{{{SOAP11}}}Envelope":
        return
    if local_name(root) == "Envelope":
        version = "1.2" if root.tag == f"{{{SOAP12}}}Envelope" else "unknown"
        raise VersionMismatch(
            f"The envelope's SOAP version is {version}; this service speaks SOAP 1.1. "
            f"Use the namespace {SOAP11} and Content-Type text/xml."
        )
    raise _bad(f"The document element is '{local_name(root)[:40]}'. Send a SOAP 1.1 Envelope.")


def _parts(root: Element) -> tuple[Element | None, Element]:
    """Header, if any, and Body: in this order and nothing else."""
    children = list(root)
    header = children.pop(0) if children and children[0].tag == f"{{{SOAP11}}}Header" else None
    if len(children) != 1 or children[0].tag != f"{{{SOAP11}}}Body":
        raise _bad("An Envelope holds an optional Header and one Body, and nothing else.")
    return header, children[0]


def _check_header(header: Element) -> None:
    for block in header:
        must = block.get(f"{{{SOAP11}}}mustUnderstand", "0").strip()
        namespace = str(block.tag).rpartition("}")[0][1:]
        ours = block.get(f"{{{SOAP11}}}actor", _NEXT_ACTOR) in {_NEXT_ACTOR, ""}
        if must in {"1", "true"} and ours and namespace not in _ADDRESSING:
            raise MustUnderstand(
                f"Header block '{local_name(block)[:40]}' must be understood, and is not known here. "
                "Leave it out: credentials stand in the body."
            )


def _check_encoding_style(root: Element, header: Element | None, body: Element) -> None:
    """SOAP encoding of the whole message; on the body's own elements the attribute says nothing (interop)."""
    for element in (root, header, body):
        if element is not None and element.get(f"{{{SOAP11}}}encodingStyle"):
            raise _bad(
                f"encodingStyle on {local_name(element)}: this service is document/literal. "
                "Generate the client with use=literal."
            )


def _only_child(body: Element) -> Element:
    if len(body) != 1 or (body.text or "").strip() or (body[0].tail or "").strip():
        raise _bad(f"The Body holds {len(body)} elements or text beside them. Send exactly one request element.")
    return body[0]


def _check_href(child: Element) -> None:
    for element in child.iter():
        if element.get("href") is not None:
            raise _bad(
                f"'{local_name(element)[:40]}' points elsewhere with href: this service is document/literal. "
                "Send each value in its place."
            )
