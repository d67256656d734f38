"""A CSV file with a heading row, as a stream of rows."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Headed, Row
from uln_server.importing.rules import Finding, Rule

ENCODINGS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252"}
"""The encodings that may be named, and Python's names of them. None is guessed: a wrong guess alters names."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LONGEST_LINE = 1_000_000  # characters
_OTHERS = ",;\t|"

L = TypeVar("L", bound=Headed)


def encoding_of(start: bytes, named: str | None) -> str:
    """Choose the encoding: the byte-order mark's, else the one named, else UTF-8.

    Raises ``Unusable`` when mark and name disagree, and for UTF-16 without a mark: nobody could say which half of
    a character comes first.
    """
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if marked and named and marked != named:
        raise Unusable(
            f"The file's first bytes say {marked}, and --encoding says {named}.", f"Leave --encoding {named} out."
        )
    if named == "utf-16" and marked is None:
        raise Unusable("The file is UTF-16 without a byte-order mark.", "Save it as UTF-8, or with a mark.")
    return marked or named or "utf-8"


class CsvRows(Generic[L]):
    """A CSV file with a heading row, being read; ``layout_of`` makes of that row what its columns mean."""

    def __init__(
        self,
        path: Path,
        encoding: str | None,
        delimiter: str | None,
        layout_of: Callable[[Sequence[str]], L],
    ) -> None:
        self._file = path.open("rb", buffering=0)
        try:
            chosen = encoding_of(self._file.read(4), encoding)
            self._file.seek(0)
            self._delimiter = delimiter or ","
            self.form = f"csv {chosen} {self._delimiter}"
            # What does not decode becomes U+FFFD, which no cell may hold: the row is refused, not the file.
            text = io.TextIOWrapper(
                io.BufferedReader(self._file, 1 << 18), ENCODINGS[chosen], errors="replace", newline=""
            )
            self._reader = csv.reader(_lines(text), delimiter=self._delimiter, strict=True)
            self._text = text
            self.layout = layout_of(self._headings())
        except BaseException:
            self._file.close()
            raise

    def rows(self) -> Iterator[Row]:
        """Give every row, blank ones left out but counted, as a spreadsheet does."""
        width, number = len(self.layout.columns), 1
        reader = self._reader
        while True:
            number += 1
            before = reader.line_num
            try:
                for cells in reader:
                    if len(cells) == width:
                        yield Row(number, cells)
                    elif cells:
                        yield self._ragged(number, cells, width)
                    number += 1
                    before = reader.line_num
            except csv.Error as error:
                yield self._misquoted(number, before, error)
                continue
            return

    def position(self) -> int:
        """Give the bytes taken from the disk so far."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _headings(self) -> list[str]:
        try:
            headings = next(self._reader, [])
        except csv.Error as error:
            raise Unusable(f"The heading row cannot be read: {error}.", "Save the file as CSV again.") from None
        if not headings:
            raise Unusable("The file has no heading row.", "Put the names of the columns into its first row.")
        if "\ufffd" in "".join(headings):
            raise Unusable(
                f"The heading row holds bytes that are not {self.form.split()[1]}.",
                "Save the file as UTF-8, or name its encoding: --encoding windows-1252.",
            )
        return self._apart(headings)

    def _apart(self, headings: list[str]) -> list[str]:
        """Refuse a heading row in which another delimiter stands."""
        other = next((each for each in _OTHERS if each != self._delimiter and headings[0].count(each) > 1), None)
        if len(headings) == 1 and other:
            word = "tab" if other == "\t" else other
            raise Unusable(
                f"The heading row is one cell with {word!r} in it.", f"Name the delimiter: --delimiter '{word}'"
            )
        return headings

    def _ragged(self, number: int, cells: list[str], width: int) -> Row:
        if len(cells) > width and not any(cells[width:]):
            return Row(number, cells[:width])
        words = f"has {len(cells)} cells, and the heading row {width}."
        remedy = "Put a text that holds the delimiter into quotation marks; give every row every cell."
        return Row(number, [], Finding(Rule.CELLS, "", "", words, remedy))

    def _misquoted(self, number: int, before: int, error: csv.Error) -> Row:
        """Say what is wrong; where a quotation mark swallowed lines, nobody knows any more what is a row."""
        if self._reader.line_num > before + 1 or "end of data" in str(error):
            raise Unusable(
                f"A quotation mark that opens in row {number} is not closed.",
                'Close it, or write it twice ("") where the text itself has one.',
            )
        if "field limit" in str(error):
            words = f"has a cell of more than {csv.field_size_limit()} characters."
            return Row(number, [], Finding(Rule.CELLS, "", "", words, "Look at the delimiters of this row."))
        remedy = 'Write a quotation mark within a text twice ("").'
        return Row(number, [], Finding(Rule.QUOTES, "", "", "has text behind a closing quotation mark.", remedy))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines, of which none may fill the memory: a file of something else may have no line ends."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise Unusable(
                f"The file has a line of more than {_LONGEST_LINE:,} characters.",
                "Save it as CSV, one record a line.",
            )
        yield line
