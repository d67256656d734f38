"""Processes that work jobs off and are killed, as a crash or a power cut would, at random points."""

import contextlib
import io
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.store.achieving import ACHIEVING
from tests.store.adding import ADDING, assert_once, submit, the_job

from uln_server import serving
from uln_server.batch.job import Job, JobStatus, Processors
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.working import Working

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

# Forked from a process that has imported everything, where there is one: each then starts within milliseconds.
_CONTEXT: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
if sys.platform != "win32":
    _CONTEXT.set_forkserver_preload([__name__, "tests.store.warmed"])
LEASE_SECONDS, CHUNK_ROWS = 2, 50
WORKED_OFF: Processors = {**ADDING, **ACHIEVING}
_PATIENCE = 60.0
_AT_WORK = 2
SEEDS_A_JOB = 10
"""So often are those who work on one job killed, each time by another seed."""


def settings(url: str, chunk_rows: int) -> Settings:
    return Settings(
        database=url,
        port=0,
        serve_jobs=True,
        job_lease_seconds=LEASE_SECONDS,
        job_chunk_rows=chunk_rows,
        log_level="error",
    )


def work(url: str, chunk_rows: int) -> None:
    """What ``uln-server worker`` does, with processors of the tests."""
    with Database.open(url) as database:
        Working(settings(url, chunk_rows), database, WORKED_OFF).run()


def serve(url: str, chunk_rows: int) -> None:
    """What ``uln-server serve`` does, likewise."""
    with contextlib.redirect_stderr(io.StringIO()):
        serving.serve(settings(url, chunk_rows), processors=WORKED_OFF)


class Crowd:
    """The processes at work on a register, and those that were killed."""

    def __init__(self, url: str, chunk_rows: int) -> None:
        self._given = (url, chunk_rows)
        self._running: list[BaseProcess] = []

    def join(self, rng: random.Random) -> None:
        """Let one more begin, a worker or a server, where there are fewer than two."""
        if len(self._running) < _AT_WORK:
            process = _CONTEXT.Process(target=rng.choice([work, serve]), args=self._given, daemon=True)
            process.start()
            self._running.append(process)

    def kill(self, rng: random.Random) -> None:
        """Kill one of them, and now and then the other as well."""
        for _ in range(rng.choices([1, _AT_WORK], [7, 1])[0]):
            if self._running:
                process = self._running.pop(rng.randrange(len(self._running)))
                process.kill()
                process.join()

    def kill_all(self) -> None:
        while self._running:
            self.kill(random.Random(0))


@contextmanager
def crowd(url: str, chunk_rows: int) -> Iterator[Crowd]:
    made = Crowd(url, chunk_rows)
    try:
        yield made
    finally:
        made.kill_all()


def jobs_of(database: Database, job_ids: Sequence[int]) -> list[Job]:
    return [the_job(database, each) for each in job_ids]


def await_done(database: Database, job_ids: Sequence[int], done: int) -> None:
    """Wait until so many rows are done, or all jobs are."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        jobs = jobs_of(database, job_ids)
        if sum(each.done for each in jobs) >= done or all(each.status.finished for each in jobs):
            return
        assert time.monotonic() < deadline, jobs
        time.sleep(0.002)


def assert_jobs_survive(
    database: Database, organisations: Sequence[int], seeds: Sequence[int], *, rows: int
) -> int:
    """Submit jobs, kill who works on them once a seed, and let others end them: each row is done once.

    Gives how many kills came while there was something left to do.
    """
    job_ids = [submit(database, organisations[0], rows), submit(database, organisations[1], rows // 20)]
    return work_off_and_kill(database, job_ids, seeds, holds=lambda: assert_once(database, *job_ids))


def work_off_and_kill(
    database: Database,
    job_ids: Sequence[int],
    seeds: Sequence[int],
    *,
    holds: Callable[[], None],
    chunk_rows: int = CHUNK_ROWS,
) -> int:
    """Let jobs be worked off, and kill who works on them; ``holds`` is asked after each kill, and at the end.

    Each kill has a seed, which is printed: it says behind which row, who, and what begins in its place. Gives how
    many kills came while there was something left to do.
    """
    total = sum(each.rows for each in jobs_of(database, job_ids))
    in_the_middle = 0
    with crowd(database.url.render_as_string(hide_password=False), chunk_rows) as processes:
        for seed in seeds:
            print(f"seed {seed}")  # noqa: T201  # shown with a failure, and by -s
            rng = random.Random(seed)
            processes.join(rng)
            done = sum(each.done for each in jobs_of(database, job_ids))
            await_done(database, job_ids, done + rng.randint(1, max(1, total // (len(seeds) + 1))))
            time.sleep(rng.uniform(0, 0.03))
            processes.kill(rng)
            in_the_middle += any(not each.status.finished for each in jobs_of(database, job_ids))
            holds()
            processes.join(rng)
        await_done(database, job_ids, total + 1)
    assert {each.status for each in jobs_of(database, job_ids)} == {JobStatus.SUCCESSFUL}
    holds()
    return in_the_middle
