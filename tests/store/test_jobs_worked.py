"""Jobs worked off in turns, a chunk in a transaction, on both databases."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.store.adding import ADDING, Adding, assert_once, submit, the_job
from tests.store.builders import an_organisation
from tests.store.databases import cut_connections

from uln_server.batch.job import Job, JobKind, JobStatus, Processors, Row, RowResult
from uln_server.batch.worker import ATTEMPTS, Worker
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.store.errors import JobUnknown
from uln_server.working import Working, WorkingThread, serves_jobs

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
KINDS = (JobKind.REGISTRATION,)
LEASE = timedelta(seconds=30)


@pytest.fixture
def organisation(database: Database) -> int:
    with database.writing() as writing:
        writing.register.create("production")
    return an_organisation(database).id


class Troubles(list[str]):
    def tell(self, job: Job, error: Exception) -> None:
        self.append(f"{job.id} {type(error).__name__}")


class Unexpected(Troubles):
    def tell(self, job: Job, error: Exception) -> None:  # noqa: ARG002  # as above
        raise error


def a_worker(
    database: Database, processors: Processors = ADDING, troubles: Troubles | None = None, **options: Any
) -> Worker:
    heard = Unexpected() if troubles is None else troubles
    return Worker(
        database,
        processors,
        **{"lease": LEASE, "trouble": heard.tell, "chunk_rows": 7, "turn_seconds": 0.0, **options},
    )


def all_turns(worker: Worker) -> int:
    turns = 0
    while worker.turn():
        turns += 1
    return turns


def free_now(database: Database, *job_ids: int) -> None:
    """Let pauses and claims be over."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with database.writing() as writing:
        for job_id in job_ids:
            held = the_job(database, job_id)
            if not held.status.finished:
                writing.jobs._line.run(_FREE, asked=job_id, at=past)


def _free() -> Any:
    from sqlalchemy import bindparam, update  # noqa: PLC0415  # beside its only use

    from uln_server.store.prepared import Prepared  # noqa: PLC0415  # as above
    from uln_server.store.tables import job  # noqa: PLC0415  # as above

    return Prepared(update(job).where(job.c.id == bindparam("asked")).values(free_at=bindparam("at")))


_FREE = _free()


def test_a_job_is_worked_off_chunk_by_chunk_and_its_counters_add_up(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 23)
    worker = a_worker(database)
    assert worker.turn()
    begun = the_job(database, job_id)
    assert (begun.status, begun.done, begun.finished_at) == (JobStatus.IN_PROGRESS, 7, None)
    assert_once(database, job_id)
    assert all_turns(worker) == 3
    ended = the_job(database, job_id)
    assert (ended.status, ended.done, ended.rows) == (JobStatus.SUCCESSFUL, 23, 23)
    assert ended.counts == {"RC001": 19, "RC006": 4}
    assert ended.started_at == begun.started_at
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert ended.submitted_at <= ended.started_at <= ended.finished_at
    assert_once(database, job_id)
    assert not worker.turn()


def test_a_job_without_rows_succeeds_at_once(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 0)
    assert all_turns(a_worker(database)) == 1
    assert the_job(database, job_id).status is JobStatus.SUCCESSFUL


def test_a_job_of_a_kind_that_nobody_works_off_waits(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 1, kind=JobKind.ACHIEVEMENTS)
    assert all_turns(a_worker(database)) == 0
    assert the_job(database, job_id).status is JobStatus.WAITING


def test_organisations_take_turns_and_so_do_the_jobs_of_one(database: Database, organisation: int) -> None:
    other = an_organisation(database, "90000002", "SBXAO2").id
    many = [submit(database, organisation, 20) for _ in range(3)]
    few = [submit(database, other, 1), submit(database, other, 8)]
    turns: list[int] = []

    class Watching(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            turns.append(job.id)
            return super().process(job, rows, unit)

    all_turns(a_worker(database, {JobKind.REGISTRATION: Watching()}))
    a, b, c = many
    assert turns == [a, few[0], b, few[1], c, few[1], a, b, c, a, b, c]
    assert_once(database, *many, *few)


@pytest.mark.parametrize("others", [0, 1])
def test_a_turn_goes_on_while_nobody_waits(database: Database, organisation: int, others: int) -> None:
    job_id = submit(database, organisation, 14)
    turn_seconds = 0.05

    class AsLongAsATurn(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            time.sleep(turn_seconds)
            return super().process(job, rows, unit)

    for _ in range(others):
        submit(database, organisation, 1)
    assert a_worker(database, {JobKind.REGISTRATION: AsLongAsATurn()}, turn_seconds=turn_seconds).turn()
    assert the_job(database, job_id).done == (7 if others else 14)


class Failing(Adding):
    """Raises at one row, for as long as it is told to."""

    def __init__(self, position: int, times: int) -> None:
        self.position = position
        self.times = times
        self.sizes: list[int] = []

    def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
        self.sizes.append(len(rows))
        results = super().process(job, rows, unit)
        if self.times and any(each.position == self.position for each in rows):
            self.times -= 1
            raise KeyError(self.position)
        return results


def test_what_a_processor_raises_undoes_its_chunk_alone_and_it_is_tried_again(
    database: Database, organisation: int
) -> None:
    failing, troubles = Failing(12, 3), Troubles()
    job_id = submit(database, organisation, 23)
    worker = a_worker(database, {JobKind.REGISTRATION: failing}, troubles, chunk_rows=16, turn_seconds=9)
    assert worker.turn()
    # 16 rows, then 4 at a time, then the one that is the cause: it waits for a second.
    assert failing.sizes == [16, 4, 4, 4, 1, 1, 1, 1]
    assert the_job(database, job_id).done == 11
    assert_once(database, job_id)
    assert not worker.turn()
    free_now(database, job_id)
    assert all_turns(worker) == 1
    assert the_job(database, job_id).status is JobStatus.SUCCESSFUL
    assert troubles == [f"{job_id} KeyError"] * 3
    assert_once(database, job_id)


def test_a_row_that_fails_for_ever_fails_the_job_and_a_retry_goes_on_there(
    database: Database, organisation: int
) -> None:
    failing, troubles = Failing(12, 99), Troubles()
    job_id = submit(database, organisation, 23)
    following = submit(database, organisation, 2)
    worker = a_worker(database, {JobKind.REGISTRATION: failing}, troubles, turn_seconds=9)
    for _ in range(ATTEMPTS):
        all_turns(worker)
        free_now(database, job_id)
    failed = the_job(database, job_id)
    assert (failed.status, failed.done) == (JobStatus.FAILED, 11)
    assert failed.rejection is not None
    assert failed.finished_at is not None
    assert "row 12" in failed.rejection
    assert "KeyError" in failed.rejection
    assert the_job(database, following).status is JobStatus.SUCCESSFUL
    failing.times = 0
    with database.writing() as writing:
        writing.jobs.retry(job_id, datetime.now(UTC))
    all_turns(worker)
    assert the_job(database, job_id).status is JobStatus.SUCCESSFUL
    assert_once(database, job_id, following)


@pytest.mark.parametrize("wrong", [slice(0, 2), slice(None, None, -1)])
def test_results_that_do_not_fit_the_rows_are_not_kept(
    database: Database, organisation: int, wrong: slice
) -> None:
    class Wrong(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            results = super().process(job, rows, unit)
            return results[wrong] if len(rows) > 1 else []

    job_id, troubles = submit(database, organisation, 3), Troubles()
    assert all_turns(a_worker(database, {JobKind.REGISTRATION: Wrong()}, troubles)) == 1
    assert troubles == [f"{job_id} OutOfStep"] * 2
    assert the_job(database, job_id).done == 0
    assert_once(database, job_id)


def test_a_job_whose_workers_die_again_and_again_has_failed(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 3)
    for _ in range(ATTEMPTS):
        with database.writing() as writing:
            assert writing.job_work.claim(KINDS, LEASE) is not None
            assert writing.job_work.claim(KINDS, LEASE) is None
        free_now(database, job_id)
    assert all_turns(a_worker(database)) == 1
    assert the_job(database, job_id).status is JobStatus.FAILED


def test_whoever_has_lost_a_claim_does_nothing(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 30)
    taken: list[bool] = []

    class Late(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            if job.done == 7 and not taken:
                taken.append(True)
                raise TimeoutError  # undoes the chunk; another worker takes the job meanwhile
            return super().process(job, rows, unit)

    def steal(job: Job, _error: Exception) -> None:
        free_now(database, job.id)
        with database.writing() as writing:
            assert writing.job_work.claim(KINDS, LEASE) is not None

    worker = a_worker(database, {JobKind.REGISTRATION: Late()}, trouble=steal, turn_seconds=9)
    assert worker.turn()
    assert the_job(database, job_id).done == 7
    assert not worker.turn()
    free_now(database, job_id)
    all_turns(worker)
    assert_once(database, job_id)
    assert the_job(database, job_id).status is JobStatus.SUCCESSFUL


def test_a_job_that_is_cancelled_in_the_middle_keeps_what_is_done(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 30)
    worker = a_worker(database)
    worker.turn()
    with database.writing() as writing:
        claimed = writing.job_work.claim(KINDS, LEASE)
    assert claimed is not None
    with database.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
    with database.writing() as writing:
        assert writing.job_work.hold(claimed, LEASE) is None
        writing.job_work.fail(claimed, "too late")
        writing.job_work.give_back(claimed)
    assert all_turns(worker) == 0
    cancelled = the_job(database, job_id)
    assert (cancelled.status, cancelled.done, cancelled.rejection) == (JobStatus.CANCELLED, 7, None)
    assert_once(database, job_id)


def test_a_job_that_has_ended_is_told_of_once(database: Database, organisation: int) -> None:
    told: list[tuple[int, JobStatus, JobStatus]] = []
    good, bad = submit(database, organisation, 9), submit(database, organisation, 9)

    class Half(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            return [] if job.id == bad else super().process(job, rows, unit)

    def hear(job: Job) -> None:
        told.append((job.id, job.status, the_job(database, job.id).status))
        raise OSError

    troubles = Troubles()
    worker = a_worker(database, {JobKind.REGISTRATION: Half()}, troubles, ended=hear)
    for _ in range(ATTEMPTS):
        all_turns(worker)
        free_now(database, bad)
    assert told == [
        (good, JobStatus.SUCCESSFUL, JobStatus.SUCCESSFUL),
        (bad, JobStatus.FAILED, JobStatus.FAILED),
    ]
    assert {f"{good} OSError", f"{bad} OSError"} <= set(troubles)


def test_whoever_is_to_be_woken_is_once_a_job_is_committed(database: Database, organisation: int) -> None:
    seen: list[int] = []
    database.on_job = lambda: seen.append(len(database.reading().jobs.latest(9)))
    job_id = submit(database, organisation, 1)
    with database.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
        assert seen == [1]

    def undone() -> None:
        with database.writing() as writing:
            writing.jobs.retry(job_id, NOW)
            writing.jobs.retry(1, NOW)

    with pytest.raises(JobUnknown):
        undone()
    with database.writing() as writing:
        assert writing.register.kind == "production"
    assert seen == [1]
    with database.writing() as writing:
        writing.jobs.retry(job_id, datetime.now(UTC))
    assert seen == [1, 1]


def test_workers_at_once_do_everything_once(database: Database, organisation: int) -> None:
    other = an_organisation(database, "90000002", "SBXAO2").id
    jobs = [submit(database, each, rows) for each in (organisation, other) for rows in (1, 40, 60, 8)]
    threads = [threading.Thread(target=all_turns, args=(a_worker(database),)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    all_turns(a_worker(database))
    assert {the_job(database, each).status for each in jobs} == {JobStatus.SUCCESSFUL}
    assert_once(database, *jobs)


# --- what runs them


@contextmanager
def working(database: Database, processors: Processors = ADDING, **options: Any) -> Iterator[Working]:
    settings = Settings(database=str(database.url), job_lease_seconds=2, **options)
    made = Working(settings, database, processors)
    thread = WorkingThread(made)
    thread.start()
    try:
        yield made
    finally:
        thread.close()
    assert not thread._thread.is_alive()


def await_that(holds: Callable[[], bool], seconds: float = 10.0) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.005)
    return time.monotonic() - began


def succeeded(database: Database, job_id: int) -> Callable[[], bool]:
    return lambda: the_job(database, job_id).status is JobStatus.SUCCESSFUL


def test_a_running_worker_takes_up_what_waits_and_what_comes(database: Database, organisation: int) -> None:
    waiting = submit(database, organisation, 600)
    with working(database):
        await_that(succeeded(database, waiting))
        job_id = submit(database, organisation, 1)
        await_that(succeeded(database, job_id))
        with Database.open(database.url) as elsewhere:
            job_id = submit(elsewhere, organisation, 1)
            await_that(succeeded(database, job_id))
    assert_once(database, waiting, job_id - 1, job_id)


def test_a_hundred_jobs_of_one_do_not_hold_up_another_s_row(database: Database, organisation: int) -> None:
    other = an_organisation(database, "90000002", "SBXAO2").id

    class Slow(Adding):
        def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
            if job.organisation_id == organisation:
                time.sleep(0.2)
            return super().process(job, rows, unit)

    for _ in range(100):
        submit(database, organisation, 1)
    with working(database, {JobKind.REGISTRATION: Slow()}):
        await_that(lambda: bool(database.reading().jobs.latest(1, status=JobStatus.SUCCESSFUL)))
        assert await_that(succeeded(database, submit(database, other, 1))) < 5
        assert len(database.reading().jobs.latest(200, status=JobStatus.WAITING)) > 50


def test_a_job_whose_worker_died_and_one_that_nobody_was_told_of_are_taken_up(
    database: Database, organisation: int
) -> None:
    died, untold = submit(database, organisation, 9), submit(database, organisation, 9)
    with database.writing() as writing:
        assert writing.job_work.claim(KINDS, timedelta(seconds=1)) is not None
        if database.dialect == "postgresql":
            from uln_server.store import job_queue  # noqa: PLC0415  # beside its only use

            job_queue.clear(writing.jobs._line)
    with working(database):
        await_that(succeeded(database, untold))
        await_that(succeeded(database, died))
    assert_once(database, died, untold)


def test_a_worker_outlives_its_connections(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        organisation = an_organisation(database).id
        with database.writing() as writing:
            writing.register.create("production")
        with working(database):
            before = submit(database, organisation, 2)
            await_that(succeeded(database, before))
            cut_connections(postgres_database_url)
            after = submit(database, organisation, 2)
            await_that(succeeded(database, after))
        assert_once(database, before, after)


def test_old_jobs_are_deleted_by_the_clock(
    database: Database, organisation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young = submit(database, organisation, 3), submit(database, organisation, 3)
    with database.writing() as writing:
        writing.jobs.cancel(old, datetime.now(UTC) - timedelta(days=2))
        writing.jobs.cancel(young, datetime.now(UTC))
    monkeypatch.setattr("uln_server.store.job_queue.TIDY_CRON", "* * * * * *")
    with working(database, job_retention_days=1):
        await_that(lambda: [each.id for each in database.reading().jobs.latest(9)] == [young])


@pytest.mark.parametrize(
    ("chosen", "sandbox", "dialect", "serves"),
    [
        (None, True, "postgresql", True),
        (None, False, "postgresql", False),
        (None, False, "sqlite", True),
        (False, True, "sqlite", False),
        (True, False, "postgresql", True),
    ],
)
def test_whether_the_service_works_jobs_off_itself(
    chosen: bool | None, sandbox: bool, dialect: str, serves: bool
) -> None:
    assert serves_jobs(Settings(serve_jobs=chosen), sandbox=sandbox, dialect=dialect) is serves
