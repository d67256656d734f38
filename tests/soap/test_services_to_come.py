"""ExternalService and LearnerServiceR9 on their own paths: what comes before their operations are carried out."""

from collections.abc import Callable, Mapping

import pytest
from tests.service import RunningService
from tests.soap.services import R9_FIELDS, SERVICES, TEMPURI, job_body, r9_body, submission_body
from tests.soap.wire import (
    EXTERNAL,
    GENERATION_2014,
    R9,
    TODAY,
    XML_TYPE,
    Fault,
    demographics_body,
    envelope,
    send,
    verify_body,
)

from uln_contract.codes import explain
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9
from uln_server.operations.catalogue import OPERATIONS

BODIES: Mapping[str, tuple[str, str]] = {
    "SubmitAchievementBatchJob": (EXTERNAL, submission_body()),
    "GetAchievementBatchJob": (EXTERNAL, job_body()),
    **{name: (R9, r9_body(name)) for name in R9_FIELDS},
}
TO_COME = [each for each in (*EXTERNAL_SERVICE, *LEARNER_SERVICE_R9) if each.name not in OPERATIONS]
NOT_YET = "is part of the contract, but this release does not carry it out yet."


def assert_both(fault: Fault, actor: str) -> None:
    """DomainFault and MIAPAPIException say the same; all else is as in LearnerService."""
    assert fault.code is not None
    assert fault.domain == (fault.code, fault.detail["FurtherDetails"])
    assert fault.faultstring == "uk.gov.miap.lrs.api.exceptions.MIAPAPIException"
    assert fault.detail["ErrorActor"] == actor
    assert fault.detail["Description"] == explain(fault.code).text


@pytest.mark.parametrize("operation", [each.name for each in TO_COME])
def test_wsec0002_for_a_valid_request(service: RunningService, operation: str) -> None:
    path, body = BODIES[operation]
    fault = send(service, body, path=path).expect_fault("WSEC0002", f"{operation} {NOT_YET}")
    assert_both(fault, operation)


@pytest.mark.parametrize("path", [R9.lower(), f"{R9}/", "/LEARNERSERVICER9.SVC?wsdl"])
def test_a_path_is_read_in_any_case_and_with_a_slash(service: RunningService, path: str) -> None:
    send(service, BODIES["ViewAudit"][1], path=path).expect_fault("WSEC0002", NOT_YET)


ROOTS: Mapping[str, Callable[[str, str], str]] = {
    "without a namespace": lambda body, namespace: body.replace(f' xmlns="{namespace}"', "", 1),
    "with a prefix": lambda body, namespace: body.replace(
        f'<GetAchievementBatchJob xmlns="{namespace}"', f'<x:GetAchievementBatchJob xmlns:x="{namespace}"'
    ).replace("</GetAchievementBatchJob", "</x:GetAchievementBatchJob"),
    "in a namespace that .NET gives by itself": lambda body, namespace: body.replace(namespace, TEMPURI, 1),
}


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS.keys())
def test_the_body_element_is_known_by_its_name(service: RunningService, root: Callable[[str, str], str]) -> None:
    body = root(job_body("1"), SERVICES)
    assert body != job_body("1")
    assert send(service, body, path=EXTERNAL).text("ResponseCode") == "WSRC0018"


ELSEWHERE = {
    "R9 on LearnerService": (r9_body("LearnerByUln"), TODAY, "LearnerServiceR9", R9),
    "R9 on LearnerService of 2014": (r9_body("ViewAudit"), GENERATION_2014, "LearnerServiceR9", R9),
    "R9 on ExternalService": (r9_body("GetOrganisation"), EXTERNAL, "LearnerServiceR9", R9),
    "External on LearnerService": (submission_body(), TODAY, "ExternalService", EXTERNAL),
    "External on R9": (job_body(), R9, "ExternalService", EXTERNAL),
    "External on R9, in its namespace": (
        f'<GetAchievementBatchJob xmlns="{TEMPURI}"/>',
        R9,
        "ExternalService",
        EXTERNAL,
    ),
    "LearnerService on R9": (verify_body(), R9, "LearnerService", TODAY),
    "LearnerService on External": (demographics_body(), EXTERNAL, "LearnerService", TODAY),
    "LearnerService on R9, without a namespace": ("<VerifyLearner/>", R9, "LearnerService", TODAY),
}


@pytest.mark.parametrize(("body", "path", "named", "right"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_request_of_another_service_is_told_its_path(
    service: RunningService, body: str, path: str, named: str, right: str
) -> None:
    answer = send(service, body, path=path)
    fault = answer.expect_fault("WSEC0002", f"{named} has it: send the message to {right}.")
    assert bool(fault.domain) is (path in {EXTERNAL, R9})


@pytest.mark.parametrize("path", [EXTERNAL, R9])
def test_what_no_service_knows_is_refused_as_ever(service: RunningService, path: str) -> None:
    fault = send(service, '<x:Nothing xmlns:x="urn:x"/>', path=path).expect_fault(
        "WSEC0002", "'Nothing'", "'urn:x'", "The WSDL lists the request elements."
    )
    assert_both(fault, "Nothing")


@pytest.mark.parametrize("path", [EXTERNAL, R9])
def test_a_refusal_before_the_operation_carries_both(service: RunningService, path: str) -> None:
    two = send(service, envelope("<a/><b/>"), path=path)
    assert two.expect_fault("WSEC0001", "The Body holds 2 elements").domain[0] == "WSEC0001"
    broken = send(service, b"<", path=path)
    fault = broken.expect_fault("WSEC0001", "cannot be read as XML", faultcode="soapenv:Client")
    assert fault.domain == ("WSEC0001", fault.detail["FurtherDetails"])


@pytest.mark.parametrize("path", [EXTERNAL, R9])
def test_a_refusal_of_http_carries_both_too(service: RunningService, path: str) -> None:
    json = {**XML_TYPE, "Content-Type": "application/json"}
    answers = {
        415: send(service, b"{}", path=path, headers=json),
        405: send(service, b"", path=path, method="PUT", headers={}),
        400: send(service, b"", path=path),
        404: send(service, b"", path=f"{path}?xsd=nothing.xsd", method="GET", headers={}),
    }
    for status, answer in answers.items():
        answer.expect_fault("WSEC0001", status=status, faultcode="soapenv:Client")
        assert answer.fault().domain[0] == "WSEC0001"


@pytest.mark.parametrize("path", [EXTERNAL, R9])
def test_a_version_and_a_header_come_before_the_operation(service: RunningService, path: str) -> None:
    soap12 = envelope(job_body()).replace(
        b"schemas.xmlsoap.org/soap/envelope/", b"www.w3.org/2003/05/soap-envelope"
    )
    assert send(service, soap12, path=path).fault().faultcode == "soapenv:VersionMismatch"
    header = '<soapenv:Header><x:T xmlns:x="urn:x" soapenv:mustUnderstand="1"/></soapenv:Header>'
    assert send(service, envelope(job_body(), header), path=path).fault().faultcode == "soapenv:MustUnderstand"
