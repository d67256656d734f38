"""A CSV file with a heading row, as a stream of rows."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from uln_contract.batch_files.encoding import UNREADABLE, letters_of, readable, shown
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.headings import ABOVE, ENOUGH, recognised
from uln_contract.batch_files.limits import LIMITS, Limits
from uln_contract.batch_files.rows import FileForm, Row, Written
from uln_contract.batch_files.structure_codes import StructureCode, structural

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What is looked for as a delimiter, and its name."""

_CRLF = "\r\n"
_NOTHING = frozenset({"", "\x1a"})  # programs of old end a file with a control character
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?[\r\n]*")
_LINE_ENDS = {"\r\n": "carriage return and line feed", "\n": "line feed", "\r": "carriage return"}


class CsvRows:
    """A CSV file being read. Raises ``UnusableFile`` when opened, or by ``rows``, with what makes no sense."""

    def __init__(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.findings: list[Finding] = []
        self.heading_row: int | None = None
        self._size = path.stat().st_size
        self._limits = limits
        self._line = self._end = ""
        self._before = 0  # lines before the heading row
        self._ahead: deque[str] = deque()  # lines that were looked at, and are still to be read
        self._mixed = False
        self._raw = path.open("rb", buffering=0)
        try:
            self._open(encoding, delimiter)
        except BaseException:
            self._raw.close()
            raise

    def rows(self) -> Iterator[Row]:
        """Give every row, blank ones left out but counted, as a spreadsheet does."""
        width, number, reader = len(self.headings), self._number, self._reader
        # Each row is looked at again as long as something may be found only there.
        careful = self._letters.spoilt or self._letters.assumed
        while True:
            number += 1
            before = reader.line_num
            try:
                for cells in reader:
                    if len(cells) == width and not careful and reader.line_num == before + 1:
                        if "".join(cells).strip():
                            yield Row(number, cells)
                    else:
                        row = self._looked_at(number, cells, reader.line_num - before)
                        if row is not None:
                            yield row
                        careful = self._letters.spoilt or self._assuming
                    if self._end != self._ends:
                        self._tell_of_other_end(number)
                    number += 1
                    before = reader.line_num
            except csv.Error as error:
                yield self._misquoted(number, before, error)
                continue
            return

    def position(self) -> tuple[int, int]:
        """Give the bytes taken from the disk so far, and all there are."""
        return self._raw.tell(), self._size

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _open(self, encoding: str | None, delimiter: str | None) -> None:
        self._letters = letters = letters_of(self._raw, encoding)
        self._assuming = letters.assumed
        self.findings += letters.findings
        self._raw.seek(letters.mark)
        self._text = io.TextIOWrapper(
            io.BufferedReader(self._raw, 1 << 18), letters.encoding, errors=letters.errors, newline=""
        )
        first = self._first_line()
        said = _SEPARATOR.fullmatch(first)
        if said:
            words = f"The line sep={said[1]} above the headings is for Excel alone; it is left out."
            self.findings.append(structural(StructureCode.F013, words))
            first, delimiter = self._first_line(), delimiter or said[1]
            self._before += 1
        first = self._below_a_title(first, delimiter)
        self._delimiter = delimiter or self._likely(first)
        self._ahead.appendleft(first)
        self._spaced = self._spaces_before_quotes(first)
        self._reader = csv.reader(
            self._lines(), delimiter=self._delimiter, strict=True, skipinitialspace=self._spaced
        )
        self.headings: Sequence[str] = self._heading_cells()
        self._ends = self._end if self._end in _LINE_ENDS else ""
        self.written = Written(FileForm.CSV, letters.encoding, self._delimiter, self._ends)
        self._judge_writing(said=bool(delimiter))
        if self._assuming and not "".join(self.headings).isascii():
            self._tell_of_assumption(self._number, self.headings)

    def _first_line(self) -> str:
        """Give the first line that is not blank."""
        for row, line in enumerate(self._lines(), 1):
            if line.strip(' \t\r\n,;|"'):
                self.heading_row = self._number = row
                self._before += row - 1
                return line
        raise UnusableFile(structural(StructureCode.F001, "The file has nothing but blank lines."))

    def _below_a_title(self, first: str, delimiter: str | None) -> str:
        """Give the first line with headings, a title above it being passed over; else the first line."""
        looked_at: list[str] = []
        for line in chain([first], islice(self._lines(), ABOVE)):
            cells = _cells(line, delimiter or self._likely(line))
            if recognised(cells) >= ENOUGH:
                self.heading_row = self._number = self._number + len(looked_at)
                self._before += len(looked_at)
                return line
            looked_at.append(line)
        self._ahead.extend(looked_at[1:])
        return first

    def _spaces_before_quotes(self, headings: str) -> bool:
        """Tell whether spaces stand before quotation marks, which would then be part of the values."""
        found = re.search(rf'{re.escape(self._delimiter)} +"', headings) is not None
        if found:
            words = "Spaces stand between the delimiters and the quotation marks behind them; they are left out."
            self.findings.append(structural(StructureCode.F030, words, row=self.heading_row))
        return found

    def _lines(self) -> Iterator[str]:
        """Give the lines, of which none may fill the memory: a file of something else may have no line ends."""
        longest, read = self._limits.line, self._text.readline
        while line := self._ahead.popleft() if self._ahead else read(longest):
            if len(line) >= longest:
                words = f"The file has a line of more than {longest:,} characters."
                raise UnusableFile(structural(StructureCode.F014, words))
            self._line = line
            self._end = _CRLF if line[-2:] == _CRLF else line[-1]
            yield line

    def _likely(self, line: str) -> str:
        """Choose the delimiter that makes most of the line headings, and of equals the one with most cells."""

        def worth(delimiter: str) -> tuple[int, int]:
            cells = _cells(line, delimiter)
            return recognised(cells), len(cells)

        return max(DELIMITERS, key=worth)

    def _heading_cells(self) -> Sequence[str]:
        try:
            headings = next(self._reader)
        except csv.Error as error:
            if "field limit" in str(error):
                words = f"The heading row has a cell of more than {csv.field_size_limit():,} characters."
                raise UnusableFile(structural(StructureCode.F019, words, row=self.heading_row)) from None
            words = f"The heading row cannot be read: {error}."
            remedy = 'Close every quotation mark, and write one within a text twice ("").'
            raise UnusableFile(structural(StructureCode.F018, words, remedy, row=self.heading_row)) from None
        if UNREADABLE in "".join(headings):
            raise UnusableFile(self._unreadable(self._number, headings, headings))
        self._wide = len(headings)
        while headings and not headings[-1].strip():
            headings.pop()  # what a spreadsheet leaves behind; cells beneath it are looked at row by row
        return headings

    def _judge_writing(self, *, said: bool) -> None:
        if not said and self._delimiter != ",":
            words = f"The values are separated by {DELIMITERS[self._delimiter]}s, not by commas; they are read."
            self.findings.append(structural(StructureCode.F013, words))
        if self._ends not in (_CRLF, ""):
            words = f"The lines end with {_LINE_ENDS[self._ends]}, not with {_LINE_ENDS[_CRLF]}; they are read."
            self.findings.append(structural(StructureCode.F011, words))
        if self._number > 1:
            words = f"The heading row is row {self._number}; it is read."
            self.findings.append(structural(StructureCode.F053, words, row=self._number))

    def _tell_of_other_end(self, number: int) -> None:
        """Say once that the lines end in different ways; the last line may end with the file."""
        if self._end in _LINE_ENDS and not self._mixed:
            self._mixed = True
            words = (
                f"Row {number} ends with {_LINE_ENDS[self._end]}, and the heading row with "
                f"{_LINE_ENDS[self._ends]}; both are read."
            )
            self.findings.append(structural(StructureCode.F012, words, row=number))

    def _looked_at(self, number: int, cells: list[str], lines: int) -> Row | None:
        """Judge a row that has another number of cells, or several lines, or perhaps unreadable ones."""
        width, whole = len(self.headings), "".join(cells)
        if whole.strip() in _NOTHING:
            return None
        if self._letters.spoilt and (UNREADABLE in whole or "\0" in whole):
            finding = self._unreadable(number, cells, self.headings)
            return Row(number, [readable(each) for each in cells], (finding,))
        if self._assuming and not whole.isascii():
            self._tell_of_assumption(number, cells)
        swallowed = self._swallowed(number, cells) if lines > 1 else None
        if swallowed is not None:
            return Row(number, cells, (swallowed,))
        if len(cells) == width:
            return Row(number, cells)
        if len(cells) > width and not any(cells[width:]):
            return Row(number, cells[:width])
        return Row(number, cells, (self._other_width(number, cells),))

    def _other_width(self, number: int, cells: Sequence[str]) -> Finding:
        width, count = len(self.headings), f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        if len(cells) < width:
            words = f"The row has {count}, fewer than the {width} of the heading row."
            return structural(StructureCode.F015, words, row=number)
        if len(cells) > self._wide:
            words = f"The row has {count}, more than the {self._wide} of the heading row."
            return structural(StructureCode.F016, words, row=number)
        beyond = next(place for place in range(width, len(cells)) if cells[place])
        words = f"Column {beyond + 1} has a value, and there is no heading above it."
        remedy = "Give the column a heading, or clear the cell."
        return structural(StructureCode.F016, words, remedy, row=number, value=_flat(cells[beyond]))

    def _swallowed(self, number: int, cells: list[str]) -> Finding | None:
        """Tell a value that has whole rows in it: an unclosed quotation mark that another one happened to end."""
        delimiters = len(self.headings) - 1
        for index, cell in enumerate(cells):
            if delimiters and any(line.count(self._delimiter) >= delimiters for line in cell.splitlines()[1:]):
                swallowed = len(cell.splitlines()) - 1
                words = f"A quotation mark opens here, and {swallowed} more lines stand within it, whole rows."
                column = _heading(self.headings, index)
                return structural(StructureCode.F020, words, row=number, column=column, value=_flat(cell))
        return None

    def _unreadable(self, number: int, cells: Sequence[str], headings: Sequence[str]) -> Finding:
        index = next(place for place, cell in enumerate(cells) if UNREADABLE in cell or "\0" in cell)
        value = readable(cells[index])
        encoding = shown(self._letters.encoding)
        what = f"bytes that are no {encoding}" if UNREADABLE in cells[index] else "null characters"
        return structural(
            StructureCode.F007,
            f"The value holds {what}, and the file is read as {encoding}.",
            row=number,
            column=_heading(headings, index),
            value=value.replace("\0", "\ufffd"),
        )

    def _tell_of_assumption(self, number: int, cells: Sequence[str]) -> None:
        """Say once where it matters first that the file is taken for Windows-1252."""
        self._assuming = False
        index = next(place for place, cell in enumerate(cells) if not cell.isascii())
        words = "The file is no UTF-8, and is read as Windows-1252; here this makes a difference first."
        column = _heading(self.headings, index)
        self.findings.append(
            structural(StructureCode.F005, words, row=number, column=column, value=_flat(cells[index]))
        )

    def _misquoted(self, number: int, before: int, error: csv.Error) -> Row:
        """Say what is wrong; where a quotation mark swallowed lines, nobody knows any more what is a row."""
        if self._reader.line_num > before + 1 or "end of data" in str(error):
            raise UnusableFile(self._unclosed(number, before))
        if "field limit" in str(error):
            words = f"The row has a cell of more than {csv.field_size_limit():,} characters."
            return Row(number, [], (structural(StructureCode.F019, words, row=number),))
        cells = _cells(self._line, self._delimiter, spaced=self._spaced)
        index = _misquoted_cell(self._line, self._delimiter, spaced=self._spaced)
        column, value = _heading(self.headings, index), _flat(cells[index]) if index < len(cells) else ""
        words = "The value goes on behind its closing quotation mark."
        return Row(number, cells, (structural(StructureCode.F018, words, row=number, column=column, value=value),))

    def _unclosed(self, number: int, before: int) -> Finding:
        """Go back to the line where the row begins, to tell which value's quotation mark it is."""
        self._text.seek(0)
        for _ in range(self._before + before):
            self._text.readline(self._limits.line)
        line = self._text.readline(self._limits.line)
        index = _misquoted_cell(line, self._delimiter, spaced=self._spaced)
        words = "A quotation mark opens here and is not closed on its line; no row from here on can be told apart."
        column = _heading(self.headings, index)
        opening = line.rstrip().split(self._delimiter)[index:]
        value = _flat(self._delimiter.join(opening))
        return structural(StructureCode.F017, words, row=number, column=column, value=value)


def _cells(line: str, delimiter: str, *, spaced: bool = False) -> list[str]:
    """Give a line's cells, however they are quoted; none where one is longer than any may be."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=spaced), [])
    except csv.Error:
        return []


def _heading(headings: Sequence[str], index: int) -> str:
    """Give the heading of a cell, or its place where there is none."""
    found = readable(headings[index]).strip() if index < len(headings) else ""
    return found or f"column {index + 1}"


def _flat(cell: str) -> str:
    return " ".join(readable(cell).split())


def _misquoted_cell(line: str, delimiter: str, *, spaced: bool) -> int:
    """Give the index of the first cell of a line that is not well quoted."""
    apart, before = re.escape(delimiter), " *+" if spaced else ""
    cell = re.compile(rf'{before}(?:"(?:[^"]|"")*"|(?!")[^{apart}\r\n]*)(?:{apart}|[\r\n]*\Z)')
    index, place = 0, 0
    while place < len(line) and (found := cell.match(line, place)):
        index, place = index + 1, found.end()
    return index
