"""What a row of a list says of an entry, and the entry that follows from it and from what was known before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from uln_server.catalogue.entry import Availability, Country, Entry, EntryKind
from uln_server.catalogue.grading import structure_of
from uln_server.catalogue.reference import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One row. What it does not speak of stays as it is known [O].

    ``kind`` is what the reference looks like; a list that says the kind itself has it in ``values``, which are
    fields of ``Entry`` by name, ``None`` where the list says that there is nothing. ``offered`` tells for some
    countries whether the entry is offered there. ``other`` are further cells by heading, empty ones too.
    """

    key: str
    kind: EntryKind
    values: Mapping[str, Any] = field(default_factory=dict)
    offered: Mapping[Country, bool] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)


class Contradiction(StrEnum):
    """What cannot be true of one entry."""

    NO_OWNER = "no-owner"
    START_AFTER_END = "start-after-end"
    START_AFTER_CERTIFICATION_END = "start-after-certification-end"
    QUALIFICATION_SHARED = "qualification-shared"
    QUALIFICATION_LISTED = "qualification-listed"


class Fault(NamedTuple):
    """A contradiction, and the field of ``Entry`` that it shows in."""

    contradiction: Contradiction
    field: str


def entry_of(said: Saying, held: Entry | None) -> Entry:
    """Give the entry as it is from now on. An entry that was withdrawn is there again."""
    values = dict(said.values)
    kind = values.get("kind") or (held.kind if held else said.kind)
    known = held or Entry(key=said.key, reference="", kind=kind, title="")
    if values.get("grades") is None:
        values["grades"] = _grades(values, known, kind)
    if said.offered:
        values["countries"] = _countries(known.countries, said.offered)
    other = {**known.other, **said.other}
    values["other"] = {heading: text for heading, text in other.items() if text}
    return replace(known, **{**values, "kind": kind, "reference": shown(said.key, kind), "withdrawn": None})


def faults_of(entry: Entry) -> list[Fault]:
    """Find what contradicts itself."""
    faults = []
    if entry.owner_ukprn is None and entry.owner_recognition_number is None:
        faults.append(Fault(Contradiction.NO_OWNER, "owner_ukprn"))
    start = entry.operational_start or ""
    for end, contradiction in (
        ("operational_end", Contradiction.START_AFTER_END),
        ("certification_end", Contradiction.START_AFTER_CERTIFICATION_END),
    ):
        last = getattr(entry, end)
        if last is not None and start > last:
            faults.append(Fault(contradiction, end))
    if entry.kind is EntryKind.QUALIFICATION:
        if entry.availability is Availability.SHARED:
            faults.append(Fault(Contradiction.QUALIFICATION_SHARED, "availability"))
        if entry.listed:
            faults.append(Fault(Contradiction.QUALIFICATION_LISTED, "listed"))
    return faults


def _grades(values: Mapping[str, Any], known: Entry, kind: EntryKind) -> tuple[str, ...] | None:
    """Give the grades of an entry where this list does not name them.

    Grades that another list named stay, unless this one says that there are none.
    """
    followed = structure_of(known.grading_type, kind)
    if "grades" not in values and known.grades not in {None, followed}:
        return known.grades
    return structure_of(values.get("grading_type", known.grading_type), kind)


def _countries(known: tuple[Country, ...] | None, offered: Mapping[Country, bool]) -> tuple[Country, ...]:
    there = {*(known or ()), *(country for country, yes in offered.items() if yes)}
    return tuple(country for country in Country if country in there and offered.get(country, True))
