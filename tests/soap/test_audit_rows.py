"""What is kept of each message: one row, refusals too; one row a disclosed ULN; never a learner's name."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from tests.service import RunningService
from tests.soap.registers import FIRST, FULL, MASTER, credentials, filled_service
from tests.soap.wire import (
    GENERATION_2014,
    TODAY,
    XML_TYPE,
    Answer,
    envelope,
    find_body,
    send,
    verify_body,
)

from uln_server.access.audit import AuditEntry
from uln_server.store.drivers import Role
from uln_server.store.prepared import Prepared
from uln_server.store.tables import audit, disclosure

DARCIE, SIAN = "1026893096", "9276308686"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
DELETED, NOBODY = "7300000028", "1000000043"
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


class Trail:
    """The rows that a test's own messages left, read by a second handle."""

    def __init__(self, service: RunningService) -> None:
        self._service = service
        self._before = len(self._all())

    def new(self) -> list[AuditEntry]:
        return self._all()[self._before :]

    def one(self) -> AuditEntry:
        (entry,) = self.new()
        return entry

    def _all(self) -> list[AuditEntry]:
        with self._service.register() as register, register.reading() as reading:
            return list(reading.audit.query())


@pytest.fixture
def trail(service: RunningService) -> Trail:
    return Trail(service)


def caller(ref: str = "SBXAO1", password: str = "SandboxAO-000001") -> tuple[str, str]:
    """Credentials, and the user in them: another for each test."""
    user = f"user {next(_numbers)}"
    return credentials(ref, password=password, user=user), user


# operation, values of the body, code, disclosed
ANSWERED = {
    "match": ("verify", (DARCIE, "Darcie", "Tucker"), "WSVRC001", (DARCIE,)),
    "merged match": ("verify", (JORDAN_OLD, "Jordan", "Reid"), "WSVRC002", (JORDAN,)),
    "similar": ("verify", (SIAN, "Sian", "Evans"), "WSVRC003", (SIAN,)),
    "merged similar": ("verify", (JORDAN_OLD, "Jordam", "Reid"), "WSVRC004", (JORDAN,)),
    "no match": ("verify", (DARCIE, "Brian", "Tucker"), "WSVRC005", ()),
    "merged, no match": ("verify", (JORDAN_OLD, "Brian", "Zimmer"), "WSVRC005", ()),
    "not found": ("verify", (NOBODY, "Darcie", "Tucker"), "WSVRC006", ()),
    "deleted": ("verify", (DELETED, "Lee", "Gone"), "WSVRC006", ()),
    "found": ("FUL", (DARCIE, "Darcie", "Tucker"), "WSRC0004", (DARCIE,)),
    "found, master": ("FUL", (JORDAN_OLD, "Jordan", "Reid"), "WSRC0022", (JORDAN,)),
    "found, master of two": ("FUL", (FIRST.uln, "Catherine", "Young"), "WSRC0022", (MASTER.uln,)),
    "no learner": ("FUL", (DARCIE, "Brian", "Tucker"), "WSRC0001", ()),
    "insufficient": ("FUL", (DARCIE, "-", "-"), "WSRC0015", ()),
    "checked": ("CHK", (DARCIE, "Darcie", "Tucker"), "WSRC0004", ()),
    "checked, merged": ("CHK", (JORDAN_OLD, "Jordan", "Reid"), "WSRC0022", ()),
    "checked, none": ("CHK", (DARCIE, "Brian", "Tucker"), "WSRC0001", ()),
}


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize(("kind", "values", "code", "disclosed"), ANSWERED.values(), ids=ANSWERED.keys())
def test_an_answer_leaves_one_row_and_what_it_disclosed(  # noqa: PLR0913, PLR0917  # a table of calls
    service: RunningService,
    trail: Trail,
    path: str,
    kind: str,
    values: tuple[str, str, str],
    code: str,
    disclosed: tuple[str, ...],
) -> None:
    who, user = caller()
    body = verify_body(*values, credentials=who) if kind == "verify" else find_body(*values, kind, who)
    before = datetime.now(UTC)
    assert send(service, body, path=path).text("ResponseCode") == code
    entry = trail.one()
    assert before - timedelta(seconds=1) <= entry.at <= datetime.now(UTC)
    assert re.fullmatch(r"[0-9a-f]{24}", entry.message_id)
    assert (entry.organisation, entry.user) == ("90000001", user)
    assert entry.organisation_id is not None
    assert entry.operation == ("verifyLearner" if kind == "verify" else "learnerByULN")
    assert (entry.code, entry.disclosed) == (code, disclosed)
    assert entry.address == "127.0.0.1"


# credentials, code, the organisation that is kept, whether it is a known one
REFUSED_CALLERS = {
    "unknown": (caller("NOBODY"), "WSEC0003", "NOBODY", False),
    "wrong password": (caller("SBXAO1", "SandboxAO-000002"), "WSEC0005", "90000001", True),
    "suspended": (caller("SBXSU3", "SandboxSU-000003"), "WSEC0003", "90000003", True),
    "out of hours": (caller("SBXNS5", "SandboxNS-000005"), "WSEC0004", "90000005", True),
    "no agreement": (caller("BAREST", "AnyOrganisation+"), "WSEC0006", "70BAREST", True),
}


@pytest.mark.parametrize(
    ("who", "code", "organisation", "known"), REFUSED_CALLERS.values(), ids=REFUSED_CALLERS.keys()
)
def test_a_refused_caller_leaves_one_row(  # noqa: PLR0913, PLR0917  # a table of calls
    service: RunningService, trail: Trail, who: tuple[str, str], code: str, organisation: str, known: bool
) -> None:
    send(service, verify_body(credentials=who[0])).expect_fault(code)
    entry = trail.one()
    assert (entry.code, entry.operation, entry.user) == (code, "verifyLearner", who[1])
    assert (entry.organisation, entry.organisation_id is not None) == (organisation, known)
    assert entry.disclosed == ()


BROKEN_XML, NO_SOAP = b"<VerifyLearner>Darcie", envelope("").replace(b"Envelope", b"Letter")
SOAP12 = envelope("").replace(
    b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
)
HEADER = envelope(verify_body(), '<soapenv:Header><x:T xmlns:x="u" soapenv:mustUnderstand="1"/></soapenv:Header>')
ELSEWHERE = {**XML_TYPE, "SOAPAction": "learnerByULN"}
JSON = {**XML_TYPE, "Content-Type": "application/json"}

# method, path, body, headers, code, operation
REFUSED_MESSAGES: dict[str, tuple[str, str, bytes, dict[str, str], str, str | None]] = {
    "no XML": ("POST", TODAY, BROKEN_XML, XML_TYPE, "WSEC0001", None),
    "no envelope": ("POST", TODAY, NO_SOAP, XML_TYPE, "WSEC0001", None),
    "an empty Body": ("POST", TODAY, envelope(""), XML_TYPE, "WSEC0001", None),
    "SOAP 1.2": ("POST", TODAY, SOAP12, XML_TYPE, "VersionMismatch", None),
    "a header to understand": ("POST", TODAY, HEADER, XML_TYPE, "MustUnderstand", None),
    "no operation": ("POST", TODAY, envelope("<Darcie/>"), XML_TYPE, "WSEC0002", None),
    "another SOAPAction": ("POST", TODAY, envelope(verify_body()), ELSEWHERE, "WSEC0001", "verifyLearner"),
    "schema": ("POST", TODAY, envelope(verify_body("1")), XML_TYPE, "WSEC0001", "verifyLearner"),
    "schema, 2014": ("POST", GENERATION_2014, envelope(find_body("1")), XML_TYPE, "WSEC0001", "learnerByULN"),
    "no body": ("POST", TODAY, b"", XML_TYPE, "HTTP400", None),
    "no XML's type": ("POST", TODAY, b"{}", JSON, "HTTP415", None),
    "no method of ours": ("DELETE", GENERATION_2014, b"", {}, "HTTP405", None),
    "no schema of ours": ("GET", f"{TODAY}?xsd=darcie.xsd", b"", {}, "HTTP404", None),
}


@pytest.mark.parametrize("row", REFUSED_MESSAGES.values(), ids=REFUSED_MESSAGES.keys())
def test_a_refused_message_leaves_one_row(
    service: RunningService, trail: Trail, row: tuple[str, str, bytes, dict[str, str], str, str | None]
) -> None:
    method, path, body, headers, code, operation = row
    assert send(service, body, path=path, headers=headers, method=method).status >= 400
    entry = trail.one()
    assert (entry.code, entry.operation) == (code, operation)
    assert (entry.organisation, entry.user, entry.disclosed) == (None, None, ())
    assert entry.address == "127.0.0.1"


@pytest.mark.parametrize("path", [f"{TODAY}?wsdl", f"{TODAY}?singleWsdl", TODAY, "/sandbox/messages", "/nothing"])
def test_documents_and_other_paths_leave_none(service: RunningService, trail: Trail, path: str) -> None:
    send(service, b"", path=path, headers={}, method="GET")
    assert trail.new() == []


def test_a_user_whose_name_is_long_or_odd_is_kept(service: RunningService, trail: Trail) -> None:
    for user in ("x" * 35, "Zo\u00eb O\u2019Hara \U0001f642", "&lt;b>"):
        send(service, verify_body(credentials=credentials("SBXAO1", password="SandboxAO-000001", user=user)))
    assert [entry.user for entry in trail.new()] == ["x" * 35, "Zo\u00eb O\u2019Hara \U0001f642", "<b>"]


def test_a_disclosure_is_found_by_its_uln(service: RunningService) -> None:
    who, user = caller()
    send(service, find_body(FULL.uln, FULL.given_name, FULL.family_name, credentials=who))
    send(service, find_body(FULL.uln, FULL.given_name, FULL.family_name, "CHK", credentials=who))
    with service.register() as register, register.reading() as reading:
        (entry,) = reading.audit.query(uln=FULL.uln, user=user)
    assert (entry.code, entry.disclosed) == ("WSRC0004", (FULL.uln,))


def everything_kept(service: RunningService) -> str:
    """Every column of every audit row, as text."""
    with service.register() as register:
        line = register.line(Role.READING)
        rows = [row for table in (audit, disclosure) for row in line.rows(Prepared(select(table)))]
        line.close()
    return repr(rows)


def test_no_name_and_no_credential_ever_gets_into_the_trail(service: RunningService) -> None:
    """Whatever was asked, answered or refused: sent names, registered names, dates, passwords, texts."""
    who, user = caller()
    answers: list[Answer] = [
        send(service, verify_body(SIAN, "Sian", "Evans", "<DateOfBirth>2001-02-28</DateOfBirth>", who)),
        send(service, verify_body(SIAN, "Bertrand", "Nobodysson", "", who)),
        send(service, find_body(FULL.uln, "Peggy", "Darcy", credentials=who)),
        send(service, verify_body("1", "Bertrand", "Nobodysson", "", who)),
        send(service, envelope(f"<Bertrand>{who}</Bertrand>")),
        send(service, b"<Bertrand Nobodysson"),
        send(service, verify_body("1026893096", "Bertrand<b/>", "Nobodysson", "", who)),
    ]
    assert {answer.status for answer in answers} == {200, 500}
    kept = everything_kept(service)
    assert user in kept
    for text in ("Sian", "Si\u00e2n", "Evans", "Lukasz", "\u0141ukasz", "Peggy", "Darcy", "Zo\u00eb", "Hara"):
        assert text not in kept.replace("Zo\u00eb O\u2019Hara", "")  # the user above
    for text in ("Bertrand", "Nobodysson", "Darcie", "Tucker", "2001-02-28", "SandboxAO", "CF10"):
        assert text not in kept
