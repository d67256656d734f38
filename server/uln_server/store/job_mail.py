"""Messages about jobs that have ended: which are still to be sent, and who sends them (ADR 13).

That one is due is written with the job's end, in the same transaction: no message is sent for what was undone,
none is lost with a process. Whoever takes one moves its time on, so that others leave it alone meanwhile and take
it up when the taker has died; the time is also what tells one taking from another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from uln_server.batch.job import Job, JobId
from uln_server.store.job_work import now
from uln_server.store.jobs import ASKED, COLUMNS, job_of
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import job

_NOW = bindparam("now", type_=job.c.mail_due.type)
_due = (job.c.mail_due.is_not(None), job.c.mail_due <= _NOW)
_COUNT = Prepared(select(func.count()).select_from(job).where(*_due))
_NEXT = Prepared(
    select(job.c.id)
    .where(*_due)
    .order_by(job.c.mail_due)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_TAKE = Prepared(
    update(job)
    .where(job.c.id == ASKED)
    .values(mail_due=bindparam("until"), mail_tries=job.c.mail_tries + 1)
    .returning(*COLUMNS, job.c.mail_due, job.c.mail_tries)
)
_taken = (job.c.id == ASKED, job.c.mail_due == bindparam("until", type_=job.c.mail_due.type))
_SETTLE = Prepared(
    update(job).where(*_taken).values(mail_due=bindparam("again_at"), mailed_at=bindparam("sent_at"))
)
_STATE = Prepared(select(job.c.mail_due, job.c.mail_tries, job.c.mailed_at).where(job.c.id == ASKED))
_GIVE_UP = Prepared(
    update(job)
    .where(job.c.mail_due.is_not(None), job.c.finished_at < bindparam("before", type_=job.c.finished_at.type))
    .values(mail_due=None)
)


@dataclass(frozen=True, slots=True)
class MailState:
    """Where the message about a job stands: when it is tried next, how often it was, and when it was sent."""

    due_at: datetime | None
    tries: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class TakenMail:
    """A message that is ours to send until then; ``tries`` counts the takings, this one too."""

    job: Job
    until: datetime
    tries: int


class StoredJobMail:
    """Messages about jobs, to be looked at."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def due(self) -> int:
        """Count the messages that can be sent now."""
        return int(self._line.rows(_COUNT, now=now(self._line))[0][0])

    def state(self, job_id: JobId) -> MailState | None:
        """Give where the message about a job stands; ``None`` for an unknown job."""
        rows = self._line.rows(_STATE, asked=job_id)
        return MailState(*rows[0]) if rows else None


class JobMail(StoredJobMail):
    """Messages about jobs, to be sent."""

    def take(self, lease: timedelta) -> TakenMail | None:
        """Take the one that has waited longest; after the lease anybody may take it again. ``None`` for none."""
        at = now(self._line)
        rows = self._line.rows(_NEXT, now=at)
        if not rows:
            return None
        row = self._line.rows(_TAKE, asked=rows[0][0], until=at + lease)[0]
        return TakenMail(job_of(row[:-2]), row[-2], row[-1])

    def sent(self, taken: TakenMail) -> None:
        """The mail server has it."""
        self._settle(taken, sent_at=now(self._line))

    def later(self, taken: TakenMail, pause: timedelta) -> None:
        """Try it again after the pause."""
        self._settle(taken, again_at=now(self._line) + pause)

    def drop(self, taken: TakenMail) -> None:
        """Never try it again."""
        self._settle(taken)

    def give_up(self, before: datetime) -> int:
        """Never try those again whose jobs ended before; give how many."""
        return self._line.run(_GIVE_UP, before=before)

    def _settle(self, taken: TakenMail, again_at: datetime | None = None, sent_at: datetime | None = None) -> None:
        # When the job went on meanwhile, its next end has a message of its own.
        self._line.run(_SETTLE, asked=taken.job.id, until=taken.until, again_at=again_at, sent_at=sent_at)
