"""What has been sent of a file and what came of it, written down step by step: a run may end anywhere (domain §8).

Lines of JSON that are only ever added, each on the disk before the next step is taken:

``run``      what is sent where, before anything is
``part``     which rows are about to be sent as one job, and under which MessageID
``job``      the number that the service answered
``results``  what became of the rows of a job that has ended

A MessageID stands there before its message goes out. If no answer is written behind it, the same message goes out
again under the same MessageID, and the service gives the first one's number instead of making another job.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from filelock import FileLock, Timeout

from uln_client.errors import UsageError

FORMAT = 1
"""Of the lines; a journal of another format is not read."""
Result = list[Any]
"""What became of one row, as JSON keeps it; what stands where is its errand's affair."""


@dataclass(slots=True)
class Part:
    """The rows of one job.

    ``rows`` are ranges of row numbers, both ends included. ``name`` is the MessageID, ``content`` tells these
    rows' values from others. ``ended`` is the status of a job that ended before its last row, ``""`` of one that
    did all, ``reason`` what the service says of it; ``done`` is how many rows have a result.
    """

    number: int
    rows: list[tuple[int, int]]
    count: int
    name: str
    content: str
    job: int | None = None
    done: int | None = None
    ended: str = ""
    reason: str = ""
    _place: int = field(default=0, repr=False)

    @property
    def complete(self) -> bool:
        """Whether every row has its result."""
        return self.done == self.count

    def row_numbers(self) -> Iterator[int]:
        """Give the numbers of its rows, ascending."""
        return (number for first, last in self.rows for number in range(first, last + 1))


class Journal:
    """The journal of one file's run; ``run`` is ``None`` until :meth:`begin`."""

    def __init__(self, file: IO[bytes], *, anew: bool = False) -> None:
        self.run: Mapping[str, Any] | None = None
        self.parts: dict[int, Part] = {}
        self._file = file
        if not anew:
            self._read()

    @classmethod
    @contextmanager
    def opened(cls, path: Path, *, anew: bool = False) -> Iterator[Self]:
        """Open the journal at ``path``, a new one where there is none, for this process alone.

        ``anew`` forgets the run before, once another begins. Raises :class:`~uln_client.errors.UsageError` when
        another process has it, when it cannot be written, or when it is none that this release can read.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
            lock.acquire()
        except Timeout:
            raise UsageError(
                "Another run is at work on this file.", "Wait until it has ended, then run the command again."
            ) from None
        except OSError as error:
            raise _unwritable(path, error) from None
        try:
            with _file(path) as file:
                yield cls(file, anew=anew)
        finally:
            lock.release()

    def begin(self, run: Mapping[str, Any]) -> None:
        """Write down what is sent where; only now an earlier run is forgotten."""
        self._file.truncate(0)
        self.run = {"format": FORMAT, **run}
        self._add({"run": self.run})

    def announce(self, part: Part) -> None:
        """Write down that a part is about to be sent."""
        self.parts[part.number] = part
        self._add(
            {
                "part": part.number,
                "rows": part.rows,
                "count": part.count,
                "name": part.name,
                "content": part.content,
                "at": _now(),
            }
        )

    def accepted(self, part: Part, job: int) -> None:
        """Write down the number of a part's job."""
        part.job = job
        self._add({"part": part.number, "job": job, "at": _now()})

    def ended(self, part: Part, results: Sequence[Result], status: str = "", reason: str = "") -> None:
        """Write down what became of a part's rows; of a job that ended early, of the first ones."""
        line = {"part": part.number, "ended": status, "reason": reason, "at": _now(), "results": results}
        place = self._add(line)
        _take_results(part, line, place)

    def results(self) -> Iterator[tuple[int, Part, Result | None]]:
        """Give for each row that was announced its number, its part, and its result if it has one; ascending."""
        for _, part in sorted(self.parts.items()):
            found: Sequence[Result] = ()
            if part.done is not None:
                self._file.seek(part._place)  # noqa: SLF001  # the journal's own
                found = json.loads(self._file.readline())["results"]
            for place, number in enumerate(part.row_numbers()):
                yield number, part, found[place] if place < len(found) else None

    def _read(self) -> None:
        """Read what is there; a last line that is not whole was never acted upon, and is taken away."""
        place = 0
        for line in iter(self._file.readline, b""):
            if not line.endswith(b"\n"):
                break
            try:
                self._take(json.loads(line), place)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise UsageError(
                    "The journal of this file's earlier run cannot be read.",
                    "It was changed by other hands, or belongs to another release. Run the command with --restart "
                    "to send the whole file anew.",
                ) from None
            place += len(line)
        self._file.seek(place)
        self._file.truncate()

    def _take(self, line: Mapping[str, Any], place: int) -> None:
        if "run" in line:
            if line["run"]["format"] != FORMAT:
                raise ValueError
            self.run = line["run"]
        elif "rows" in line:
            rows = [(int(first), int(last)) for first, last in line["rows"]]
            number = line["part"]
            self.parts[number] = Part(number, rows, line["count"], line["name"], line["content"])
        elif "job" in line:
            self.parts[line["part"]].job = line["job"]
        else:
            _take_results(self.parts[line["part"]], line, place)

    def _add(self, line: Mapping[str, Any]) -> int:
        """Add a line, have it on the disk, and give its place."""
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return place


def _take_results(part: Part, line: Mapping[str, Any], place: int) -> None:
    part.done, part.ended, part.reason = len(line["results"]), line["ended"], line["reason"]
    part._place = place  # noqa: SLF001  # the journal's own


def _file(path: Path) -> IO[bytes]:
    """Open for reading and adding; who may read it is who may read the learners' details in it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise _unwritable(path, error) from None
    return os.fdopen(descriptor, "r+b")


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"The journal of what was sent cannot be kept in {path.parent} ({error.strerror}).",
        "Copy the file into a folder where you may write, and run the command on the copy.",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
