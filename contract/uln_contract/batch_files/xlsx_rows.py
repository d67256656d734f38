"""A worksheet of an Excel workbook with a heading row, as a stream of rows."""

import datetime as dt
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine as calamine

from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.headings import ABOVE, ENOUGH, recognised
from uln_contract.batch_files.limits import LIMITS, Limits
from uln_contract.batch_files.rows import FileForm, Row, Written
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.batch_files.workbook import Workbook, damaged, too_large
from uln_contract.batch_files.worksheet import Looked, Padded, Worksheet, column_letters

_EXACT = 10**15  # a spreadsheet keeps 15 digits
_LISTED = 5


class _Sheet(NamedTuple):
    """A sheet with something in it."""

    name: str
    cells: calamine.CalamineSheet
    looked: Looked
    headings: list[str]
    heading_row: int


class XlsxRows:
    """A workbook being read: the sheet that is named, or the only one with headings that are known.

    Raises ``UnusableFile`` when opened. The library holds one sheet in memory, so that a sheet's size is bounded.
    """

    def __init__(self, path: Path, *, sheet: str | None = None, limits: Limits = LIMITS) -> None:
        self.findings: list[Finding] = []
        self._told: set[int] = set()  # columns whose zeros were told of
        self._limits = limits
        with closing(Workbook(path, limits)) as workbook:
            self._parts = workbook.sheets()
            if workbook.has_macros:
                self.findings.append(
                    structural(StructureCode.F033, "The workbook holds macros; they are not read.")
                )
            with _opened(path) as opened:
                self._sheet = self._choose(workbook, opened, sheet)
        self.headings: Sequence[str] = self._sheet.headings
        self.heading_row: int | None = self._sheet.heading_row
        self.written = Written(FileForm.XLSX, sheet=self._sheet.name)
        self._read = 0
        self._first = (self._sheet.cells.start or (0, 0))[1]  # the column that the library begins with
        self._last = (self._sheet.cells.end or (0, 0))[0] + 1
        self._merged = self._merges()
        self._padded = self._shown_with_zeros()
        self._judge_sheet()

    def rows(self) -> Iterator[Row]:
        """Give every row, blank ones left out but counted, as the spreadsheet does."""
        heading_row, faulty, merged = self._sheet.heading_row, self._sheet.looked.faulty, self._merged
        for number, values in enumerate(self._sheet.cells.iter_rows(), 1):
            self._read = number
            if number <= heading_row:
                continue
            cells, lossy = _texts(values)
            for place in self._padded:
                self._pad(number, place, cells)
            blank = not "".join(cells).strip()
            if blank and number not in faulty:
                continue
            width = len(self.headings)
            if lossy or number in faulty or number in merged or any(cells[width:]):
                yield Row(number, cells[:width], tuple(self._findings(number, cells, lossy)))
            else:
                yield Row(number, cells[:width])

    def position(self) -> tuple[int, int]:
        """Give the rows read so far, and all there are."""
        return self._read, self._last

    def close(self) -> None:
        """Close nothing: the sheet is in memory."""

    def _choose(self, workbook: Workbook, opened: calamine.CalamineWorkbook, wanted: str | None) -> _Sheet:
        """Choose the sheet to read, and tell of those that are not."""
        worksheets = [each for each in opened.sheets_metadata if each.typ is calamine.SheetTypeEnum.WorkSheet]
        shown = [each.name for each in worksheets if each.visible is calamine.SheetVisibleEnum.Visible]
        if wanted is not None:
            found = _named(wanted, [each.name for each in worksheets])
            chosen = self._load(workbook, opened, found)
        else:
            chosen = self._only(workbook, opened, shown)
        others = [each for each in shown if each != chosen.name] if wanted is None else []
        hidden = [each.name for each in worksheets if each.name not in shown and each.name != chosen.name]
        if hidden:
            self._tell(StructureCode.F035, f"The workbook has hidden sheets, which are not read: {_list(hidden)}.")
        if others:
            self._tell(StructureCode.F035, f"The sheet {chosen.name} is read; these are not: {_list(others)}.")
        return chosen

    def _only(self, workbook: Workbook, opened: calamine.CalamineWorkbook, shown: list[str]) -> _Sheet:
        """Find the only sheet with headings that are known, or of one sheet that one."""
        if len(shown) == 1:
            return self._load(workbook, opened, shown[0])
        fitting: list[_Sheet] = []
        for name in shown:
            each = self._try(workbook, opened, name)
            if each is not None:
                fitting.append(each)
            if len(fitting) > 1:
                names = _list([each.name for each in fitting])
                words = f"More than one sheet of the workbook has headings of a batch file: {names}."
                raise UnusableFile(structural(StructureCode.F034, words))
        if not fitting:
            words = (
                f"None of the workbook's sheets has headings of a batch file: {_list(shown) or 'none is visible'}."
            )
            raise UnusableFile(structural(StructureCode.F034, words))
        return fitting[0]

    def _try(self, workbook: Workbook, opened: calamine.CalamineWorkbook, name: str) -> _Sheet | None:
        try:
            found = self._load(workbook, opened, name)
        except UnusableFile as unusable:
            if unusable.findings[-1].code == StructureCode.F001.value:
                return None
            raise
        return found if recognised(found.headings) >= ENOUGH else None

    def _load(self, workbook: Workbook, opened: calamine.CalamineWorkbook, name: str) -> _Sheet:
        """Look a sheet through, and only then have it read."""
        looked = Worksheet(workbook, self._parts.get(name, ""), self._limits).look_through()
        try:
            cells = opened.get_sheet_by_name(name)
        except calamine.CalamineError as error:
            raise UnusableFile(damaged(str(error))) from None
        first: _Sheet | None = None
        for number, values in enumerate(cells.iter_rows(), 1):
            headings = [each.strip() and each for each in _texts(values)[0]]
            while headings and not headings[-1]:
                headings.pop()
            if headings:
                first = first or _Sheet(name, cells, looked, headings, number)
                if recognised(headings) >= ENOUGH:
                    return _Sheet(name, cells, looked, headings, number)
            if first is not None and number >= first.heading_row + ABOVE:
                break
        if first is None:
            raise UnusableFile(structural(StructureCode.F001, "The sheet is empty.", sheet=name))
        return first

    def _merges(self) -> dict[int, list[int]]:
        """Give for each row beneath the headings the columns whose cells are merged with others."""
        found: dict[int, list[int]] = {}
        width = len(self.headings)
        for (top, left), (bottom, right) in self._sheet.cells.merged_cell_ranges or ():
            if right < self._first or left >= self._first + width:
                continue
            for row in range(max(top + 1, self._sheet.heading_row + 1), min(bottom + 1, self._last) + 1):
                found.setdefault(row, []).append(max(left - self._first, 0))
            if len(found) > self._limits.marked:
                raise UnusableFile(too_large(f"More than {self._limits.marked:,} rows have merged cells."))
        return found

    def _shown_with_zeros(self) -> dict[int, deque[Padded]]:
        """Give for each column the rows whose numbers the sheet shows with zeros in front, in order."""
        return {
            column - self._first: deque(sorted(runs, key=lambda each: each.first))
            for column, runs in self._sheet.looked.padded.items()
            if column - self._first < len(self.headings)
        }

    def _pad(self, number: int, place: int, cells: list[str]) -> None:
        """Read a number as the sheet shows it, and say so the first time that this makes a difference."""
        runs, cell = self._padded[place], cells[place]
        while runs and runs[0].last < number:
            runs.popleft()
        if not runs or runs[0].first > number or not cell.isdecimal() or len(cell) >= runs[0].width:
            return
        cells[place] = cell.zfill(runs[0].width)
        if place not in self._told:
            self._told.add(place)
            words = f"The cell holds the number {cell}, which its format shows as {cells[place]}; it is read so."
            where = {"row": number, "column": self._heading(place), "sheet": self._sheet.name}
            self._tell(StructureCode.F054, words, value=cell, **where)

    def _judge_sheet(self) -> None:
        """Tell what is there besides values: rows above, hidden ones, formulas."""
        looked, heading_row, sheet = self._sheet.looked, self._sheet.heading_row, self._sheet.name
        if heading_row > 1:
            self._tell(
                StructureCode.F053,
                f"The heading row is row {heading_row}; it is read.",
                row=heading_row,
                sheet=sheet,
            )
        if looked.hidden:
            words = f"Rows are hidden, {looked.hidden:,} of them; they are read all the same."
            self._tell(StructureCode.F035, words, row=looked.first_hidden, sheet=sheet)
        hidden = [
            self.headings[place]
            for place in range(len(self.headings))
            if any(first <= place + self._first < behind for first, behind in looked.hidden_columns)
        ]
        if hidden:
            words = f"Columns are hidden, and read all the same: {_list(hidden)}."
            self._tell(StructureCode.F035, words, row=heading_row, column=hidden[0], sheet=sheet)
        for column, computed in sorted(looked.computed.items()):
            if column - self._first < len(self.headings):
                first, more = f"{column_letters(column)}{computed.row}", computed.count - 1
                those = (
                    f"{first} and {more:,} more cells of its column are formulas"
                    if more
                    else f"{first} is a formula"
                )
                words = f"{those}; what was last computed is read, and may be old."
                place = {"row": computed.row, "column": self._heading(column - self._first), "sheet": sheet}
                self._tell(StructureCode.F036, words, value=computed.shown, **place)

    def _findings(self, number: int, cells: list[str], lossy: list[int]) -> Iterator[Finding]:
        """Tell what refuses a row."""
        width = len(self.headings)
        for fault in self._sheet.looked.faulty.get(number, ()):
            place = fault.column - self._first
            if place < width:
                what = "the error" if fault.computed else "a formula that was never computed:"
                cell = f"{column_letters(fault.column)}{number}"
                words = f"The cell {cell} holds {what} {fault.shown}."
                yield self._refusal(StructureCode.F037, words, number, place, fault.shown)
        for place in self._merged.get(number, ()):
            cell = f"{column_letters(place + self._first)}{number}"
            words = f"The cell {cell} is merged with others, so that it is not clear whose value it has."
            yield self._refusal(StructureCode.F038, words, number, place, cells[place])
        for place in lossy:
            words = "The number has more than 15 digits, of which a spreadsheet keeps 15: the last ones are lost."
            yield self._refusal(StructureCode.F039, words, number, place, cells[place])
        beyond = next((place for place in range(width, len(cells)) if cells[place].strip()), None)
        if beyond is not None:
            cell = f"{column_letters(beyond + self._first)}{number}"
            words = f"The cell {cell} has a value, and there is no heading above it."
            remedy = "Give the column a heading, or clear the cell."
            yield structural(
                StructureCode.F016, words, remedy, row=number, value=cells[beyond], sheet=self._sheet.name
            )

    def _refusal(self, code: StructureCode, words: str, number: int, place: int, value: str) -> Finding:
        sheet = self._sheet.name
        return structural(code, words, row=number, column=self._heading(place), value=value, sheet=sheet)

    def _heading(self, place: int) -> str:
        return self.headings[place].strip() or f"column {column_letters(place + self._first)}"

    def _tell(self, code: StructureCode, words: str, **place: Any) -> None:
        self.findings.append(structural(code, words, **place))


def _opened(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(path)
    except calamine.CalamineError as error:
        raise UnusableFile(damaged(str(error))) from None


def _named(wanted: str, names: list[str]) -> str:
    found = next((each for each in names if each.casefold() == wanted.strip().casefold()), None)
    if found is None:
        words = f"The workbook has no sheet {wanted[:40]!r}."
        raise UnusableFile(structural(StructureCode.F034, words, f"It has these: {_list(names)}."))
    return found


def _list(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(each[:40] for each in names[:_LISTED]) + more


def _texts(values: Sequence[Any]) -> tuple[list[str], list[int]]:
    """Give a row's values as texts, and the places of numbers that have lost digits."""
    texts: list[str] = []
    lossy: list[int] = []
    for value in values:
        kind = type(value)
        if kind is str:
            texts.append(value)
        elif kind is float:
            if -_EXACT < value < _EXACT:
                whole = int(value)
                texts.append(str(whole) if whole == value else repr(value))
            else:
                lossy.append(len(texts))
                texts.append(format(value, ".0f"))
        else:
            texts.append(_text(value))
    return texts, lossy


def _text(value: Any) -> str:
    """Write what is neither text nor number: a day without a time as YYYY-MM-DD, as the layouts have it."""
    if isinstance(value, dt.datetime):
        return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
