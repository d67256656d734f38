"""The catalogue of qualifications and units: reading it, changing it, and what its entries were before."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy import text as sql

from uln_server.catalogue.combination import Group
from uln_server.catalogue.entry import Country, Entry, EntryKind
from uln_server.catalogue.event import CatalogueEvent, CatalogueEventKind
from uln_server.catalogue.reference import key_of
from uln_server.register.authorship import Author
from uln_server.register.times import london_date
from uln_server.store.aggregates import each_of
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import (
    catalogue_entry,
    catalogue_event,
    combination_component,
    combination_group,
    recognition,
)

# Fields of an entry that are one column each, under the same name.
_PLAIN = (
    *("key", "reference", "kind", "title", "type", "level", "sub_level", "credit", "guided_learning_hours"),
    *("minimum_guided_learning_hours", "maximum_guided_learning_hours", "total_qualification_time"),
    *("subject_area", "owner_ukprn", "owner_recognition_number", "owner_name", "owner_acronym", "availability"),
    *("grading_type", "regulation_start", "operational_start", "operational_end", "certification_end"),
    *("review", "expiry", "component_role"),
)
_LISTS = ("listed", "grades", "countries", "other")
FIELDS = (*_PLAIN, *_LISTS)
"""What a list can say of an entry, and what the history tells of."""

_PAGE = 1000  # entries read at once
_stored = (*FIELDS, "version")
_plain_of = attrgetter(*_PLAIN)
_entry = catalogue_entry.c
_columns = (
    *(_entry[name] for name in FIELDS),
    _entry.withdrawn_at,
    _entry.version,
    recognition.c.ukprn.label("recognised_ukprn"),
)
_entries = select(*_columns).outerjoin(
    recognition, recognition.c.recognition_number == _entry.owner_recognition_number
)
_THESE = Prepared(_entries.where(_entry.key.op("IN")(each_of(bindparam("keys")))))
_owned = or_(
    bindparam("owner") == "",
    _entry.owner_ukprn == bindparam("owner"),
    _entry.owner_recognition_number == bindparam("owner"),
    recognition.c.ukprn == bindparam("owner"),
)
_AFTER = Prepared(
    _entries.where(_entry.key > bindparam("after"), _owned).order_by(_entry.key).limit(bindparam("page"))
)
_LISTED = Prepared(
    select(_entry.key).where(
        _entry.withdrawn_at.is_(None),
        _entry.kind.op("IN")(each_of(bindparam("kinds"))),
        or_(
            _entry.owner_ukprn.op("IN")(each_of(bindparam("owners"))),
            _entry.owner_recognition_number.op("IN")(each_of(bindparam("owners"))),
        ),
    )
)
_COUNT = Prepared(select(func.count()).select_from(catalogue_entry))
_HISTORY = Prepared(
    select(*(catalogue_event.c[name] for name in ("id", "at", "key", "kind", "version", "before", "message_id")))
    .add_columns(catalogue_event.c.user_name)
    .where(catalogue_event.c.key == bindparam("of"))
    .order_by(catalogue_event.c.id)
)
_RECOGNITIONS = Prepared(select(recognition.c.recognition_number, recognition.c.ukprn))
_limits = ("minimum_credit", "maximum_credit", "minimum_entries", "maximum_entries")
_GROUPS = Prepared(
    select(*(combination_group.c[name] for name in ("id", "parent_id", "title", *_limits)))
    .where(combination_group.c.qualification == bindparam("of"))
    .order_by(combination_group.c.place)
)
_COMPONENTS = Prepared(
    select(combination_component.c.group_id, combination_component.c.entry)
    .join(combination_group, combination_group.c.id == combination_component.c.group_id)
    .where(combination_group.c.qualification == bindparam("of"))
    .order_by(combination_component.c.place)
)

_times = ("created_at", "updated_at")
_ADD = Prepared(insert(catalogue_entry).values({name: bindparam(name) for name in (*_stored, *_times)}).inline())
_CHANGE = Prepared(
    update(catalogue_entry)
    .where(_entry.key == bindparam("of"))
    .values({name: bindparam(name) for name in (*_stored[1:], "updated_at")} | {"withdrawn_at": None})
)
_WITHDRAW = Prepared(
    update(catalogue_entry)
    .where(_entry.key == bindparam("of"))
    .values(withdrawn_at=bindparam("at"), updated_at=bindparam("at"), version=bindparam("version"))
)
_TELL = Prepared(
    insert(catalogue_event)
    .values(
        {name: bindparam(name) for name in ("at", "key", "kind", "version", "before", "message_id", "user_name")}
    )
    .inline()
)
_FORGET_RECOGNITION = Prepared(delete(recognition).where(recognition.c.recognition_number == bindparam("of")))
_RECOGNISE = Prepared(
    insert(recognition).values(recognition_number=bindparam("number"), ukprn=bindparam("ukprn")).inline()
)
_ADD_GROUP = Prepared(
    insert(combination_group)
    .values({name: bindparam(name) for name in ("qualification", "parent_id", "place", "title", *_limits)})
    .returning(combination_group.c.id)
)
_ADD_COMPONENT = Prepared(
    insert(combination_component)
    .values({name: bindparam(name) for name in ("group_id", "entry", "place")})
    .inline()
)
_DROP_COMPONENTS = Prepared(
    delete(combination_component).where(
        combination_component.c.group_id.in_(
            select(combination_group.c.id).where(combination_group.c.qualification == bindparam("of"))
        )
    )
)
_DROP_GROUPS = Prepared(delete(combination_group).where(combination_group.c.qualification == bindparam("of")))
# What PostgreSQL does not have by itself: one importer at a time. Readers are not kept waiting.
_ALONE = Prepared(sql("LOCK TABLE catalogue_entry IN SHARE ROW EXCLUSIVE MODE"))


class Change(NamedTuple):
    """An entry as it was, if it was there, and as it is to be."""

    before: Entry | None
    after: Entry


class StoredCatalogue:
    """The catalogue as the register holds it."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self, reference: str) -> Entry | None:
        """Find an entry by its reference, with slashes or without; withdrawn ones too."""
        key = key_of(reference)
        return None if key is None else self.entries([key]).get(key)

    def entries(self, keys: Iterable[str]) -> dict[str, Entry]:
        """Give the entries that there are under these keys (``catalogue.reference.key_of``), by key."""
        rows = self._line.rows(_THESE, keys=json.dumps(list(keys)))
        return {each.key: each for each in map(_entry_of, rows)}

    def all(self, owner: str = "") -> Iterator[Entry]:
        """Give every entry in the order of the keys, or those of one owner (UKPRN or recognition number).

        Read page by page: two pages may see two states.
        """
        after = ""
        while rows := self._line.rows(_AFTER, after=after, owner=owner, page=_PAGE):
            yield from map(_entry_of, rows)
            after = rows[-1][0]

    def listed(self, owners: Collection[str], kinds: Collection[EntryKind]) -> set[str]:
        """Give the keys of these owners' entries of these kinds that are not withdrawn.

        An owner is named by UKPRN or recognition number, as the entries themselves name it.
        """
        rows = self._line.rows(_LISTED, owners=json.dumps(sorted(owners)), kinds=json.dumps(sorted(kinds)))
        return {row[0] for row in rows}

    def count(self) -> int:
        """Count the entries, withdrawn ones too."""
        return int(self._line.rows(_COUNT)[0][0])

    def history(self, key: str) -> tuple[CatalogueEvent, ...]:
        """Give what happened to an entry, oldest first."""
        names = ("id", "at", "key", "kind", "version", "before", "message_id", "user")
        return tuple(
            CatalogueEvent(**{**dict(zip(names, row, strict=True)), "before": json.loads(row[5])})
            for row in self._line.rows(_HISTORY, of=key)
        )

    def recognitions(self) -> dict[str, str]:
        """Give the UKPRN of each recognition number that somebody has named the organisation of."""
        return dict(self._line.rows(_RECOGNITIONS))

    def combination(self, key: str) -> tuple[Group, ...]:
        """Give the rules of combination of a qualification, the outermost groups first."""
        entries: dict[int, list[str]] = {}
        for group, entry in self._line.rows(_COMPONENTS, of=key):
            entries.setdefault(group, []).append(entry)
        within: dict[int | None, list[Row]] = {}
        for row in self._line.rows(_GROUPS, of=key):
            within.setdefault(row[1], []).append(row)
        return _groups(None, within, entries)


class CatalogueChanges(StoredCatalogue):
    """What may be changed about the catalogue, within a writing transaction; each change leaves its event."""

    def alone(self) -> None:
        """Keep others from changing the catalogue until this transaction ends; SQLite does so by itself."""
        if self._line.driver.name == "postgresql":
            self._line.run(_ALONE)

    def put(self, changes: Sequence[Change], by: Author) -> None:
        """Write entries that are new, and entries that were there and are now different."""
        added = [_columns_of(each.after, 1) for each in changes if each.before is None]
        self._line.run_many(_ADD, [{**each, "created_at": by.at, "updated_at": by.at} for each in added])
        changed = [each for each in changes if each.before is not None]
        self._line.run_many(
            _CHANGE,
            [
                {**_columns_of(each.after, _next(each.before)), "of": each.after.key, "updated_at": by.at}
                for each in changed
            ],
        )
        self._tell(changes, by)

    def withdraw(self, entries: Iterable[Entry], by: Author) -> None:
        """Mark entries as missing from their list."""
        found = list(entries)
        self._line.run_many(_WITHDRAW, [{"of": each.key, "at": by.at, "version": _next(each)} for each in found])
        self._line.run_many(
            _TELL, [_event(each.key, CatalogueEventKind.WITHDRAWN, _next(each), {}, by) for each in found]
        )

    def recognise(self, recognition_number: str, ukprn: str | None) -> None:
        """Say which organisation a regulator's recognition number is, or, with ``None``, that nobody knows."""
        self._line.run(_FORGET_RECOGNITION, of=recognition_number)
        if ukprn is not None:
            self._line.run(_RECOGNISE, number=recognition_number, ukprn=ukprn)

    def combine(self, key: str, groups: Iterable[Group]) -> None:
        """Give a qualification these rules of combination in the place of those it has."""
        self._line.run(_DROP_COMPONENTS, of=key)
        self._line.run(_DROP_GROUPS, of=key)
        self._add_groups(key, None, groups)

    def _add_groups(self, key: str, parent: int | None, groups: Iterable[Group]) -> None:
        for place, each in enumerate(groups, 1):
            limits = {name: getattr(each, name) for name in _limits}
            row = {"qualification": key, "parent_id": parent, "place": place, "title": each.title}
            group = self._line.rows(_ADD_GROUP, **row, **limits)[0][0]
            components = [
                {"group_id": group, "entry": entry, "place": at} for at, entry in enumerate(each.entries, 1)
            ]
            self._line.run_many(_ADD_COMPONENT, components)
            self._add_groups(key, group, each.groups)

    def _tell(self, changes: Iterable[Change], by: Author) -> None:
        self._line.run_many(
            _TELL,
            [_event(each.after.key, _kind_of(each), _next(each.before), _before(each), by) for each in changes],
        )


def _next(before: Entry | None) -> int:
    return 1 if before is None else before.version + 1


def _kind_of(change: Change) -> CatalogueEventKind:
    if change.before is None:
        return CatalogueEventKind.ADDED
    return CatalogueEventKind.RESTORED if change.before.withdrawn else CatalogueEventKind.CHANGED


def _before(change: Change) -> dict[str, Any]:
    """Give the earlier values of the fields that change."""
    if change.before is None:
        return {}
    pairs = ((name, getattr(change.before, name), getattr(change.after, name)) for name in FIELDS)
    return {name: earlier for name, earlier, later in pairs if earlier != later}


def _event(
    key: str, kind: CatalogueEventKind, version: int, before: Mapping[str, Any], by: Author
) -> dict[str, Any]:
    told = {"at": by.at, "message_id": by.message_id, "user_name": by.user}
    return {"key": key, "kind": kind, "version": version, "before": json.dumps(before), **told}


def _columns_of(entry: Entry, version: int) -> dict[str, Any]:
    columns = dict(zip(_PLAIN, _plain_of(entry), strict=True))
    for name in _LISTS:
        value = getattr(entry, name)
        columns[name] = None if value is None else json.dumps(value)
    columns["version"] = version
    return columns


def _entry_of(row: Row) -> Entry:
    plain, (listed, grades, countries, other) = row[: len(_PLAIN)], row[len(_PLAIN) : len(FIELDS)]
    return Entry(
        **dict(zip(_PLAIN, plain, strict=True)),
        listed=_many(listed) or (),
        grades=_many(grades),
        countries=None if countries is None else tuple(map(Country, json.loads(countries))),
        other=json.loads(other),
        withdrawn=row[-3] and london_date(row[-3]),
        version=row[-2],
        recognised_ukprn=row[-1],
    )


def _many(array: str | None) -> tuple[str, ...] | None:
    return None if array is None else tuple(json.loads(array))


def _groups(
    parent: int | None, within: Mapping[int | None, Sequence[Row]], entries: Mapping[int, Sequence[str]]
) -> tuple[Group, ...]:
    return tuple(
        Group(
            title=title,
            entries=tuple(entries.get(group, ())),
            groups=_groups(group, within, entries),
            **dict(zip(_limits, limits, strict=True)),
        )
        for group, _, title, *limits in within.get(parent, ())
    )
