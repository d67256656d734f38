"""Who a message says it comes from, wherever its service has the credentials."""

import pytest

from uln_contract import external_records, r9_records, records
from uln_contract.operations import BY_NAME, EXTERNAL_SERVICE, LEARNER_SERVICE_R9
from uln_contract.shape import OperationContract, Record
from uln_server.access.identity import Claim
from uln_server.gate.identity import check_user_name, claim_of
from uln_server.soap.faults import ContractFault

PASSWORD = "SandboxAO-000001"
PAT = "Pat Clerk"
JOB, EVENTS = EXTERNAL_SERVICE[1], LEARNER_SERVICE_R9[1]
ORGANISATION = LEARNER_SERVICE_R9[4]


def external(**user: str | None) -> Record:
    return external_records.GetAchievementBatchJob(invoking_user=external_records.User(**user))


def r9(
    *,
    reference: str | None = None,
    ukprn: str | None = None,
    password: str | None = None,
    username: str | None = None,
) -> Record:
    return r9_records.GetOrganisation(
        invoking_organisation=r9_records.InvokingOrganisation(
            estab=4001, reference=reference, ukprn=ukprn, password=password, username=username
        ),
        user_type="ORG",
        vendor_id=1,
        language=None,
        uk_prn=None,
        org_ref=None,
    )


def events(caller: r9_records.InvokingOrganisationR10 | None) -> Record:
    nothing = dict.fromkeys(
        ("user_type", "language", "uln", "given_name", "family_name", "date_of_birth", "gender")
    )
    return r9_records.GetLearnerLearningEvents(invoking_organisation=caller, vendor_id=1, get_type=None, **nothing)


def r10(**organisation: str | None) -> Record:
    return events(r9_records.InvokingOrganisationR10(**organisation))


CALLERS = {
    "LearnerService": (
        records.ULNReportRqst(
            organisation_ref="SBXAO1",
            ukprn="90000001",
            org_password=PASSWORD,
            user_name=PAT,
            from_date="2024-01-01",
        ),
        Claim(organisation_ref="SBXAO1", ukprn="90000001", password=PASSWORD, user_name=PAT),
    ),
    "ExternalService": (
        external(organisation_ref="SBXAO1", org_password=PASSWORD, user_name=PAT),
        Claim(organisation_ref="SBXAO1", password=PASSWORD, user_name=PAT),
    ),
    "LearnerServiceR9": (
        r9(reference="SBXAO1", ukprn="90000001", password=PASSWORD, username=PAT),
        Claim(organisation_ref="SBXAO1", ukprn="90000001", password=PASSWORD, user_name=PAT),
    ),
    "LearnerServiceR9, learning events": (
        r10(organisation_ref="SBXAO1", ukprn="90000001", password=PASSWORD, username=PAT),
        Claim(organisation_ref="SBXAO1", ukprn="90000001", password=PASSWORD, user_name=PAT),
    ),
    "a UKPRN in the place of the reference": (
        r10(organisation_ref=" 90000001\n", password=PASSWORD, username=PAT),
        Claim(organisation_ref="90000001", password=PASSWORD, user_name=PAT),
    ),
    "a reference in the place of the UKPRN": (r9(ukprn="SBXAO1"), Claim(ukprn="SBXAO1")),
    "nobody": (external_records.SubmitAchievementBatchJob(), Claim()),
    "nobody, where somebody must be": (events(None), Claim()),
    "a caller of whom nothing is known": (external(), Claim()),
    "identifiers without an end": (
        r9(ukprn="9" * 5000, reference=" " * 5000 + "SBXAO1" * 1000),
        Claim(ukprn="9" * 40, organisation_ref=("SBXAO1" * 7)[:40]),
    ),
}


@pytest.mark.parametrize(("request_", "claim"), CALLERS.values(), ids=CALLERS.keys())
def test_the_caller_of_a_request(request_: Record, claim: Claim) -> None:
    found = claim_of(request_)
    assert found == claim
    assert found.password == claim.password  # whatever equality leaves out


def test_a_number_that_is_not_read_makes_nobody_known() -> None:
    assert claim_of(r9()).identifiers() == ()


NAMED = {
    "one letter": (JOB, external(user_name="P")),
    "35 letters": (JOB, external(user_name="P" * 35)),
    "in LearnerServiceR9": (ORGANISATION, r9(username=PAT)),
    "for learning events": (EVENTS, r10(username=PAT)),
    "nobody": (JOB, external_records.GetAchievementBatchJob()),
    "nobody, where somebody must be": (EVENTS, events(None)),
    "a caller of whom nothing is known": (JOB, external()),
    "LearnerService, whose types say it": (BY_NAME["getDeletedULNsReport"], CALLERS["LearnerService"][0]),
}


@pytest.mark.parametrize(("operation", "request_"), NAMED.values(), ids=NAMED.keys())
def test_a_message_that_names_who_calls_may_pass(operation: OperationContract, request_: Record) -> None:
    check_user_name(request_, operation)


UNNAMED = {
    "left out": (JOB, external(org_password=PASSWORD), "GetAchievementBatchJob/invokingUser/UserName"),
    "36 letters": (JOB, external(user_name="P" * 36), "GetAchievementBatchJob/invokingUser/UserName"),
    "blank": (EVENTS, r10(username=" \t\n"), "GetLearnerLearningEvents/invokingOrganisation/Username"),
    "the number of a school alone": (ORGANISATION, r9(), "GetOrganisation/invokingOrganisation/Username"),
}


@pytest.mark.parametrize(("operation", "request_", "place"), UNNAMED.values(), ids=UNNAMED.keys())
def test_a_message_that_does_not_is_refused(operation: OperationContract, request_: Record, place: str) -> None:
    with pytest.raises(ContractFault) as refused:
        check_user_name(request_, operation)
    assert refused.value.code == "WSEC0001"
    assert refused.value.text == (
        f"{place}: must name the person who calls, in 1 to 35 characters, not white space alone."
        " Correct it and send the message again."
    )
