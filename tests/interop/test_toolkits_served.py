"""Libraries that make a client from the WSDL that this service serves, and call it with that."""

import time
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import zeep
from suds import WebFault
from suds.client import Client as SudsClient
from tests.service import RunningService

CREDENTIALS = {
    "OrganisationRef": "SBXAO1",
    "UKPRN": "90000001",
    "OrgPassword": "SandboxAO-000001",
    "UserName": "toolkit",
}
DARCIE = {"ULN": "1026893096", "FamilyName": "Tucker", "GivenName": "Darcie"}
JORDAN = {"ULN": "4444599390", "FamilyName": "Reid", "GivenName": "Jordan"}

# Each makes a client from a WSDL's address, and gives its operations as attributes.
Toolkit = Callable[[str], Any]


def by_zeep(wsdl: str) -> Any:
    return zeep.Client(wsdl).service  # type: ignore[no-untyped-call]  # zeep marks itself typed, but is not


def by_suds(wsdl: str) -> Any:
    return SudsClient(wsdl, cache=None).service


TOOLKITS: dict[str, Toolkit] = {"zeep": by_zeep, "suds": by_suds}


@pytest.fixture(params=["/LearnerService.svc", "/2014/LearnerService.svc"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["wsdl", "singleWsdl"])
def wsdl(request: pytest.FixtureRequest, service: RunningService, path: str) -> str:
    return f"{service.url}{path}?{request.param}"


@pytest.fixture(params=TOOLKITS)
def calling(request: pytest.FixtureRequest, wsdl: str) -> Any:
    return TOOLKITS[request.param](wsdl)


def test_verify(calling: Any) -> None:
    found = calling.verifyLearner(**CREDENTIALS, LearnerToVerify={**DARCIE, "DateOfBirth": "1976-08-16"})
    verified = getattr(found, "VerifiedLearner", found)
    assert (verified.ResponseCode, verified.ULN, verified.FamilyName) == ("WSVRC001", "1026893096", "Tucker")
    assert verified.SearchedDateOfBirth == "1976-08-16"


def test_find(calling: Any) -> None:
    found = calling.learnerByULN(FindType="FUL", **CREDENTIALS, **DARCIE)
    assert found.ResponseCode == "WSRC0004"
    (learner,) = found.Learner
    assert (learner.DateOfBirth, learner.LastKnownPostCode, learner.VersionNumber) == ("1976-08-16", "CV4 9EE", 1)
    assert not learner.LinkedULNs


def test_the_linked_ulns_of_a_master_are_read(calling: Any) -> None:
    found = calling.learnerByULN(FindType="FUL", **CREDENTIALS, **JORDAN)
    assert found.ResponseCode == "WSRC0022"
    (learner,) = found.Learner
    assert (learner.ULN, learner.MasterSubstituted) == ("6936002314", "Y")
    assert list(learner.LinkedULNs.ULN) == ["4444599390"]


def test_a_reference_may_be_left_out(calling: Any) -> None:
    """Today's WSDL makes it required and nillable, the 2014 one optional: toolkits send it nil or leave it out."""
    known = {**CREDENTIALS, "OrganisationRef": None}
    found = calling.verifyLearner(**known, LearnerToVerify=DARCIE)
    assert getattr(found, "VerifiedLearner", found).ResponseCode == "WSVRC001"


def test_a_fault_is_read_as_one(calling: Any) -> None:
    wrong = {**CREDENTIALS, "OrgPassword": "SandboxAO-000002"}
    with pytest.raises((zeep.exceptions.Fault, WebFault)) as raised:
        calling.verifyLearner(**wrong, LearnerToVerify=DARCIE)
    assert "uk.gov.miap.lrs.api.exceptions.MIAPAPIException" in str(raised.value)
    assert error_code(raised.value) == "WSEC0005"


def error_code(fault: Any) -> str:
    """ErrorCode as each library gives it."""
    if isinstance(fault, WebFault):
        return str(fault.fault.detail.MIAPAPIException.ErrorCode)
    return str(fault.detail.findtext("{*}MIAPAPIException/ErrorCode"))


EXTERNAL_CALLER = {"OrgPassword": "SandboxAO-000001", "OrganisationRef": "SBXAO1", "UserName": "toolkit"}
ACHIEVEMENT = {
    "AchievementAwardDate": datetime(2024, 1, 31, tzinfo=UTC),
    "Action": 1,
    "ActionDate": datetime(2024, 2, 5, 9, 30, tzinfo=UTC),
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000004",
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "S/900/0001",
}
R9_CALLER = {"Password": "SandboxAO-000001", "Ukprn": "90000001", "Username": "toolkit"}
WHO_ASKS = {"userType": "ORG", "vendorId": 1, "language": "ENG"}
# path, operation, what a program hands over
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "LearnerByUln": (
        "/LearnerServiceR9.svc",
        {
            "invokingOrganisation": R9_CALLER,
            **WHO_ASKS,
            "uln": "1026893096",
            "findType": "FUL",
            "givenName": "Darcie",
            "familyName": "Tucker",
        },
    ),
    "GetOrganisation": (
        "/LearnerServiceR9.svc",
        {"invokingOrganisation": R9_CALLER, **WHO_ASKS, "ukPrn": "90000002", "orgRef": None},
    ),
}


@pytest.fixture(params=["wsdl", "singleWsdl"])
def external(request: pytest.FixtureRequest, service: RunningService, toolkit: str) -> Any:
    return TOOLKITS[toolkit](f"{service.url}/ExternalService.svc?{request.param}")


@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_achievements_are_handed_in_and_asked_about(external: Any, toolkit: str) -> None:
    """Each batch differs, so that none is a repetition; what stands of an achievement already is refused."""
    wrong = {**ACHIEVEMENT, "MisIdentifier": f"<{toolkit}>", "Action": 0}
    submitted = external.SubmitAchievementBatchJob(
        invokingUser=EXTERNAL_CALLER,
        submissionType="Provisional",
        achievements={"Achievement": [ACHIEVEMENT, wrong]},
    )
    assert submitted.ResponseCode == "WSRC0040"
    deadline = time.monotonic() + 20
    while True:
        job = external.GetAchievementBatchJob(invokingUser=EXTERNAL_CALLER, jobId=submitted.JobId)
        if job.ResponseCode != "WSRC0041":
            break
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (job.ResponseCode, job.Status, job.Type, job.User) == (
        "WSRC0042",
        "Successful",
        "Provisional",
        "toolkit",
    )
    assert (job.JobID, job.NumberOfRecords, job.FieldDataErrors) == (submitted.JobId, 2, 1)
    assert job.AchievementsCreated + job.BusinessRuleErrors == 1
    assert job.PercentageSuccessfulRecords == 50 * job.AchievementsCreated
    assert job.SubmittedDate.replace(tzinfo=UTC) <= job.EndDate.replace(tzinfo=UTC)
    last = str(job.AchievementBatchErrorFile).splitlines()[-1]
    assert last.startswith(f"2,<{toolkit}>,1026893096,S/900/0001,Action,FD005,Field data,")


@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_a_fault_of_external_service_is_read_as_one(service: RunningService, toolkit: str) -> None:
    calling = TOOLKITS[toolkit](f"{service.url}/ExternalService.svc?wsdl")
    wrong = {**EXTERNAL_CALLER, "OrgPassword": "SandboxAO-000002"}
    with pytest.raises((zeep.exceptions.Fault, WebFault)) as raised:
        calling.GetAchievementBatchJob(invokingUser=wrong, jobId=100001)
    assert error_code(raised.value) == domain_fault(raised.value)[0] == "WSEC0005"


@pytest.mark.parametrize("document", ["wsdl", "singleWsdl"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_learning_events_are_read(service: RunningService, toolkit: str, document: str) -> None:
    """Those of a learner whose ULN was merged, in brief; and none, where programs look into an empty record."""
    calling = TOOLKITS[toolkit](f"{service.url}/LearnerServiceR9.svc?{document}")

    def asked(uln: str, given: str, family: str, get_type: str) -> Any:
        return calling.GetLearnerLearningEvents(
            invokingOrganisation=R9_CALLER,
            userType="ORG",
            vendorID=1,
            language="ENG",
            uln=uln,
            givenName=given,
            familyName=family,
            dateOfBirth=None,
            gender=None,
            getType=get_type,
        )

    found = asked("4444599390", "Jordan", "Reid", "FULL")
    assert (found.ResponseCode, found.FoundULN, found.IncomingULN) == ("WSRC0022", "6936002314", "4444599390")
    first, second = found.LearnerRecord.LearningEvent
    assert (first.Subject, first.Credits, first.Status) == ("Search for a Job", 1, "F")
    assert (second.AwardingOrganisationUkprn, second.DateLoaded) == ("90000006", "2013-08-22 09:15:00")
    unknown = asked("1000000043", "No", "Body", "BRIEF")
    assert (unknown.ResponseCode, unknown.FoundULN) in {("WSEC0208", None), ("WSEC0208", "")}
    assert not unknown.LearnerRecord


@pytest.mark.parametrize("document", ["wsdl", "singleWsdl"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_own_awards_are_read_page_by_page(service: RunningService, toolkit: str, document: str) -> None:
    calling = TOOLKITS[toolkit](f"{service.url}/ReconciliationService.svc?{document}")
    asked = {"invokingUser": EXTERNAL_CALLER, "toDate": date(2012, 11, 30), "pageSize": 1}
    first = calling.GetOwnAwards(**asked)
    (darcie,) = first.Award
    assert (first.ResponseCode, darcie.Uln, str(darcie.AchievementAwardDate)) == (
        "WSRC0050",
        "1026893096",
        "2012-11-30",
    )
    assert (darcie.Withdrawn, darcie.Version, getattr(darcie, "CurrentUln", None)) == (False, 1, None)
    last = calling.GetOwnAwards(**asked, pageToken=first.NextPageToken)
    (jordan,) = last.Award
    assert (jordan.Uln, jordan.CurrentUln) == ("4444599390", "6936002314")
    assert jordan.LastChanged.replace(tzinfo=UTC) == datetime(2013, 8, 22, 8, 15, tzinfo=UTC)
    assert not getattr(last, "NextPageToken", None)
    with pytest.raises((zeep.exceptions.Fault, WebFault)) as raised:
        calling.GetOwnAwards(invokingUser=EXTERNAL_CALLER, pageToken=first.NextPageToken)
    assert error_code(raised.value) == domain_fault(raised.value)[0] == "WSEC0001"


@pytest.mark.parametrize("document", ["wsdl", "singleWsdl"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
@pytest.mark.parametrize("operation", OTHERS)
def test_the_other_services_are_called_and_their_fault_is_read(
    service: RunningService, operation: str, toolkit: str, document: str
) -> None:
    """Until an operation is carried out its fault says so, in both details."""
    path, values = OTHERS[operation]
    calling = TOOLKITS[toolkit](f"{service.url}{path}?{document}")
    with pytest.raises((zeep.exceptions.Fault, WebFault)) as raised:
        getattr(calling, operation)(**values)
    assert error_code(raised.value) == "WSEC0002"
    code, text = domain_fault(raised.value)
    assert (code, text) == (
        "WSEC0002",
        f"{operation} is part of the contract, but this release does not carry it out yet.",
    )


def domain_fault(fault: Any) -> tuple[str, str]:
    """DomainFault's code and explanation as each library gives them."""
    if isinstance(fault, WebFault):
        found = fault.fault.detail.DomainFault
        return str(found.ErrorCode), b64decode(str(found.ErrorDetail)).decode()
    (element, _) = fault.detail
    return str(element.findtext("{*}ErrorCode")), b64decode(element.findtext("{*}ErrorDetail")).decode()
