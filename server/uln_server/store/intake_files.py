"""Files that were handed in through folders: who works on each, and how far it has come.

A claim is a random text that ends by itself, as a job's is (``store.job_work``): whatever is done with a file is
done under it, so that what a process did that died or slept is done once.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy import text as sql

from uln_server.access.organisation import Organisation
from uln_server.batch.intake_file import Held, IntakeFile, IntakeState, Part
from uln_server.store.job_work import now
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import intake_file

_FIELDS = (
    *("id", "token", "organisation_id", "ukprn", "name", "filed_as", "state", "digest", "parts"),
    *("taken_at", "ended_at"),
)
_COLUMNS = tuple(intake_file.c[name] for name in _FIELDS)
_now = bindparam("now", type_=intake_file.c.free_at.type)
_unfinished = intake_file.c.ended_at.is_(None)
_UNFINISHED = Prepared(select(*_COLUMNS).where(_unfinished).order_by(intake_file.c.id))
_BY_TOKEN = Prepared(select(*_COLUMNS).where(intake_file.c.token == bindparam("token")))
_SAME = Prepared(
    select(*_COLUMNS)
    .where(
        intake_file.c.organisation_id == bindparam("organisation_id"),
        intake_file.c.digest == bindparam("content"),
        intake_file.c.id != bindparam("besides"),
        or_(intake_file.c.id < bindparam("besides"), intake_file.c.parts != "[]"),
        intake_file.c.state != IntakeState.FAILING,
        intake_file.c.state != IntakeState.FAILED,
        intake_file.c.taken_at > bindparam("since", type_=intake_file.c.taken_at.type),
    )
    .order_by(intake_file.c.id)
    .limit(1)
)
_ONE_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(:number)"))
_added = ("token", "organisation_id", "ukprn", "name", "filed_as", "state", "taken_at", "claim", "free_at")
_TAKE = Prepared(
    insert(intake_file).values({name: bindparam(name) for name in _added}).inline(),
    " ON CONFLICT DO NOTHING",
)
_CLAIM = Prepared(
    update(intake_file)
    .where(intake_file.c.id == bindparam("asked"), _unfinished, intake_file.c.free_at <= _now)
    .values(claim=bindparam("mine"), free_at=bindparam("until"))
    .returning(*_COLUMNS)
)
_mine = (intake_file.c.id == bindparam("asked"), intake_file.c.claim == bindparam("mine"), _unfinished)
_HOLD = Prepared(update(intake_file).where(*_mine).values(free_at=bindparam("until")).returning(*_COLUMNS))
_IDENTIFY = Prepared(update(intake_file).where(*_mine).values(digest=bindparam("content")))
_ADVANCE = Prepared(
    update(intake_file).where(*_mine).values({name: bindparam(f"new_{name}") for name in ("state", "parts")})
)
_END = Prepared(update(intake_file).where(*_mine).values(state=bindparam("new_state"), ended_at=_now, claim=None))
_RELEASE = Prepared(update(intake_file).where(*_mine).values(free_at=_now, claim=None))
_WITHDRAW = Prepared(delete(intake_file).where(*_mine, intake_file.c.parts == "[]"))
_FORGET = Prepared(
    delete(intake_file).where(intake_file.c.ended_at < bindparam("before", type_=intake_file.c.ended_at.type))
)


class Taking(NamedTuple):
    """A file that was taken: the token of its folder, its name there, and the one that it will have in the end."""

    token: str
    name: str
    filed_as: str


class StoredIntake:
    """The files, to be looked at."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def unfinished(self) -> tuple[IntakeFile, ...]:
        """Give the files that have not ended, in the order in which they were taken."""
        return tuple(map(_file, self._line.rows(_UNFINISHED)))

    def by_token(self, token: str) -> IntakeFile | None:
        """Give the file of a folder's name; ``None`` where none was written down."""
        rows = self._line.rows(_BY_TOKEN, token=token)
        return _file(rows[0]) if rows else None


class IntakeChanges(StoredIntake):
    """The files, within a writing transaction. Whoever comes with a claim that has ended changes nothing."""

    def take(self, taken: Taking, organisation: Organisation, lease: timedelta) -> Held | None:
        """Write down that a file was taken, and is ours; ``None`` when the token or ``filed_as`` is another's."""
        at, claim = now(self._line), secrets.token_hex(16)
        added = self._line.run(
            _TAKE,
            **taken._asdict(),
            organisation_id=organisation.id,
            ukprn=organisation.ukprn,
            state=IntakeState.TAKEN,
            taken_at=at,
            claim=claim,
            free_at=at + lease,
        )
        written_down = self.by_token(taken.token) if added else None
        return None if written_down is None else Held(written_down, claim)

    def claim(self, file: IntakeFile, lease: timedelta) -> Held | None:
        """Take a file that nobody holds; ``None`` when somebody does, or it has ended."""
        at, claim = now(self._line), secrets.token_hex(16)
        rows = self._line.rows(_CLAIM, asked=file.id, now=at, mine=claim, until=at + lease)
        return Held(_file(rows[0]), claim) if rows else None

    def hold(self, held: Held, lease: timedelta) -> IntakeFile | None:
        """Give the file as it stands, ours for so long again; ``None`` when it no longer is."""
        rows = self._line.rows(_HOLD, asked=held.file.id, mine=held.claim, until=now(self._line) + lease)
        return _file(rows[0]) if rows else None

    def identify(self, held: Held, digest: str) -> None:
        """Keep what its content is."""
        self._line.run(_IDENTIFY, asked=held.file.id, mine=held.claim, content=digest)

    def first_of_content(self, file: IntakeFile, digest: str, within: timedelta) -> IntakeFile | None:
        """Give the organisation's other file of this content that came first, and has not failed.

        First is the one that was taken first, unless the other has jobs already; only those count that were taken
        within this time. Whoever asks for the same waits until this transaction has ended.
        """
        if self._line.driver.name == "postgresql":
            self._line.rows(_ONE_AT_A_TIME, number=int(digest[:15], 16))
        since = now(self._line) - within
        rows = self._line.rows(
            _SAME, organisation_id=file.organisation_id, content=digest, besides=file.id, since=since
        )
        return _file(rows[0]) if rows else None

    def advance(self, held: Held, state: IntakeState, parts: Sequence[Part]) -> None:
        """Keep how far it has come."""
        self._line.run(
            _ADVANCE, asked=held.file.id, mine=held.claim, new_state=state, new_parts=json.dumps(list(parts))
        )

    def end(self, held: Held, state: IntakeState) -> None:
        """Keep that it has ended so."""
        self._line.run(_END, asked=held.file.id, mine=held.claim, new_state=state, now=now(self._line))

    def release(self, held: Held) -> None:
        """Let others take it up at once."""
        self._line.run(_RELEASE, asked=held.file.id, mine=held.claim, now=now(self._line))

    def withdraw(self, held: Held) -> bool:
        """Forget that it was taken, unless jobs were made of it; tell whether it was forgotten."""
        return bool(self._line.run(_WITHDRAW, asked=held.file.id, mine=held.claim))

    def forget(self, before: datetime) -> int:
        """Delete what is kept of the files that ended before, and count them."""
        return self._line.run(_FORGET, before=before)


def _file(row: Row) -> IntakeFile:
    values = dict(zip(_FIELDS, row, strict=True))
    return IntakeFile(**{**values, "parts": tuple(Part(*each) for each in json.loads(values["parts"]))})
