"""The audit trail: one row a message, one row a disclosed ULN."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, select, tuple_, union_all
from sqlalchemy import text as sql

from uln_server.access.audit import AuditEntry
from uln_server.store.aggregates import joined
from uln_server.store.lines import Line
from uln_server.store.organisations import StoredOrganisations
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import audit, disclosure, register_event
from uln_server.store.texts import clean

_PAGE = 500  # entries a statement, so that no transaction stays open while a reader takes its time
_TEXT_LIMIT = 256  # characters of a text that a refused message may have made as long as it liked

_fields = (
    *("at", "message_id", "organisation_id", "organisation", "user_name", "operation", "code", "address"),
    "reason",
)
_add = insert(audit).values({name: bindparam(name) for name in _fields}).inline()
_disclose = insert(disclosure).values(message_id=bindparam("message_id"), uln=bindparam("uln")).inline()
_UNLESS_THERE = " ON CONFLICT DO NOTHING"
_ADD, _ADD_AGAIN = Prepared(_add), Prepared(_add, _UNLESS_THERE)
_DISCLOSE, _DISCLOSE_AGAIN = Prepared(_disclose), Prepared(_disclose, _UNLESS_THERE)


def _together(ending: str) -> Prepared:
    """Write entries and what they disclose in one statement: two batches of psycopg's take three times as long."""
    kinds = {"at": "timestamptz", "organisation_id": "integer"}
    given = ", ".join(f"{name} {kinds.get(name, 'text')}" for name in (*_fields, "disclosed"))
    columns = ", ".join(_fields)
    return Prepared(
        sql(
            f"WITH given AS (SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS given({given})),"  # noqa: S608  # our own words
            f" added AS (INSERT INTO audit ({columns}) SELECT {columns} FROM given{ending})"
            " INSERT INTO disclosure (message_id, uln)"
            " SELECT message_id, unnest(string_to_array(disclosed, ' ')) FROM given"
        ),
        ending,
    )


_ADD_TOGETHER, _ADD_TOGETHER_AGAIN = _together(""), _together(_UNLESS_THERE)
_LAST = Prepared(select(func.max(audit.c.id)))

_disclosed = (
    select(joined(disclosure.c.uln)).where(disclosure.c.message_id == audit.c.message_id).scalar_subquery()
)


class AuditTrail:
    """The entries that were kept."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def query(  # noqa: PLR0913  # a condition each, none of them needed
        self,
        *,
        organisation: str | None = None,
        user: str | None = None,
        since: datetime | None = None,
        uln: str | None = None,
        message_id: str | None = None,
        code: str | None = None,
    ) -> Iterator[AuditEntry]:
        """Give the entries that meet every condition given, newest last, as they stood when the query began.

        ``organisation`` is a UKPRN or OrganisationRef, case ignored, or the UKPRN that an unknown caller claimed;
        ``since`` is aware and included; ``uln`` finds the messages whose answer showed that record and those that
        made or changed it. Entries are read a page at a time, so that any number of them may be asked for.
        """
        conditions = [audit.c.id <= (self._line.rows(_LAST)[0][0] or 0)]
        if organisation is not None:
            conditions.append(audit.c.organisation == self._ukprn(organisation))
        if user is not None:
            conditions.append(audit.c.user_name == user)
        if since is not None:
            conditions.append(audit.c.at >= since)
        if uln is not None:
            showed = select(disclosure.c.message_id).where(disclosure.c.uln == uln)
            changed = select(register_event.c.message_id).where(
                register_event.c.uln == uln, register_event.c.message_id.is_not(None)
            )
            conditions.append(audit.c.message_id.in_(union_all(showed, changed)))
        if message_id is not None:
            conditions.append(audit.c.message_id == message_id)
        if code is not None:
            conditions.append(audit.c.code == code)
        return self._pages(conditions)

    def _pages(self, conditions: Iterable[ColumnElement[bool]]) -> Iterator[AuditEntry]:
        page = Prepared(
            select(*(audit.c[name] for name in _fields), _disclosed.label("disclosed"), audit.c.id)
            .where(*conditions, tuple_(audit.c.at, audit.c.id) > tuple_(_bound("at"), _bound("id")))
            .order_by(audit.c.at, audit.c.id)
            .limit(_PAGE)
        )
        at, row_id = datetime.min.replace(tzinfo=UTC), 0
        while rows := self._line.rows(page, after_at=at, after_id=row_id):
            yield from (_entry(row) for row in rows)
            at, row_id = rows[-1][0], rows[-1][-1]

    def _ukprn(self, identifier: str) -> str:
        known = StoredOrganisations(self._line).by_identifier(identifier)
        return known.ukprn if known else identifier.upper()


class AuditWriting(AuditTrail):
    """Adding to the trail within a writing transaction."""

    def add(self, entry: AuditEntry) -> None:
        """Write an entry along with the change it speaks of."""
        add_entries(self._line, [entry])


def add_entries(line: Line, entries: Iterable[AuditEntry], *, again: bool = False) -> None:
    """Write entries within a writing transaction.

    ``again`` is for a second attempt whose first may have been committed after all: rows that are there stay,
    and no message is counted twice.
    """
    kept = list(entries)
    if line.driver.name == "postgresql":
        line.run(_ADD_TOGETHER_AGAIN if again else _ADD_TOGETHER, rows=json.dumps([*map(_all_of, kept)]))
        return
    line.run_many(_ADD_AGAIN if again else _ADD, [_row(entry) for entry in kept])
    line.run_many(
        _DISCLOSE_AGAIN if again else _DISCLOSE,
        [{"message_id": entry.message_id, "uln": uln} for entry in kept for uln in dict.fromkeys(entry.disclosed)],
    )


def _bound(name: str) -> ColumnElement[Any]:
    return bindparam(f"after_{name}", type_=audit.c[name].type)


def _row(entry: AuditEntry) -> dict[str, Any]:
    organisation = clean(entry.organisation, _TEXT_LIMIT)
    return {
        "at": entry.at,
        "message_id": entry.message_id,
        "organisation_id": entry.organisation_id,
        "organisation": None if organisation is None else organisation.upper(),
        "user_name": clean(entry.user, _TEXT_LIMIT),
        "operation": clean(entry.operation, _TEXT_LIMIT),
        "code": entry.code,
        "address": clean(entry.address, _TEXT_LIMIT),
        "reason": entry.reason,
    }


def _all_of(entry: AuditEntry) -> dict[str, Any]:
    """Give an entry's columns as JSON has them, and the ULNs that it discloses."""
    ulns = " ".join(dict.fromkeys(entry.disclosed))
    return {**_row(entry), "at": entry.at.isoformat(), "disclosed": ulns}


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        at=row[0],
        message_id=row[1],
        organisation_id=row[2],
        organisation=row[3],
        user=row[4],
        operation=row[5],
        code=row[6],
        address=row[7],
        reason=row[8],
        disclosed=tuple(sorted((row[9] or "").split())),
    )
