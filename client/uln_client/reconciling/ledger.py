"""The two lists side by side, in a database that lies on the disk without a name and is gone when it is closed.

So a list of half a million rows and a register of a million awards take the memory of a few, and nothing of them
is left behind. Rows and awards are found by ULN and reference key, in whichever order the service gives them.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from types import TracebackType
from typing import Any, NamedTuple, Self

from uln_client.errors import UsageError
from uln_client.own_awards import OwnAward
from uln_client.reconciling.comparing import Listed
from uln_contract.references import key_of

_CACHE_KIB = 32_768
_SCHEMA = (
    "CREATE TABLE listed (place INTEGER PRIMARY KEY, number INTEGER, uln TEXT, key TEXT, at INTEGER, good, cells)",
    "CREATE TABLE held (number INTEGER PRIMARY KEY, person TEXT, key TEXT, withdrawn INTEGER, award TEXT)",
    "CREATE TABLE matched (person TEXT, key TEXT, PRIMARY KEY (person, key)) WITHOUT ROWID",
    "CREATE TABLE lines (rank INTEGER, number INTEGER, uln TEXT, key TEXT, cells TEXT)",
    "CREATE TABLE corrections (rank INTEGER, number INTEGER, uln TEXT, key TEXT, cells TEXT)",
)
# A row that cannot be used stands behind every other of its award: nobody knows whether it is the last.
_LAST = 2**62
_OPEN, _MET, _REPEATED = range(3)


class Repeat(NamedTuple):
    """A row of the list that does not count, and the row of the same award that does."""

    row: Listed
    counts: Listed


class Place(NamedTuple):
    """Where a line stands among those that are written: by rank, then by the row of the list, then by award."""

    rank: int
    number: int
    uln: str
    reference: str


class Ledger:
    """Holds both sides, and what is to be written; a context manager that forgets all of it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for each in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "temp_store = FILE",
            f"cache_size = -{_CACHE_KIB}",
        ):
            self._database.execute(f"PRAGMA {each}")
        for each in _SCHEMA:
            self._database.execute(each)
        self._database.execute("BEGIN")
        self._states = bytearray()

    def __enter__(self) -> Self:
        """Give the ledger itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything; ``UsageError`` when the disk had no room for it."""
        self._database.close()
        if isinstance(error, sqlite3.OperationalError):
            raise UsageError(
                f"The comparison's temporary database cannot be written ({error}).",
                "Make room on that disk, or name a folder on another one: in SQLITE_TMPDIR, on Windows in TMP.",
            ) from None

    def list_rows(self, rows: Iterable[Listed]) -> None:
        """Take the list in, once."""
        self._database.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?, ?)", map(_cells, rows))
        self._database.execute("CREATE INDEX of_award ON listed (uln, key, at)")
        (count,) = self._database.execute("SELECT count(*) FROM listed").fetchone()
        self._states = bytearray(count)

    def repeats(self) -> Iterator[Repeat]:
        """Give the rows of which another one counts: the last by ActionDate, then the last in the file [O]."""
        again = self._database.execute("SELECT uln, key FROM listed GROUP BY uln, key HAVING count(*) > 1")
        for uln, key in again:
            counts, *others = self._rows("WHERE uln = ? AND key = ? ORDER BY at DESC, place DESC", (uln, key))
            for each in others:
                self._states[each.place] = _REPEATED
                yield Repeat(each, counts)

    def met(self, award: OwnAward) -> Listed | None:
        """Give the row of the list that is about an award, which it has met then; ``None`` if there is none."""
        key = _key(award)
        query = "WHERE uln = ? AND key = ? ORDER BY at DESC, place DESC LIMIT 1"
        found = next(self._rows(query, (award.uln, key)), None)
        if found is not None:
            self._states[found.place] = _MET
            if award.current_uln is not None:
                self.meet(found, award.current_uln)
        return found

    def meet(self, row: Listed, person: str) -> None:
        """Take note that a row met an award of a learner whose ULN of today is ``person``."""
        self._states[row.place] = _MET
        self._database.execute("INSERT OR IGNORE INTO matched VALUES (?, ?)", (person, row.key))

    def has_met(self, row: Listed) -> bool:
        """Whether another row met an award of this ULN's learner under an old ULN, of the same reference."""
        found = self._database.execute("SELECT 1 FROM matched WHERE person = ? AND key = ?", (row.uln, row.key))
        return found.fetchone() is not None

    def keep(self, award: OwnAward) -> None:
        """Keep an award that the list does not have under its ULN."""
        person = award.current_uln or award.uln
        told = (person, _key(award), award.withdrawn, _text(_VALUES(award)))
        self._database.execute("INSERT INTO held (person, key, withdrawn, award) VALUES (?, ?, ?, ?)", told)

    def kept(self) -> Iterator[OwnAward]:
        """Give the awards that were kept and not taken out."""
        found = self._database.execute("SELECT award FROM held ORDER BY number")
        return (_award(award) for (award,) in found)

    def index_kept(self) -> None:
        """Make ready to look among the awards that were kept."""
        self._database.execute("CREATE INDEX of_person ON held (key, person)")

    def take_out(self, key: str, person: str) -> OwnAward | None:
        """Give an award of a learner, by the ULN of today, and take it out; one that is not withdrawn first."""
        query = "SELECT number, award FROM held WHERE key = ? AND person = ? ORDER BY withdrawn, number LIMIT 1"
        found = self._database.execute(query, (key, person)).fetchone()
        if found is None:
            return None
        self._database.execute("DELETE FROM held WHERE number = ?", found[:1])
        return _award(found[1])

    def unmet(self) -> Iterator[Listed]:
        """Give the rows that count, in the file's order, of which no award was met yet."""
        return (each for each in self._rows("ORDER BY place") if self._states[each.place] == _OPEN)

    def unmet_beside_kept(self) -> Iterator[Listed]:
        """Of these give those whose reference is that of an award that was kept: it may be the same learner's."""
        query = "WHERE EXISTS (SELECT 1 FROM held WHERE held.key = listed.key) ORDER BY place"
        return (each for each in self._rows(query) if self._states[each.place] == _OPEN)

    def learner(self, *ulns: str | None) -> Mapping[str, str] | None:
        """Give the values of a row about a learner, by the first of these ULNs that the list has."""
        for uln in filter(None, ulns):
            for each in self._rows("WHERE uln = ? AND good ORDER BY at DESC, place DESC LIMIT 1", (uln,)):
                return each.values
        return None

    def write(self, table: str, place: Place, content: Sequence[str] | Mapping[str, str]) -> None:
        """Keep a line of the report (``lines``), or a row of the file of corrections (``corrections``)."""
        self._database.execute(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)",  # noqa: S608  # one of two names of ours
            (*place, _text(content)),
        )

    def written(self, table: str) -> Iterator[Any]:
        """Give what was kept, in its order."""
        query = f"SELECT cells FROM {table} ORDER BY rank, number, uln, key, rowid"  # noqa: S608  # as above
        return (json.loads(cells) for (cells,) in self._database.execute(query))

    def _rows(self, query: str, given: Sequence[object] = ()) -> Iterator[Listed]:
        found = self._database.execute(f"SELECT place, number, uln, key, good, cells FROM listed {query}", given)  # noqa: S608  # ours
        for place, number, uln, key, good, cells in found:
            yield Listed(place=place, number=number, uln=uln, key=key, good=bool(good), values=json.loads(cells))


# One encoder for all: to make one takes longer than to use it. Days and moments are kept as they are written.
_text = json.JSONEncoder(default=str).encode
_MICROSECONDS = 1_000_000


def _cells(row: Listed) -> tuple[object, ...]:
    at = int(row.action_date.timestamp() * _MICROSECONDS) if row.good else _LAST
    return row.place, row.number, row.uln, row.key, at, row.good, _text(row.values)


_NAMES = [each.name for each in fields(OwnAward)]
_VALUES = attrgetter(*_NAMES)
_MOMENTS = ("details_action_date", "withdrawal_action_date", "last_changed")


def _award(text: str) -> OwnAward:
    told = dict(zip(_NAMES, json.loads(text), strict=True))
    told["award_date"] = date.fromisoformat(told["award_date"])
    return OwnAward(**told | {each: datetime.fromisoformat(told[each]) for each in _MOMENTS})


def _key(award: OwnAward) -> str:
    return key_of(award.reference) or award.reference
