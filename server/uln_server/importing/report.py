"""The error file: what is wrong with each row that was not taken, for whoever corrects the file [O]."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from uln_server.importing.problems import Unusable
from uln_server.importing.rules import Finding

HEADINGS = ("Row", "Column", "Value", "Rule", "What is wrong", "What to do")
_START = f"\ufeff{','.join(HEADINGS)}\r\n".encode()
# A spreadsheet takes a cell that begins so for a formula, and may run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ErrorFile:
    """A CSV file in UTF-8 with a mark, so that spreadsheets read it; made when there is something to say.

    It holds personal data, and so is its owner's alone. ``size`` is what may be relied upon after ``secure()``;
    a file that an earlier run left longer is cut back to it: what it said more was not the register's yet. That
    is done when there is first something to write or to secure: until then it may be another process's.
    """

    def __init__(self, path: Path, size: int = 0) -> None:
        self.path = path
        self._stream: io.TextIOWrapper | None = None
        self._taken_up = False
        self.size = self._reliable(size)

    def add(self, number: int, findings: Iterable[Finding]) -> None:
        """Write a row's findings, one a line."""
        if self._stream is None:
            self._stream = self._opened()
        lines = ((number, each.column, _cell(each), each.rule.value, each.words, each.remedy) for each in findings)
        csv.writer(self._stream).writerows(lines)

    def secure(self) -> int:
        """See that everything is on the disk, and give the file's size."""
        self._take_up()
        if self._stream is not None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self.size = self._stream.tell()
        return self.size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def _reliable(self, size: int) -> int:
        """Give where to go on: at ``size``, or at the start where the earlier file is gone or an old one's."""
        try:
            if not _is_ours(self.path):
                raise Unusable(
                    f"{self.path} is there already, and is no error file of an import.",
                    "Name another file with --errors, or take this one away.",
                )
            return size if size <= self.path.stat().st_size else 0
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def _take_up(self) -> None:
        """Cut off, once, what no register knows of."""
        if self._taken_up:
            return
        self._taken_up = True
        self.size = self._reliable(self.size)
        try:
            if self.size:
                os.truncate(self.path, self.size)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def _opened(self) -> io.TextIOWrapper:
        self._take_up()
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise _unwritable(self.path, error) from None
        stream = io.TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", newline="")
        if not self.size:
            stream.write(_START.decode())
        return stream


def _is_ours(path: Path) -> bool:
    """Tell whether a file begins as an error file does, or is empty: nothing else is ever written over."""
    with path.open("rb") as file:
        start = file.read(len(_START))
    return start in {b"", _START}


def _unwritable(path: Path, error: OSError) -> Unusable:
    return Unusable(
        f"The error file {path} cannot be written: {error.strerror}.", "Name another one with --errors FILE."
    )


def _cell(finding: Finding) -> str:
    value = finding.shown
    return f"'{value}" if value.startswith(_FORMULA) else value
