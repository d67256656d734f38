"""Jobs as they are kept: submitted once, listed, ended and forgotten, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.store.adding import a_submission, people, submit, the_job
from tests.store.builders import an_organisation

from uln_server.batch.job import FIRST_JOB_ID, Fields, JobKind, JobStatus, RowResult
from uln_server.sandbox import installing
from uln_server.store.database import Database
from uln_server.store.errors import JobFinished, JobNotStopped, JobUnknown

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture
def organisation(database: Database) -> int:
    return an_organisation(database).id


@pytest.fixture
def other(database: Database) -> int:
    return an_organisation(database, "90000002", "SBXAO2").id


def test_job_ids_begin_at_the_first_and_a_submission_stays_as_it_was(
    database: Database, organisation: int
) -> None:
    rows: list[Fields] = [{"GivenName": "Siân \0 \U0001f600", "Title": None}, {"GivenName": ""}]
    given = a_submission(organisation, at=NOW, given={"emailAddress": "a@example.org", "x": None})
    job_id = database.change(lambda unit: unit.jobs.submit(given, rows))
    assert job_id == FIRST_JOB_ID
    kept = the_job(database, job_id)
    assert (kept.kind, kept.form, kept.ukprn, kept.user) == (JobKind.REGISTRATION, "FUL", "90000001", "Someone")
    assert (kept.message_id, kept.submitted_at, kept.given) == (given.message_id, NOW, given.given)
    assert (kept.status, kept.rows, kept.done, kept.counts) == (JobStatus.WAITING, 2, 0, {})
    assert (kept.started_at, kept.finished_at, kept.rejection) == (None, None, None)
    assert [(row.position, row.given, result) for row, result in database.reading().jobs.results(job_id)] == [
        (1, rows[0], None),
        (2, rows[1], None),
    ]
    assert submit(database, organisation, 2_345) == job_id + 1
    assert the_job(database, job_id + 1).rows == len(list(database.reading().jobs.results(job_id + 1))) == 2_345


@pytest.mark.parametrize("number", [0, 1, FIRST_JOB_ID, 2**31 - 1, 2**31, 10**30, -1])
def test_a_number_that_is_no_job_s_is_unknown(database: Database, number: int) -> None:
    assert database.reading().jobs.get(number) is None
    with database.writing() as writing, pytest.raises(JobUnknown):
        writing.jobs.retry(number, NOW)


def test_rows_that_cannot_be_read_leave_no_job(database: Database, organisation: int) -> None:
    def broken() -> Iterator[Fields]:
        yield from people(1_500)
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        database.change(lambda unit: unit.jobs.submit(a_submission(organisation), broken()))
    assert database.reading().jobs.latest(10) == ()


def test_a_repeated_submission_gets_the_first_job(database: Database, organisation: int, other: int) -> None:
    same: dict[str, Any] = {"digest": "d" * 64}
    first = submit(database, organisation, 3, **same)
    assert submit(database, organisation, 3, **same) == first
    assert submit(database, other, 3, **same) > first
    assert submit(database, organisation, 3, **same, form="CHK") > first
    assert submit(database, organisation, 3, **same, kind=JobKind.VERIFICATION) > first
    with database.writing() as writing:
        writing.jobs.cancel(first, NOW)
    again = submit(database, organisation, 3, **same)
    assert again > first
    assert the_job(database, first).rows == the_job(database, again).rows == 3


def test_a_message_that_is_sent_again_within_a_day_gets_the_first_job(
    database: Database, organisation: int, other: int
) -> None:
    same: dict[str, Any] = {"wsa_message_id": "urn:uuid:1", "digest": "d" * 64}
    first = submit(database, organisation, 1, **same, at=NOW)
    with database.writing() as writing:
        writing.jobs.cancel(first, NOW)
    day = timedelta(days=1)
    assert submit(database, organisation, 1, **same, at=NOW + day - timedelta(seconds=1)) == first
    assert submit(database, other, 1, **same, at=NOW) > first
    assert submit(database, organisation, 1, **{**same, "wsa_message_id": "urn:uuid:2"}, at=NOW) > first
    assert submit(database, organisation, 1, **{**same, "digest": "e" * 64}, at=NOW) > first
    assert submit(database, organisation, 1, kind=JobKind.VERIFICATION, **same, at=NOW) > first
    assert submit(database, organisation, 1, **same, at=NOW + day) > first


def test_of_submissions_at_once_one_is_the_first(database: Database, organisation: int) -> None:
    got: list[int] = []
    barrier = threading.Barrier(6)

    def send(number: int) -> None:
        named = {"wsa_message_id": "urn:uuid:1"} if number % 2 else {}
        barrier.wait()
        got.append(submit(database, organisation, 20, digest="d" * 64, **named))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 6
    assert set(got) == {each.id for each in database.reading().jobs.latest(10)} == {got[0]}


def test_jobs_are_listed_newest_first(database: Database, organisation: int, other: int) -> None:
    jobs = [submit(database, organisation, 1), submit(database, other, 1, ukprn="90000002")]
    jobs += [submit(database, organisation, 1)]
    with database.writing() as writing:
        writing.jobs.fail(jobs[0], NOW, "no reason")
    listed = database.reading().jobs.latest
    assert [each.id for each in listed(2)] == [jobs[2], jobs[1]]
    assert [each.id for each in listed(9, ukprn="90000001")] == [jobs[2], jobs[0]]
    assert [each.rejection for each in listed(9, status=JobStatus.FAILED)] == ["no reason"]
    assert listed(9, ukprn="90000002", status=JobStatus.FAILED) == ()


def test_a_job_that_has_ended_stays_so_until_it_is_retried(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 3)
    with database.writing() as writing, pytest.raises(JobNotStopped, match="Waiting"):
        writing.jobs.retry(job_id, NOW)
    with database.writing() as writing:
        ended = writing.jobs.cancel(job_id, NOW)
    assert (ended.status, ended.finished_at) == (JobStatus.CANCELLED, NOW)
    for end in ("cancel", "fail"):
        with database.writing() as writing, pytest.raises(JobFinished, match="Cancelled"):
            getattr(writing.jobs, end)(job_id, NOW, *(["why"] if end == "fail" else []))
    with database.writing() as writing:
        again = writing.jobs.retry(job_id, NOW)
    assert (again.status, again.finished_at, again.done) == (JobStatus.WAITING, None, 0)
    assert database.reading().job_work.free([JobKind.REGISTRATION]) == 1


def finished(database: Database, organisation: int, rows: int, at: datetime) -> int:
    job_id = submit(database, organisation, rows)
    with database.writing() as writing:
        claimed = writing.job_work.claim([JobKind.REGISTRATION], LEASE)
        assert claimed is not None
        held = writing.job_work.hold(claimed, LEASE)
        assert held is not None
        results = [RowResult(each.position, "RC001") for each in writing.job_work.rows(held, rows)]
        writing.job_work.record(claimed, held, results[: rows - 1])
        writing.jobs.fail(job_id, at, "in the middle")
    return job_id


def test_old_jobs_are_forgotten_and_their_numbers_never_come_again(database: Database, organisation: int) -> None:
    old, older = (finished(database, organisation, 5_001, NOW - timedelta(days=days)) for days in (91, 92))
    young = finished(database, organisation, 2, NOW)
    waiting = submit(database, organisation, 2)
    steps = 0
    while database.change(lambda unit: unit.jobs.forget(NOW - timedelta(days=90))):
        steps += 1
    assert steps == 6  # two chunks of rows and the job itself, twice
    assert [each.id for each in database.reading().jobs.latest(9)] == [waiting, young]
    for gone in (old, older):
        assert list(database.reading().jobs.results(gone)) == []
    with database.writing() as writing:
        for each in (young, waiting):
            if not the_job(database, each).status.finished:
                writing.jobs.cancel(each, NOW)
    while database.change(lambda unit: unit.jobs.forget(NOW + timedelta(days=1))):
        pass
    assert submit(database, organisation, 1) == waiting + 1


def test_a_sandbox_that_begins_anew_begins_its_numbers_anew(database: Database, organisation: int) -> None:
    with database.writing() as writing:
        writing.register.create("sandbox")
    submit(database, organisation, 3)
    installing.reset(database)
    with database.reading() as reading:
        assert reading.jobs.latest(9) == ()
        first = reading.organisations.by_identifier("90000001")
    assert first is not None
    assert submit(database, first.id, 1) == FIRST_JOB_ID
