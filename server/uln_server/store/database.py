"""The database: connections kept by each thread, handed out for reading and for writing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Literal, Self, TypeVar, cast

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from uln_server.store.combining import Combining
from uln_server.store.drivers import Driver, Role, driver_for
from uln_server.store.errors import DatabaseAddressError, DatabaseBusy
from uln_server.store.lines import Line
from uln_server.store.units import Reading, Writing

T = TypeVar("T")


class Database:
    """A register's database, SQLite or PostgreSQL. One for a process; safe to use from any thread.

    Each thread keeps one connection to read and one to write, made when first needed and given up when the
    thread has ended. Opening a database does not touch it: the first use does.
    """

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self._kept = threading.local()
        self._lines: list[tuple[threading.Thread, Line]] = []
        self._lock = threading.Lock()
        self._combining = Combining(self._opened)
        self.on_job: Callable[[], None] = _nobody
        """Called when a job waits that this process committed, on whichever thread did."""

    @classmethod
    def open(cls, url: str | URL) -> "Database":
        """Choose the database by its SQLAlchemy URL; ``DatabaseAddressError`` when it cannot be one of ours."""
        try:
            return cls(driver_for(make_url(url)))
        except (ArgumentError, ValueError):
            # The words of these quote the address, a password with it: no cause is attached.
            raise DatabaseAddressError(
                "The database's address is not an SQLAlchemy URL: write sqlite:///path or"
                " postgresql+psycopg://user:password@host:5432/name, with @ : / and % in user and password as"
                " %40 %3A %2F and %25."
            ) from None

    @property
    def url(self) -> URL:
        """The address; printing it hides the password."""
        return self.driver.url

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which kind of database it is."""
        return cast("Literal['sqlite', 'postgresql']", self.driver.name)

    @property
    def waits(self) -> bool:
        """Whether a read may wait on the network, and so belongs on a thread of its own."""
        return self.driver.waits

    def reading(self) -> Reading:
        """Give this thread's door for reading, as a context manager.

        Each method is one statement and sees one state; two of them may see two. Costs nothing to enter.
        """
        return self._reading()[1]

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Read one state of the database throughout the block (SQLite: deferred; PostgreSQL: repeatable read)."""
        line, reading = self._reading()
        with line.transaction(self.driver.begin_snapshot):
            yield reading

    @contextmanager
    def _opened(self) -> Iterator[tuple[Line, Writing]]:
        line, writing = self._writing()
        writing.jobs.told = False
        with line.transaction(self.driver.begin_writing):
            yield line, writing
        if writing.jobs.told:
            self.on_job()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Commit everything that the block changes, or, when it raises, nothing.

        On SQLite there is one writer at a time, from the start; on PostgreSQL rows are locked as they are
        touched. Blocks of one thread do not nest (``RuntimeError``).
        """
        with self._opened() as (_, writing):
            yield writing

    def change(self, work: Callable[[Writing], T]) -> T:
        """Carry out a change and give its result once that is committed; what raises leaves nothing.

        On SQLite the changes that wait at the same time share one transaction. On PostgreSQL each has its own, and
        is carried out once more when the database ended it for another's sake (deadlock, serialisation): ``work``
        must do all that it does through what it is given.
        """
        if not self.waits:
            return self._combining.change(work)
        try:
            with self.writing() as writing:
                return work(writing)
        except DatabaseBusy as error:
            if not self.driver.collided(error.__cause__):
                raise
        with self.writing() as writing:
            return work(writing)

    def line(self, role: Role) -> Line:
        """Open a line of one's own, for a thread that manages its own transactions; whoever asks closes it."""
        return Line(self.driver, role)

    def close(self) -> None:
        """Close every thread's connections; no thread may be using one. A later use opens new ones."""
        with self._lock:
            lines, self._lines = self._lines, []
        for _, line in lines:
            line.close()
        self._kept = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _reading(self) -> tuple[Line, Reading]:
        try:
            kept: tuple[Line, Reading] = self._kept.reading
        except AttributeError:
            line = self._keep(Role.READING)
            kept = self._kept.reading = (line, Reading(line))
        return kept

    def _writing(self) -> tuple[Line, Writing]:
        try:
            kept: tuple[Line, Writing] = self._kept.writing
        except AttributeError:
            line = self._keep(Role.WRITING)
            kept = self._kept.writing = (line, Writing(line))
        return kept

    def _keep(self, role: Role) -> Line:
        line = self.line(role)
        with self._lock:
            ended = [each for each in self._lines if not each[0].is_alive()]
            self._lines = [each for each in self._lines if each[0].is_alive()]
            self._lines.append((threading.current_thread(), line))
        for _, old in ended:
            old.close()
        return line


def _nobody() -> None:
    """No worker in this process is to be woken."""
