"""What a file's output holds, a row for each record of the file, in the file's order (domain §8).

Of registrations the output is published: the columns of the file, the leading ones too, with ULN fifth and
MISIdentifier sixth, and ReturnCode behind them. Live importers split it line by line on commas and read the fifth
column [S]: so no value has a line break, and the first six have no comma. Of verifications and achievements
nothing is published, and their columns are ours [O]: what the service's replies tell of a row, by its names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.codes import ReturnCode
from uln_contract.layouts import FileKind, Layout
from uln_contract.records import MIAPVerifiedBatchLearner

_SAFE_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a record.

    ``code`` is the service's: a return code, a verification's code, or what an achievement came to. ``codes`` are
    those of an achievement's findings, or of the check's of a record that was not sent. ``found`` is what a
    verification tells of the register, by the contract's names.
    """

    code: str = ""
    codes: str = ""
    uln: str = ""
    flags: str = ""
    found: Mapping[str, str] = field(default_factory=dict, repr=False)


class Output(Protocol):
    """The output of one kind of file."""

    headings: Sequence[str]

    def cells(self, values: Mapping[str, str], answered: Answered) -> list[str]:
        """Give a record's row; ``values`` are what was sent, by the layout's names of the columns."""


def output_of(layout: Layout, *, ukprn: str, records: int, name: str) -> Output:
    """Give the output of a file of this layout: of so many records, and under the name ``name``."""
    if layout.kind is FileKind.REGISTRATION:
        return _Registration(layout, {"UKPRN": ukprn, "LearnerRecordCount": str(records), "FileName": name})
    return _Verification() if layout.kind is FileKind.VERIFICATION else _Achievements(layout)


def refused_with(findings: Iterable[Finding]) -> ReturnCode:
    """Give the return code of a registration that the check refuses, as the service would give it [O].

    RC013 for the age, RC012 for a UCI or UPN, RC006 for what is missing, RC010 for a learner of an earlier
    record; RC011 for whatever else, and first of several.
    """
    codes = {_code(each) for each in findings if each.refuses}
    return next((each for each in _FIRST if each in codes), ReturnCode.RC011)


_FIRST = (ReturnCode.RC011, ReturnCode.RC012, ReturnCode.RC006, ReturnCode.RC013, ReturnCode.RC010)
_OF_VALUE = {
    ValueCode.AGE: ReturnCode.RC013,
    ValueCode.MISSING: ReturnCode.RC006,
    ValueCode.NO_LETTER: ReturnCode.RC006,
    ValueCode.FIVE: ReturnCode.RC006,
    ValueCode.NEW_LEARNER: ReturnCode.RC006,
    ValueCode.SAME_LEARNER: ReturnCode.RC010,
}


def _code(finding: Finding) -> ReturnCode:
    if finding.column in {"UCI", "UPN"}:
        return ReturnCode.RC012
    return {each.value: code for each, code in _OF_VALUE.items()}.get(finding.code, ReturnCode.RC011)


class _Registration:
    """The published one: leading columns in the first row alone, as in the file."""

    def __init__(self, layout: Layout, leading: Mapping[str, str]) -> None:
        self.headings: Sequence[str] = (*layout.names, "ReturnCode")
        self._leading = {**{each.name: layout.name for each in layout.of_file}, **leading}
        self._names = layout.names

    def cells(self, values: Mapping[str, str], answered: Answered) -> list[str]:
        """Give a record's row; its ULN is the answer's alone."""
        given = {**values, **self._leading, "ULN": answered.uln}
        self._leading = dict.fromkeys(self._leading, "")
        cells = [_one_line(given.get(name, "")) for name in self._names]
        return [*(each.replace(",", " ") for each in cells[:_SAFE_COLUMNS]), *cells[_SAFE_COLUMNS:], answered.code]


class _Verification:
    """The fields of the contract type MIAPVerifiedBatchLearner, in its order."""

    headings: Sequence[str] = tuple(each.name for each in MIAPVerifiedBatchLearner.FIELDS)

    def cells(self, values: Mapping[str, str], answered: Answered) -> list[str]:
        """Give a record's row: what was sent, and of the register what the service told."""
        given = {
            "MISIdentifier": values.get("MISIdentifier", ""),
            **{f"Searched{name}": text for name, text in values.items()},
            **answered.found,
            "ResponseCode": answered.code or answered.codes,
            "ULN": answered.uln,
            "FailureFlag": answered.flags,
        }
        return [_one_line(given.get(name, "")) for name in self.headings]


class _Achievements:
    """What was sent, what it came to, and the codes of what was found."""

    def __init__(self, layout: Layout) -> None:
        self.headings: Sequence[str] = (*layout.names, "Outcome", "Codes")
        self._names = layout.names

    def cells(self, values: Mapping[str, str], answered: Answered) -> list[str]:
        """Give a record's row."""
        return [*(_one_line(values.get(name, "")) for name in self._names), answered.code, answered.codes]


def _one_line(text: str) -> str:
    return text if text.isprintable() else " ".join(text.split())
