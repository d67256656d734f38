"""What has to be remembered of a file while it is read, on disk, so that its length does not matter.

An SQLite database without a name: it grows in a file that nobody else can open and that ends with this process,
even one that is killed. Nothing in it needs to last: an import that goes on fills it again from the file.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from types import TracebackType
from typing import NamedTuple, Self

_TABLES = """
PRAGMA synchronous = OFF;
PRAGMA journal_mode = OFF;
CREATE TABLE seen (uln INTEGER PRIMARY KEY, row INTEGER NOT NULL, status INTEGER);
CREATE TABLE aside (
    uln INTEGER PRIMARY KEY, master INTEGER NOT NULL, row INTEGER NOT NULL, cells TEXT NOT NULL, level INTEGER
);
"""
_INDEXES = """
CREATE INDEX aside_master ON aside (master);
CREATE INDEX aside_level ON aside (level, row);
UPDATE aside SET level = 0 WHERE master NOT IN (SELECT uln FROM aside);
"""
_NEXT_LEVEL = """
UPDATE aside SET level = :level
WHERE uln IN (SELECT below.uln FROM aside AS above JOIN aside AS below ON below.master = above.uln
              WHERE above.level = :level - 1)
"""

_NEVER = 2**40  # the level of a record whose masters lead nowhere
_LEFT = f"UPDATE aside SET level = {_NEVER} WHERE level IS NULL"  # noqa: S608  # a number of our own
_IN_ORDER = "SELECT row, master, cells, level FROM aside ORDER BY level, row"


class Aside(NamedTuple):
    """A merged record that waits for its master; ``circular`` when its masters lead nowhere."""

    number: int
    master: str
    cells: list[str]
    circular: bool


class Scratch:
    """The ULNs of the file so far, and the merged records that come in when everything else has."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def duplicates(self, ulns: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Remember ULNs, each with its row, and give the rows whose ULN an earlier row has, with that row."""
        before = self._database.total_changes
        self._database.executemany("INSERT OR IGNORE INTO seen (uln, row) VALUES (?, ?)", ulns)
        if self._database.total_changes - before == len(ulns):
            return {}
        first = ((row, self._first(uln)) for uln, row in ulns)
        return {row: earlier for row, earlier in first if earlier != row}

    def accept(self, statuses: Iterable[tuple[int, str]]) -> None:
        """Remember with which status ULNs would stand in the register, for who may be merged into them."""
        self._database.executemany("UPDATE seen SET status = ? WHERE uln = ?", statuses)

    def accepted(self, uln: str) -> int | None:
        """Give the status that was remembered for a ULN."""
        with closing(self._database.execute("SELECT status FROM seen WHERE uln = ?", (uln,))) as found:
            row = found.fetchone()
        return None if row is None else row[0]

    def put_aside(self, rows: Iterable[tuple[str, str, int, list[str]]]) -> None:
        """Keep merged records: ULN, master's ULN, row, cells."""
        self._database.executemany(
            "INSERT INTO aside (uln, master, row, cells) VALUES (?, ?, ?, ?)",
            ((uln, master, row, json.dumps(cells)) for uln, master, row, cells in rows),
        )

    def in_order(self) -> Iterator[Aside]:
        """Give what was put aside, each record after its master, in an order that follows from the file alone.

        Last come those that form a circle, or lead into one. To be asked for once.
        """
        self._database.executescript(_INDEXES)
        level = 1  # the merges between a record and one that was not put aside
        while self._database.execute(_NEXT_LEVEL, {"level": level}).rowcount:
            level += 1
        self._database.execute(_LEFT)
        for number, master, cells, at_level in self._database.execute(_IN_ORDER):
            yield Aside(number, str(master), json.loads(cells), circular=at_level == _NEVER)

    def _first(self, uln: str) -> int:
        with closing(self._database.execute("SELECT row FROM seen WHERE uln = ?", (uln,))) as found:
            return int(found.fetchone()[0])
