"""What zeep and suds make of the contracts that are all qualified: their messages are valid and are read right."""

from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
import zeep
from lxml import etree
from suds.client import Client as SudsClient

from uln_contract import external_records, files, r9_records, reconciliation_records, schema
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9, RECONCILIATION_SERVICE
from uln_contract.reading import read
from uln_contract.shape import OperationContract, Record
from uln_contract.writing import write

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OPERATIONS = {each.name: each for each in (*EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)}
ACHIEVEMENT = {
    "AchievementAwardDate": datetime(2024, 1, 31),  # noqa: DTZ001  # the contract's plain time
    "Action": 1,
    "ActionDate": datetime(2024, 2, 5, 9, 30),  # noqa: DTZ001  # as above
    "FamilyName": "Tucker",
    "GivenName": "Zo\u00eb & Ann",
    "ProviderUkprn": "90000004",
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "K/501/5773",
}
SUBMISSION = {
    "invokingUser": {"OrgPassword": "SandboxAO-000001", "OrganisationRef": "SBXAO1", "UserName": "Pat Clerk"},
    "submissionType": "Final",
    "achievements": {"Achievement": [ACHIEVEMENT, ACHIEVEMENT]},
}
EVENTS = {
    "invokingOrganisation": {"Password": "SandboxAO-000001", "Ukprn": "90000001", "Username": "Pat Clerk"},
    "userType": "ORG",
    "vendorID": 1,
    "language": "ENG",
    "uln": "1026893096",
    "givenName": "Darcie",
    "familyName": "Tucker",
    "dateOfBirth": None,
    "gender": "",
    "getType": "FULL",
}
CALLS: dict[str, dict[str, Any]] = {
    "SubmitAchievementBatchJob": SUBMISSION,
    "GetAchievementBatchJob": {"invokingUser": SUBMISSION["invokingUser"], "jobId": 100003},
    "GetLearnerLearningEvents": EVENTS,
    "GetOwnAwards": {
        "invokingUser": SUBMISSION["invokingUser"],
        "fromDate": date(2024, 1, 31),
        "providerUkprn": "90000004",
        "pageSize": 1000,
    },
    "UpdateLearnerSubsetFields": {
        "invokingOrganisation": {"ChannelCode": "WebServices", "Ukprn": "90000001", "Estab": 4001},
        "userType": "LNR",
        "vendorId": 1,
        "language": "CYM",
        "uln": "1026893096",
        "versionNumber": 3,
        "emailAddress": "darcie@example.com",
        "telephoneNumber": None,
        "abilityToShare": "FPNSeenShareData",
        "schoolAtAge16": None,
        "preferredGivenName": "Dee",
    },
}


@cache
def zeep_client(contract: str) -> Any:
    location = str(files.path(files.wsdl(contract)))
    return zeep.Client(location)  # type: ignore[no-untyped-call]  # zeep marks itself typed, but is not


def zeep_sent(operation: OperationContract) -> etree._Element:
    """The body element that zeep would send."""
    client = zeep_client(operation.generations[0])
    envelope: etree._Element = client.create_message(client.service, operation.name, **CALLS[operation.name])
    return body_of(envelope)


@cache
def suds_client(contract: str) -> Any:
    return SudsClient(files.path(files.wsdl(contract)).as_uri(), cache=None, nosend=True)


def suds_sent(operation: OperationContract) -> etree._Element:
    """The body element that suds would send."""
    method = getattr(suds_client(operation.generations[0]).service, operation.name)
    return body_of(etree.fromstring(method(**CALLS[operation.name]).envelope))


def body_of(envelope: etree._Element) -> etree._Element:
    (found,) = envelope.findall(f"{{{SOAP}}}Body/*")
    return etree.fromstring(etree.tostring(found))


def submission() -> external_records.SubmitAchievementBatchJob:
    one = external_records.Achievement(
        achievement_award_date="2024-01-31T00:00:00",
        action=1,
        action_date="2024-02-05T09:30:00",
        family_name="Tucker",
        given_name="Zo\u00eb & Ann",
        provider_ukprn="90000004",
        uln="1026893096",
        unit_or_qualification_reference_number="K/501/5773",
    )
    return external_records.SubmitAchievementBatchJob(
        invoking_user=external_records.User(
            org_password="SandboxAO-000001", organisation_ref="SBXAO1", user_name="Pat Clerk"
        ),
        submission_type="Final",
        achievements=external_records.ArrayOfAchievement(achievement=(one, one)),
    )


READ: dict[str, Record] = {
    "SubmitAchievementBatchJob": submission(),
    "GetAchievementBatchJob": external_records.GetAchievementBatchJob(
        invoking_user=submission().invoking_user, job_id=100003
    ),
    "GetOwnAwards": reconciliation_records.GetOwnAwards(
        invoking_user=reconciliation_records.User(
            org_password="SandboxAO-000001", organisation_ref="SBXAO1", user_name="Pat Clerk"
        ),
        from_date="2024-01-31",
        provider_ukprn="90000004",
        page_size=1000,
    ),
    "GetLearnerLearningEvents": r9_records.GetLearnerLearningEvents(
        invoking_organisation=r9_records.InvokingOrganisationR10(
            password="SandboxAO-000001", ukprn="90000001", username="Pat Clerk"
        ),
        user_type="ORG",
        vendor_id=1,
        language="ENG",
        uln="1026893096",
        given_name="Darcie",
        family_name="Tucker",
        get_type="FULL",
    ),
    "UpdateLearnerSubsetFields": r9_records.UpdateLearnerSubsetFields(
        invoking_organisation=r9_records.InvokingOrganisation(
            channel_code="WebServices", ukprn="90000001", estab=4001
        ),
        user_type="LNR",
        vendor_id=1,
        language="CYM",
        uln="1026893096",
        version_number=3,
        email_address="darcie@example.com",
        ability_to_share="FPNSeenShareData",
        preferred_given_name="Dee",
    ),
}


@pytest.mark.parametrize("sent", [zeep_sent, suds_sent])
@pytest.mark.parametrize("name", CALLS)
def test_a_message_is_valid_and_read_as_it_was_meant(name: str, sent: Any) -> None:
    operation = OPERATIONS[name]
    body = sent(operation)
    assert body.tag == operation.request
    assert schema.is_valid(body, operation.generations[0]), schema.first_violation(body, operation.generations[0])
    assert read(body, operation.request_record) == READ[name]


def zeep_read(operation: OperationContract, reply: Record) -> Any:
    """What zeep makes of a reply of ours."""
    written = write(reply, operation.response, {})
    envelope = etree.fromstring(f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{written}</e:Body></e:Envelope>')
    client = zeep_client(operation.generations[0])
    return client.service._binding.get(operation.name).process_reply(envelope)


def test_zeep_reads_a_job() -> None:
    job = external_records.AchievementBatchJobResponse(
        response_code="WSRC0042",
        achievement_batch_error_file="record,MisIdentifier\r\n1,<none>\r\n",
        achievements_created=9500,
        job_id=100003,
        percentage_successful_records="99.76",
        start_date="2024-02-05T09:30:30Z",
        status="Successful",
    )
    reply = external_records.GetAchievementBatchJobResponse(get_achievement_batch_job_result=job)
    found = zeep_read(OPERATIONS["GetAchievementBatchJob"], reply)
    assert (found.ResponseCode, found.Status, found.JobID) == ("WSRC0042", "Successful", 100003)
    assert (found.AchievementsCreated, found.AchievementsUpdated) == (9500, None)
    assert found.PercentageSuccessfulRecords == pytest.approx(99.76)
    assert found.AchievementBatchErrorFile == job.achievement_batch_error_file
    assert found.StartDate.isoformat() == "2024-02-05T09:30:30+00:00"


def test_zeep_reads_learning_events() -> None:
    event = r9_records.LearningEvent(credits=6, grade="Pass", id=200017, subject="Working in a Team")
    result = r9_records.GetLearnerLearningEventsResponse(
        response_code="WSRC0004",
        found_uln="1026893096",
        learner_record=r9_records.ArrayOfLearningEvent(learning_event=(event, event)),
    )
    reply = r9_records.GetLearnerLearningEventsResponseMessage(get_learner_learning_events_result=result)
    found = zeep_read(OPERATIONS["GetLearnerLearningEvents"], reply)
    assert (found.ResponseCode, found.FoundULN, found.IncomingULN) == ("WSRC0004", "1026893096", None)
    assert [each.Subject for each in found.LearnerRecord.LearningEvent] == ["Working in a Team"] * 2


def test_zeep_reads_a_learner() -> None:
    learner = r9_records.Learner(
        ats_learner_preference=89,
        date_of_birth="1976-08-16T00:00:00",
        gender=2,
        linked_ulns=r9_records.ArrayOfstring(string=("4444599390",)),
        uln="1026893096",
    )
    reply = r9_records.LearnerByUlnResponseMessage(
        learner_by_uln_result=r9_records.LearnerByUlnResponse(response_code="WSRC0022", learner=learner)
    )
    found = zeep_read(OPERATIONS["LearnerByUln"], reply).Learner
    assert (found.AtsLearnerPreference, found.Gender, found.LinkedUlns.string) == (89, 2, ["4444599390"])
    assert found.DateOfBirth == datetime(1976, 8, 16)  # noqa: DTZ001  # the contract's plain date
