"""A file in memory for the tests of checking, and what is found in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest

from uln_contract.batch_files.checking import CheckedFile, CheckedRow, Options
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.rows import FileForm, Row, Written
from uln_contract.layouts import LAYOUTS, Layout

TODAY = date(2026, 11, 24)
OPTIONS = Options(today=TODAY)
ULNS = ("1026893096", "9276308686", "4444599390", "6936002314", "1174112637")

GOOD: Mapping[str, Mapping[str, str]] = {
    "verify": {
        "MISIdentifier": "MIS-0042",
        "ULN": "1026893096",
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "2001-08-16",
        "Gender": "2",
    },
    "achievement": {
        "AchievementAwardDate": "2024-06-28",
        "Action": "1",
        "ActionDate": "2024-06-28T00:00:00",
        "DateofBirth": "2001-08-16",
        "FamilyName": "Tucker",
        "Gender": "2",
        "GivenName": "Darcie",
        "Grade": "Pass",
        "LearnerPostcode": "CV4 9EE",
        "MisIdentifier": "MIS-0042",
        "ProviderUkprn": "90000002",
        "Uln": "1026893096",
        "UnitOrQualificationReferenceNumber": "S/900/0004",
    },
    "2A": {
        "MISIdentifier": "MIS-0042",
        "GivenName": "Darcie",
        "FamilyName": "Tucker",
        "LastKnownPostCode": "CV4 9EE",
        "DateOfBirth": "2001-08-16",
        "Gender": "2",
        "AbilityToShare": "1",
        "VerificationType": "2",
    },
    "3A": {
        "MISIdentifier": "MIS-0042",
        "GivenName": "Darcie",
        "FamilyName": "Tucker",
        "LastKnownPostCode": "CV4 9EE",
        "DateOfBirth": "2001-08-16",
        "Gender": "2",
        "PrivacyNoticeSeen": "1",
        "VerificationType": "2",
    },
}
"""For each layout a record with nothing to say of it."""


class InMemory:
    """A source whose rows are given."""

    def __init__(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        findings: Mapping[int, Finding] | None = None,
        sheet: str = "",
    ) -> None:
        self.written = Written(FileForm.CSV, "utf-8", ",", "\r\n", sheet)
        self.headings = headings
        self.heading_row: int | None = 1
        self.findings: list[Finding] = []
        self.closed = False
        self._cells = rows
        self._of_rows = findings or {}

    def rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self._cells, 2):
            told = self._of_rows.get(number)
            yield Row(number, cells, (told,) if told else ())

    def position(self) -> tuple[int, int]:
        return len(self._cells), len(self._cells)

    def close(self) -> None:
        self.closed = True


def leading(layout: Layout, count: int) -> dict[str, str]:
    """Give the leading columns of a good file of so many records."""
    if not layout.of_file:
        return {}
    return {
        "FileVersion": layout.name,
        "FileName": file_name(layout),
        "UKPRN": "90000001",
        "LearnerRecordCount": str(count),
    }


def file_name(layout: Layout) -> str:
    return f"{layout.file_name_example}.{'CSV' if layout.extension_upper else 'csv'}"


def source(layout: Layout, *records: Mapping[str, str]) -> InMemory:
    """Give a file of these records with the layout's headings, leading columns added where they are not given."""
    first = {**leading(layout, len(records)), **records[0]} if records else {}
    rows = [[each.get(name, "") for name in layout.names] for each in (first, *records[1:])] if records else []
    return InMemory(layout.names, rows)


def checked(
    name: str, *records: Mapping[str, str], options: Options = OPTIONS, called: str | None = None
) -> CheckedFile:
    """Open a file of a layout with these records."""
    layout = LAYOUTS[name]
    read = source(layout, *records)
    return CheckedFile(read, headed(read.headings, (layout,)), called or file_name(layout), options)


def rows_of(name: str, *records: Mapping[str, str], options: Options = OPTIONS) -> list[CheckedRow]:
    """Give the rows of such a file, each as it is checked."""
    return list(checked(name, *records, options=options).rows())


def row_of(name: str, **values: str) -> CheckedRow:
    """Check one record: a good one with these values instead."""
    (row,) = rows_of(name, {**GOOD[name], **values})
    return row


def told(row: CheckedRow) -> list[tuple[str, str | None]]:
    """Give the codes and columns of a row's findings."""
    return [(each.code, each.column) for each in row.findings]


def refusal(
    name: str, *records: Mapping[str, str], options: Options = OPTIONS, called: str | None = None
) -> Finding:
    """Give what decides that no record of a file can be sent."""
    with pytest.raises(UnusableFile) as unusable:
        list(checked(name, *records, options=options, called=called).rows())
    return unusable.value.findings[-1]
