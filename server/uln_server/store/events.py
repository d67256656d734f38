"""Register events and the history of each record: written with the change they tell of, never changed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from uln_server.register.authorship import Author
from uln_server.register.event import Event, EventKind
from uln_server.register.learner import Learner
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import learner_before, register_event
from uln_server.store.texts import clean

_TEXT_LIMIT = 256
_PAGE = 500

_fields = ("at", "kind", "uln", "master_uln", "version", "message_id", "organisation", "user_name")
_columns = tuple(register_event.c[name] for name in ("id", *_fields))
_ADD = Prepared(
    insert(register_event).values({name: bindparam(name) for name in _fields}).returning(register_event.c.id)
)
_ADD_MANY = Prepared(insert(register_event).values({name: bindparam(name) for name in _fields}).inline())
_REPLACED = Prepared(
    insert(learner_before).values(event_id=bindparam("event_id"), fields=bindparam("fields")).inline()
)
_HISTORY = Prepared(
    select(*_columns, learner_before.c.fields)
    .outerjoin(learner_before, learner_before.c.event_id == register_event.c.id)
    .where(register_event.c.uln == bindparam("uln", type_=register_event.c.uln.type))
    .order_by(register_event.c.id)
)
_LINKS = Prepared(
    select(*_columns)
    .where(register_event.c.master_uln == bindparam("uln", type_=register_event.c.uln.type))
    .order_by(register_event.c.id)
)
_AFTER = Prepared(
    select(*_columns)
    .where(register_event.c.id > bindparam("after"))
    .order_by(register_event.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Change:
    """An event and what it replaced: the earlier values of the fields that changed, ``None`` for "not held"."""

    event: Event
    before: Mapping[str, str | None] = field(repr=False)


class StoredEvents:
    """The events, and the history made of them."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def history(self, uln: str) -> tuple[Change, ...]:
        """Give what happened to a record, oldest first; nothing for a ULN that was never in the register."""
        return tuple(
            Change(_event(row), json.loads(row[-1]) if row[-1] else {})
            for row in self._line.rows(_HISTORY, uln=uln)
        )

    def links(self, uln: str) -> tuple[Event, ...]:
        """Give the merges into a record and what undid them, oldest first: events of the other records."""
        return tuple(map(_event, self._line.rows(_LINKS, uln=uln)))

    def after(self, event_id: int = 0) -> Iterator[Event]:
        """Give every event after this one, in the order of their numbers, read a page at a time.

        On PostgreSQL two changes at once may commit in the other order than their numbers: a reader that keeps
        the last number it saw must leave a moment for the earlier one.
        """
        while rows := self._line.rows(_AFTER, after=event_id, most=_PAGE):
            yield from map(_event, rows)
            event_id = rows[-1][0]


def add_event(  # noqa: PLR0913  # the parts of an event
    line: Line,
    kind: EventKind,
    record: Learner,
    by: Author | None,
    *,
    at: datetime,
    master_uln: str | None = None,
    before: Mapping[str, str | None] | None = None,
) -> None:
    """Write an event within the transaction of its change; ``record`` is as the change left it."""
    rows = line.rows(_ADD, **_values(kind, record, by, at, master_uln))
    if before:
        line.run(_REPLACED, event_id=rows[0][0], fields=json.dumps(before, ensure_ascii=False, sort_keys=True))


def add_events(
    line: Line, kind: EventKind, records: Iterable[Learner], by: Author | None, *, at: datetime
) -> None:
    """Write an event of each of these records, none of which replaced anything."""
    line.run_many(_ADD_MANY, [_values(kind, each, by, at, None) for each in records])


def _values(
    kind: EventKind, record: Learner, by: Author | None, at: datetime, master_uln: str | None
) -> dict[str, Any]:
    return {
        "at": at,
        "kind": kind,
        "uln": record.uln,
        "master_uln": master_uln,
        "version": record.version,
        "message_id": by.message_id if by else None,
        "organisation": by.organisation if by else None,
        "user_name": clean(by.user, _TEXT_LIMIT) if by else None,
    }


def _event(row: Row) -> Event:
    return Event(
        id=row[0],
        at=row[1],
        kind=row[2],
        uln=row[3],
        master_uln=row[4],
        version=row[5],
        message_id=row[6],
        organisation=row[7],
        user=row[8],
    )
