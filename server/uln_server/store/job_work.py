"""Working on a job: who holds it, its next rows, and what came of them, within a writing transaction.

A claim is a random text that only its holder knows, and ends by itself: whoever comes with an earlier one does
nothing. Times are the database's own on PostgreSQL, where workers stand on machines whose clocks differ.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy import text as sql

from uln_server.batch.completion import address_of
from uln_server.batch.job import Claimed, Job, JobKind, JobStatus, Row, RowResult, with_results
from uln_server.store import job_queue
from uln_server.store.aggregates import each_of
from uln_server.store.jobs import ASKED, COLUMNS, ROWS, job_of, rows_of, written
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import UNFINISHED_JOB, job, job_turn

_NO_PAUSE = timedelta(0)
_NOW = Prepared(sql("SELECT clock_timestamp()"))
_free = (
    UNFINISHED_JOB,
    job.c.free_at <= bindparam("now", type_=job.c.free_at.type),
    job.c.kind.op("IN")(each_of(bindparam("kinds"))),
)
_COUNT = Prepared(select(func.count()).select_from(job).where(*_free))
_WAITING = Prepared(select(func.count(), func.min(job.c.free_at)).where(*_free[:2]))
_LAST_TURN = Prepared(select(func.max(job_turn.c.at)))
# Organisations take turns, the one that has waited longest first; so do the jobs of one. Who has a job's row
# locked is at work on it, however long ago it said so.
_NEXT = Prepared(
    select(job.c.id)
    .select_from(job.outerjoin(job_turn, job_turn.c.organisation_id == job.c.organisation_id))
    .where(*_free)
    .order_by(job_turn.c.at.asc().nulls_first(), job.c.turn_at, job.c.id)
    .limit(1)
    .with_for_update(of=job, skip_locked=True, key_share=True)
)
_CLAIM = Prepared(
    update(job)
    .where(job.c.id == ASKED)
    .values(
        status=JobStatus.IN_PROGRESS,
        started_at=func.coalesce(job.c.started_at, bindparam("now", type_=job.c.started_at.type)),
        claim=bindparam("mine"),
        free_at=bindparam("until"),
        turn_at=bindparam("now", type_=job.c.turn_at.type),
        attempts=job.c.attempts + 1,
    )
    .returning(*COLUMNS, job.c.attempts)
)
_TURN = Prepared(
    insert(job_turn).values(organisation_id=bindparam("organisation_id"), at=bindparam("now")).inline(),
    " ON CONFLICT (organisation_id) DO UPDATE SET at = excluded.at",
)
_mine = (job.c.id == ASKED, job.c.claim == bindparam("mine"), UNFINISHED_JOB)
_HOLD = Prepared(update(job).where(*_mine).values(free_at=bindparam("until")).returning(*COLUMNS))
_MOVE = Prepared(
    update(job).where(*_mine).values(done=bindparam("reached"), counts=bindparam("counted"), attempts=0)
)
_FINISH = Prepared(
    update(job)
    .where(*_mine)
    .values(
        status=bindparam("ended"),
        finished_at=bindparam("at"),
        rejection=bindparam("why"),
        claim=None,
        mail_due=bindparam("told_at"),
    )
)
_GIVE_BACK = Prepared(
    update(job)
    .where(*_mine)
    .values(claim=None, free_at=bindparam("at"), turn_at=bindparam("now"), attempts=bindparam("tried"))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs that wait for somebody: how many, since when the first, and what there is of those who work jobs off.

    ``last_turn`` is when a job was last worked on, ``workers`` how many there are, where that can be told.
    """

    jobs: int
    since: datetime | None
    now: datetime
    last_turn: datetime | None
    workers: int | None


class FreeJobs:
    """Jobs that wait for somebody, to be looked at."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def free(self, kinds: Iterable[JobKind]) -> int:
        """Count the unfinished jobs of these kinds that nobody holds."""
        return int(self._line.rows(_COUNT, now=now(self._line), kinds=json.dumps(sorted(kinds)))[0][0])

    def waiting(self, lease: timedelta) -> Waiting:
        """Look at the unfinished jobs that nobody holds; a worker's sign of life counts for as long as a lease."""
        at = now(self._line)
        jobs, since = self._line.rows(_WAITING, now=at)[0]
        workers = job_queue.alive(self._line, lease.total_seconds())
        return Waiting(jobs, since, at, self._line.rows(_LAST_TURN)[0][0], workers)


class JobWork(FreeJobs):
    """Jobs, to be worked on."""

    def claim(self, kinds: Iterable[JobKind], lease: timedelta) -> Claimed | None:
        """Take the job whose turn it is, for so long; ``None`` when nobody waits for these kinds."""
        at = now(self._line)
        rows = self._line.rows(_NEXT, now=at, kinds=json.dumps(sorted(kinds)))
        if not rows:
            return None
        claim = secrets.token_hex(16)
        row = self._line.rows(_CLAIM, asked=rows[0][0], now=at, mine=claim, until=at + lease)[0]
        claimed = job_of(row[:-1])
        self._line.run(_TURN, organisation_id=claimed.organisation_id, now=at)
        return Claimed(claimed, claim, row[-1])

    def hold(self, claimed: Claimed, lease: timedelta) -> Job | None:
        """Give the job as it stands, ours for so long again; ``None`` when it no longer is, or has ended.

        Nobody else takes or ends it before this transaction has ended.
        """
        until = now(self._line) + lease
        rows = self._line.rows(_HOLD, asked=claimed.job.id, mine=claimed.claim, until=until)
        return job_of(rows[0]) if rows else None

    def rows(self, held: Job, most: int) -> tuple[Row, ...]:
        """Give the next rows that have no result."""
        return tuple(rows_of(self._line.rows(ROWS, asked=held.id, after=held.done, upto=held.done + most)))

    def record(self, claimed: Claimed, held: Job, results: Sequence[RowResult]) -> Job:
        """Keep the results of the next rows, move behind them, and end a job that has no more; give it then."""
        kept = [(held.id, each.position, each.code, written(each.values)) for each in results]
        self._line.add_rows("job_result", ("job_id", "position", "code", "found"), kept)
        reached, counts = held.done + len(results), with_results(held.counts, results)
        mine = {"asked": held.id, "mine": claimed.claim}
        self._line.run(_MOVE, **mine, reached=reached, counted=written(counts))
        if reached >= held.rows:
            self._finish(claimed, JobStatus.SUCCESSFUL, None)
        return job_of(self._line.rows(_GET, asked=held.id)[0])

    def fail(self, claimed: Claimed, rejection: str) -> Job | None:
        """End a job that cannot be worked on, and give it as it is then; ``None`` when it is no longer ours."""
        if not self._finish(claimed, JobStatus.FAILED, rejection):
            return None
        return job_of(self._line.rows(_GET, asked=claimed.job.id)[0])

    def give_back(self, claimed: Claimed, pause: timedelta = _NO_PAUSE, attempts: int = 0) -> None:
        """Let the others have their turns; after the pause anybody may take it up where it is.

        ``attempts`` is how many claims in a row brought nothing.
        """
        at = now(self._line)
        given = self._line.run(
            _GIVE_BACK, asked=claimed.job.id, mine=claimed.claim, at=at + pause, now=at, tried=attempts
        )
        if not given:
            return
        self._line.run(_TURN, organisation_id=claimed.job.organisation_id, now=at)
        if not pause:
            job_queue.tell(self._line)

    def ask_for(self, turns: int) -> None:
        """See to it that as many turns are asked for, where workers have to be told."""
        missing = turns - job_queue.waiting(self._line)
        if missing > 0:
            job_queue.tell(self._line, missing)

    def _finish(self, claimed: Claimed, status: JobStatus, rejection: str | None) -> bool:
        at = now(self._line)
        told_at = at if address_of(claimed.job) else None
        mine = {"asked": claimed.job.id, "mine": claimed.claim}
        return bool(self._line.run(_FINISH, **mine, ended=status, at=at, why=rejection, told_at=told_at))


_GET = Prepared(select(*COLUMNS).where(job.c.id == ASKED))


def now(line: Line) -> datetime:
    """Give the time that all workers agree on."""
    if line.driver.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = line.rows(_NOW)[0][0]
    return at
