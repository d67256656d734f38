"""Entries for tests: a qualification and a unit, with what a test wants otherwise."""

from typing import Any

from uln_server.catalogue.entry import Entry, EntryKind

OWNER, OTHER = "10000001", "10000002"


def qualification(**fields: Any) -> Entry:
    chosen = {"owner_ukprn": OWNER, "grades": ("Pass", "Merit", "Distinction*"), **fields}
    kind = EntryKind.QUALIFICATION
    return Entry(key="6001166X", reference="600/1166/X", kind=kind, title="Diploma in Beekeeping", **chosen)


def unit(**fields: Any) -> Entry:
    chosen = {"owner_ukprn": OWNER, "grades": ("Pass",), "credit": 3, **fields}
    return Entry(key="K5015773", reference="K/501/5773", kind=EntryKind.UNIT, title="Keeping Bees", **chosen)
