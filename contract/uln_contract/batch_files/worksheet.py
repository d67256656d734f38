"""A worksheet looked through before its values are read: how far it reaches, and what a value does not tell."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from uln_contract.batch_files.findings import UnusableFile
from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.workbook import Workbook, damaged, too_large
from uln_contract.reading import Element

_STRINGS = "xl/sharedStrings.xml"
_YES = frozenset({"1", "true"})
_SHOWN = 40
_CHUNK = 2**18  # bytes
# A cell as spreadsheet programs write it, unless it has a formula or an error; and what such rows do not have.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="[0-9]+")?(?: t="(?:s|n|b|d|str|inlineStr)")?/?>')
_ROW_OF_CELL = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_NOT_PLAIN = (b"<f", b"<!", b"<c>", b"<c/", b"<c\n", b"<c\r", b"<c\t", b":c", b":f", b" hidden=", b"</sheetData>")
_TAGS = ("{*}row", "{*}col", "{*}sheetData")
_CELLS = b"sheetData"  # the element that they stand in
_WIDEST = 2**14  # columns that a spreadsheet has
_CAREFUL: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Faulty(NamedTuple):
    """A cell without a value that can be used: an error such as #REF!, or a formula that was never computed."""

    column: int
    shown: str
    computed: bool


@dataclass(slots=True)
class Computed:
    """The formulas of one column: how many, and the first row with one."""

    row: int
    shown: str
    count: int = 0


@dataclass(slots=True)
class Padded:
    """Rows of one column, from the first to the last, whose numbers are shown with zeros up to so many digits."""

    width: int
    first: int
    last: int


@dataclass(slots=True)
class Looked:
    """What a worksheet has; rows count from 1, columns from 0.

    ``hidden_columns`` are the first of some that stand together, and the one behind the last.
    """

    faulty: dict[int, list[Faulty]] = field(default_factory=dict)
    computed: dict[int, Computed] = field(default_factory=dict)
    padded: dict[int, list[Padded]] = field(default_factory=dict)
    hidden: int = 0
    first_hidden: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


class Worksheet:
    """A worksheet that is looked through in constant memory, once.

    Raises ``UnusableFile``: F032 when it reaches further, or holds more text, than ``limits`` allow, F031 when it
    is no worksheet.
    """

    def __init__(self, workbook: Workbook, part: str, limits: Limits) -> None:
        self._workbook, self._part, self._limits = workbook, part, limits
        self._number = 0
        self._widths: dict[frozenset[str], int] = {}  # of the last row's columns
        self._looked = Looked()
        self._styles = workbook.padded_styles()

    def look_through(self) -> Looked:
        """Find out how far it reaches, and look at each row unless it is plain that all hold values alone."""
        filled = None if self._styles else self._plain()
        if filled is None:
            self._looked = Looked()
            filled = self._look_at_rows()
        self._judge_texts(filled)
        return self._looked

    def _plain(self) -> int | None:
        """Measure a sheet of values alone, written as spreadsheet programs do, and count its cells.

        ``None`` where anything else may be in it: then it is read as XML, which takes several times as long.
        """
        filled, rest = 0, b""
        with self._workbook.open(self._part) as part:
            content = _Bounded(part, self._limits.unpacked, self._limits.behind)
            while b"</sheetData>" not in rest:
                chunk = content.read(_CHUNK)
                whole, _, rest = (rest + chunk).rpartition(b"</row>")
                cells = self._measure(whole)
                if cells is None or not chunk or len(rest) > self._limits.row:
                    return None
                filled += cells
            if b"<c" in rest.partition(b"</sheetData>")[0] or self._reaches_too_far:
                return None
            content.read_to_the_end()
        return filled

    def _measure(self, rows: bytes) -> int | None:
        """Count the cells of rows, and take note how far they reach; ``None`` when they are not plain."""
        letters = _PLAIN_CELL.findall(rows)
        if len(letters) != rows.count(b"<c ") or any(each in rows for each in _NOT_PLAIN):
            return None
        if letters:
            looked = self._looked
            looked.rows = max(looked.rows, *map(int, set(_ROW_OF_CELL.findall(rows))))
            looked.columns = max(looked.columns, *(place_of(each.decode()) + 1 for each in set(letters)))
        return len(letters)

    @property
    def _reaches_too_far(self) -> bool:
        return self._looked.rows * self._looked.columns > self._limits.cells

    def _look_at_rows(self) -> int:
        filled, looked = 0, self._looked
        for row, questions in self._rows():
            filled += self._look_at(row, questions)
            if self._reaches_too_far:
                words = f"The sheet reaches to row {looked.rows:,} and column {looked.columns:,}, too far to read."
                raise UnusableFile(too_large(words))
            if len(looked.faulty) > self._limits.marked:
                raise UnusableFile(
                    too_large(f"More than {self._limits.marked:,} rows have errors in their cells.")
                )
        return filled

    def _rows(self) -> Iterator[tuple[Element, "_Questions"]]:
        """Give each row, and what can be asked of it; each is forgotten when the next is asked for."""
        with self._workbook.open(self._part) as part:
            content = _Bounded(part, self._limits.row, self._limits.behind)
            source: Any = content
            parsing: Any = etree.iterparse(source, events=("end",), tag=_TAGS, **_CAREFUL)
            questions = None
            try:
                for _, element in parsing:
                    if element.tag.endswith("sheetData"):
                        break
                    if element.tag.endswith("col"):
                        self._look_at_columns(element)
                        continue
                    questions = questions or _questions(str(etree.QName(element).namespace), self._styles)
                    yield element, questions
                    _forget(element)
                    content.since = 0
            except etree.XMLSyntaxError as error:
                raise UnusableFile(damaged(str(error.msg))) from None
            content.read_to_the_end()

    def _look_at_columns(self, columns: Element) -> None:
        """Take note of columns that are hidden; they are numbered from 1."""
        first, last = columns.get("min") or "", columns.get("max") or ""
        if columns.get("hidden") in _YES and first.isdecimal() and last.isdecimal():
            self._looked.hidden_columns.append((int(first) - 1, int(last)))

    def _look_at(self, row: Element, questions: "_Questions") -> int:
        """Take note of what a row has; give how many cells are filled."""
        looked = self._looked
        said = row.get("r") or ""
        self._number = int(said) if said.isdecimal() and said.isascii() else self._number + 1
        references: Any = questions.filled(row)
        if references:
            looked.rows = max(looked.rows, self._number)
            looked.columns = max(looked.columns, len(row), self._widest(references))
            if row.get("hidden") in _YES:
                looked.hidden += 1
                looked.first_hidden = looked.first_hidden or self._number
        if questions.strange(row):
            cells: Any = questions.strange_cells(row)
            for cell in cells:
                self._look_at_cell(cell)
        shown: Any = questions.padded(row)
        for cell in shown:
            self._look_at_padded(cell)
        return len(references)

    def _look_at_padded(self, cell: Element) -> None:
        column, width = self._column(cell.get("r") or "") - 1, self._styles[str(cell.get("s"))]
        runs = self._looked.padded.setdefault(column, [])
        if runs and (runs[-1].width, runs[-1].last) == (width, self._number - 1):
            runs[-1].last = self._number
            return
        runs.append(Padded(width, self._number, self._number))
        if len(runs) > self._limits.marked:
            raise UnusableFile(too_large(f"Its formats change more than {self._limits.marked:,} times."))

    def _widest(self, references: list[str]) -> int:
        """Give the place of the last of these columns, from 1; most rows have the same ones."""
        suffix = str(self._number)
        columns = frozenset(each.removesuffix(suffix) for each in references if each.endswith(suffix))
        if len(columns) < len(references) or columns not in self._widths:
            self._widths = {columns: max(map(self._column, references))}
        return self._widths[columns]

    def _column(self, reference: str) -> int:
        """Give the place of a cell's column, from 1; libraries put a cell where its reference says."""
        letters = reference.removesuffix(str(self._number))
        if not (letters.isalpha() and letters.isascii()):
            raise UnusableFile(damaged(f"the cell {reference[:20]} stands in row {self._number}"))
        column = place_of(letters)
        if column >= _WIDEST:
            raise UnusableFile(damaged(f"there is no column {letters[:20]}"))
        return column + 1

    def _look_at_cell(self, cell: Element) -> None:
        column = self._column(cell.get("r") or "") - 1
        value, kind = cell.findtext("{*}v") or "", cell.get("t")
        formula = cell.find("{*}f")
        if kind == "e" or (formula is not None and not value and kind != "str"):
            shown = value if kind == "e" else f"={formula.text or ''}" if formula is not None else ""
            self._looked.faulty.setdefault(self._number, []).append(Faulty(column, shown[:_SHOWN], kind == "e"))
            return
        found = self._looked.computed.setdefault(column, Computed(self._number, value[:_SHOWN]))
        found.count += 1

    def _judge_texts(self, filled: int) -> None:
        """Refuse a sheet whose cells repeat long texts: each would be a text of its own in memory."""
        most, size = self._limits.text, self._workbook.size(_STRINGS)
        if size > most:
            raise UnusableFile(too_large(f"The workbook has texts of {size:,} bytes, more than {most:,}."))
        if not size or self._longest_text() * filled <= most:
            return
        with self._workbook.open(_STRINGS) as content:
            lengths = list(_lengths(content))
        whole = 0
        for row, questions in self._rows():
            texts: Any = questions.texts(row)
            whole += sum(lengths[int(each)] for each in texts)
            if whole > most:
                raise UnusableFile(too_large(f"The cells of the sheet hold more than {most:,} characters."))

    def _longest_text(self) -> int:
        """Give a bound for the longest text, without reading them one by one."""
        longest, rest = 0, b""
        with self._workbook.open(_STRINGS) as content:
            while chunk := content.read(_CHUNK):
                *whole, rest = (rest + chunk).split(b"si>")
                longest = max(longest, len(rest), *map(len, whole))
        return longest


def column_letters(column: int) -> str:
    """Give a column's letters as a spreadsheet shows them: ``A`` for 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def place_of(letters: str) -> int:
    """Give the place of a column from its letters: 0 for ``A``."""
    place = 0
    for each in letters.upper():
        place = place * 26 + ord(each) - 64
    return place - 1


class _Questions(NamedTuple):
    """What is asked of each row, in the namespace that the sheet has."""

    filled: etree.XPath
    strange: etree.XPath
    strange_cells: etree.XPath
    texts: etree.XPath
    padded: etree.XPath


def _questions(namespace: str, styles: Iterable[str]) -> _Questions:
    def ask(path: str) -> etree.XPath:
        return etree.XPath(path, namespaces={"m": namespace}, smart_strings=False)

    these = " or ".join(f"@s='{each}'" for each in styles) or "false()"
    return _Questions(
        ask("*[*]/@r"),
        ask("boolean(m:c/m:f | m:c[@t='e'])"),
        ask("m:c[m:f or @t='e']"),
        ask("m:c[@t='s']/m:v/text()"),
        ask(f"m:c[m:v and not(m:f) and (not(@t) or @t='n') and ({these})]"),
    )


def _forget(row: Element) -> None:
    row.clear(keep_tail=True)
    parent = row.getparent()
    previous = row.getprevious()
    while parent is not None and previous is not None:
        parent.remove(previous)
        previous = row.getprevious()


def _lengths(content: BinaryIO) -> Iterator[int]:
    source: Any = content
    parsing: Any = etree.iterparse(source, events=("end",), tag="{*}si", **_CAREFUL)
    try:
        for _, text in parsing:
            yield sum(map(len, text.itertext()))
            _forget(text)
    except etree.XMLSyntaxError as error:
        raise UnusableFile(damaged(str(error.msg))) from None


class _Bounded:
    """A sheet, as long as rows come, since one without end would fill the memory; with its cells in one place."""

    def __init__(self, content: BinaryIO, most: int, behind: int) -> None:
        self._content = content
        self._most, self._behind = most, behind
        self._tags, self._rest = 0, b""
        self.since = 0

    def read(self, size: int) -> bytes:
        """Read on; ``UnusableFile`` when no row has ended for too long."""
        chunk = self._content.read(size)
        self.since += len(chunk)
        if self.since > self._most:
            raise UnusableFile(too_large(f"{self._most:,} bytes of the sheet hold no whole row."))
        seen = self._rest + chunk
        self._tags += seen.count(_CELLS)
        if self._tags > len(("opening", "closing")):
            raise UnusableFile(damaged("its cells stand in two places"))
        self._rest = seen[1 - len(_CELLS) :]
        return chunk

    def read_to_the_end(self) -> None:
        """Read what stands behind the cells, which is bounded as well: the library keeps parts of it."""
        self.since, self._most = 0, self._behind
        while self.read(_CHUNK):
            pass
