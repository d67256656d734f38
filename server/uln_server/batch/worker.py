"""What works jobs off, turn by turn, a chunk of rows in one transaction (ADR 12).

It knows no database: ``store`` keeps the jobs, and whoever composes a process says how it is woken.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Protocol

from uln_server.batch.job import Claimed, Job, JobKind, Processors, Row, RowResult, in_step

TURN_SECONDS = 0.5
"""How long one job is worked on before the next organisation has its turn [O]."""
_ALONE = 10
"""Times as long when nobody waits: to give a job back only to take it again are commits for nothing [O]."""
ATTEMPTS = 8
"""Claims in a row that bring nothing, after which a job has failed [O]."""
LONGEST_PAUSE = timedelta(minutes=1)
"""Between two of them at most; the first pause is a second, each further one twice as long [O]."""
_FEWER = 4  # times fewer rows after a failure, so that the row that is the cause is soon tried alone
_TRIES = 5  # to claim one of the jobs that are free
_GIVE_WAY_SECONDS = 0.004  # longer than whoever waits for SQLite's lock sleeps between two tries


class WaitingJobs(Protocol):
    """The jobs, to be looked at."""

    def free(self, kinds: Iterable[JobKind]) -> int:
        """Count the unfinished jobs of these kinds that nobody holds."""


class Work(WaitingJobs, Protocol):
    """The jobs, within one transaction (``store.job_work.JobWork``)."""

    def claim(self, kinds: Iterable[JobKind], lease: timedelta) -> Claimed | None:
        """Take the job whose turn it is; ``None`` when there is none."""

    def hold(self, claimed: Claimed, lease: timedelta) -> Job | None:
        """Give the job as it stands; ``None`` when it is no longer ours."""

    def rows(self, held: Job, most: int) -> tuple[Row, ...]:
        """Give the next rows."""

    def record(self, claimed: Claimed, held: Job, results: Sequence[RowResult]) -> Job:
        """Keep their results, and give the job as it is then."""

    def fail(self, claimed: Claimed, rejection: str) -> Job | None:
        """End a job that cannot be worked off, and give it as it is then; ``None`` when it is no longer ours."""

    def give_back(self, claimed: Claimed, pause: timedelta = ..., attempts: int = 0) -> None:
        """Let others have their turns, and after the pause take it up again."""


class Look(Protocol):
    """What can be read."""

    @property
    def job_work(self) -> WaitingJobs:
        """The jobs."""


class Unit(Protocol):
    """A writing transaction."""

    @property
    def job_work(self) -> Work:
        """The jobs."""


class Database(Protocol):
    """Where the jobs are kept (``store.database.Database``)."""

    @property
    def waits(self) -> bool:
        """Whether there are several writers at a time."""

    def reading(self) -> AbstractContextManager[Look]:
        """Open what can be read."""

    def writing(self) -> AbstractContextManager[Unit]:
        """Open a transaction."""


def _nobody(_job: Job) -> None:
    """Nobody wants to hear of it."""


class OutOfStep(Exception):  # noqa: N818  # a processor's mistake
    """A processor gave other results than one for each row."""


class Worker:
    """Works jobs off on whichever thread calls; several at once are no harm, in this process or in others.

    ``lease`` is how long a claim holds without a sign of life, ``chunk_rows`` how many rows are one transaction.
    ``trouble`` hears of what was raised while a job was worked on, and must not repeat its words. ``ended`` hears
    of each job that ended here once that is committed: once, or not at all when the process dies just then.
    """

    def __init__(  # noqa: PLR0913  # what an operator, and a test, decides
        self,
        database: Database,
        processors: Processors,
        *,
        lease: timedelta,
        trouble: Callable[[Job, Exception], None],
        chunk_rows: int,
        ended: Callable[[Job], None] = _nobody,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        self._database = database
        self._processors = processors
        self._lease = lease
        self._trouble = trouble
        self._chunk_rows = chunk_rows
        self._ended = ended
        self._turn_seconds = turn_seconds
        self._stopped = False

    def stop(self) -> None:
        """End each turn behind the chunk that is under way; no other is begun."""
        self._stopped = True

    def free(self) -> int:
        """Count the jobs that wait for a turn."""
        with self._database.reading() as reading:
            return reading.job_work.free(self._processors)

    def turn(self) -> bool:
        """Work for a while on the job whose turn it is; tell whether there was one.

        What a processor raises is no error of this method: fewer rows are tried, down to the one that is the
        cause; the job is tried again later from there, and has failed when that was in vain again and again. What
        the database raises outside of a chunk, it raises.
        """
        claimed = self._claim()
        if claimed is None:
            return False
        try:
            ended = self._given_up(claimed) if claimed.attempts > ATTEMPTS else self._work_on(claimed)
        except Exception as error:  # noqa: BLE001  # whatever a processor raises, the other jobs go on
            self._trouble(claimed.job, error)
            ended = self._try_later(claimed, error)
        if ended is not None:
            self._tell_of_end(ended)
        return True

    def _claim(self) -> Claimed | None:
        # Whoever was quicker may have taken the one that was looked at, and others still wait.
        for _ in range(_TRIES):
            if self._stopped or not self.free():
                return None
            with self._writing() as unit:
                claimed = unit.job_work.claim(self._processors, self._lease)
            if claimed is not None:
                return claimed
        return None

    @contextmanager
    def _writing(self) -> Iterator[Unit]:
        """Open a transaction, once others have had the time to: one behind the other they would shut them out."""
        if not self._database.waits:
            time.sleep(_GIVE_WAY_SECONDS)
        with self._database.writing() as unit:
            yield unit

    def _tell_of_end(self, job: Job) -> None:
        try:
            self._ended(job)
        except Exception as error:  # noqa: BLE001  # what hears of it must not end the worker
            self._trouble(job, error)

    def _given_up(self, claimed: Claimed) -> Job | None:
        with self._writing() as unit:
            return unit.job_work.fail(claimed, _rejection(claimed.job, "its worker ended"))

    def _work_on(self, claimed: Claimed) -> Job | None:
        """Work until the turn is over; give the job if it has ended."""
        most = max(1, self._chunk_rows // _FEWER ** (claimed.attempts - 1))
        until = time.monotonic() + self._turn_seconds
        while True:
            try:
                job = self._chunk(claimed, most)
            except Exception as error:
                if most == 1:
                    raise
                self._trouble(claimed.job, error)
                most = max(1, most // _FEWER)
                continue
            if job is None or job.status.finished:
                return job
            if self._stopped or self._is_over(until):
                break
        with self._writing() as unit:
            unit.job_work.give_back(claimed)
        return None

    def _is_over(self, until: float) -> bool:
        """Whether a turn that was to last until then has ended: somebody waits, or it has become a long one."""
        past = time.monotonic() - until
        return past >= 0 and (past >= (_ALONE - 1) * self._turn_seconds or self.free() > 0)

    def _chunk(self, claimed: Claimed, most: int) -> Job | None:
        """Work the next rows off: their effects, their results and the job's place in one transaction."""
        with self._writing() as unit:
            job = unit.job_work.hold(claimed, self._lease)
            if job is None:
                return None
            rows = unit.job_work.rows(job, most)
            results = self._processors[job.kind].process(job, rows, unit) if rows else ()
            if not in_step(rows, results) or (not rows and job.done < job.rows):
                raise OutOfStep(f"Job {job.id}: {len(rows)} rows, {len(results)} results behind row {job.done}.")
            return unit.job_work.record(claimed, job, results)

    def _try_later(self, claimed: Claimed, error: Exception) -> Job | None:
        """Let the job rest for a while; give it if it has failed instead."""
        # A chunk of this turn may have been committed before: the attempt is counted as the job has it now.
        with self._writing() as unit:
            job = unit.job_work.hold(claimed, self._lease)
            if job is None:
                return None
            attempts = claimed.attempts if job.done == claimed.job.done else 1
            if attempts >= ATTEMPTS:
                return unit.job_work.fail(claimed, _rejection(job, type(error).__name__))
            pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** (attempts - 1)))
            unit.job_work.give_back(claimed, pause, attempts)
            return None


def _rejection(job: Job, why: str) -> str:
    return (
        f"An error of the service at row {job.done + 1}, {ATTEMPTS} times in a row ({why}); the {job.done} rows"
        f" before it are done. Ask the operator to look into the log of job {job.id}, and to let it go on."
    )
