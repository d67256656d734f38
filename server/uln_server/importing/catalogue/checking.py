"""Each row of a list by itself: what it says of an entry, or everything that is wrong with it."""

from typing import Any

from uln_server.catalogue.entry import Availability, Entry
from uln_server.catalogue.reference import SHAPES, key_of, kind_of
from uln_server.catalogue.saying import Contradiction, Fault, Saying, faults_of
from uln_server.importing.catalogue.cells import Misfit
from uln_server.importing.catalogue.layouts import Column, Layout
from uln_server.importing.lists import ListRule, is_fit, missing, unfit
from uln_server.importing.rules import Finding

_REQUIRED = frozenset({"reference", "title"})
# Fields whose emptiness is no value of an entry: nothing is said by it.
_UNSAID = frozenset({"kind"})
_EMPTY = {"availability": Availability.RESTRICTED, "listed": ()}

_ABOUT = {
    Contradiction.NO_OWNER: (
        ListRule.OWNER,
        "is empty, and nothing else says whose it is.",
        "Give the owner's UKPRN, or its recognition number.",
    ),
    Contradiction.START_AFTER_END: (ListRule.DATE, "is before the operational start.", "Correct one of them."),
    Contradiction.START_AFTER_CERTIFICATION_END: (
        ListRule.DATE,
        "is before the operational start.",
        "Correct one of them.",
    ),
    Contradiction.QUALIFICATION_SHARED: (
        ListRule.AVAILABILITY,
        "is shared, and this is a qualification.",
        "Only a unit can be shared: leave it empty.",
    ),
    Contradiction.QUALIFICATION_LISTED: (
        ListRule.AVAILABILITY,
        "names other awarding organisations, and this is a qualification.",
        "Only a unit can be awarded by others than its owner: leave it empty.",
    ),
}


class Checker:
    """Checks rows of one layout. ``foreign`` are UKPRNs whose entries must not come in."""

    def __init__(self, layout: Layout, foreign: frozenset[str] = frozenset()) -> None:
        self._layout = layout
        self._foreign = foreign

    @property
    def reference(self) -> str:
        """The heading of the column with the reference."""
        return self._layout.heading("reference")

    def key(self, cells: list[str]) -> str | None:
        """Give the key of a row, be the rest of it good or bad; ``None`` when it has no reference to be read."""
        pairs = zip(self._layout.columns, cells, strict=False)
        return next((key_of(cell) for column, cell in pairs if column.field == "reference"), None)

    def check(self, cells: list[str]) -> Saying | list[Finding]:
        """Give what a row says, or what is wrong with it; contradictions show once the entry is known."""
        findings: list[Finding] = []
        values: dict[str, Any] = {}
        offered, other = {}, {}
        reference = ""
        for column, cell in zip(self._layout.columns, map(str.strip, cells), strict=True):
            if wrong := self._wrong(column, cell):
                findings.append(wrong)
            elif column.field == "reference":
                reference = cell
            elif column.field:
                values.update(_value(column, cell))
            elif column.country is None:
                other[column.heading] = cell
            elif cell:
                offered[column.country] = bool(column.read(cell))
        key = key_of(reference)
        if findings or key is None:
            return findings
        return Saying(key=key, kind=kind_of(reference), values=values, offered=offered, other=other)

    def contradictions(self, entry: Entry) -> list[Finding]:
        """Say what contradicts itself in an entry as it would be."""
        return [self._finding(each, entry) for each in faults_of(entry)]

    def _wrong(self, column: Column, cell: str) -> Finding | None:
        if not cell:
            return missing(column.heading) if column.field in _REQUIRED else None
        if not is_fit(cell):
            return unfit(column.heading, cell)
        if column.field == "reference" and key_of(cell) is None:
            return Finding(
                ListRule.REFERENCE, column.heading, cell, "is no reference.", f"Write it like {SHAPES}."
            )
        if column.field == "owner_ukprn" and cell in self._foreign:
            words = "is an invented organisation of the sandbox."
            remedy = "Take the row out: this register is for real."
            return Finding(ListRule.SANDBOX, column.heading, cell, words, remedy)
        try:
            column.read(cell)
        except Misfit as misfit:
            return Finding(misfit.rule, column.heading, cell, misfit.words, misfit.remedy)
        return None

    def _finding(self, fault: Fault, entry: Entry) -> Finding:
        rule, words, remedy = _ABOUT[fault.contradiction]
        value = getattr(entry, fault.field)
        shown = ";".join(value) if isinstance(value, tuple) else value or ""
        return Finding(rule, self._layout.heading(fault.field), shown, words, remedy)


def _value(column: Column, cell: str) -> dict[str, Any]:
    if cell:
        return {column.field: column.read(cell)}
    return {} if column.field in _UNSAID else {column.field: _EMPTY.get(column.field)}
