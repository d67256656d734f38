"""Jobs and learning events in Python, against a service that replays: what is sent, and what comes of it."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.client.answering import (
    UNKNOWN,
    WAITING,
    answer,
    body,
    domain_fault,
    done,
    message_id,
    names,
    output,
    submitted,
)
from tests.unit.client.organisation import CREDENTIALS, SECRET, organisation, sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client import Achievement, AwardingOrganisation, BatchLearner, Job, MIAPBatchLearnerToVerify, Outcome
from uln_client.achievements import AchievementOutcome
from uln_client.errors import (
    InvalidReply,
    InvalidValue,
    JobFailed,
    NotPermitted,
    Refused,
    ServiceError,
    SubmissionRefused,
    Unreachable,
    UsageError,
)
from uln_client.jobs import JobKind
from uln_contract import schema
from uln_contract.codes import ResponseCode, ReturnCode
from uln_contract.r9_records import (
    ArrayOfLearningEvent,
    GetLearnerLearningEventsResponse,
    GetLearnerLearningEventsResponseMessage,
    LearningEvent,
)
from uln_contract.records import (
    BatchOutputResp,
    BatchRegistrationResp,
    MIAPVerifiedBatchLearner,
    OutputBatchLearner,
    VerifyBatchOutputResp,
    VerifyBatchResp,
)

DARCIE = "1026893096"
ACHIEVEMENT = Achievement(
    uln=DARCIE,
    given_name="Darcie",
    family_name="Tucker",
    unit_or_qualification_reference_number="S/900/0001",
    achievement_award_date="2024-06-28",
    provider_ukprn="90000002",
    action=1,
    action_date="2024-07-01",
)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.001)


@pytest.fixture
def caller(service: Replaying) -> Iterator[AwardingOrganisation]:
    with organisation(service.url) as made:
        yield made


def test_achievements_are_submitted_and_followed(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(submitted(), WAITING, UNKNOWN_STATUS, done(1, (2, "BR005")))
    seen: list[tuple[str, bool]] = []
    made = caller.submit_achievements(
        [ACHIEVEMENT] * 2, email="pat@example.com", watch=lambda job: seen.append((job.code, job.finished))
    )
    assert service.requests == []
    found = list(made)
    assert [each.outcome for each in found] == [AchievementOutcome.ACCEPTED, AchievementOutcome.REFUSED]
    assert [finding.code for each in found for finding in each.findings] == ["BR005"]
    assert seen == [("WSRC0040", False), ("WSRC0041", False), ("WSRC0041", False), ("WSRC0042", True)]
    assert {each.path for each in service.requests} == {"/ExternalService.svc"}
    action = "http://api.lrs.qcf.gov.uk/services/IExternalService/SubmitAchievementBatchJob"
    assert service.requests[0].headers["SOAPAction"] == f'"{action}"'
    assert (
        values(body(service, 0)).items()
        >= {
            "OrgPassword": SECRET,
            "OrganisationRef": "ABCDEF",
            "UserName": "Pat",
            "emailAddress": "pat@example.com",
            "submissionType": "Final",
        }.items()
    )
    assert values(body(service))["jobId"] == "100001"
    assert all(schema.is_valid(body(service, place), "external") for place in range(4))


UNKNOWN_STATUS = output("WSRC0041")


def test_each_job_is_followed_before_the_next_is_made(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(submitted(7), done(2), submitted(8), done(1))
    found = list(caller.submit_achievements(iter([ACHIEVEMENT] * 3), provisional=True, at_once=2))
    assert [(each.number, each.job_id) for each in found] == [(1, 7), (2, 7), (3, 8)]
    assert names(service) == ["SubmitAchievementBatchJob", "GetAchievementBatchJob"] * 2
    assert values(body(service, 0))["submissionType"] == "Provisional"


def test_a_ukprn_stands_for_the_reference(service: Replaying) -> None:
    service.answer(submitted(), submitted(100002))
    with organisation(service.url, orgref=None) as made:
        assert list(made.send_achievements([ACHIEVEMENT] * 2, at_once=1)) == [100001, 100002]
    assert values(body(service))["OrganisationRef"] == "12345678"


@pytest.mark.parametrize(
    "first", [Answer(seconds=0.3, body=b"late"), Answer(cut=True), Answer(status=502)], ids=["late", "cut", "502"]
)
def test_a_submission_is_tried_again_under_its_name(service: Replaying, first: Answer) -> None:
    service.answer(first, submitted(), done(1))
    with organisation(service.url, retries=1, timeout=0.1) as made:
        (found,) = made.submit_achievements([ACHIEVEMENT])
    assert found.accepted
    assert message_id(service, 0) == message_id(service, 1)
    assert service.requests[0].body == service.requests[1].body


def test_learners_are_submitted_under_a_name_too(service: Replaying) -> None:
    reply = VerifyBatchResp(response_code="WSRC0025", job_id=5)
    service.answer(Answer(seconds=0.3, body=b"late"), answer("submitVerifyBatch", reply), verified("WSVRC001"))
    with organisation(service.url, retries=1, timeout=0.1) as made:
        (found,) = made.verify_learners([TO_VERIFY])
    assert (found.result.outcome, found.mis_identifier, found.job_id) == (Outcome.MATCH, "17", 5)
    assert message_id(service, 0) == message_id(service, 1)


def test_when_no_answer_comes_the_job_is_in_doubt(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(Answer(cut=True))
    with pytest.raises(Unreachable, match="The job may have been made"):
        list(caller.submit_achievements([ACHIEVEMENT]))


def test_when_a_question_fails_the_job_goes_on(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(submitted(), Answer(cut=True))
    with pytest.raises(Unreachable, match="uln job 100001"):
        list(caller.submit_achievements([ACHIEVEMENT]))


@pytest.mark.parametrize("code", ["WSRC0043", "WSEC0044", "WSEC0045", "WSEC0046", "WSEC0047"])
def test_a_refused_submission_is_an_exception(service: Replaying, caller: AwardingOrganisation, code: str) -> None:
    service.answer(submitted(0, code))
    with pytest.raises(SubmissionRefused, match=code) as raised:
        list(caller.submit_achievements([ACHIEVEMENT]))
    assert (raised.value.code, raised.value.detail.code) == (code, code)
    assert "may have been made" not in raised.value.remedy


@pytest.mark.parametrize("status", ["Failed", "Cancelled"])
def test_a_job_that_ended_early_gives_what_was_done(
    service: Replaying, caller: AwardingOrganisation, status: str
) -> None:
    service.answer(submitted(), done(1, status=status, rejection_reason="It broke."))
    made = caller.submit_achievements([ACHIEVEMENT] * 3, at_once=2)
    assert next(made).accepted
    with pytest.raises(JobFailed, match="It broke") as raised:
        next(made)
    assert (raised.value.job_id, raised.value.status) == (100001, status)
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    "answers",
    [
        [submitted(None)],
        [submitted(1, "WSRC0004")],
        [submitted(), output("WSRC0004")],
        [submitted(), UNKNOWN],
        [submitted(), done(2)],
    ],
    ids=["no JobID", "another code", "another code of the output", "unknown at once", "more than was sent"],
)
def test_an_answer_without_sense_is_no_result(
    service: Replaying, caller: AwardingOrganisation, answers: list[Answer]
) -> None:
    service.answer(*answers)
    with pytest.raises(InvalidReply):
        list(caller.submit_achievements([ACHIEVEMENT]))


def test_nothing_submitted_is_nothing_sent(service: Replaying, caller: AwardingOrganisation) -> None:
    assert list(caller.submit_achievements([])) == []
    assert list(caller.register_learners([])) == []
    with pytest.raises(UsageError, match="100001"):
        list(caller.send_achievements([ACHIEVEMENT], at_once=100_001))
    with pytest.raises(InvalidValue, match="Achievement 1: GivenName"):
        list(caller.submit_achievements([replace(ACHIEVEMENT, given_name="\x00")]))
    assert service.requests == []


TO_REGISTER = BatchLearner(given_name="Rhys", family_name="Pugh", mis_identifier="17")
TO_VERIFY = MIAPBatchLearnerToVerify(uln=DARCIE, given_name="Darcie", family_name="Tucker", mis_identifier="17")
REGISTERED = OutputBatchLearner(
    uln=DARCIE, given_name="Rhys", family_name="Pugh", mis_identifier="17", return_code="RC001"
)


def registered(*learners: OutputBatchLearner, code: str = "WSRC0009", status: str = "Successful") -> Answer:
    return answer(
        "getBatchRegistrationOutput", BatchOutputResp(response_code=code, job_status=status, learner=learners)
    )


def verified(code: str, mis_identifier: str = "17", uln: str = DARCIE) -> Answer:
    row = MIAPVerifiedBatchLearner(
        mis_identifier=mis_identifier,
        searched_uln=uln,
        searched_family_name="Tucker",
        searched_given_name="Darcie",
        response_code=code,
    )
    return answer("getVerifyBatchOutput", VerifyBatchOutputResp(response_code="WSRC0027", verified_learner=(row,)))


def test_learners_are_registered_in_batches(service: Replaying, caller: AwardingOrganisation) -> None:
    first, second = (
        answer("submitBatchRegistration", BatchRegistrationResp(response_code="WSRC0007", job_id=number))
        for number in (5, 6)
    )
    rejected = replace(REGISTERED, uln=None, return_code="RC010")
    service.answer(first, registered(REGISTERED, *[rejected] * 199), second, registered(REGISTERED))
    found = list(caller.register_learners([TO_REGISTER] * 201, check_only=True))
    assert [(each.number, each.job_id, each.code) for each in (found[0], found[1], found[200])] == [
        (1, 5, ReturnCode.RC001),
        (2, 5, ReturnCode.RC010),
        (201, 6, ReturnCode.RC001),
    ]
    assert [found[0].registered, found[1].registered] == [True, False]
    assert found[0].explanation.code == "RC001"
    assert not any("Pugh" in repr(each) for each in found)
    assert (
        values(sent(service, 0)).items() >= {**CREDENTIALS, "JobType": "CHK", "LearnerRecordCount": "200"}.items()
    )


def test_a_batch_that_failed_gives_the_learners_that_were_done(
    service: Replaying, caller: AwardingOrganisation
) -> None:
    reply = answer("submitBatchRegistration", BatchRegistrationResp(response_code="WSRC0007", job_id=5))
    service.answer(reply, registered(REGISTERED, code="WSRC0010", status="Failed"))
    made = caller.register_learners([TO_REGISTER] * 2)
    assert next(made).registered
    with pytest.raises(JobFailed):
        next(made)


@pytest.mark.parametrize("reply", [verified("WSVRC001", uln="9276308686"), verified("WSVRC009")])
def test_the_rows_must_be_the_learners_that_were_sent(
    service: Replaying, caller: AwardingOrganisation, reply: Answer
) -> None:
    service.answer(answer("submitVerifyBatch", VerifyBatchResp(response_code="WSRC0025", job_id=5)), reply)
    with pytest.raises(InvalidReply):
        list(caller.verify_learners([TO_VERIFY]))


def test_fewer_rows_than_learners_are_no_sound_reply(service: Replaying, caller: AwardingOrganisation) -> None:
    reply = answer("submitBatchRegistration", BatchRegistrationResp(response_code="WSRC0007", job_id=5))
    service.answer(reply, registered(REGISTERED))
    with pytest.raises(InvalidReply, match="1 of 2"):
        list(caller.register_learners([TO_REGISTER] * 2))
    service.answer(submitted(), done(1))
    with pytest.raises(InvalidReply, match="1 of 2"):
        list(caller.submit_achievements([ACHIEVEMENT] * 2))


NOT_PERMITTED = Answer(status=500, body=recorded("fault_0006.xml"))
NO_VERIFICATION = answer("getVerifyBatchOutput", VerifyBatchOutputResp(response_code="WSRC0018"))
NO_REGISTRATION = answer("getBatchRegistrationOutput", BatchOutputResp(response_code="WSRC0018"))


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([done(1)], JobKind.ACHIEVEMENTS),
        ([UNKNOWN, verified("WSVRC001")], JobKind.VERIFICATION),
        ([UNKNOWN, NO_VERIFICATION, registered(REGISTERED)], JobKind.REGISTRATION),
        ([NOT_PERMITTED, NO_VERIFICATION, registered(REGISTERED)], JobKind.REGISTRATION),
        ([output("WSRC0043"), verified("WSVRC001")], JobKind.VERIFICATION),
        ([UNKNOWN, NO_VERIFICATION, NO_REGISTRATION], None),
        ([NOT_PERMITTED, NOT_PERMITTED, NO_REGISTRATION], None),
    ],
)
def test_a_job_of_any_kind_is_found(
    service: Replaying, caller: AwardingOrganisation, answers: list[Answer], kind: JobKind | None
) -> None:
    service.answer(*answers)
    job = caller.job(100001)
    assert (job.job_id, job.kind, job.known, job.finished) == (100001, kind, kind is not None, kind is not None)
    assert len(service.requests) == len(answers)
    assert "Pugh" not in repr(job)


def test_who_may_ask_for_no_kind_is_told_so(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(NOT_PERMITTED)
    with pytest.raises(NotPermitted):
        caller.job(1)
    service.answer(Answer(status=500, body=recorded("fault_0005.xml")))
    with pytest.raises(Refused, match="WSEC0005"):
        caller.job(1)


def test_a_job_is_followed_to_its_end(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(WAITING, WAITING, done(2))
    seen: list[Job] = []
    assert caller.follow(100001, watch=seen.append).finished
    assert [each.status for each in seen] == ["Waiting", "Waiting", "Successful"]
    service.answer(UNKNOWN, NO_VERIFICATION, NO_REGISTRATION)
    assert caller.follow(1).known is False


def test_a_domain_fault_alone_is_read(service: Replaying, caller: AwardingOrganisation) -> None:
    said = b64encode(f"Siân's password {SECRET} is wrong".encode()).decode()
    service.answer(domain_fault("WSEC0003", said))
    with pytest.raises(Refused, match="WSEC0003") as raised:
        list(caller.submit_achievements([ACHIEVEMENT]))
    assert raised.value.detail.further_details == "Siân's password ******** is wrong"
    service.answer(domain_fault("WSEC0999", "not base64"))
    with pytest.raises(ServiceError) as plain:
        list(caller.submit_achievements([ACHIEVEMENT]))
    assert plain.value.detail is not None
    assert plain.value.detail.further_details == "not base64"


EVENT = LearningEvent(id=1, subject="Keep Bees Safely", credits=3)


def events(code: str = "WSRC0004", uln: str = DARCIE, found: str = DARCIE, *listed: LearningEvent) -> Answer:
    result = GetLearnerLearningEventsResponse(
        response_code=code,
        found_uln=found,
        incoming_uln=uln,
        learner_record=ArrayOfLearningEvent(learning_event=listed),
    )
    message = GetLearnerLearningEventsResponseMessage(get_learner_learning_events_result=result)
    return answer("GetLearnerLearningEvents", message)


NAMES: Any = {"given_name": "Darcie", "family_name": "Tucker"}


def test_learning_events_are_read(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(events("WSRC0004", DARCIE, DARCIE, EVENT))
    result = caller.learning_events(DARCIE, **NAMES, date_of_birth="1976-08-16", gender="2", brief=True)
    assert (result.code, result.found, result.merged, result.events) == (
        ResponseCode.WSRC0004,
        True,
        False,
        (EVENT,),
    )
    assert "Bees" not in repr(result)
    assert service.requests[0].path == "/LearnerServiceR9.svc"
    asked = body(service)
    assert schema.is_valid(asked, "r9")
    assert values(asked) == {
        "OrganisationRef": "ABCDEF",
        "Password": SECRET,
        "Ukprn": "12345678",
        "Username": "Pat",
        "userType": "ORG",
        "vendorID": "1",
        "language": "ENG",
        "uln": DARCIE,
        "givenName": "Darcie",
        "familyName": "Tucker",
        "dateOfBirth": "1976-08-16",
        "gender": "2",
        "getType": "BRIEF",
    }


@pytest.mark.parametrize(
    ("reply", "found", "merged"),
    [
        (events("WSRC0022", DARCIE, "6936002314", EVENT), True, True),
        (events("WSRC0004", DARCIE, "6936002314"), True, True),
        (events("WSEC0206"), False, False),
        (events("WSEC0208"), False, False),
        (events("WSEC0136"), False, False),
    ],
)
def test_each_answer_about_a_record(
    service: Replaying, caller: AwardingOrganisation, reply: Answer, found: bool, merged: bool
) -> None:
    service.answer(reply)
    result = caller.learning_events(DARCIE, **NAMES)
    assert (result.found, result.merged) == (found, merged)
    assert result.explanation.code == result.code


@pytest.mark.parametrize(
    "reply", [events("WSRC0001"), events("WSRC0004", "9276308686"), events("WSEC0208", DARCIE, DARCIE, EVENT)]
)
def test_an_answer_about_a_record_without_sense(
    service: Replaying, caller: AwardingOrganisation, reply: Answer
) -> None:
    service.answer(reply)
    with pytest.raises(InvalidReply):
        caller.learning_events(DARCIE, **NAMES)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"uln": "1026893097"}, "ULN"),
        ({"uln": "x"}, "ULN"),
        ({"given_name": " "}, "GivenName"),
        ({"family_name": "x" * 36}, "FamilyName"),
        ({"date_of_birth": "1976-8-16"}, "DateOfBirth"),
        ({"date_of_birth": "19760816"}, "DateOfBirth"),
        ({"gender": "F"}, "Gender"),
        ({"user_type": "XYZ"}, "UserType"),
        ({"given_name": "a\x00"}, "givenName"),
    ],
)
def test_a_question_that_is_of_no_use_is_not_sent(
    service: Replaying, caller: AwardingOrganisation, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidValue) as raised:
        caller.learning_events(**{"uln": DARCIE, **NAMES, **changed})
    assert raised.value.field == field
    assert service.requests == []


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("", ""),
        ("/LearnerService.svc", ""),
        ("/2014/LearnerService.svc", ""),
        ("/ws/LearnerService.svc/", "/ws"),
        ("/ws/externalservice.svc", "/ws"),
        ("/LearnerServiceR9.svc", ""),
    ],
)
def test_the_services_stand_beside_each_other(service: Replaying, url: str, folder: str) -> None:
    service.answer(submitted(), events(), NO_REGISTRATION)
    with organisation(f"{service.url}{url}") as made:
        list(made.send_achievements([ACHIEVEMENT]))
        made.learning_events(DARCIE, **NAMES)
        assert made.address.endswith("/LearnerService.svc")
    assert [each.path for each in service.requests] == [
        f"{folder}/ExternalService.svc",
        f"{folder}/LearnerServiceR9.svc",
    ]
