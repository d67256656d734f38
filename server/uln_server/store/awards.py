"""Awards as they are kept, each under the ULN that it was submitted with; and what happened to them."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import text as sql

from uln_server.record.award import Award, AwardKey, Details
from uln_server.record.own_awards import OwnAwards, Place, Wanted
from uln_server.record.recorded import AwardChange, AwardEvent, Recorded
from uln_server.register.authorship import Author
from uln_server.store.aggregates import each_of, gathered, utc_text
from uln_server.store.learners import ASKED
from uln_server.store.lines import Line
from uln_server.store.own_awards import own_awards
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import (
    award,
    award_event,
    award_reason,
    catalogue_entry,
    learner,
    list_state,
    organisation,
    provider,
)

_KEY = ("uln", "reference", "organisation")
_STATE = (
    *("award_date", "provider_ukprn", "grade", "language", "mis_identifier"),
    *("details_at", "form", "withdrawn", "withdrawn_at"),
)
_AWARD = (*_KEY, *_STATE, "version", "created_at", "updated_at")
_HELD = (*_KEY, *_STATE, "version")
_EVENT = (
    *("at", "kind", *_KEY, "version", "action_at", "before", "job_id", "position", "message_id", "user_name"),
)
_REASON = (*_KEY, "version", "reason")

_held = tuple(award.c[name] for name in _HELD)
_PAIRS = {
    # CROSS JOIN: SQLite would otherwise choose for itself which of the two it goes through.
    "sqlite": "json_each(:pairs) AS asked CROSS JOIN award ON award.uln = json_extract(asked.value, '$[0]')"
    " AND award.reference = json_extract(asked.value, '$[1]')",
    "postgresql": "json_array_elements(CAST(:pairs AS json)) AS asked(value) JOIN award"
    " ON award.uln = asked.value->>0 AND award.reference = asked.value->>1",
}
_OF = {
    name: Prepared(
        sql(f"SELECT {', '.join(f'award.{each}' for each in _HELD)} FROM {pairs}").columns(*_held)  # noqa: S608  # our own words
    )
    for name, pairs in _PAIRS.items()
}
_MERGED = Prepared(
    select(learner.c.master_uln, learner.c.uln).where(learner.c.master_uln.op("IN")(each_of(bindparam("masters"))))
)

_family = select(learner.c.uln).where(learner.c.uln == ASKED).cte("family", recursive=True)
_family = _family.union(select(learner.c.uln).join(_family, learner.c.master_uln == _family.c.uln))


# A subquery, so that no database makes up its mind to go through all events first.
_number = (
    select(award_event.c.id)
    .where(*(award_event.c[name] == award.c[name] for name in _KEY), award_event.c.version == literal_column("1"))
    .scalar_subquery()
)
_shown = (
    *(award.c[name] for name in ("uln", "organisation", "award_date", "provider_ukprn", "grade", "language")),
    type_coerce(award.c.form, Text),
    award.c.withdrawn,
    utc_text(award.c.created_at),
    *(type_coerce(catalogue_entry.c[name], Text) for name in ("reference", "kind", "title", "type", "level")),
    catalogue_entry.c.credit,
)


_catalogued = award.join(catalogue_entry, catalogue_entry.c.key == award.c.reference)
# SQLite is quickest with one text for all awards. PostgreSQL takes longer to look each number up and to gather all
# than to find and send them; and of a family it expects a hundred learners, for whom it goes through all awards.
_GATHERED = Prepared(
    select(gathered(_number, *_shown)).select_from(_catalogued).where(award.c.uln.in_(select(_family.c.uln)))
)
_FAMILY = Prepared(select(_family.c.uln))
_ROWS = Prepared(select(award.c.reference, *_shown).select_from(_catalogued).where(award.c.uln == ASKED))
_NUMBERS = Prepared(
    select(award_event.c.reference, award_event.c.organisation, award_event.c.id).where(
        award_event.c.uln == ASKED, award_event.c.version == literal_column("1")
    )
)
# An award never changes without an event, and events only become more: where there are as many, they are the same.
_event_count = (
    select(func.count()).where(award_event.c.uln == _family.c.uln).select_from(award_event).scalar_subquery()
)
_RECORD_STATE = Prepared(
    select(_family.c.uln, cast(_event_count, Text)).union_all(select(list_state.c.list, list_state.c.state))
)
_ORDER = itemgetter(*map(Recorded._fields.index, ("award_date", "reference", "organisation", "uln")))
_BY, _AT = Recorded._fields.index("organisation"), Recorded._fields.index("provider_ukprn")
_LISTS = (organisation, provider)
_NAMES = Prepared(
    union_all(
        *(
            select(literal_column(str(place)), table.c.ukprn, table.c.name).where(
                table.c.ukprn.op("IN")(each_of(bindparam(table.name)))
            )
            for place, table in enumerate(_LISTS)
        )
    )
)
_events = (
    select(award_event.c.id, *(award_event.c[name] for name in _EVENT), award_reason.c.reason)
    .select_from(
        award_event.outerjoin(
            award_reason,
            (award_reason.c.uln == award_event.c.uln)
            & (award_reason.c.reference == award_event.c.reference)
            & (award_reason.c.organisation == award_event.c.organisation)
            & (award_reason.c.version == award_event.c.version),
        )
    )
    .order_by(award_event.c.id)
)
_HISTORY = Prepared(_events.where(award_event.c.uln == ASKED))
_AFTER = Prepared(_events.where(award_event.c.id > bindparam("after")).limit(bindparam("most")))
_PAGE = 1_000  # events read at once
_ONE_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(:number)"))


def _changes(table: Table, names: Sequence[str], ending: str) -> dict[str, Prepared]:
    """Write rows of plain values: a statement for each, or one for all, since psycopg would send each by itself.

    Without the columns' types, which would look at every value, and take thrice as long as the database.
    """
    kinds = {"Boolean": "boolean", "Integer": "integer", "Instant": "timestamptz"}
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    typed = ", ".join(f'"{name}" {kinds.get(type(table.c[name].type).__name__, "text")}' for name in names)
    into = f"INSERT INTO {table.name} ({columns})"
    given = f"json_to_recordset(CAST(:rows AS json)) AS given({typed})"
    return {
        "sqlite": Prepared(sql(f"{into} VALUES ({values}){ending}")),
        "postgresql": Prepared(sql(f"{into} SELECT {columns} FROM {given}{ending}")),  # noqa: S608  # our own words
    }


_replaced = ", ".join(f"{name} = excluded.{name}" for name in (*_STATE, "version", "updated_at"))
_CHANGE = _changes(award, _AWARD, f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {_replaced}")


class StoredAwards:
    """The awards as the register holds them."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def of(self, pairs: Iterable[tuple[str, str]]) -> list[Award]:
        """Give the awards of these pairs of ULN and catalogue key, by whichever organisation."""
        rows = self._line.rows(_OF[self._line.driver.name], pairs=json.dumps(list(pairs)))
        return [_award_of(row) for row in rows]

    def merged_into(self, masters: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Give for each of these ULNs those that were merged into it, directly or not; none, no key."""
        # Level by level, few of them and the next ones short: in a recursive query PostgreSQL expects thousands,
        # and reads all learners for them. Nobody is asked for twice, so that no circle runs for ever.
        asked = list(masters)
        below: dict[str, list[str]] = {}
        met, level = set(asked), asked
        while level:
            rows = self._line.rows(_MERGED, masters=json.dumps(level))
            for master, uln in rows:
                below.setdefault(master, []).append(uln)
            level = sorted({uln for _, uln in rows} - met)
            met.update(level)
        return {each: _all_below(each, below) for each in asked if each in below}

    def recorded(self, uln: str) -> Recorded:
        """Give the learner's awards, those under every ULN that was merged into this one too.

        Withdrawn ones too; by award date, then reference, organisation and ULN. Ask for the master's ULN
        (``register.entry.Entry.current``): a merged ULN has its own alone.
        """
        rows = self._shown(uln)
        rows.sort(key=_ORDER)
        columns = list(zip(*rows, strict=True)) or [()] * (len(Recorded._fields) - len(_LISTS))
        by, at = columns[_BY], columns[_AT]
        organisations, providers = self._names(by, at)
        return Recorded._make((*columns, [*map(organisations.get, by)], [*map(providers.get, at)]))

    def state(self, uln: str) -> Hashable:
        """Give what changes whenever ``recorded`` may give something else, read in a tenth of its time (ADR 15).

        It names who is merged into the learner, and tells how much has happened to the awards of each; and it has
        a text for each list that they are shown with.
        """
        return frozenset(self._line.rows(_RECORD_STATE, uln=uln))

    def _shown(self, uln: str) -> list[Sequence[Any]]:
        """Give each award's columns of ``Recorded``, but for the names, in no order."""
        if self._line.driver.name == "sqlite":
            return list(json.loads(self._line.rows(_GATHERED, uln=uln)[0][0]))
        return [row for (each,) in self._line.rows(_FAMILY, uln=uln) for row in self._shown_under(each)]

    def _shown_under(self, uln: str) -> Iterator[Sequence[Any]]:
        """Give the same of the awards under one ULN."""
        numbers = {(key, by): number for key, by, number in self._line.rows(_NUMBERS, uln=uln)}
        for key, *columns in self._line.rows(_ROWS, uln=uln):
            yield numbers.get((key, columns[1])), *columns

    def _names(
        self, organisations: Iterable[str], providers: Iterable[str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Give the names of these organisations and providers, by UKPRN, where there are any."""
        asked = {"organisation": json.dumps([*set(organisations)]), "provider": json.dumps([*set(providers)])}
        found: tuple[dict[str, str], dict[str, str]] = {}, {}
        for place, ukprn, name in self._line.rows(_NAMES, **asked):
            found[place][ukprn] = name
        return found

    def own(self, organisation: str, wanted: Wanted, behind: Place, most: int) -> OwnAwards:
        """Give the next page of an organisation's awards: ``store.own_awards``."""
        return own_awards(self._line, organisation, wanted, behind, most)

    def history(self, uln: str) -> tuple[AwardEvent, ...]:
        """Give what happened to the awards under this ULN alone, oldest first."""
        return tuple(map(_event_of, self._line.rows(_HISTORY, uln=uln)))

    def events(self, after: int = 0) -> Iterator[AwardEvent]:
        """Give every event after this one, in the order of their numbers, read a page at a time.

        On PostgreSQL two changes at once may commit in the other order than their numbers, as those of the
        register (``store.events.StoredEvents.after``).
        """
        while rows := self._line.rows(_AFTER, after=after, most=_PAGE):
            yield from map(_event_of, rows)
            after = rows[-1][0]


class AwardChanges(StoredAwards):
    """What may be done to awards, within a writing transaction; each change leaves its event."""

    def hold(self, organisation: str) -> None:
        """Keep others from changing this organisation's awards until this transaction ends.

        So a job's chunk sees whatever another job of the same organisation did. SQLite has one writer anyway.
        """
        if self._line.driver.name == "postgresql":
            digest = hashlib.blake2b(f"awards {organisation}".encode(), digest_size=8).digest()
            self._line.rows(_ONE_AT_A_TIME, number=int.from_bytes(digest, "big", signed=True))

    def keep(self, changes: Sequence[AwardChange], job_id: int, by: Author) -> None:
        """Keep the awards as these changes, in their order, leave them, and an event of each change.

        Whoever changes awards holds their organisation: a version that somebody else has reached meanwhile raises
        ``DatabaseFailed``.
        """
        at = _written(by.at)
        new = {each.after.key for each in changes if each.before is None}
        last = {each.after.key: each.after for each in changes}
        # In one order: the rows that they refer to are locked for a moment.
        kept = [(key in new, (*_state(last[key]), at, at)) for key in sorted(last, key=lambda key: key[1:])]
        self._line.add_rows("award", _AWARD, [row for is_new, row in kept if is_new])
        self._change([row for is_new, row in kept if not is_new])
        self._line.add_rows("award_event", _EVENT, [_event(each, job_id, by) for each in changes])
        reasons = [(*_key(each.after), each.after.version, each.reason) for each in changes if each.reason]
        self._line.add_rows("award_reason", _REASON, reasons)

    def _change(self, rows: Sequence[Row]) -> None:
        statement, named = _CHANGE[self._line.driver.name], [dict(zip(_AWARD, row, strict=True)) for row in rows]
        if self._line.driver.name == "sqlite":
            self._line.run_many(statement, named)
        elif named:
            self._line.run(statement, rows=json.dumps(named))


def _all_below(master: str, below: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Give those below, and whoever is below them."""
    found, left = {master}, [master]
    while left:
        new = [uln for uln in below.get(left.pop(), ()) if uln not in found]
        found.update(new)
        left += new
    return tuple(sorted(found - {master}))


@lru_cache(maxsize=4_096)  # a submission has the same few times again and again
def _written(at: datetime) -> str:
    """Write an instant as ``columns.Instant`` does on SQLite; PostgreSQL reads it as well."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _key(held: Award) -> tuple[str, str, str]:
    return held.key.uln, held.key.reference, held.key.organisation


def _state(held: Award) -> Row:
    """Give the columns of ``_HELD``."""
    details = held.details
    return (
        *_key(held),
        details.award_date,
        details.provider_ukprn,
        details.grade,
        details.language,
        details.mis_identifier,
        _written(held.details_at),
        held.form.value,
        held.withdrawn,
        _written(held.withdrawn_at),
        held.version,
    )


def _event(change: AwardChange, job_id: int, by: Author) -> Row:
    """Give the columns of ``_EVENT``."""
    after = change.after
    return (
        _written(by.at),
        change.outcome.value,
        *_key(after),
        after.version,
        _written(change.action_at),
        _before(change),
        job_id,
        change.position,
        by.message_id,
        by.user,
    )


def _before(change: AwardChange) -> str:
    """Give the earlier values of what changed, as JSON."""
    if change.before is None:
        return "{}"
    start, end = len(_KEY), len(_KEY) + len(_STATE)
    pairs = zip(_STATE, _state(change.before)[start:end], _state(change.after)[start:end], strict=True)
    earlier = {name: was for name, was, now in pairs if was != now}
    return json.dumps(earlier, ensure_ascii=False, separators=(",", ":"))


def _award_of(row: Row) -> Award:
    uln, reference, by, award_date, provider_ukprn, grade, language, mis_identifier, *rest = row
    details_at, form, withdrawn, withdrawn_at, version = rest
    return Award(
        key=AwardKey(by, uln, reference),
        details=Details(
            award_date=award_date,
            provider_ukprn=provider_ukprn,
            grade=grade,
            language=language,
            mis_identifier=mis_identifier,
        ),
        details_at=details_at,
        form=form,
        withdrawn=withdrawn,
        withdrawn_at=withdrawn_at,
        version=version,
    )


def _event_of(row: Row) -> AwardEvent:
    number, at, kind, uln, reference, by, version, action_at, before, *rest = row
    job_id, position, message_id, user, reason = rest
    return AwardEvent(
        id=number,
        at=at,
        kind=kind,
        key=AwardKey(by, uln, reference),
        version=version,
        action_at=action_at,
        before=json.loads(before),
        reason=reason,
        job_id=job_id,
        position=position,
        message_id=message_id,
        user=user,
    )
