"""How each kind of database is opened, starts a transaction, and says that it is worth trying again."""

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Dialect
from sqlalchemy.dialects import sqlite

from uln_server.store.errors import DatabaseAddressError, DatabaseBusy, DatabaseFailed, DatabaseUnreachable
from uln_server.store.failures import postgresql_failure, sqlite_busy, sqlite_failure
from uln_server.store.libpq import Reads, command

if TYPE_CHECKING:
    import psycopg

WAIT_SECONDS = 10
"""How long a statement waits for another's lock, on both databases."""
_WRITERS_CACHE_KB = 5_000  # of SQLite's pages; more than twice what it keeps by itself
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0002, 0.002  # seconds between two tries for SQLite's one writer's lock

Result = TypeVar("Result")


class Role(Enum):
    """What a connection is kept for."""

    READING = "reading"
    WRITING = "writing"


class Driver(ABC):
    """One kind of database, seen through its own PEP 249 driver in autocommit: transactions are begun by us."""

    name: ClassVar[str]
    waits: ClassVar[bool]
    begin_snapshot: ClassVar[str]
    begin_writing: ClassVar[str]
    begin_migrating: ClassVar[tuple[str, ...]]

    def __init__(self, url: URL, dialect: Dialect, errors: type[Exception]) -> None:
        self.url = url
        self.dialect = dialect
        self.errors = errors
        self.wait_seconds: float = WAIT_SECONDS

    @property
    def parameters(self) -> dict[str, Any]:
        """How the driver is to connect, for a library that does so itself."""
        return {}

    @abstractmethod
    def connect(self, role: Role) -> Any:
        """Open a driver connection; raise ``DatabaseUnreachable`` with the driver's reason."""

    @abstractmethod
    def present(self) -> bool:
        """Whether there is a database to connect to, as far as can be told without connecting."""

    @abstractmethod
    def create(self) -> None:
        """Make an empty database where that is ours to do."""

    def begin(self, connection: Any, statement: str) -> None:
        """Start a transaction, waiting for whoever is before us; the driver's error after ``wait_seconds``."""
        connection.execute(statement)

    def commit(self, connection: Any) -> None:
        """Make the open transaction durable; the driver's error when the database would not."""
        connection.execute("COMMIT")

    def roll_back(self, connection: Any) -> None:
        """Take the open transaction back; the driver's error when there is none."""
        connection.execute("ROLLBACK")

    def rows(self, connection: Any, statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and give all its rows."""
        found: Sequence[Sequence[Any]] = connection.execute(statement, parameters).fetchall()
        return found

    @abstractmethod
    def add_rows(self, connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put rows of texts and numbers into a table, in the way that is quickest for many."""

    @abstractmethod
    def in_transaction(self, connection: Any) -> bool:
        """Whether the connection has an open transaction."""

    @abstractmethod
    def lost(self, connection: Any, error: Exception) -> bool:
        """Whether the connection is gone, so that only a new one can help."""

    @abstractmethod
    def transient(self, connection: Any, error: Exception) -> bool:
        """Whether the same work may succeed when it is simply done again."""

    @abstractmethod
    def collided(self, error: BaseException | None) -> bool:
        """Whether the database ended the transaction for another's sake, so that nothing of it was kept."""

    @abstractmethod
    def failure(self, error: Exception) -> DatabaseBusy | DatabaseFailed:
        """Put an error of this driver into words for whoever runs the register, without a learner's details."""

    @abstractmethod
    def no_table(self, error: BaseException | None) -> bool:
        """Whether a statement failed because its table does not exist."""


class Sqlite(Driver):
    """The embedded database: a file in WAL mode, every commit synced to disk."""

    name = "sqlite"
    waits = False
    begin_snapshot = "BEGIN"
    begin_writing = "BEGIN IMMEDIATE"
    begin_migrating = ("PRAGMA busy_timeout = 600000", "BEGIN IMMEDIATE")

    def __init__(self, url: URL) -> None:
        if url.database in (None, "", ":memory:") or url.query:
            raise DatabaseAddressError("SQLite needs a file and no options: sqlite:///path/to/register.sqlite3.")
        super().__init__(url, sqlite.dialect(paramstyle="qmark"), sqlite3.Error)
        self.path = Path(str(url.database))

    def connect(self, role: Role) -> sqlite3.Connection:
        """Open the file, which must exist; another thread than the one that uses it may close the connection."""
        if not self.present():
            raise DatabaseUnreachable(f"There is no register at {self.path}: make one with `uln-server init`.")
        try:
            # A writer waits in ``begin``, by its own means.
            patience = self.wait_seconds if role is Role.READING else 0
            connection = sqlite3.connect(
                self.path, timeout=patience, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise DatabaseUnreachable(f"The SQLite file {self.path} cannot be opened: {error}.") from error
        try:
            self._prepare(connection, role)
        except sqlite3.Error as error:
            connection.close()
            if sqlite_busy(error):
                raise self.failure(error) from error
            raise DatabaseUnreachable(f"The SQLite file {self.path} cannot be used: {error}.") from error
        return connection

    def present(self) -> bool:
        """Whether the file exists."""
        return self.path.exists()

    def create(self) -> None:
        """Make an empty file, readable by its owner alone: it will hold personal data."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        except OSError as error:
            raise DatabaseUnreachable(
                f"The SQLite file {self.path} cannot be made: {error.strerror}."
                " Let this user write the folder, or name another file."
            ) from error

    def begin(self, connection: Any, statement: str) -> None:
        """Ask for the writer's lock again and again, at short intervals.

        SQLite's own waiting sleeps ever longer, up to 100 ms, so that under load a process that has just
        committed takes the lock again before the others wake, and some of them wait for a second.
        """
        self._patiently(lambda: connection.execute(statement))

    def add_rows(self, connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """One statement, bound anew for each row."""
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608  # our own words
        connection.executemany(statement, rows)

    def in_transaction(self, connection: Any) -> bool:
        """SQLite ends a transaction by itself after some errors."""
        return bool(connection.in_transaction)

    def lost(self, connection: Any, error: Exception) -> bool:  # noqa: ARG002  # a file does not hang up
        """Never: a file does not hang up."""
        return False

    def transient(self, connection: Any, error: Exception) -> bool:  # noqa: ARG002  # the port's signature
        """Never: whoever met a lock has waited for as long as anybody may be kept waiting."""
        return False

    def collided(self, error: BaseException | None) -> bool:  # noqa: ARG002  # the port's signature
        """Never: there is one writer at a time."""
        return False

    def failure(self, error: Exception) -> DatabaseBusy | DatabaseFailed:
        """By SQLite's result code."""
        return sqlite_failure(error, self.path, self.wait_seconds)

    def no_table(self, error: BaseException | None) -> bool:
        """SQLite says so in words only."""
        return str(error).startswith("no such table")

    def _prepare(self, connection: sqlite3.Connection, role: Role) -> None:
        # The switch to WAL needs the file for itself; once made, it stays in the file.
        if self._patiently(lambda: connection.execute("PRAGMA journal_mode").fetchone()) != ("wal",):
            self._patiently(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone())
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # A checkpoint copies each changed page once, and syncs twice: rarer ones copy less. 64 MB of log.
        connection.execute("PRAGMA wal_autocheckpoint = 16000")
        if role is Role.READING:
            connection.execute("PRAGMA query_only = ON")
        else:
            # A chunk of a batch meets pages everywhere. What finds no room is written before its time, and again.
            connection.execute(f"PRAGMA cache_size = -{_WRITERS_CACHE_KB}")

    def _patiently(self, work: Callable[[], Result]) -> Result:
        deadline, pause = time.monotonic() + self.wait_seconds, _FIRST_PAUSE
        while True:
            try:
                return work()
            except sqlite3.OperationalError as error:
                if not sqlite_busy(error) or time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)


class Postgresql(Driver):
    """The production database, through psycopg 3."""

    name = "postgresql"
    waits = True
    begin_snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    # The lock's number is any that only migrating uses: 'migr' in ASCII.
    begin_migrating = ("BEGIN", "SET LOCAL lock_timeout = 0", "SELECT pg_advisory_xact_lock(1835624306)")

    def __init__(self, url: URL) -> None:
        # Only a register on PostgreSQL pays for importing its driver.
        import psycopg  # noqa: PLC0415  # see above
        from sqlalchemy.dialects.postgresql import psycopg as words  # noqa: PLC0415  # see above

        dialect = words.dialect(paramstyle="format")  # type: ignore[no-untyped-call]  # SQLAlchemy left it so
        super().__init__(url, dialect, psycopg.Error)
        self._psycopg = psycopg
        self._reads: WeakKeyDictionary[Any, Reads] = WeakKeyDictionary()

    def connect(self, role: Role) -> "psycopg.Connection[Any]":
        """Connect within ten seconds; a peer that falls silent is noticed within half a minute."""
        try:
            connection = self._psycopg.connect(**self.parameters, autocommit=True)
        except self._psycopg.Error as error:
            raise DatabaseUnreachable(f"PostgreSQL at {self.url!r} cannot be reached: {error}.") from error
        connection.execute(
            "SELECT set_config('timezone', 'UTC', false), set_config('lock_timeout', %s, false),"
            " set_config('default_transaction_read_only', %s, false),"
            # So that the server notices as soon when this machine falls silent, and lets go of its locks.
            " set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),"
            " set_config('tcp_keepalives_count', '3', false)",
            (f"{self.wait_seconds * 1000:.0f}ms", "on" if role is Role.READING else "off"),
        )
        if role is Role.READING:
            self._reads[connection] = Reads(connection)
        return connection

    @property
    def parameters(self) -> dict[str, Any]:
        """How the driver is to connect."""
        _, given = self.dialect.create_connect_args(self.url)
        return {
            "connect_timeout": WAIT_SECONDS,
            "application_name": "uln-server",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            **given,
        }

    def present(self) -> bool:
        """Always: only connecting can tell."""
        return True

    def create(self) -> None:
        """Leave it to the server's administrator."""

    def begin(self, connection: Any, statement: str) -> None:
        """Start a transaction, in a sixth of the time that a cursor takes for it."""
        command(connection, statement)

    def commit(self, connection: Any) -> None:
        """Commit; the quiet rollback that answers the commit of a failed transaction is an error."""
        if command(connection, "COMMIT") != b"COMMIT":
            raise self._psycopg.errors.InFailedSqlTransaction("The transaction had failed and was rolled back.")

    def roll_back(self, connection: Any) -> None:
        """Take the open transaction back; a cursor would forget all statements that are prepared."""
        command(connection, "ROLLBACK")

    def rows(self, connection: Any, statement: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """On a connection for reading, in half the time that a cursor takes where all parameters are texts."""
        reads = self._reads.get(connection)
        if reads is not None and reads.take(statement, parameters):
            return reads.rows(connection, statement, parameters)
        return super().rows(connection, statement, parameters)

    def add_rows(self, connection: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """COPY: arrays to be unnested took eight times as long."""
        with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def in_transaction(self, connection: Any) -> bool:
        """A failed transaction is none that could be committed."""
        return bool(connection.info.transaction_status == self._psycopg.pq.TransactionStatus.INTRANS)

    def lost(self, connection: Any, error: Exception) -> bool:
        """The connection is closed, or the server said that it is shutting down (class 57P)."""
        return bool(connection.closed) or (getattr(error, "sqlstate", None) or "").startswith("57P")

    def transient(self, connection: Any, error: Exception) -> bool:
        """Lost, or refused for another's sake at once: serialisation failure, deadlock; not after a full wait."""
        return self.lost(connection, error) or self.collided(error)

    def collided(self, error: BaseException | None) -> bool:
        """SQLSTATE serialization_failure or deadlock_detected."""
        return getattr(error, "sqlstate", None) in ("40001", "40P01")

    def failure(self, error: Exception) -> DatabaseBusy | DatabaseFailed:
        """By the SQLSTATE."""
        return postgresql_failure(error, self.url, self.wait_seconds)

    def no_table(self, error: BaseException | None) -> bool:
        """SQLSTATE undefined_table."""
        return getattr(error, "sqlstate", None) == "42P01"


def driver_for(url: URL) -> Driver:
    """Choose the driver by the URL; raise ``DatabaseAddressError`` for any but the two kinds we keep."""
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return Sqlite(url)
    if url.drivername in ("postgresql", "postgresql+psycopg", "postgres"):
        return Postgresql(url.set(drivername="postgresql+psycopg"))
    raise DatabaseAddressError(
        f"{url.drivername} is no database of ours: use sqlite:///path or postgresql+psycopg://user@host/name."
    )
