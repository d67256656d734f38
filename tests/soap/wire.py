"""A vocabulary for what goes over the wire: ``send(...)`` a message, ``expect_fault(...)`` or read its reply.

Every answer is checked on arrival: a reply against the schemas of its generation and the strict ones, a fault
against its documented shape (domain §12).
"""

import http.client
import re
import socket
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree
from tests.service import RunningService

from uln_contract import schema

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
FINDMSG = "http://api.lrs.miap.gov.uk/findmsg"
REGMSG = "http://api.lrs.miap.gov.uk/regmsg"
BATCHMSG = "http://api.lrs.miap.gov.uk/batchmsg"
VLDMSG = "http://api.lrs.miap.gov.uk/vldmsg"
REPORTMSG = "http://api.lrs.miap.gov.uk/reportmsg"
LEARNER = "http://api.lrs.miap.gov.uk/learner"
EXCEPTIONS = "http://api.lrs.miap.gov.uk/exceptions"
DOMAIN_FAULTS = "http://api.lrs.qcf.gov.uk/faults"
TODAY = "/LearnerService.svc"
GENERATION_2014 = "/2014/LearnerService.svc"
EXTERNAL = "/ExternalService.svc"
R9 = "/LearnerServiceR9.svc"
RECONCILIATION = "/ReconciliationService.svc"
QUALIFIED = {EXTERNAL.lower(): "external", R9.lower(): "r9", RECONCILIATION.lower(): "reconciliation"}

CREDENTIALS = (
    "<OrganisationRef>SBXAO1</OrganisationRef><UKPRN>90000001</UKPRN>"
    "<OrgPassword>SandboxAO-000001</OrgPassword><UserName>tester</UserName>"
)
XML_TYPE = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


ONLY_2014 = frozenset({"MergedUnmergedULNsResponse", "DeletedULNsResponse"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a client reads it; the five children of MIAPAPIException by local name.

    ``domain`` is DomainFault's code and its ErrorDetail as text; empty on LearnerService.
    """

    faultcode: str
    faultstring: str
    detail: Mapping[str, str]
    domain: tuple[str, ...] = ()

    @property
    def code(self) -> str | None:
        return self.detail.get("ErrorCode", next(iter(self.domain), None))


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, its header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    path: str

    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    def payload(self) -> etree._Element:
        """The one body element of a well-formed SOAP 1.1 answer."""
        assert self.headers["content-type"] == "text/xml; charset=utf-8"
        (body,) = self.root()
        assert body.tag == f"{{{SOAP}}}Body"
        (child,) = body
        return child

    def reply(self) -> etree._Element:
        """The reply element; valid for its generation and, qualification apart, for the strict one."""
        assert self.status == 200, self.body[:500]
        element = self.payload()
        assert_valid_reply(element, self.path)
        return element

    def text(self, name: str) -> str | None:
        """The text of the reply's first element of this local name; ``None`` when it is not there."""
        found = self.reply().xpath(f"//*[local-name()='{name}']")
        return (found[0].text or "") if found else None

    def texts(self, name: str) -> list[str]:
        return [each.text or "" for each in self.reply().xpath(f"//*[local-name()='{name}']")]

    def fault(self, *, qualified: bool = False) -> Fault:
        element = self.payload()
        assert element.tag == f"{{{SOAP}}}Fault", self.body[:500]
        fault = read_fault(element, self.body, qualified=qualified)
        assert bool(fault.domain) <= (contract_of(self.path) is not None)
        return fault

    def expect_fault(self, code: str, *texts: str, status: int = 500, faultcode: str = "soapenv:Server") -> Fault:
        """A fault with this ErrorCode whose FurtherDetails hold all of these texts."""
        assert self.status == status, (self.status, self.body[:500])
        fault = self.fault()
        assert fault.code == code, fault
        assert fault.faultcode == faultcode
        for text in texts:
            assert text in fault.detail["FurtherDetails"], fault
        return fault


def contract_of(path: str) -> str | None:
    """The fully qualified contract that a path speaks; ``None`` on those of LearnerService."""
    return QUALIFIED.get(path.lower().partition("?")[0].rstrip("/"))


def assert_valid_reply(element: etree._Element, path: str) -> None:
    contract = contract_of(path)
    if contract is not None:
        assert schema.is_valid(element, contract), schema.compiled(contract).error_log
        return
    generation = "2014" if path.lower().startswith("/2014") else "today"
    linked = f"{{{LEARNER}}}LinkedULNs"
    # The two reports are the 2014 contract's alone; on the other path they are answered as it has them.
    if generation == "2014" or etree.QName(element).localname not in ONLY_2014:
        assert schema.is_valid(element, generation), schema.compiled(generation).error_log
    strict = etree.fromstring(etree.tostring(element).replace(b"q:LinkedULNs", b"LinkedULNs"))
    assert not list(strict.iter(linked))
    assert schema.is_valid(strict), schema.compiled().error_log


def read_fault(element: etree._Element, raw: bytes, *, qualified: bool) -> Fault:
    """Read a fault strictly: faultcode, faultstring, perhaps detail, in this order, nothing else."""
    children = list(element)
    assert [each.tag for each in children[:2]] == ["faultcode", "faultstring"]
    assert [each.tag for each in children[2:]] in ([], ["detail"])
    detail: dict[str, str] = {}
    parts = list(children[2]) if len(children) == 3 else []
    assert parts or len(children) == 2
    domain = read_domain_fault(parts.pop(0)) if parts and parts[0].tag == f"{{{DOMAIN_FAULTS}}}DomainFault" else ()
    if parts:
        (exception,) = parts
        assert exception.tag == f"{{{EXCEPTIONS}}}MIAPAPIException"
        assert b"<ns10:MIAPAPIException" in raw
        prefix = f"{{{EXCEPTIONS}}}" if qualified else ""
        names = ["ErrorCode", "ErrorActor", "Description", "FurtherDetails", "ErrorTimestamp"]
        assert [each.tag for each in exception] == [prefix + name for name in names]
        detail = {name: each.text or "" for name, each in zip(names, exception, strict=True)}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", detail["ErrorTimestamp"])
        assert detail["Description"]
        assert detail["FurtherDetails"]
        assert domain in {(), (detail["ErrorCode"], detail["FurtherDetails"])}
    return Fault(children[0].text or "", children[1].text or "", detail, domain)


def read_domain_fault(element: etree._Element) -> tuple[str, str]:
    """The code of a DomainFault that its schema has passed, and its explanation."""
    assert schema.is_valid(element, "external"), schema.compiled("external").error_log
    code, detail = element
    return code.text or "", b64decode(detail.text or "", validate=True).decode()


def envelope(body: str, header: str = "") -> bytes:
    return (
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}">{header}<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    ).encode()


def verify_body(
    uln: str = "1026893096",
    given: str = "Darcie",
    family: str = "Tucker",
    extra: str = "",
    credentials: str = CREDENTIALS,
) -> str:
    """A VerifyLearner element in contract form."""
    return (
        f'<r:VerifyLearner xmlns:r="{REPORTMSG}">{credentials}<LearnerToVerify><ULN>{escape(uln)}</ULN>'
        f"<FamilyName>{escape(family)}</FamilyName><GivenName>{escape(given)}</GivenName>{extra}</LearnerToVerify>"
        "</r:VerifyLearner>"
    )


def find_body(
    uln: str = "1026893096",
    given: str = "Darcie",
    family: str = "Tucker",
    find_type: str = "FUL",
    credentials: str = CREDENTIALS,
) -> str:
    """A FindLearnerByULN element in contract form."""
    return (
        f'<f:FindLearnerByULN xmlns:f="{FINDMSG}"><FindType>{find_type}</FindType>{credentials}'
        f"<ULN>{escape(uln)}</ULN><FamilyName>{escape(family)}</FamilyName><GivenName>{escape(given)}</GivenName>"
        "</f:FindLearnerByULN>"
    )


def _elements(fields: Mapping[str, str | None]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value is not None)


DEMOGRAPHICS: Mapping[str, str] = {
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "DateOfBirth": "1976-08-16",
    "Gender": "2",
    "LastKnownPostCode": "CV4 9EE",
}


def demographics_body(find_type: str = "FUL", credentials: str = CREDENTIALS, **changes: str | None) -> str:
    """A FindLearnerByDemographics element in contract order; Darcie Tucker's details unless changed."""
    order = (*DEMOGRAPHICS, "PreviousFamilyName", "SchoolAtAge16", "PlaceOfBirth", "EmailAddress")
    fields = {**DEMOGRAPHICS, **changes}
    return (
        f'<f:FindLearnerByDemographics xmlns:f="{FINDMSG}"><FindType>{find_type}</FindType>{credentials}'
        f"{_elements({name: fields.get(name) for name in order})}</f:FindLearnerByDemographics>"
    )


LEARNER_FIELDS = (
    *("Title", "GivenName", "MiddleOtherName", "FamilyName", "PreferredGivenName", "PreviousFamilyName"),
    *("FamilyNameAtAge16", "SchoolAtAge16", "LastKnownAddressLine1", "LastKnownAddressLine2"),
    *("LastKnownAddressTown", "LastKnownAddressCountyOrCity", "LastKnownPostCode", "DateOfAddressCapture"),
    *("DateOfBirth", "PlaceOfBirth", "Gender", "EmailAddress", "Nationality", "ScottishCandidateNumber"),
    *("VerificationType", "OtherVerificationDescription", "AbilityToShare", "Notes", "ULN", "VersionNumber"),
)
"""The children of a learner to register, and after them those of a learner to update, in contract order."""


def learner_element(**fields: str | None) -> str:
    """A Learner element as registerSingleLearner and updateSingleLearner want it; fields by contract name."""
    values = {**DEMOGRAPHICS, "VerificationType": "1", "AbilityToShare": "1", **fields}
    return f"<Learner>{_elements({name: values.get(name) for name in LEARNER_FIELDS})}</Learner>"


def register_body(credentials: str = CREDENTIALS, **fields: str | None) -> str:
    """A RegisterLearner element in contract form; Darcie Tucker's details unless changed."""
    return f'<r:RegisterLearner xmlns:r="{REGMSG}">{credentials}{learner_element(**fields)}</r:RegisterLearner>'


def update_body(
    uln: str = "1026893096", version: int = 1, credentials: str = CREDENTIALS, **fields: str | None
) -> str:
    """An UpdateLearner element in contract form; Darcie Tucker's details unless changed."""
    learner = learner_element(ULN=uln, VersionNumber=str(version), **fields)
    return f'<r:UpdateLearner xmlns:r="{REGMSG}">{credentials}{learner}</r:UpdateLearner>'


def retrieve_body(*ulns: str, credentials: str = CREDENTIALS) -> str:
    """A RetrieveULNs element in contract form."""
    listed = "".join(f"<ULN>{uln}</ULN>" for uln in ulns)
    return (
        f'<r:RetrieveULNs xmlns:r="{REPORTMSG}">{credentials}<ULNsToRetrieve>{listed}</ULNsToRetrieve>'
        "</r:RetrieveULNs>"
    )


def report_body(
    report: str, from_date: str = "2012-01-01", to_date: str | None = None, credentials: str = CREDENTIALS
) -> str:
    """A GetMergedUnmergedULNs or GetDeletedULNs element in contract form."""
    dates = _elements({"FromDate": from_date, "ToDate": to_date})
    return f'<r:{report} xmlns:r="{REPORTMSG}">{credentials}{dates}</r:{report}>'


BATCH_LEARNER_FIELDS = (
    *("ULN", "MISIdentifier", "Title", "GivenName", "PreferredGivenName", "MiddleOtherName", "FamilyName"),
    *("PreviousFamilyName", "FamilyNameAtAge16", "SchoolAtAge16", "LastKnownAddressLine1"),
    *("LastKnownAddressLine2", "LastKnownAddressTown", "LastKnownAddressCountyOrCity", "LastKnownPostCode"),
    *("DateOfAddressCapture", "DateOfBirth", "PlaceOfBirth", "EmailAddress", "Gender", "Nationality"),
    *("ScottishCandidateNumber", "AbilityToShare", "VerificationType", "OtherVerificationDescription", "Notes"),
)
"""The children of a learner of a batch registration, in contract order."""
TO_VERIFY_FIELDS = ("MISIdentifier", "ULN", "FamilyName", "GivenName", "DateOfBirth", "Gender")
"""The children of a learner of a batch verification, in contract order."""


def _batch_learners(learners: Iterable[Mapping[str, str | None]], order: Iterable[str]) -> str:
    names = tuple(order)
    return "".join(
        f"<Learner>{_elements({name: each.get(name) for name in names})}</Learner>" for each in learners
    )


def batch_body(
    *learners: Mapping[str, str | None],
    job_type: str = "FUL",
    count: int | None = None,
    credentials: str = CREDENTIALS,
) -> str:
    """A SubmitBatch element in contract form; ``count`` is that of the learners unless given."""
    told = len(learners) if count is None else count
    return (
        f'<b:SubmitBatch xmlns:b="{BATCHMSG}">{credentials}<JobType>{job_type}</JobType>'
        f"<LearnerRecordCount>{told}</LearnerRecordCount>{_batch_learners(learners, BATCH_LEARNER_FIELDS)}"
        "</b:SubmitBatch>"
    )


def verify_batch_body(
    *learners: Mapping[str, str | None],
    count: int | None = None,
    email: str | None = None,
    credentials: str = CREDENTIALS,
) -> str:
    """A SubmitVerifyBatch element in contract form; ``count`` is that of the learners unless given."""
    told = str(len(learners) if count is None else count)
    fields = _elements({"LearnerRecordCount": told, "OrgEmail": email})
    return (
        f'<v:SubmitVerifyBatch xmlns:v="{VLDMSG}">{credentials}{fields}'
        f"{_batch_learners(learners, TO_VERIFY_FIELDS)}</v:SubmitVerifyBatch>"
    )


def batch_output_body(job_id: int | str, credentials: str = CREDENTIALS) -> str:
    """A GetSubmitBatchOutput element in contract form."""
    return _output_body("GetSubmitBatchOutput", BATCHMSG, job_id, credentials)


def verify_batch_output_body(job_id: int | str, credentials: str = CREDENTIALS) -> str:
    """A GetVerifyBatchOutput element in contract form."""
    return _output_body("GetVerifyBatchOutput", VLDMSG, job_id, credentials)


def _output_body(name: str, namespace: str, job_id: int | str, credentials: str) -> str:
    return f'<b:{name} xmlns:b="{namespace}">{credentials}<JobID>{job_id}</JobID></b:{name}>'


def send(  # noqa: PLR0913  # each is a part of a request, and has its usual value
    service: RunningService,
    body: str | bytes,
    *,
    path: str = TODAY,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    source: str = "127.0.0.1",
) -> Answer:
    """Send one request on a connection of its own, from any address of this machine; a string gets an envelope."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=30, source_address=(source, 0))
    try:
        data = envelope(body) if isinstance(body, str) else body
        connection.request(method, path, body=data or None, headers=dict(XML_TYPE if headers is None else headers))
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read(), path)
    finally:
        connection.close()


def send_raw(service: RunningService, data: bytes, *, path: str = TODAY, seconds: float = 30.0) -> list[Answer]:
    """Send bytes as they are and read until the service closes or says nothing for a while: every answer."""
    with socket.create_connection((service.host, service.port), timeout=seconds) as connection:
        connection.sendall(data)
        return read_answers(connection, path)


def read_answers(connection: socket.socket, path: str = TODAY) -> list[Answer]:
    """Every answer on a connection until it is closed; one that stays open is left after its first answer."""
    answers: list[Answer] = []
    while True:
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
        except (http.client.HTTPException, ConnectionError):
            return answers
        names = {name.lower(): value for name, value in response.getheaders()}
        answers.append(Answer(response.status, names, response.read(), path))
        if names.get("connection") != "close":
            return answers
