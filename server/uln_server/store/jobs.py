"""Jobs as they are kept: submitted with their rows, looked at, and changed by an operator.

Who works on a job, and what comes of it, is in ``store.job_work``.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, delete, func, insert, select, update
from sqlalchemy import text as sql

from uln_server.batch.completion import address_of
from uln_server.batch.job import (
    FIRST_JOB_ID,
    Counts,
    Fields,
    Job,
    JobId,
    JobStatus,
    Row,
    RowResult,
    Submission,
    Written,
)
from uln_server.store import job_queue
from uln_server.store.errors import JobFinished, JobNotStopped, JobUnknown
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.prepared import Row as Stored
from uln_server.store.tables import UNFINISHED_JOB, job, job_result, job_row

REPEATED_WITHIN = timedelta(days=1)
"""How long the same content under the same WS-Addressing MessageID is the same submission [O]."""
_PAGE = 1_000  # rows a statement
_FORGOTTEN_AT_ONCE = 5_000  # rows a transaction: others wait for the lock meanwhile

JOB_FIELDS = (
    *("id", "kind", "form", "organisation_id", "ukprn", "user_name", "message_id", "submitted_at", "started_at"),
    *("finished_at", "status", "rows", "done", "counts", "rejection", "given"),
)
COLUMNS = tuple(job.c[name] for name in JOB_FIELDS)
ASKED = bindparam("asked", type_=job.c.id.type)

_GET = Prepared(select(*COLUMNS).where(job.c.id == ASKED))


def page(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Bound a page by its positions, in which there are no gaps, and not by its length.

    Until PostgreSQL has looked at a table it takes a job for a few rows, reads and sorts all of them for a page,
    and joins each row with each. So a page has two ends, and what belongs to a row is looked up for it, or read in
    a statement of its own.
    """
    position = table.c.position
    return table.c.job_id == ASKED, position > bindparam("after"), position <= bindparam("upto")


def _beside(row: Table, column: Column[Any]) -> ColumnElement[Any]:
    there = column.table
    return select(column).where(there.c.job_id == ASKED, there.c.position == row.c.position).scalar_subquery()


ROWS = Prepared(select(job_row.c.position, job_row.c.given).where(*page(job_row)).order_by(job_row.c.position))
_RESULTS = Prepared(
    select(job_result.c.position, job_result.c.code, job_result.c.found)
    .where(*page(job_result))
    .order_by(job_result.c.position)
)
_REMARKED = Prepared(
    select(job_result.c.position, _beside(job_result, job_row.c.given), job_result.c.code, job_result.c.found)
    .where(*page(job_result), job_result.c.found != bindparam("nothing"))
    .order_by(job_result.c.position)
)

_given = ("kind", "form", "organisation_id", "ukprn", "message_id", "wsa_message_id", "digest", "given")
_named = (*_given, "user_name", "submitted_at", "status", "free_at", "turn_at")
_ADD = Prepared(insert(job).values({"rows": 0} | {name: bindparam(name) for name in _named}).returning(job.c.id))
_SET_ROWS = Prepared(update(job).where(job.c.id == ASKED).values(rows=bindparam("count")))
_same = (
    job.c.organisation_id == bindparam("organisation_id"),
    job.c.kind == bindparam("kind", type_=job.c.kind.type),
    job.c.form == bindparam("form"),
    job.c.digest == bindparam("digest"),
)
_UNFINISHED_SAME = Prepared(select(func.min(job.c.id)).where(*_same, UNFINISHED_JOB))
_SENT_AGAIN = Prepared(
    select(func.min(job.c.id)).where(
        *_same,
        job.c.wsa_message_id == bindparam("wsa_message_id"),
        job.c.submitted_at > bindparam("since", type_=job.c.submitted_at.type),
    )
)
_ONE_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(:number)"))

_GET_LOCKED = Prepared(select(*COLUMNS).where(job.c.id == ASKED).with_for_update(key_share=True))
_END = Prepared(
    update(job)
    .where(job.c.id == ASKED)
    .values(
        status=bindparam("status"),
        finished_at=bindparam("at"),
        rejection=bindparam("rejection"),
        claim=None,
        mail_due=bindparam("told_at"),
    )
)
_AGAIN = Prepared(
    update(job)
    .where(job.c.id == ASKED)
    .values(
        status=JobStatus.WAITING,
        finished_at=None,
        rejection=None,
        claim=None,
        attempts=0,
        free_at=bindparam("at"),
        turn_at=bindparam("at"),
        mail_due=None,
        mail_tries=0,
        mailed_at=None,
    )
)

_OLD = Prepared(
    select(job.c.id)
    .where(job.c.finished_at < bindparam("before", type_=job.c.finished_at.type))
    .order_by(job.c.finished_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_FORGET = tuple(
    Prepared(
        delete(table).where(
            table.c.job_id == ASKED,
            table.c.position
            < select(func.min(table.c.position) + _FORGOTTEN_AT_ONCE)
            .where(table.c.job_id == ASKED)
            .scalar_subquery(),
        )
    )
    for table in (job_result, job_row)
)
_FORGET_JOB = Prepared(delete(job).where(job.c.id == ASKED))
_BEGIN = {
    "sqlite": Prepared(sql("UPDATE sqlite_sequence SET seq = :first - 1 WHERE name = 'job'")),
    "postgresql": Prepared(sql("SELECT setval('job_id_seq', :first, false)")),
}


class StoredJobs:
    """Jobs, to be read."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self, job_id: JobId) -> Job | None:
        """Give a job as it stands; ``None`` for an unknown one. Whose it is, is for the caller to look at."""
        if not FIRST_JOB_ID <= job_id <= _LARGEST:
            return None
        rows = self._line.rows(_GET, asked=job_id)
        return job_of(rows[0]) if rows else None

    def results(self, job_id: JobId) -> Iterator[tuple[Row, RowResult | None]]:
        """Give each row in its order, with its result if it has one; read a page at a time."""
        # Two statements a page: to look each row's result up takes thrice as long as to read them.
        after = 0
        while rows := self._line.rows(ROWS, asked=job_id, after=after, upto=after + _PAGE):
            results = self._line.rows(_RESULTS, asked=job_id, after=after, upto=after + _PAGE)
            found = {each.position: each for each in _results_of(results)}
            yield from ((row, found.get(row.position)) for row in rows_of(rows))
            after += _PAGE

    def remarked(self, job_id: JobId) -> Iterator[tuple[Row, RowResult]]:
        """Give the rows whose result says more than its code, in their order; read a page at a time."""
        held, nothing = self.get(job_id), written({})
        for after in range(0, held.done if held else 0, _PAGE):
            found_there = self._line.rows(
                _REMARKED, asked=job_id, after=after, upto=after + _PAGE, nothing=nothing
            )
            fields = read_at_once([each[1] for each in found_there])
            values = read_at_once([each[3] for each in found_there])
            for (position, _, code, _), given, said in zip(found_there, fields, values, strict=True):
                yield Row(position, given), RowResult(position, code, said)

    def latest(self, most: int, *, ukprn: str | None = None, status: JobStatus | None = None) -> tuple[Job, ...]:
        """Give the jobs that meet each condition given, newest first."""
        statement = select(*COLUMNS).order_by(job.c.id.desc()).limit(most)
        if ukprn is not None:
            statement = statement.where(job.c.ukprn == ukprn)
        if status is not None:
            statement = statement.where(job.c.status == status)
        return tuple(map(job_of, self._line.rows(Prepared(statement))))


class JobChanges(StoredJobs):
    """Jobs, to be submitted and ended, within a writing transaction.

    ``told`` is set by what gives a worker something to do: whoever commits wakes one.
    """

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self.told = False

    def submit(self, submission: Submission, rows: Iterable[Fields | Written]) -> JobId:
        """Keep a job with its rows, which are read one by one, and give its number.

        What ``Database.change`` may carry out twice must give new ``rows`` each time: an iterator is used up.

        A repetition gets the first one's number, and its rows are not looked at: the same organisation's same
        content of the same kind and form, while the first is unfinished or under the same WS-Addressing MessageID
        within a day. Two at once take turns, so that one of them is the first.
        """
        self._take_turns(submission)
        first = self._first(submission)
        if first is not None:
            return first
        job_id = int(self._line.rows(_ADD, **_values(submission))[0][0])
        self._line.run(_SET_ROWS, asked=job_id, count=self._add_rows(job_id, rows))
        self._tell()
        return job_id

    def cancel(self, job_id: JobId, at: datetime) -> Job:
        """Leave the rows that have no result alone, and give the job as it is then.

        Raises ``JobUnknown`` or ``JobFinished``. A chunk that is under way is waited for, and stands.
        """
        return self._end(job_id, JobStatus.CANCELLED, at, None)

    def fail(self, job_id: JobId, at: datetime, rejection: str) -> Job:
        """As ``cancel``, with the status Failed and the reason that the submitter is told."""
        return self._end(job_id, JobStatus.FAILED, at, rejection)

    def retry(self, job_id: JobId, at: datetime) -> Job:
        """Let a failed or cancelled job go on behind the last row that has a result, and give it.

        Raises ``JobUnknown`` or ``JobNotStopped``.
        """
        held = self._locked(job_id)
        if held.status not in {JobStatus.FAILED, JobStatus.CANCELLED}:
            raise JobNotStopped(f"Job {job_id} is {held.status}: only a failed or cancelled one can be retried.")
        self._line.run(_AGAIN, asked=job_id, at=at)
        self._tell()
        return self._locked(job_id)

    def forget(self, before: datetime) -> bool:
        """Delete some of what the oldest job holds that finished before; tell whether there was one.

        Call it again, in a transaction of its own each time, until there is none.
        """
        rows = self._line.rows(_OLD, before=before)
        if not rows:
            return False
        if not sum(self._line.run(statement, asked=rows[0][0]) for statement in _FORGET):
            self._line.run(_FORGET_JOB, asked=rows[0][0])
        return True

    def begin_numbers(self) -> None:
        """Let the JobIDs begin at the first: for a register that holds no job."""
        begin = _BEGIN[self._line.driver.name]
        if self._line.driver.name == "sqlite":
            self._line.run(begin, first=FIRST_JOB_ID)
        else:
            self._line.rows(begin, first=FIRST_JOB_ID)

    def _tell(self) -> None:
        self.told = True
        job_queue.tell(self._line)

    def _take_turns(self, submission: Submission) -> None:
        if self._line.driver.name == "postgresql":
            self._line.rows(_ONE_AT_A_TIME, number=_lock_number(submission))

    def _first(self, submission: Submission) -> JobId | None:
        found: JobId | None
        same = {name: getattr(submission, name) for name in ("organisation_id", "kind", "form", "digest")}
        found = self._line.rows(_UNFINISHED_SAME, **same)[0][0]
        if found is None and submission.wsa_message_id:
            named = {"wsa_message_id": submission.wsa_message_id, "since": submission.at - REPEATED_WITHIN}
            found = self._line.rows(_SENT_AGAIN, **same, **named)[0][0]
        return found

    def _add_rows(self, job_id: JobId, rows: Iterable[Fields | Written]) -> int:
        count, left = 0, iter(rows)
        while page := [
            (job_id, place, each if isinstance(each, str) else written(each))
            for place, each in enumerate(islice(left, _PAGE), count + 1)
        ]:
            self._line.add_rows("job_row", ("job_id", "position", "given"), page)
            count += len(page)
        return count

    def _locked(self, job_id: JobId) -> Job:
        if FIRST_JOB_ID <= job_id <= _LARGEST:
            rows = self._line.rows(_GET_LOCKED, asked=job_id)
            if rows:
                return job_of(rows[0])
        raise JobUnknown(f"There is no job {job_id}: `uln-server job list` shows those that there are.")

    def _end(self, job_id: JobId, status: JobStatus, at: datetime, rejection: str | None) -> Job:
        held = self._locked(job_id)
        if held.status.finished:
            raise JobFinished(f"Job {job_id} is {held.status} already: nothing of it is left to be done.")
        told_at = at if address_of(held) else None
        self._line.run(_END, asked=job_id, status=status, at=at, rejection=rejection, told_at=told_at)
        return self._locked(job_id)


_LARGEST = 2**31 - 1


def job_of(row: Stored) -> Job:
    """Make a job of a row of ``COLUMNS``."""
    fields: dict[str, Any] = dict(zip(JOB_FIELDS, row, strict=True))
    fields["user"] = fields.pop("user_name")
    fields["counts"] = json.loads(fields["counts"])
    fields["given"] = json.loads(fields["given"])
    return Job(**fields)


def written(fields: Fields | Counts) -> str:
    """Put fields into the text that is stored: a NUL, which PostgreSQL would not take, is escaped in it."""
    return _TEXT(fields) if fields else "{}"


# json.dumps would make an encoder for each row.
_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def read_at_once(texts: Sequence[str]) -> list[Any]:
    """Read what ``written`` made, all in one go: a call for each would take half as long again."""
    read: list[Any] = json.loads(f"[{','.join(texts)}]")
    return read


def rows_of(rows: Sequence[Stored]) -> Iterator[Row]:
    """Make a job's rows of those of ``ROWS``."""
    return map(Row, [each[0] for each in rows], read_at_once([each[1] for each in rows]))


def _results_of(rows: Sequence[Stored]) -> Iterator[RowResult]:
    positions, codes = [each[0] for each in rows], [each[1] for each in rows]
    return map(RowResult, positions, codes, read_at_once([each[2] for each in rows]))


def _values(submission: Submission) -> dict[str, Any]:
    values = {name: getattr(submission, name) for name in _given}
    return values | {
        "given": written(submission.given),
        "user_name": submission.user,
        "submitted_at": submission.at,
        "status": JobStatus.WAITING,
        "free_at": submission.at,
        "turn_at": submission.at,
    }


def _lock_number(submission: Submission) -> int:
    """Give a number of 64 bits for what two submissions of the same have in common."""
    key = f"job {submission.organisation_id} {submission.digest}"
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
