"""Good files of each layout, small, for tests to break: a table, and the same table written in each form."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Self
from xml.sax.saxutils import escape

import xlsxwriter

from uln_contract.layouts import (
    ACHIEVEMENTS,
    NAMESPACE,
    REGISTRATION_2A,
    REGISTRATION_3A,
    VERIFICATION,
    Layout,
)
from uln_contract.ulns import check_digit

_MADE = datetime(2024, 6, 24, 9, 30, tzinfo=UTC)

NAMES = {
    "3A": "LRB_90000001_240620240930",
    "2A": "LRB_90000001_240620240930",
    "verify": "VER_90000001_20240624_001",
    "achievement": "QCF_90000001_20240624_001",
}
UKPRN = "90000001"


@dataclass(frozen=True)
class Table:
    """A file's content: headings, and rows of as many cells."""

    layout: Layout
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def put(self, row: int, column: str, value: str) -> Self:
        """Write a cell; ``row`` as a spreadsheet counts it, the headings being row 1."""
        cells = list(self.rows[row - 2])
        cells[self.headings.index(column)] = value
        return replace(self, rows=(*self.rows[: row - 2], tuple(cells), *self.rows[row - 1 :]))

    def map(self, column: str, change: Callable[[str], str]) -> Self:
        """Change every cell of a column."""
        place = self.headings.index(column)
        rows = (tuple(change(cell) if at == place else cell for at, cell in enumerate(row)) for row in self.rows)
        return replace(self, rows=tuple(rows))

    def headed(self, change: Callable[[str], str]) -> Self:
        """Change every heading."""
        return replace(self, headings=tuple(map(change, self.headings)))

    def renamed(self, column: str, heading: str) -> Self:
        """Change a heading."""
        return self.headed(lambda each: heading if each == column else each)

    def only(self, headings: Sequence[str]) -> Self:
        """Keep these columns, in this order."""
        places = [self.headings.index(each) for each in headings]
        return replace(
            self,
            headings=tuple(headings),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )

    def without(self, *columns: str) -> Self:
        """Take columns out."""
        return self.only([each for each in self.headings if each not in columns])

    def beside(self, heading: str, cells: Iterable[str]) -> Self:
        """Put another column behind the others."""
        rows = tuple((*row, cell) for row, cell in zip(self.rows, cells, strict=True))
        return replace(self, headings=(*self.headings, heading), rows=rows)

    def repeated(self, row: int) -> Self:
        """Put a copy of a row behind the last one."""
        return replace(self, rows=(*self.rows, self.rows[row - 2]))

    def cell(self, row: int, column: str) -> str:
        """Read a cell."""
        return self.rows[row - 2][self.headings.index(column)]

    def csv(
        self, delimiter: str = ",", end: str = "\r\n", *, quoted: bool = True, encoding: str = "utf-8"
    ) -> bytes:
        """Write the table as CSV."""
        text = io.StringIO()
        lines = csv.writer(
            text,
            delimiter=delimiter,
            lineterminator=end,
            quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
        )
        lines.writerows((self.headings, *self.rows))
        return text.getvalue().encode(encoding)

    def xml(self) -> bytes:
        """Write the table as XML."""
        records = "".join(self._record(row) for row in self.rows)
        root = self.layout.root
        leading = "".join(
            _element(name, self.cell(2, name))
            for name in self.headings
            if name in {each.name for each in self.layout.of_file} and self.cell(2, name)
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{leading}\n{records}</{root}>\n'
        ).encode()

    def _record(self, row: tuple[str, ...]) -> str:
        of_file = {each.name for each in self.layout.of_file}
        inner = "".join(
            _element(name, cell)
            for name, cell in zip(self.headings, row, strict=True)
            if cell and name not in of_file
        )
        return f"  <{self.layout.record}>{inner}</{self.layout.record}>\n"

    def xlsx(self, change: Callable[[Any, Any], None] = lambda book, sheet: None, sheet: str = "Sheet1") -> bytes:  # noqa: ARG005  # nothing changes
        """Write the table as a workbook whose cells are text; ``change`` gets the workbook and the worksheet."""
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
            book.set_properties({"created": _MADE})
            written = book.add_worksheet(sheet)
            for at, row in enumerate((self.headings, *self.rows)):
                for place, cell in enumerate(row):
                    written.write_string(at, place, cell)
            change(book, written)
        return file.getvalue()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def table(layout: Layout, rows: Sequence[dict[str, str]]) -> Table:
    """Lay records out in the layout's order, the columns of the whole file in the first row."""
    names = layout.names
    leading = {
        "FileVersion": layout.name,
        "FileName": f"{NAMES[layout.name]}.CSV",
        "UKPRN": UKPRN,
        "LearnerRecordCount": str(len(rows)),
    }
    given = [{**leading, **row} if number == 0 else row for number, row in enumerate(rows)]
    return Table(layout, names, tuple(tuple(row.get(name, "") for name in names) for row in given))


_LEARNERS: tuple[dict[str, str], ...] = (
    {
        "MISIdentifier": "MIS-0001",
        "ULN": "1026893096",
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "1976-08-16",
        "Gender": "2",
        "LastKnownPostCode": "CV4 9EE",
    },
    {
        "MISIdentifier": "MIS-0002",
        "ULN": "9276308686",
        "FamilyName": "O'Brien-Łukasz",
        "GivenName": "Siân",
        "DateOfBirth": "2001-02-28",
        "Gender": "2",
        "LastKnownPostCode": "SA1 3SN",
    },
    {
        "MISIdentifier": "MIS-0003",
        "ULN": "1174112637",
        "FamilyName": "Natarajan",
        "GivenName": "Priya",
        "DateOfBirth": "1999-12-31",
        "Gender": "2",
        "LastKnownPostCode": "B15 2TT",
    },
    {
        "MISIdentifier": "MIS-0004",
        "ULN": "6936002314",
        "FamilyName": "Reed",
        "GivenName": "Jordan",
        "DateOfBirth": "1985-03-27",
        "Gender": "1",
        "LastKnownPostCode": "LS1 4AP",
    },
)
_MORE = {"VerificationType": "2", "Nationality": "GBR", "PlaceOfBirth": "Coventry", "Title": "Ms"}


def letters(number: int) -> str:
    """Give a number as a name: 12 is Bc."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()


def ulns(count: int) -> Iterator[str]:
    """Give ULNs that are valid, the same ones each time."""
    prefixes = map(str, range(310_000_000, 400_000_000))
    found = (f"{prefix}{digit}" for prefix in prefixes if (digit := check_digit(prefix)))
    return islice(found, count)


def registration(layout: Layout, count: int) -> Table:
    """Learners to register: the four of all tables, and as many others as are needed."""
    share = {"PrivacyNoticeSeen": "1"} if layout is REGISTRATION_3A else {"AbilityToShare": "1"}
    others = (
        {**_LEARNERS[0], "MISIdentifier": f"MIS-{number:04}", "GivenName": f"Darcie {letters(number)}"}
        for number in range(5, count + 1)
    )
    names = layout.names
    learners = ({**each, **_MORE, **share, "ULN": ""} for each in (*_LEARNERS, *others))
    return table(layout, [{name: each[name] for name in names if name in each} for each in learners])


def _awarded(number: int, learner: dict[str, str]) -> dict[str, str]:
    return {
        "AchievementAwardDate": "2024-06-28",
        "Action": "1",
        "ActionDate": "2024-06-28T09:30:00Z",
        "DateofBirth": learner["DateOfBirth"],
        "FamilyName": learner["FamilyName"],
        "Gender": learner["Gender"],
        "GivenName": learner["GivenName"],
        "Grade": "Pass",
        "LanguageForAssessment": "English",
        "LearnerPostcode": learner["LastKnownPostCode"],
        "MisIdentifier": learner["MISIdentifier"],
        "ProviderUkprn": "90000002",
        "Uln": learner["ULN"],
        "UnitOrQualificationReferenceNumber": f"S/900/000{number}",
    }


REGISTRATION = registration(REGISTRATION_3A, 50)
REGISTRATION_OLD = registration(REGISTRATION_2A, 50)
VERIFY = table(
    VERIFICATION,
    [{name: each[name] for name in VERIFICATION.names} for each in _LEARNERS],
)
AWARDS = table(ACHIEVEMENTS, [_awarded(number, each) for number, each in enumerate(_LEARNERS, 1)])
