"""The rows of a file that become jobs, on the disk beside it: never all in memory, the same after a restart."""

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from uln_server.batch.job import Written

_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Spool:
    """Rows that are written once and read again and again, each with its number in the file.

    It is whole or not there: it has its name once everything is on the disk, and ``part`` until then.
    """

    def __init__(self, path: Path, part: Path) -> None:
        self._path = path
        self._part = part

    @property
    def there(self) -> bool:
        """Whether it was written whole."""
        return self._path.exists()

    def write(self, rows: Iterator[tuple[int, object]]) -> int:
        """Keep rows, and count them; what the iterator raises leaves no spool."""
        part, count = self._part, 0
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                for number, fields in rows:
                    file.write(f"{number} {_TEXT(fields)}\n")
                    count += 1
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        finally:
            part.unlink(missing_ok=True)
        return count

    def remove(self) -> None:
        """Take it away."""
        self._path.unlink(missing_ok=True)

    def count(self) -> int:
        """Count the rows."""
        with self._path.open("rb") as file:
            return sum(1 for _ in file)

    def rows(self, behind: int, most: int) -> Iterator[Written]:
        """Give at most so many rows behind the first ones, as the text that a job keeps of each."""
        with self._path.open(encoding="utf-8", newline="\n") as file:
            for line in islice(file, behind, behind + most):
                yield line.rstrip("\n").partition(" ")[2]

    def numbers(self) -> Iterator[int]:
        """Give the rows' numbers in the file."""
        with self._path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield int(line.partition(" ")[0])
