"""Batch files written: row by row, in constant memory, and in their place only when they are whole (domain §8)."""

import csv
import os
import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.layouts import NAMESPACE, Layout

_PART = ".part"
_OWNER, _GROUP, _ALL = 0o600, 0o060, 0o666  # who may read and write
_FORMULA = frozenset("=+-@\t\r")
# What XML 1.0 cannot carry at all, however escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME = re.compile(r"[^\w.-]|^(?![^\W\d])")


class Writer(Protocol):
    """A file being written; a context manager.

    At the end of the block the file is on the disk, whole, and takes the place of one with the same name; when the
    block is left by an error nothing is there, and the one of the same name stays as it was. Raises ``OSError``.
    """

    protected: int
    """How many cells were written with an apostrophe in front, for a spreadsheet would compute them."""

    def row(self, cells: Sequence[str]) -> None:
        """Write one row, as many cells as there are headings; fewer are filled up with empty ones."""

    def __enter__(self) -> Self:
        """Give the writer itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file into its place, or leave nothing of it."""


def writer(  # noqa: PLR0913  # what a file is made of
    path: Path,
    written: Written,
    headings: Sequence[str],
    *,
    layout: Layout | None = None,
    protect: bool = False,
    like: Path | None = None,
) -> Writer:
    """Begin a file of the form that ``written`` says.

    CSV has every value in quotation marks, commas unless ``written`` names another delimiter, CRLF, and UTF-8:
    without a mark where ``written`` says UTF-8 or nothing, else with one, since a spreadsheet that reads another
    encoding knows UTF-8 only by its mark [O]. ``protect`` is for files that people open and no program reads:
    values that a spreadsheet would take for a formula get an apostrophe in front, and ``protected`` counts them.
    XML is that of ``layout``, which it needs; headings that the layout has not become elements all the same.
    A worksheet has texts alone, so that no zero is lost and nothing is computed. ``like`` is the file that it is
    made of: who may not read that one may not read what is written either [O].
    """
    mode = _mode(like, path.parent) if like else _ALL
    if written.form is FileForm.XLSX:
        from uln_contract.batch_files.xlsx_writing import XlsxWriter  # noqa: PLC0415  # loads a library of its own

        return XlsxWriter(path, written, headings, mode)
    if written.form is FileForm.XML:
        if layout is None:
            raise ValueError("an XML file is written in a layout")
        return XmlWriter(path, headings, layout, mode)
    return CsvWriter(path, written, headings, mode, protect=protect)


def _mode(like: Path, folder: Path) -> int:
    """Give the permissions of a file for one that is made of it: the same or, with the umask, fewer.

    Its group's count only where the new file will have that group.
    """
    source, place = like.stat(), folder.stat()
    own: Callable[[], int] | None = getattr(os, "getegid", None)  # Windows has none, and goes by the folder alone
    group = place.st_gid if own is None or place.st_mode & stat.S_ISGID else own()
    mode = source.st_mode & _ALL | _OWNER
    return mode if source.st_gid == group else mode & ~_GROUP


class Placed:
    """A file that is written beside its place and put there when it is whole; ``mode`` says who may read it."""

    def __init__(self, path: Path, mode: int) -> None:
        self._path = path
        self.part = path.with_name(f".{path.name}{_PART}")
        self.part.unlink(missing_ok=True)  # what a kill has left has permissions of its own
        os.close(os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))

    def settle(self) -> None:
        """Put the file into its place, once the disk has it."""
        with self.part.open("rb+") as file:
            os.fsync(file.fileno())
        self.part.replace(self._path)

    def drop(self) -> None:
        """Leave nothing."""
        self.part.unlink(missing_ok=True)


class _TextWriter:
    """What the two forms share that are text: the file beside its place."""

    def __init__(self, path: Path, encoding: str, mode: int) -> None:
        self.protected = 0
        self._placed = Placed(path, mode)
        self._file: TextIO = self._placed.part.open("w", encoding=encoding, errors="replace", newline="")

    def __enter__(self) -> Self:
        """Give the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file into its place, or leave nothing of it."""
        try:
            with self._file:
                if kind is None:
                    self._finish()
            if kind is None:
                self._placed.settle()
        finally:
            self._placed.drop()

    def _finish(self) -> None:
        """Write what stands at the end."""


class CsvWriter(_TextWriter):
    """A CSV file being written."""

    def __init__(self, path: Path, written: Written, headings: Sequence[str], mode: int, *, protect: bool) -> None:
        super().__init__(path, "utf-8" if written.encoding in ("", "utf-8") else "utf-8-sig", mode)
        self._width = len(headings)
        self._protect = protect
        self._write = csv.writer(
            self._file, delimiter=written.delimiter or ",", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
        ).writerow
        self._write(headings)

    def row(self, cells: Sequence[str]) -> None:
        """Write one row."""
        if self._protect:
            cells = [self._safe(each) for each in cells]
        missing = self._width - len(cells)
        self._write([*cells, *[""] * missing] if missing > 0 else cells)

    def _safe(self, cell: str) -> str:
        if not cell or cell[0] not in _FORMULA:
            return cell
        self.protected += 1
        return f"'{cell}"


class XmlWriter(_TextWriter):
    """An XML file being written: what says something of the whole file stands before the records."""

    def __init__(self, path: Path, headings: Sequence[str], layout: Layout, mode: int) -> None:
        super().__init__(path, "utf-8", mode)
        self._layout = layout
        of_file = {each.name for each in layout.of_file}
        self._names = [element_name(each) for each in headings]
        self._of_record = [(place, each) for place, each in enumerate(self._names) if each not in of_file]
        self._of_file = [(place, each) for place, each in enumerate(self._names) if each in of_file]
        self._file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<{layout.root} xmlns="{NAMESPACE}">\n')

    def row(self, cells: Sequence[str]) -> None:
        """Write one record; empty cells are left out."""
        for line in _elements(self._of_file, cells):
            self._file.write(f"  {line}\n")
        self._of_file = []  # the first row alone has them
        record = self._layout.record
        lines = "".join(f"    {each}\n" for each in _elements(self._of_record, cells))
        self._file.write(f"  <{record}>\n{lines}  </{record}>\n")

    def _finish(self) -> None:
        self._file.write(f"</{self._layout.root}>\n")


def element_name(heading: str) -> str:
    """Give a heading as the name of an element; what no name may have becomes an underscore."""
    return _NO_NAME.sub("_", heading.strip()) or "_"


def _elements(names: Sequence[tuple[int, str]], cells: Sequence[str]) -> list[str]:
    width = len(cells)
    return [
        f"<{name}>{_escaped(cells[place])}</{name}>" for place, name in names if place < width and cells[place]
    ]


def carried(text: str) -> str:
    """Give a text as XML can carry it: a character that it has no way for is seen as U+FFFD."""
    return text if text.isprintable() else _ILLEGAL.sub("\ufffd", text)


def _escaped(text: str) -> str:
    if text.isalnum():
        return text
    return carried(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
