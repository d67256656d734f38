"""GetAchievementBatchJob over HTTP: whatever state a job is in, whose it is, and how much is told of it."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.service import RunningService
from tests.soap.achievements import (
    COUNTERS,
    FIRST_AO,
    SECOND_AO,
    Row,
    achievement,
    asked,
    counted,
    errors,
    fields,
    found,
    newcomers,
    shape,
    submit,
)
from tests.soap.batches import a_worker, work_off
from tests.soap.registers import PASSWORD, add_organisation, filled_service
from tests.soap.services import invoking_user, job_body
from tests.soap.wire import EXTERNAL, send, verify_batch_body

from uln_server.access.audit import AuditEntry
from uln_server.access.organisation import Agreement
from uln_server.batch.job import JobId
from uln_server.record.error_file import HEADINGS, MOST_BYTES
from uln_server.store.database import Database

NO_COUNTS: dict[str, int] = {}
WRONG = {"Action": "0"}


@pytest.fixture(scope="module")
def resting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that works no job off."""
    with filled_service(request, tmp_path_factory, serve_jobs=False) as running:
        yield running


@pytest.fixture
def register(resting: RunningService) -> Iterator[Database]:
    """Its register, in which no job is left to be done."""
    with resting.register() as opened:
        work_off(opened)
        yield opened


@pytest.fixture
def rows(register: Database) -> list[Row]:
    """Three achievements: one is carried out, one refused, one carried out with a warning."""
    first, second = newcomers(register, 2)
    return [
        achievement(first),
        achievement(first, **WRONG),
        achievement(second, Gender="1"),
    ]


def known(job_id: JobId, **besides: str) -> dict[str, str]:
    """What is told of every job of three achievements, and besides."""
    return {
        "JobID": str(job_id),
        "NumberOfRecords": "3",
        "SubmittedDate": "a time",
        "Type": "Final",
        "User": "tester",
        **besides,
    }


def last_entry(register: Database) -> AuditEntry:
    return list(register.reading().audit.query())[-1]


def test_a_job_from_its_submission_to_its_end(
    resting: RunningService, register: Database, rows: list[Row]
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    job_id = submit(resting, *rows)
    waiting = asked(resting, job_id)
    assert shape(waiting) == known(
        job_id, ResponseCode="WSRC0041", Status="Waiting", PercentageSuccessfulRecords="0.00"
    )
    assert counted(waiting) == NO_COUNTS
    worker = a_worker(register, chunk_rows=2, turn_seconds=0)
    assert worker.turn()
    begun = asked(resting, job_id)
    assert shape(begun) == known(
        job_id,
        ResponseCode="WSRC0041",
        Status="InProgress",
        StartDate="a time",
        PercentageSuccessfulRecords="33.33",
    )
    assert counted(begun) == {"created": 1, "final": 1, "field": 1}
    assert "AchievementBatchErrorFile" not in fields(begun)
    while worker.turn():
        pass
    answer = asked(resting, job_id)
    assert shape(answer) == known(
        job_id,
        ResponseCode="WSRC0042",
        Status="Successful",
        StartDate="a time",
        EndDate="a time",
        Duration="a time",
        PercentageSuccessfulRecords="66.66",
    )
    assert counted(answer) == {"created": 2, "final": 2, "field": 1}
    assert found(answer) == [(2, "FD005"), (3, "W002")]
    told = fields(answer)
    dates = (datetime.fromisoformat(told[name]) for name in ("SubmittedDate", "StartDate", "EndDate"))
    moments = [before, *dates, datetime.now(UTC)]
    assert moments == sorted(moments)
    assert (last_entry(register).code, last_entry(register).disclosed) == ("WSRC0042", ())


@pytest.mark.parametrize("end", ["Failed", "Cancelled"])
def test_a_job_that_was_ended_has_what_was_done_and_says_why(
    resting: RunningService, register: Database, rows: list[Row], end: str
) -> None:
    job_id = submit(resting, *rows, form="Provisional")
    assert a_worker(register, chunk_rows=2, turn_seconds=0).turn()
    reason = {
        "Failed": "Sent for another year.",
        "Cancelled": "The job was cancelled by the operator of the service.",
    }
    with register.writing() as writing:
        if end == "Failed":
            writing.jobs.fail(job_id, datetime.now(UTC), reason[end])
        else:
            writing.jobs.cancel(job_id, datetime.now(UTC))
    answer = asked(resting, job_id)
    assert shape(answer) == {
        **known(job_id, ResponseCode="WSRC0042", Status=end, StartDate="a time", EndDate="a time"),
        "Type": "Provisional",
        "Duration": "a time",
        "PercentageSuccessfulRecords": "33.33",
        "RejectionReason": reason[end],
    }
    assert counted(answer) == {"created": 1, "provisional": 1, "field": 1}
    assert found(answer) == [(2, "FD005")]


def test_a_job_that_was_cancelled_before_it_began(
    resting: RunningService, register: Database, rows: list[Row]
) -> None:
    job_id = submit(resting, *rows)
    with register.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
    answer = asked(resting, job_id)
    assert not {"StartDate", "Duration", "AchievementBatchErrorFile"} & fields(answer).keys()
    assert {"EndDate", "RejectionReason", *COUNTERS} <= fields(answer).keys()
    assert counted(answer) == NO_COUNTS


def test_the_duration_is_hours_minutes_and_seconds(
    resting: RunningService, register: Database, rows: list[Row]
) -> None:
    job_id = submit(resting, *rows)
    assert a_worker(register, chunk_rows=1, turn_seconds=0).turn()
    with register.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC) + timedelta(days=1, hours=1, minutes=2, seconds=3.9))
    assert fields(asked(resting, job_id))["Duration"] == "25:02:03"


def test_a_batch_that_nothing_is_said_of_has_no_error_file(
    resting: RunningService, register: Database, rows: list[Row]
) -> None:
    job_id = submit(resting, rows[0])
    work_off(register)
    answer = asked(resting, job_id)
    assert fields(answer)["PercentageSuccessfulRecords"] == "100.00"
    assert "AchievementBatchErrorFile" not in fields(answer)


def test_what_no_longer_fits_into_the_error_file_is_counted(resting: RunningService, register: Database) -> None:
    count = 1_800
    names = [f"{place} {'é' * 120}" for place in range(count)]
    job_id = submit(resting, *(achievement(Action="0", MisIdentifier=name) for name in names))
    work_off(register)
    answer = asked(resting, job_id)
    assert counted(answer) == {"field": count}
    text = fields(answer)["AchievementBatchErrorFile"]
    assert MOST_BYTES - 1_000 < len(text.encode()) <= MOST_BYTES
    assert text.endswith("\n")
    headings, *lines, last = csv.reader(io.StringIO(text))
    assert headings == list(HEADINGS)
    assert [line[:2] for line in lines] == [
        [str(place), name] for place, name in enumerate(names[: len(lines)], 1)
    ]
    assert last[:7] == [""] * 7
    assert last[7].startswith(f"{count - len(lines)} more lines are left out")
    assert f"uln-server job errors {job_id}" in last[8]


def test_what_was_sent_comes_back_in_the_error_file_as_it_was(resting: RunningService, register: Database) -> None:
    job_id = submit(resting, achievement(MisIdentifier='"1", &lt;2&gt; &amp; 3', Uln="12 34", Action="9"))
    work_off(register)
    first, *_ = errors(asked(resting, job_id))
    assert (first["MisIdentifier"], first["Uln"]) == ('"1", <2> & 3', "12 34")


def test_wsrc0018_for_what_is_no_batch_of_this_organisation(
    resting: RunningService, register: Database, rows: list[Row]
) -> None:
    mine = submit(resting, *rows)
    other_kind = send(resting, verify_batch_body({"ULN": "1026893096", "FamilyName": "T", "GivenName": "D"}))
    for by, job_id in (
        (SECOND_AO, mine),
        (FIRST_AO, int(other_kind.text("JobID") or 0)),
        *((FIRST_AO, each) for each in (mine + 100, 0, -1, 2**31 - 1, None)),
    ):
        assert fields(asked(resting, job_id, by)) == {"ResponseCode": "WSRC0018"}
    assert fields(asked(resting, mine))["Status"] == "Waiting"
    work_off(register)


@pytest.mark.parametrize("number", ["abc", str(2**31)])
def test_a_number_that_is_none_is_refused(resting: RunningService, number: str) -> None:
    send(resting, job_body(number), path=EXTERNAL).expect_fault("WSEC0001", "jobId")


def test_who_may_not_submit_is_told_so_and_who_is_no_awarding_organisation_is_refused(
    resting: RunningService, register: Database
) -> None:
    without = invoking_user("SBXAO7", "SandboxAO-000007")
    assert fields(asked(resting, 100_001, without)) == {"ResponseCode": "WSRC0043"}
    assert last_entry(register).code == "WSRC0043"
    add_organisation(register, "ALLAGR", agreements=frozenset(Agreement))
    for caller in (invoking_user("ALLAGR", PASSWORD), invoking_user("SBXLP2", "SandboxLP-000002")):
        asked(resting, 100_001, caller).expect_fault("WSEC0006", "awarding-organisation")
