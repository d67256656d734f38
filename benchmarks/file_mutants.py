"""A good batch file with something wrong in it: how it is written, and where the defect lies."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape

from tests.golden.tables import NAMES, Table

from uln_contract.batch_files.rows import FileForm
from uln_contract.layouts import NAMESPACE, Layout

CellWriter = Callable[[Any, Any, int, int], object]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a defect lies: what a report has to name. ``None`` is what it need not name."""

    row: int | None = None
    column: str | None = None


@dataclass
class Mutant:
    """A file that is not as it should be.

    ``table`` is what stands in it; ``truth`` what should. ``lines`` spoil whole lines of CSV or records of XML by
    the row's number, ``cells`` write cells of a workbook as something else than text, ``spoil`` changes the bytes
    of the whole file. ``more`` are lines that are no record, by the row that they become, behind the others where
    there is none. ``places`` are what is wrong; ``kind`` names the mutation.
    """

    kind: str
    truth: Table
    table: Table
    form: FileForm
    places: list[Place] = field(default_factory=list)
    lines: dict[int, Callable[[str], str]] = field(default_factory=dict)
    cells: dict[tuple[int, int], CellWriter] = field(default_factory=dict)
    spoil: Callable[[bytes], bytes] | None = None
    more: dict[int, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    quoted: bool = True

    @property
    def layout(self) -> Layout:
        """The layout of the file."""
        return self.truth.layout

    @property
    def name(self) -> str:
        """What the file is called."""
        form = self.form.value
        upper = self.layout.extension_upper and self.form is not FileForm.XLSX
        return f"{NAMES[self.layout.name]}.{form.upper() if upper else form}"

    def number(self, row: int) -> int:
        """Give a row's number as a report counts it: records from 1 in XML."""
        return row - 1 if self.form is FileForm.XML else row

    def true_row(self, number: int) -> int:
        """Give the row of the truth that a row of the report is."""
        row = number + (1 if self.form is FileForm.XML else 0)
        return row - sum(1 for each in self.more if each < row)

    def written(self) -> bytes:
        """Write the file."""
        made = {FileForm.CSV: self._csv, FileForm.XML: self._xml, FileForm.XLSX: self._xlsx}[self.form]()
        return self.spoil(made) if self.spoil else made

    def _csv(self) -> bytes:
        lines = [self.line(each) for each in (self.table.headings, *self.table.rows)]
        spoilt = [self.lines.get(number, str)(line) for number, line in enumerate(lines, 1)]
        for number, line in sorted(self.more.items()):
            spoilt.insert(number - 1, line)
        return "".join(spoilt).encode(self.encoding, "replace")

    def line(self, cells: tuple[str, ...]) -> str:
        """Write a line of CSV."""
        text = io.StringIO()
        line = csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator="\r\n",
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        )
        line.writerow(cells)
        return text.getvalue()

    def _xml(self) -> bytes:
        layout, of_file = self.layout, {each.name for each in self.layout.of_file}
        leading = "".join(
            _element(name, cell)
            for name, cell in zip(self.table.headings, self.table.rows[0], strict=True)
            if name in of_file and cell
        )
        records = "".join(self._record(number, row) for number, row in enumerate(self.table.rows, 2))
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{layout.root} xmlns="{NAMESPACE}">'
            f"{leading}\n{records}</{layout.root}>\n"
        ).encode()

    def _record(self, number: int, row: tuple[str, ...]) -> str:
        of_file = {each.name for each in self.layout.of_file}
        pairs = zip(self.table.headings, row, strict=True)
        inner = "".join(_element(name, cell) for name, cell in pairs if cell and name not in of_file)
        record = f"<{self.layout.record}>{inner}</{self.layout.record}>\n"
        return self.lines.get(number, str)(record)

    def _xlsx(self) -> bytes:
        def change(book: Any, sheet: Any) -> None:
            for (row, place), write in self.cells.items():
                write(book, sheet, row - 1, place)

        return self.table.xlsx(change)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def good(truth: Table, form: FileForm) -> Mutant:
    """Give a file that nothing is wrong with."""
    mutant = Mutant("none", truth, truth, form)
    if any(each.name == "FileName" for each in truth.layout.of_file):
        named = truth.put(2, "FileName", mutant.name)
        mutant = replace(mutant, truth=named, table=named)
    return mutant


def unpacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Change the parts of a workbook."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in read.namelist():
            made.writestr(name, change(name, read.read(name)))
    return file.getvalue()


def values(table: Table, row: int) -> Mapping[str, str]:
    """Give what a row should be sent as: its filled cells by their columns, not those of the whole file."""
    of_file = {each.name for each in table.layout.of_file}
    pairs = zip(table.headings, table.rows[row - 2], strict=True)
    return {name: cell for name, cell in pairs if cell and name not in of_file}
