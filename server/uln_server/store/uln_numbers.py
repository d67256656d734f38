"""The counter that ULNs are made of, and the key that hides it (domain §2)."""

from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import bindparam, select, update
from sqlalchemy import text as sql

from uln_server.register.issuing import UlnKey
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import register

_KEY = Prepared(select(register.c.uln_key))
_DRAW = {
    "sqlite": Prepared(
        update(register)
        .values(uln_counter=register.c.uln_counter + bindparam("count"))
        .returning(register.c.uln_counter - bindparam("count"))
    ),
    # A sequence, not the row: two registrations must not wait for each other's commit. Its numbers are drawn one
    # by one, since somebody else's may come in between.
    "postgresql": Prepared(sql("SELECT nextval('uln_counter') FROM generate_series(1, :count)")),
}
# It waits for those that draw, and they wait for it, until its transaction ends. Nothing else about it changes.
_HOLD = Prepared(sql("ALTER SEQUENCE uln_counter MINVALUE 0"))
_READ = {
    "sqlite": Prepared(select(register.c.uln_counter)),
    "postgresql": Prepared(sql("SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM uln_counter")),
}
_SET = {
    "sqlite": Prepared(update(register).values(uln_counter=bindparam("counter"))),
    "postgresql": Prepared(sql("SELECT setval('uln_counter', :counter, false)")),
}
_SET_KEY = Prepared(update(register).values(uln_key=bindparam("uln_key")))


@dataclass(frozen=True, slots=True)
class Numbering:
    """What a register's ULNs are made of: its key, 64 hexadecimal characters, and the counter that comes next."""

    key: str = field(repr=False)
    counter: int


class StoredNumbering:
    """A register's numbering, to be read."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self) -> Numbering:
        """Give key and counter. Whoever has the key can tell which numbers come next: it is for backups alone."""
        return Numbering(self._line.rows(_KEY)[0][0], counter(self._line))


class NumberingChanges(StoredNumbering):
    """A register's numbering, to be taken on, within a writing transaction."""

    def locked(self) -> Numbering:
        """Give key and counter, and let nobody draw a number before this transaction has ended."""
        if self._line.driver.name == "postgresql":
            self._line.run(_HOLD)
        return self.get()

    def set(self, held: Numbering, following: Numbering) -> None:
        """Put another key, or a counter further on, in the place of what ``locked`` gave.

        Raises ``ValueError`` for a counter that goes back: numbers would be issued twice.
        """
        if following.counter < held.counter:
            raise ValueError("The counter of ULNs never goes back.")
        self._line.run(_SET_KEY, uln_key=following.key)
        set_counter(self._line, following.counter)


# A key takes longer to make than a thousand numbers to draw.
_made = lru_cache(maxsize=4)(UlnKey)


def uln_key(line: Line) -> UlnKey:
    """Give the register's key."""
    return _made(line.rows(_KEY)[0][0])


def draw(line: Line, count: int = 1) -> tuple[int, ...]:
    """Draw the next counters, within a writing transaction; no other transaction draws them too.

    What a transaction drew that is rolled back may be drawn again (SQLite) or never (PostgreSQL): either way no
    record has it.
    """
    rows = line.rows(_DRAW[line.driver.name], count=count)
    if line.driver.name == "sqlite":
        first = rows[0][0]
        return tuple(range(first, first + count))
    return tuple(row[0] for row in rows)


def counter(line: Line) -> int:
    """Give the counter that comes next."""
    return int(line.rows(_READ[line.driver.name])[0][0])


def set_counter(line: Line, following: int) -> None:
    """Say which counter comes next."""
    if line.driver.name == "sqlite":
        line.run(_SET["sqlite"], counter=following)
    else:
        line.rows(_SET["postgresql"], counter=following)
