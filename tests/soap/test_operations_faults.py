"""Every fault code over HTTP, and which of several reasons is answered (domain §4)."""

import sqlite3
from collections.abc import Iterator

import pytest
from tests.service import RunningService
from tests.soap.registers import PASSWORD, credentials, filled_service
from tests.soap.wire import (
    CREDENTIALS,
    GENERATION_2014,
    TODAY,
    XML_TYPE,
    Fault,
    envelope,
    find_body,
    send,
    verify_body,
)

from uln_contract.codes import explain

WRONG = "SandboxAO-000002"
BODIES = {"verifyLearner": verify_body, "learnerByULN": find_body}
FINDTYPE = "<FindType>FUL</FindType>"


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


# credentials, code, what FurtherDetails say
CALLERS = {
    "unknown reference": (credentials("NOBODY"), "WSEC0003", "No organisation is known"),
    "unknown UKPRN": (credentials(ukprn="99999999"), "WSEC0003", "No organisation is known"),
    "neither": (credentials(), "WSEC0003", "Neither UKPRN nor OrganisationRef was given"),
    "neither, both empty": (credentials("", ""), "WSEC0003", "Neither UKPRN nor OrganisationRef was given"),
    "two that disagree": (credentials("SBXAO1", "90000002", "SandboxAO-000001"), "WSEC0003", "one and the same"),
    "two, the first unknown": (
        credentials("SBXAO1", "99999999", "SandboxAO-000001"),
        "WSEC0003",
        "one and the same",
    ),
    "two, the second unknown": (
        credentials("NOBODY", "90000001", "SandboxAO-000001"),
        "WSEC0003",
        "one and the same",
    ),
    "suspended": (credentials("SBXSU3", "90000003", "SandboxSU-000003"), "WSEC0003", "suspended"),
    "wrong password": (credentials("SBXAO1", None, WRONG), "WSEC0005", "OrgPassword is not"),
    "password in another case": (credentials("SBXAO1", None, "sandboxao-000001"), "WSEC0005", "case matters"),
    "another's password": (credentials("SBXAO1", None, "SandboxLP-000002"), "WSEC0005", "OrgPassword is not"),
    "out of hours": (credentials("SBXNS5", None, "SandboxNS-000005"), "WSEC0004", "closed to this organisation"),
    "no agreement": (credentials("BAREST"), "WSEC0006", "register-read"),
}


@pytest.mark.parametrize(("caller", "code", "text"), CALLERS.values(), ids=CALLERS.keys())
def test_caller(on_both: RunningService, caller: str, code: str, text: str) -> None:
    fault = send(on_both, verify_body(credentials=caller)).expect_fault(code, text)
    assert_usual(fault, "verifyLearner")
    assert PASSWORD not in str(fault)


def test_the_fault_names_the_operation_that_was_asked_for(service: RunningService) -> None:
    assert_usual(send(service, find_body(credentials=credentials("BAREST"))).fault(), "learnerByULN")


def assert_usual(fault: Fault, actor: str) -> None:
    assert fault.code is not None
    assert fault.faultstring == "uk.gov.miap.lrs.api.exceptions.MIAPAPIException"
    assert fault.detail["ErrorActor"] == actor
    assert fault.detail["Description"] == explain(fault.code).text


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize("operation", BODIES)
def test_either_identifier_is_enough_in_any_case(on_both: RunningService, operation: str, path: str) -> None:
    for caller in (
        credentials("sbxao1", None, "SandboxAO-000001"),
        credentials(None, "90000001", "SandboxAO-000001"),
        credentials("SbxAo1", "90000001", "SandboxAO-000001"),
    ):
        assert send(on_both, BODIES[operation](credentials=caller), path=path).status == 200


UNKNOWN_ORGANISATION = credentials("NOBODY")
SUSPENDED_CLOSED_BARE = credentials("SUSPND")
CLOSED_BARE = credentials("CLOSED")
BARE = credentials("BAREST")
UNKNOWN_BODY = '<x:Nothing xmlns:x="urn:x"/>'
NOT_YET = '<l:GetLearnerRecord xmlns:l="http://api.lrs.miap.gov.uk/learnerrec">{}</l:GetLearnerRecord>'


def two(body: str) -> str:
    return body * 2


# body, SOAPAction, code, what FurtherDetails say
PRECEDENCE = {
    "envelope before operation": (two(UNKNOWN_BODY), "", "WSEC0001", "exactly one request element"),
    "operation before schema": (UNKNOWN_BODY, "", "WSEC0002", "no request of this service"),
    "operation before SOAPAction": (UNKNOWN_BODY, "verifyLearner", "WSEC0002", "no request of this service"),
    "not yet before schema": (NOT_YET.format("<Rubbish/>"), "", "WSEC0002", "does not carry it out yet"),
    "not yet before SOAPAction": (NOT_YET.format(""), "verifyLearner", "WSEC0002", "does not carry it out yet"),
    "not yet before caller": (
        NOT_YET.format(FINDTYPE + UNKNOWN_ORGANISATION),
        "",
        "WSEC0002",
        "does not carry it out yet",
    ),
    "SOAPAction before caller": (
        verify_body(credentials=UNKNOWN_ORGANISATION),
        "learnerByULN",
        "WSEC0001",
        "SOAPAction names learnerByULN",
    ),
    "schema before unknown": (verify_body(uln="1", credentials=UNKNOWN_ORGANISATION), "", "WSEC0001", "'1'"),
    "schema before neither": (verify_body(uln="1", credentials=credentials()), "", "WSEC0001", "'1'"),
    "schema before password": (
        find_body(uln="1", credentials=credentials("SBXAO1", None, WRONG)),
        "",
        "WSEC0001",
        "'1'",
    ),
    "schema before suspended": (verify_body(uln="1", credentials=SUSPENDED_CLOSED_BARE), "", "WSEC0001", "'1'"),
    "schema before agreement": (verify_body(uln="1", credentials=BARE), "", "WSEC0001", "'1'"),
    "disagreement before password": (
        verify_body(credentials=credentials("SBXAO1", "90000002", WRONG)),
        "",
        "WSEC0003",
        "one and the same",
    ),
    "disagreement before suspended": (
        verify_body(credentials=credentials("SUSPND", "90000001")),
        "",
        "WSEC0003",
        "one and the same",
    ),
    "password before suspended": (
        verify_body(credentials=credentials("SUSPND", None, WRONG)),
        "",
        "WSEC0005",
        "OrgPassword",
    ),
    "password before hours": (
        verify_body(credentials=credentials("CLOSED", None, WRONG)),
        "",
        "WSEC0005",
        "OrgPassword",
    ),
    "password before agreement": (
        verify_body(credentials=credentials("BAREST", None, WRONG)),
        "",
        "WSEC0005",
        "OrgPassword",
    ),
    "suspended before hours and agreement": (
        verify_body(credentials=SUSPENDED_CLOSED_BARE),
        "",
        "WSEC0003",
        "suspended",
    ),
    "hours before agreement": (find_body(credentials=CLOSED_BARE), "", "WSEC0004", "closed to this organisation"),
    "agreement before insufficient data": (
        find_body(given="-", credentials=BARE),
        "",
        "WSEC0006",
        "register-read",
    ),
    "agreement before an unknown ULN": (
        verify_body(uln="1000000043", credentials=BARE),
        "",
        "WSEC0006",
        "register-read",
    ),
}


@pytest.mark.parametrize(("body", "action", "code", "text"), PRECEDENCE.values(), ids=PRECEDENCE.keys())
def test_the_first_reason_is_answered(
    service: RunningService, body: str, action: str, code: str, text: str
) -> None:
    send(service, body, headers={**XML_TYPE, "SOAPAction": action}).expect_fault(code, text)


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_http_comes_before_xml_and_xml_before_all_else(service: RunningService, path: str) -> None:
    broken, json = b"<VerifyLearner", {**XML_TYPE, "Content-Type": "application/json"}
    send(service, broken, path=path, headers=json).expect_fault(
        "WSEC0001", "application/json", status=415, faultcode="soapenv:Client"
    )
    send(service, broken, path=path).expect_fault("WSEC0001", "cannot be read as XML", faultcode="soapenv:Client")


def test_a_version_and_a_header_come_before_the_operation(service: RunningService) -> None:
    soap12 = envelope(UNKNOWN_BODY).replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    )
    assert send(service, soap12).fault().faultcode == "soapenv:VersionMismatch"
    header = '<soapenv:Header><x:T xmlns:x="urn:x" soapenv:mustUnderstand="1"/></soapenv:Header>'
    assert send(service, envelope(UNKNOWN_BODY, header)).fault().faultcode == "soapenv:MustUnderstand"


def test_an_operation_that_no_contract_knows_is_named_in_the_fault(service: RunningService) -> None:
    assert_usual(send(service, UNKNOWN_BODY).expect_fault("WSEC0002", "'Nothing'", "'urn:x'"), "Nothing")


def test_our_own_failure_is_a_fault_with_a_number_and_nothing_else(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The table is taken away under the service's feet."""
    with filled_service(request, tmp_path_factory) as running:
        assert send(running, verify_body()).status == 200
        path = running.settings.database.removeprefix("sqlite:///")
        other = sqlite3.connect(path)
        other.execute("ALTER TABLE learner RENAME TO gone")
        other.close()
        for operation, body in BODIES.items():
            fault = send(running, body()).expect_fault("WSEC0999", "incident ")
            assert_usual(fault, operation)
            for secret in ("sqlite", "Traceback", "no such table", "Darcie", "SandboxAO"):
                assert secret not in str(fault)
        with running.register() as register, register.reading() as reading:
            assert [each.code for each in reading.audit.query(user="tester")] == [
                "WSVRC001",
                "WSEC0999",
                "WSEC0999",
            ]


def test_the_sandboxs_credentials_still_work_after_all_this(service: RunningService) -> None:
    assert send(service, verify_body(credentials=CREDENTIALS)).text("ResponseCode") == "WSVRC001"
