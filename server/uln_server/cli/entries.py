"""Entries of the catalogue, for people and as data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from uln_server.catalogue.combination import Group
from uln_server.catalogue.entry import Availability, Entry
from uln_server.catalogue.event import CatalogueEvent
from uln_server.register.times import london_time
from uln_server.store.catalogue import StoredCatalogue

HEADINGS = ("REFERENCE", "KIND", "LEVEL", "CREDIT", "OWNER", "AWARD UNTIL", "TITLE")


def as_row(entry: Entry) -> tuple[str, ...]:
    """Give an entry as a line of the list."""
    owner = entry.owner or entry.owner_recognition_number or ""
    until = f"withdrawn {entry.withdrawn}" if entry.withdrawn else entry.certification_end or ""
    credit = "" if entry.credit is None else str(entry.credit)
    return entry.reference, entry.kind, entry.level or "", credit, owner, until, entry.title


def as_data(entry: Entry, groups: Sequence[Group] = ()) -> dict[str, Any]:
    """Give an entry with everything that is known of it."""
    data = {**asdict(entry), "owner": entry.owner}
    return {**data, "combination": [asdict(each) for each in groups]} if groups else data


def as_words(entry: Entry) -> dict[str, str]:
    """Give what is known of an entry, a line for each."""
    words = {name.replace("_", " "): _words(value) for name, value in asdict(entry).items()}
    words["availability"] = _availability(entry)
    words["owner ukprn"] = entry.owner or "not known: see `uln-server catalogue recognise`"
    words["grades"] = ", ".join(entry.grades) if entry.grades else "not known: any is taken"
    apart = {"listed", "recognised ukprn", "other"}
    shown = {name: text for name, text in words.items() if text and name not in apart}
    return {**shown, **entry.other}


def as_tree(groups: Iterable[Group], names: Mapping[str, str], depth: int = 0) -> Iterator[str]:
    """Give rules of combination, a group or an entry a line, what is within further in."""
    for each in groups:
        yield f"{'  ' * depth}{each.title}{_limits(each)}"
        yield from (f"{'  ' * depth}  {names[entry]}" for entry in each.entries)
        yield from as_tree(each.groups, names, depth + 1)


def named(groups: Iterable[Group], catalogue: StoredCatalogue) -> dict[str, str]:
    """Give reference and title of each entry in rules of combination, by key."""
    found = catalogue.entries(_keys(groups))
    return {key: f"{each.reference}  {each.title}" for key, each in found.items()}


def event_as_data(event: CatalogueEvent) -> dict[str, Any]:
    """Give an event as data."""
    return {**asdict(event), "at": event.at.isoformat()}


def event_as_lines(event: CatalogueEvent) -> Iterator[str]:
    """Say what happened, in UK time, by whom, and what was there before."""
    yield f"{london_time(event.at)}  {event.kind}  version {event.version}  by {event.user or 'nobody'}" + (
        f", message {event.message_id}" if event.message_id else ""
    )
    for name, value in event.before.items():
        yield f"    {name.replace('_', ' ')} was: {_words(value) or 'empty'}"


def _keys(groups: Iterable[Group]) -> Iterator[str]:
    for each in groups:
        yield from each.entries
        yield from _keys(each.groups)


def _availability(entry: Entry) -> str:
    if entry.availability is Availability.SHARED or not entry.listed:
        return str(entry.availability)
    return f"{entry.availability}: also {', '.join(entry.listed)}"


def _limits(group: Group) -> str:
    """Say how much of a group is asked for."""
    said = [
        f"{word} {number} {what}"
        for what, least, most in (
            ("credits", group.minimum_credit, group.maximum_credit),
            ("entries", group.minimum_entries, group.maximum_entries),
        )
        for word, number in (("at least", least), ("at most", most))
        if number is not None
    ]
    return f" ({', '.join(said)})" if said else ""


def _words(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {text}" for name, text in value.items())
    return "" if value is None else str(value)
