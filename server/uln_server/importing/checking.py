"""Each row's values against the contract's strict types, and against each other (domain §2, §3, §4, §6)."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from uln_contract import ulns
from uln_contract.names import has_letters
from uln_contract.normalising import normalise
from uln_server.importing.layout import COLUMNS, Column, Layout
from uln_server.importing.rules import Finding, Rule
from uln_server.register.demographics import post_code_key
from uln_server.register.learner import Learner, Status
from uln_server.register.times import LONDON, london_date
from uln_server.sandbox.mark import INVENTED

UNKNOWN_ULN = "9999999999"
"""The funding return's "unknown ULN" (domain §2)."""

_STATUSES = {"": Status.ACTIVE, **{str(each.value): each for each in Status}}
_DESCRIBED = "999"  # the VerificationType that needs words
# What no XML may carry, and the mark of bytes that were no character of the file's encoding.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffc\U00010000-\U0010ffff]")
_DATES = ("DateOfBirth", "CreatedDate", "LastUpdatedDate", "DateOfAddressCapture")
# What the published pattern lets through. A birthday stays as it is written; a moment cannot be made of it.
_NO_DAYS = frozenset({"1800-02-29", "1900-02-29"})
_MOMENTS = frozenset({"CreatedDate", "LastUpdatedDate"})
# Each date, and the one that it cannot come before.
_IN_ORDER = (("CreatedDate", "DateOfBirth"), ("LastUpdatedDate", "CreatedDate"))
_APART = ("uln", "status", "version", "created_at", "updated_at", "master_uln")
_HINTS = {
    "AbilityToShare": "0: notice not seen; 1: seen, shares; 2: seen, does not share.",
    "Gender": "0: not known; 1: male; 2: female; 9: not specified.",
    "LastKnownPostCode": "Write it like CV4 9EE, with none of C, I, K, M, O and V among the last two letters;"
    " ZZ99 9ZZ when it is unknown.",
    "LearnerStatus": "0: deleted; 1: active; 2: merged into MasterULN.",
    "ULN": "Copy it digit by digit, without spaces; in a spreadsheet its column must be text.",
    "VerificationType": "With 999 give OtherVerificationDescription as well.",
}
_FOR_ANY_ULN = "Copy it again from its source."


class Candidate(NamedTuple):
    """A row that holds to every rule of its own: its number, its cells, and every column of the register's row."""

    number: int
    cells: list[str]
    values: dict[str, Any]


class Checker:
    """Checks rows of one layout.

    ``now`` (aware) is when the import began: what stands for dates that a row does not give, and the end of the
    past. ``foreign`` are the learners that must not come in: ULN, given and family name, date of birth.
    """

    def __init__(self, layout: Layout, now: datetime, foreign: frozenset[tuple[str, ...]] = frozenset()) -> None:
        self._now = now
        self._today = london_date(now)
        self._foreign = foreign
        read = [(place, column) for place, column in enumerate(layout.columns) if column is not None]
        self._checks = [(place, column.type.fits, column.required, column) for place, column in read]
        self._plain = [(place, column.attribute) for place, column in read if column.attribute not in _APART]
        # A column that the file lacks is the empty cell that is put behind the row's own.
        self._places = {name: layout.places.get(name, len(layout.columns)) for name in COLUMNS}
        self._empty: dict[str, Any] = dict.fromkeys(column.attribute for column in COLUMNS.values())
        self._dates = [(name, self._places[name]) for name in _DATES if name in layout.places]

    def uln(self, cells: Sequence[str]) -> str:
        """Give what stands in the column ULN."""
        return cells[self._places["ULN"]]

    def merged(self, cells: Sequence[str]) -> bool:
        """Tell whether a row means to be a merged record."""
        place = self._places["LearnerStatus"]
        return place < len(cells) and cells[place] == "2"

    def check(self, number: int, cells: list[str]) -> Candidate | list[Finding]:
        """Give the row as the register would hold it, or everything that is wrong with it."""
        cells = [*cells, ""]
        findings = [*self._types(cells)]
        text = "".join(cells)
        if "\ufffd" in text or not text.isprintable():
            findings += self._characters(cells)
        findings += self._relations(cells, {each.column for each in findings})
        return findings or Candidate(number, cells, self._values(cells))

    def differing(self, candidate: Candidate, held: Learner) -> list[str]:
        """Name the columns that say something else than the register's record. An empty cell says nothing [O]."""
        given = ((place, column) for place, _, _, column in self._checks if candidate.cells[place])
        return [column.name for place, column in given if candidate.cells[place] != _as_cell(held, column)]

    def _types(self, cells: list[str]) -> Iterator[Finding]:
        for place, fits, required, column in self._checks:
            value = cells[place]
            if value:
                if not fits(value):
                    yield _misfit(column, value)
            elif required:
                yield _missing(column)

    def _characters(self, cells: list[str]) -> Iterator[Finding]:
        for place, _, _, column in self._checks:
            found = _UNFIT.search(cells[place])
            if found is not None:
                yield Finding(
                    Rule.CHARACTERS,
                    column.name,
                    cells[place],
                    "holds bytes that are no text of the file's encoding, or a control character.",
                    "Save the file as UTF-8; or name its encoding, such as --encoding windows-1252.",
                )

    def _relations(self, cells: list[str], broken: set[str]) -> Iterator[Finding]:
        """Check what a type cannot say; a column that breaks its type is not looked at again."""
        places = self._places
        for name in ("ULN", "MasterULN"):
            uln = cells[places[name]]
            if uln and name not in broken and not ulns.is_valid(uln):
                yield _no_uln(name, uln)
        for name in ("GivenName", "FamilyName"):
            value = cells[places[name]]
            if value and name not in broken and not has_letters(value):
                yield Finding(Rule.NO_LETTER, name, value, "has no letter in it.", "Give the learner's name.")
        if cells[places["VerificationType"]] == _DESCRIBED and not cells[places["OtherVerificationDescription"]]:
            yield Finding(
                Rule.DESCRIPTION,
                "OtherVerificationDescription",
                "",
                "is empty, and VerificationType is 999.",
                "Say what was seen, or give another VerificationType.",
            )
        yield from self._status(cells, broken)
        yield from self._order(cells, broken)
        if self._foreign:
            yield from self._sandbox(cells)

    def _status(self, cells: list[str], broken: set[str]) -> Iterator[Finding]:
        status, master = cells[self._places["LearnerStatus"]], cells[self._places["MasterULN"]]
        if "LearnerStatus" in broken:
            return
        if (status == "2") != bool(master):
            yield Finding(
                Rule.STATUS,
                "MasterULN" if master else "LearnerStatus",
                master or status,
                "and LearnerStatus disagree: a record is merged (2) exactly when it names its master.",
                "Give both LearnerStatus 2 and MasterULN, or neither.",
            )
        elif master and master == cells[self._places["ULN"]]:
            yield Finding(Rule.OWN_MASTER, "MasterULN", master, "is the row's own ULN.", "Name the other record.")

    def _order(self, cells: list[str], broken: set[str]) -> Iterator[Finding]:
        for name, place in self._dates:
            if cells[place] > self._today and name not in broken:
                yield Finding(Rule.DATE, name, cells[place], "is in the future.", "Correct the date.")
            elif cells[place] in _NO_DAYS and name in _MOMENTS:
                yield Finding(Rule.DATE, name, cells[place], "is no day of the calendar.", "Correct the date.")
        for later, earlier in _IN_ORDER:
            first, last = cells[self._places[earlier]], cells[self._places[later]]
            if first > last and last and broken.isdisjoint((later, earlier)):
                yield Finding(
                    Rule.DATE, later, last, f"is before {earlier}, {first}.", "Correct the one that is wrong."
                )

    def _sandbox(self, cells: list[str]) -> Iterator[Finding]:
        person = tuple(cells[self._places[name]] for name in ("ULN", "GivenName", "FamilyName", "DateOfBirth"))
        if person in self._foreign or cells[self._places["Notes"]].startswith(INVENTED):
            words = "belongs to an invented learner of a sandbox."
            yield Finding(Rule.SANDBOX, "ULN", person[0], words, "Take the row out: this register is for real.")

    def _values(self, cells: list[str]) -> dict[str, Any]:
        places = self._places
        created, updated = cells[places["CreatedDate"]], cells[places["LastUpdatedDate"]]
        created_at = _start_of(created) if created else self._now
        values = self._empty.copy()
        for place, attribute in self._plain:
            if cells[place]:
                values[attribute] = cells[place]
        values["uln"] = cells[places["ULN"]]
        values["status"] = _STATUSES[cells[places["LearnerStatus"]]]
        values["master_uln"] = cells[places["MasterULN"]] or None
        values["version"] = int(cells[places["VersionNumber"]] or 1)
        values["created_at"] = created_at
        values["updated_at"] = _start_of(updated) if updated else created_at
        values["given_key"] = normalise(values["given_name"])
        values["family_key"] = normalise(values["family_name"])
        values["post_code_key"] = post_code_key(values["last_known_post_code"])
        return values


@lru_cache(maxsize=16_384)
def _start_of(date: str) -> datetime:
    """Give the moment at which a plain UK date begins."""
    return datetime.fromisoformat(date).replace(tzinfo=LONDON).astimezone(UTC)


def _as_cell(held: Learner, column: Column) -> str:
    value = getattr(held, column.attribute)
    if isinstance(value, datetime):
        return london_date(value)
    return "" if value is None else str(int(value) if isinstance(value, Status) else value)


def _missing(column: Column) -> Finding:
    words = "is empty, and every learner needs it."
    return Finding(Rule.MISSING, column.name, "", words, f"Fill it in. {_way_out(column)}")


def _misfit(column: Column, value: str) -> Finding:
    pattern, most = column.type.pattern, column.type.maximum
    if len(value) > most and (pattern is None or pattern.fullmatch(value)):
        words = f"has {len(value)} characters, and at most {most} fit."
        return Finding(Rule.LENGTH, column.name, value, words, f"Shorten it.{_or_empty(column)}")
    return Finding(Rule.FORM, column.name, value, f"does not fit: {column.type.meaning}", _way_out(column))


def _way_out(column: Column) -> str:
    return _HINTS.get(column.name) or f"Write it like {column.type.example}.{_or_empty(column)}"


def _or_empty(column: Column) -> str:
    return "" if column.required else " Or leave it empty."


def _no_uln(name: str, uln: str) -> Finding:
    if uln == UNKNOWN_ULN:
        words = "is the funding return's number for an unknown ULN, and nobody's."
        return Finding(Rule.UNKNOWN_ULN, name, uln, words, "Give the learner's own ULN, or register the learner.")
    return Finding(Rule.CHECK_DIGIT, name, uln, "has a wrong check digit: a digit was misread.", _FOR_ANY_ULN)
