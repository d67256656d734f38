"""A worksheet written: texts alone, so that a spreadsheet keeps zeros and computes nothing."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from uln_contract.batch_files.rows import Written
from uln_contract.batch_files.writing import Placed, carried

_ROWS = 2**20
_LONGEST = 32_767  # characters that a cell takes
_WIDTH = 18  # characters
_SHEET = "Records"
_NO_SHEET_NAME = str.maketrans("[]:*?/\\", "_______")


class XlsxWriter:
    """A workbook of one sheet being written, in constant memory.

    A text that is longer than a cell takes is cut and ends with an ellipsis.
    """

    def __init__(self, path: Path, written: Written, headings: Sequence[str], mode: int) -> None:
        self.protected = 0
        self._placed = Placed(path, mode)
        # Rows wait in a file of their own, beside the workbook, since they are as private as it is.
        self._waiting = path.with_name(f".{path.name}.rows")
        self._waiting.mkdir(mode=0o700, exist_ok=True)
        self._book: Any = xlsxwriter.Workbook(
            str(self._placed.part), {"constant_memory": True, "tmpdir": str(self._waiting)}
        )
        text = self._book.add_format({"num_format": "@"})
        self._sheet: Any = self._book.add_worksheet(_sheet_name(written.sheet))
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(headings) - 1, _WIDTH, text)
        self._text, self._number = text, 0
        self._write(headings, self._book.add_format({"num_format": "@", "bold": True}))

    def row(self, cells: Sequence[str]) -> None:
        """Write one row; ``ValueError`` when a sheet has no more."""
        self._write(cells, self._text)

    def __enter__(self) -> Self:
        """Give the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file into its place, or leave nothing of it; the library ends its own files only by closing."""
        try:
            self._close()
            if kind is None:
                self._placed.settle()
        finally:
            self._placed.drop()
            shutil.rmtree(self._waiting, ignore_errors=True)

    def _close(self) -> None:
        try:
            self._book.close()
        except XlsxWriterException as error:
            self._sheet.row_data_fh.close()  # it leaves its rows open then, and Windows removes no open file
            raise OSError(str(error)) from error

    def _write(self, cells: Sequence[str], form: Any) -> None:
        if self._number >= _ROWS:
            raise ValueError(f"a worksheet has no more than {_ROWS:,} rows")
        for column, cell in enumerate(cells):
            if cell:
                text = cell if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…"
                self._sheet.write_string(self._number, column, carried(text), form)
        self._number += 1


def _sheet_name(name: str) -> str:
    """Give a name that a sheet may have: of 31 characters, without those that references are made of."""
    return name.translate(_NO_SHEET_NAME)[:31].strip("'") or _SHEET
