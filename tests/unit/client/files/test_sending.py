"""A file's rows on their way to a service that replays: what is sent when, and what its answers come to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.unit.client.answering import UNKNOWN, WAITING, answer, body, done, message_id, names, submitted
from tests.unit.client.organisation import organisation
from tests.unit.client.replaying import Answer, Replaying

from uln_client import AwardingOrganisation
from uln_client.errors import InvalidReply, InvalidValue, SubmissionRefused, Unreachable, UsageError
from uln_client.files.errands import Achievements, Errand, Registration, Verification
from uln_client.files.journal import Journal
from uln_client.files.outcomes import Standing
from uln_client.files.sending import Sending
from uln_client.jobs import Job
from uln_contract.layouts import ACHIEVEMENTS, REGISTRATION_3A, VERIFICATION
from uln_contract.records import (
    BatchOutputResp,
    BatchRegistrationResp,
    MIAPVerifiedBatchLearner,
    OutputBatchLearner,
    VerifyBatchOutputResp,
    VerifyBatchResp,
)

DARCIE = "1026893096"
ACHIEVEMENT = {
    "AchievementAwardDate": "2024-06-28",
    "Action": "1",
    "ActionDate": "2024-07-01",
    "FamilyName": "Tucker",
    "Gender": "2",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000002",
    "Uln": DARCIE,
    "UnitOrQualificationReferenceNumber": "S/900/0001",
}
TO_VERIFY = {"ULN": DARCIE, "FamilyName": "Tucker", "GivenName": "Darcie"}
TO_REGISTER = {"GivenName": "Rhys", "FamilyName": "Pugh", "MISIdentifier": "17", "UCI": "900000100001A"}


class Row(NamedTuple):
    number: int
    values: dict[str, str]


class Watch:
    def __init__(self) -> None:
        self.counts = [0, 0]
        self.jobs: list[Job] = []

    def sent(self, rows: int) -> None:
        self.counts[0] += rows

    def done(self, rows: int) -> None:
        self.counts[1] += rows

    def job(self, job: Job) -> None:
        self.jobs.append(job)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.001)


@pytest.fixture
def caller(service: Replaying) -> Iterator[AwardingOrganisation]:
    with organisation(service.url) as made:
        yield made


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.opened(tmp_path / "journal.jsonl") as opened:
        opened.begin({})
        yield opened


@pytest.fixture
def watch() -> Watch:
    return Watch()


class Sender:
    """Sends achievements in rows 2, 3 and so on, two a job unless told otherwise."""

    def __init__(self, caller: AwardingOrganisation, journal: Journal, watch: Watch) -> None:
        self._parts: Any = (caller.desk, journal, watch)

    def __call__(
        self, count: int, errand: Errand | None = None, *, first: int = 2, follow: bool = True, **values: str
    ) -> None:
        desk, journal, watch = self._parts
        errand = errand or Achievements(desk, ACHIEVEMENTS)
        row = {
            Achievements: ACHIEVEMENT,
            Verification: TO_VERIFY,
            Registration: TO_REGISTER,
        }[type(errand)] | values
        rows = (Row(number, row) for number in range(first, count + first))
        Sending(desk, errand, journal, watch, at_once=2).send(rows, follow=follow)


@pytest.fixture
def send(caller: AwardingOrganisation, journal: Journal, watch: Watch) -> Sender:
    return Sender(caller, journal, watch)


def told(journal: Journal) -> list[tuple[int, Any]]:
    return [(number, result and result[0]) for number, _, result in journal.results()]


def test_a_few_jobs_are_under_way_at_once(
    send: Sender, service: Replaying, journal: Journal, watch: Watch
) -> None:
    jobs = [submitted(number) for number in range(1, 6)]
    service.answer(*jobs[:3], WAITING, done(2), jobs[3], done(2), jobs[4], *[done(2)] * 2, done(1))
    send(9)
    asked, made = "GetAchievementBatchJob", "SubmitAchievementBatchJob"
    assert names(service) == [*[made] * 3, asked, asked, made, asked, made, *[asked] * 3]
    assert told(journal) == [(number, "accepted") for number in range(2, 11)]
    assert watch.counts == [9, 9]
    assert [each.job_id for each in watch.jobs] == [1, 1, 2, 3, 4, 5]
    assert len({message_id(service, place) for place in (0, 1, 2, 5, 7)}) == 5


def test_what_is_answered_is_not_asked_again(send: Sender, service: Replaying, watch: Watch) -> None:
    service.answer(submitted(1), done(2), Answer(cut=True))
    send(2)
    with pytest.raises(Unreachable, match="goes on where it stopped"):
        send(4)
    assert names(service)[2:] == ["SubmitAchievementBatchJob"]
    service.answer(submitted(2), done(2))
    send(4)
    assert message_id(service, 2) == message_id(service, 3)
    assert body(service, 2).tag == body(service, 3).tag
    assert watch.counts == [2 + 2 + 4, 2 + 2 + 4]


def test_a_lost_answer_is_asked_for_by_the_same_name_and_content(send: Sender, service: Replaying) -> None:
    service.answer(Answer(cut=True))
    with pytest.raises(Unreachable):
        send(2)
    service.answer(submitted(1), done(2))
    send(2)
    assert service.requests[0].body == service.requests[1].body


def test_rows_that_are_read_otherwise_are_not_sent_under_the_same_name(send: Sender, service: Replaying) -> None:
    service.answer(Answer(cut=True))
    with pytest.raises(Unreachable):
        send(2)
    with pytest.raises(UsageError, match="Rows 2 to 3 are read otherwise"):
        send(2, FamilyName="Tuckers")
    assert len(service.requests) == 1


def test_rows_are_never_parted_otherwise_than_at_first(send: Sender, service: Replaying) -> None:
    service.answer(submitted(1), Answer(cut=True))
    with pytest.raises(Unreachable):
        send(4)
    with pytest.raises(UsageError, match="Rows 3 to 4 are read otherwise"):
        send(4, first=3)
    assert names(service).count("SubmitAchievementBatchJob") == 2


def test_a_refused_submission_ends_the_run_and_is_tried_again_later(
    send: Sender, service: Replaying, journal: Journal
) -> None:
    service.answer(submitted(0, "WSRC0043"))
    with pytest.raises(SubmissionRefused):
        send(2)
    assert told(journal) == [(2, None), (3, None)]
    service.answer(submitted(1), done(2))
    send(2)
    assert told(journal) == [(2, "accepted"), (3, "accepted")]


def test_a_job_that_ended_early_is_asked_about_by_the_next_run(
    send: Sender, service: Replaying, journal: Journal
) -> None:
    service.answer(submitted(1), done(1, status="Cancelled", rejection_reason="By hand."))
    send(2)
    part = journal.parts[1]
    assert (part.done, part.ended, part.reason, part.complete) == (1, "Cancelled", "By hand.", False)
    service.answer(UNKNOWN)
    send(2)
    assert told(journal) == [(2, "accepted"), (3, None)]
    service.answer(done(1, (2, "BR005")))
    send(2)
    assert told(journal) == [(2, "accepted"), (3, "refused")]
    assert part.complete
    assert names(service).count("SubmitAchievementBatchJob") == 1


def test_a_job_that_the_service_forgot_can_only_be_sent_anew(send: Sender, service: Replaying) -> None:
    service.answer(submitted(1), UNKNOWN)
    with pytest.raises(UsageError, match="--restart"):
        send(2)


@pytest.mark.parametrize("reply", [done(1), done(3)], ids=["too few", "too many"])
def test_an_answer_without_sense_is_no_result(
    send: Sender, service: Replaying, journal: Journal, reply: Answer
) -> None:
    service.answer(submitted(1), reply)
    with pytest.raises(InvalidReply, match="goes on where it stopped"):
        send(2)
    assert told(journal) == [(2, None), (3, None)]


def test_without_waiting_nothing_is_asked(
    send: Sender, service: Replaying, journal: Journal, watch: Watch
) -> None:
    service.answer(submitted(1), submitted(2))
    send(4, follow=False)
    assert names(service) == ["SubmitAchievementBatchJob"] * 2
    assert [each.job for each in journal.parts.values()] == [1, 2]
    assert watch.counts == [4, 0]


def test_a_value_that_the_schema_refuses_is_named_by_its_row(
    send: Sender, service: Replaying, caller: AwardingOrganisation
) -> None:
    with pytest.raises(InvalidValue, match="Row 2: Gender"):
        send(2, Verification(caller.desk, VERIFICATION), Gender="7")
    assert service.requests == []


def test_learners_to_verify(
    send: Sender, service: Replaying, caller: AwardingOrganisation, journal: Journal
) -> None:
    errand = Verification(caller.desk, VERIFICATION, email="pat@example.com")
    row = MIAPVerifiedBatchLearner(
        searched_uln=DARCIE,
        searched_family_name="Tucker",
        searched_given_name="Darcie",
        response_code="WSVRC005",
        failure_flag=("VRF1", "VRF7"),
    )
    output = VerifyBatchOutputResp(response_code="WSRC0027", job_status="Successful", verified_learner=(row, row))
    service.answer(
        answer("submitVerifyBatch", VerifyBatchResp(response_code="WSRC0025", job_id=5)),
        answer("getVerifyBatchOutput", output),
    )
    send(2, errand)
    assert body(service, 0).findtext("OrgEmail") == "pat@example.com"
    (outcome, _) = [errand.outcome(result or []) for _, _, result in journal.results()]
    assert (outcome.word, outcome.standing, outcome.code, outcome.uln) == (
        "no match",
        Standing.WRONG,
        "WSVRC005",
        "",
    )
    assert "VRF1: " in outcome.reason
    assert "VRF7: " in outcome.reason
    assert outcome.to_correct


def test_learners_to_register(
    send: Sender, service: Replaying, caller: AwardingOrganisation, journal: Journal
) -> None:
    errand = Registration(caller.desk, REGISTRATION_3A, check_only=True)
    learner = OutputBatchLearner(given_name="Rhys", family_name="Pugh", mis_identifier="17", return_code="RC001")
    possible = OutputBatchLearner(given_name="Rhys", family_name="Pugh", mis_identifier="17", return_code="RC007")
    output = BatchOutputResp(response_code="WSRC0009", job_status="Successful", learner=(learner, possible))
    service.answer(
        answer("submitBatchRegistration", BatchRegistrationResp(response_code="WSRC0007", job_id=5)),
        answer("getBatchRegistrationOutput", output),
    )
    send(2, errand, PrivacyNoticeSeen="1")
    sent = body(service, 0)
    assert (sent.findtext("JobType"), sent.findtext("Learner/AbilityToShare")) == ("CHK", "1")
    new, unsure = [errand.outcome(result or []) for _, _, result in journal.results()]
    assert (new.word, new.standing, new.to_correct) == ("would be registered", Standing.DONE, False)
    assert (unsure.word, unsure.standing, unsure.to_correct) == ("possible matches", Standing.UNSURE, True)


def test_what_a_cut_error_file_leaves_out_is_unknown(caller: AwardingOrganisation) -> None:
    outcome = Achievements(caller.desk, ACHIEVEMENTS).outcome(["unknown", []])
    assert (outcome.standing, outcome.to_correct) == (Standing.UNSURE, True)
    assert "1 MB" in outcome.reason
