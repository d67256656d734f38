"""Many learners at once, with their events, in chunks that each commit along with how far an import has come.

A chunk is one transaction: what it adds, what the import counts and the place in the file that it reached are
there together or not at all. Whoever goes on after a kill goes on behind the last chunk.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy import text as sql

from uln_server.access.audit import AuditEntry
from uln_server.register.event import EventKind
from uln_server.register.learner import Learner, Status
from uln_server.store.aggregates import each_of
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import ImportElsewhere
from uln_server.store.learners import COLUMNS, LEARNER_FIELDS, learner_of
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner, learner_import, register_event
from uln_server.store.trail import add_entries

_FILE = ("sha256", "size", "form")
_MOVING = ("row", "asides", "added", "merged", "deleted", "held", "refused", "errors_size")
_BEGUN = ("id", "message_id", "user_name", "started_at")

_HELD = Prepared(select(*COLUMNS).where(learner.c.uln.op("IN")(each_of(bindparam("ulns")))))
_added = (*LEARNER_FIELDS, "given_key", "family_key", "post_code_key")
_ADD = Prepared(insert(learner).values({name: bindparam(name) for name in _added}).inline())
_told = ("at", "kind", "uln", "master_uln", "version", "message_id", "user_name")
_TELL = Prepared(insert(register_event).values({name: bindparam(name) for name in _told}).inline())
_FIND = Prepared(
    select(*(learner_import.c[name] for name in (*_BEGUN, *_MOVING))).where(
        *(learner_import.c[name] == bindparam(name) for name in _FILE), learner_import.c.ended_at.is_(None)
    )
)
_BEGIN = Prepared(
    insert(learner_import)
    .values({name: bindparam(name) for name in (*_FILE, "message_id", "user_name", "started_at")})
    .returning(learner_import.c.id)
)
_MOVE = Prepared(
    update(learner_import)
    .where(
        learner_import.c.id == bindparam("of"),
        learner_import.c.row == bindparam("old_row"),
        learner_import.c.asides == bindparam("old_asides"),
        learner_import.c.ended_at.is_(None),
    )
    .values({name: bindparam(name) for name in (*_MOVING, "ended_at")})
)
# What PostgreSQL does not have by itself: one writer at a time. Readers are not kept waiting.
_ALONE = Prepared(sql("LOCK TABLE learner IN SHARE ROW EXCLUSIVE MODE"))
# Until PostgreSQL has looked at a table it takes it for a small one, and reads all of it for a few rows.
_LOOK = Prepared(sql("ANALYZE learner"))
# The indexes' pages are met at random, most of them again in the next chunk: kept in memory (KiB), and copied from
# the log into the file less often (pages), each costs less.
_FOR_LARGE_CHUNKS = (
    Prepared(sql("PRAGMA cache_size = -131072")),
    Prepared(sql("PRAGMA wal_autocheckpoint = 65536")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey:
    """What makes two files the same import: their content, and the way it is read."""

    sha256: str
    size: int
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import has come.

    ``row`` is the last row of the file that is dealt with, ``asides`` the number of merged records dealt with
    after it. ``added`` counts records put into the register, ``merged`` and ``deleted`` those of them that are,
    ``held`` rows that were there already, ``refused`` rows that were not taken. ``errors_size`` is the length of
    the error file in bytes. ``message_id`` is the audit entry of its start, which its events name.
    """

    id: int = 0
    message_id: str = ""
    user: str | None = None
    started_at: datetime
    row: int = 0
    asides: int = 0
    added: int = 0
    merged: int = 0
    deleted: int = 0
    held: int = 0
    refused: int = 0
    errors_size: int = 0

    @property
    def begun(self) -> bool:
        """Whether a chunk was dealt with before."""
        return self.row > 0

    def plus(self, added: Iterable[Mapping[str, Any]], *, held: int, refused: int) -> "Progress":
        """Give the progress with more rows counted; ``added`` are records as ``Chunk.add`` takes them."""
        statuses = [each["status"] for each in added]
        return replace(
            self,
            added=self.added + len(statuses),
            merged=self.merged + statuses.count(Status.MERGED),
            deleted=self.deleted + statuses.count(Status.DELETED),
            held=self.held + held,
            refused=self.refused + refused,
        )


class HeldLearners:
    """Looking many ULNs up, on a line of any kind."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def held(self, ulns: Iterable[str]) -> dict[str, Learner]:
        """Give the records of those ULNs that the register holds, deleted and merged ones too."""
        rows = self._line.rows(_HELD, ulns=json.dumps(list(ulns)))
        return {each.uln: each for each in map(learner_of, rows)}

    def statuses(self, ulns: Iterable[str]) -> dict[str, Status]:
        """Give the status of each of these ULNs that the register holds."""
        return {uln: each.status for uln, each in self.held(ulns).items()}


class Chunk(HeldLearners):
    """What may be done in one transaction of an import."""

    def add(self, values: Sequence[Mapping[str, Any]], progress: Progress) -> None:
        """Put records into the register as they are: every column by name, none of the ULNs held, masters first.

        Each leaves its events: registered when it was created, merged or deleted when it was last changed.
        """
        self._line.run_many(_ADD, values)
        told = [event for each in values for event in _events(each, progress)]
        self._line.run_many(_TELL, told)

    def move(self, progress: Progress, reached: Progress, ended_at: datetime | None = None) -> None:
        """Write down where the import is now; ``ImportElsewhere`` when it is not where it was left."""
        moved = {name: getattr(reached, name) for name in _MOVING}
        old = {"old_row": progress.row, "old_asides": progress.asides}
        if not self._line.run(_MOVE, of=progress.id, ended_at=ended_at, **old, **moved):
            raise ImportElsewhere(
                "Another process is importing this file: let it finish, or end it, and run this command again."
            )

    def audit(self, entry: AuditEntry) -> None:
        """Write an entry into the audit trail."""
        add_entries(self._line, [entry])


class BulkImport:
    """A register that files are imported into, on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._driver = database.driver
        self._line = database.line(Role.WRITING)

    def __enter__(self) -> Self:
        if self._driver.name == "sqlite":
            for statement in _FOR_LARGE_CHUNKS:
                self._line.rows(statement)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None and self._driver.name == "postgresql":
                self._line.run(_LOOK)
        finally:
            self._line.close()

    @contextmanager
    def chunk(self) -> Iterator[Chunk]:
        """Commit everything that the block does, or nothing; nobody else changes a learner meanwhile."""
        with self._line.transaction(self._driver.begin_writing):
            if self._driver.name == "postgresql":
                self._line.run(_ALONE)
            yield Chunk(self._line)

    def begin(self, file: FileKey, entry: AuditEntry) -> Progress:
        """Find the unfinished import of this file, or begin one; ``entry`` is this start in the audit."""
        with self.chunk() as chunk:
            chunk.audit(entry)
            found = self._unfinished(file)
            if found is not None:
                return found
            rows = self._line.rows(
                _BEGIN, message_id=entry.message_id, user_name=entry.user, started_at=entry.at, **_named(file)
            )
            return Progress(id=rows[0][0], message_id=entry.message_id, user=entry.user, started_at=entry.at)

    def _unfinished(self, file: FileKey) -> Progress | None:
        rows = self._line.rows(_FIND, **_named(file))
        if not rows:
            return None
        names = ("id", "message_id", "user", "started_at", *_MOVING)
        return Progress(**dict(zip(names, rows[0], strict=True)))


def _named(file: FileKey) -> dict[str, Any]:
    return {name: getattr(file, name) for name in _FILE}


def _events(values: Mapping[str, Any], progress: Progress) -> Iterator[dict[str, Any]]:
    event = {
        "at": values["created_at"],
        "kind": EventKind.REGISTERED,
        "uln": values["uln"],
        "master_uln": None,
        "version": values["version"],
        "message_id": progress.message_id,
        "user_name": progress.user,
    }
    yield event
    if values["status"] is Status.MERGED:
        yield {
            **event,
            "at": values["updated_at"],
            "kind": EventKind.MERGED,
            "master_uln": values["master_uln"],
        }
    elif values["status"] is Status.DELETED:
        yield {**event, "at": values["updated_at"], "kind": EventKind.DELETED}
