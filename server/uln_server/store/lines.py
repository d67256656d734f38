"""A driver connection that is kept, and what may be done on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from uln_server.store.drivers import Driver, Role
from uln_server.store.errors import DatabaseBusy, DatabaseFailed, DatabaseUnreachable
from uln_server.store.prepared import Prepared, Row, Written


class Line:
    """One kept connection, for one thread at a time; opened when first used.

    Outside a transaction every statement stands for itself, and is repeated once on a new connection when the
    old one turns out dead. Inside one nothing is repeated: only its start is. An error of the driver comes up as
    ``DatabaseBusy`` or ``DatabaseFailed``, with itself as the cause.
    """

    def __init__(self, driver: Driver, role: Role) -> None:
        self.driver = driver
        self.in_transaction = False
        self._role = role
        self._connection: Any = None

    def rows(self, statement: Prepared, **values: Any) -> list[Row]:
        """Run a statement and give all its rows, converted as its columns say."""
        written = statement.on(self.driver.dialect)
        sql, parameters = written.sql, written.bind(values)
        return written.read(self._attempt(lambda connection: self.driver.rows(connection, sql, parameters)))

    def run(self, statement: Prepared, **values: Any) -> int:
        """Run a statement that gives no rows; return how many rows it touched."""
        written = statement.on(self.driver.dialect)
        sql, parameters = written.sql, written.bind(values)
        return int(self._attempt(lambda connection: connection.execute(sql, parameters).rowcount))

    def run_many(self, statement: Prepared, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each set of values, inside a transaction."""
        if values:
            written: Written = statement.on(self.driver.dialect)
            sets = [written.bind(each) for each in values]
            self._attempt(lambda connection: connection.cursor().executemany(written.sql, sets))

    def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Put rows of texts and numbers into a table, inside a transaction."""
        if rows:
            self._attempt(lambda connection: self.driver.add_rows(connection, table, columns, rows))

    def through(self, work: Callable[[Any], Any]) -> None:
        """Let a library do something on the driver's own connection, inside a transaction."""
        self._attempt(work)

    @contextmanager
    def transaction(self, begin: str) -> Iterator[None]:
        """Commit what the block did, or nothing of it; ``RuntimeError`` when one is open on this line already."""
        if self.in_transaction:
            raise RuntimeError("A transaction is open on this thread already.")
        self._attempt(lambda connection: self.driver.begin(connection, begin))
        self.in_transaction = True
        try:
            yield
            self._attempt(self.driver.commit)
        except BaseException:
            self._abandon()
            raise
        finally:
            self.in_transaction = False

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Within a transaction, take back what the block did when it raises, and leave the rest standing.

        When the database has ended the transaction because of the error, there is no rest: see ``alive``.
        """
        self._attempt(lambda connection: connection.execute("SAVEPOINT change"))
        try:
            yield
        except BaseException:
            if self.alive:
                self._attempt(lambda connection: connection.execute("ROLLBACK TO change"))
                self._attempt(lambda connection: connection.execute("RELEASE change"))
            raise
        self._attempt(lambda connection: connection.execute("RELEASE change"))

    @property
    def alive(self) -> bool:
        """Whether the transaction can still be committed: a full disk makes SQLite end it."""
        return self.in_transaction and self.driver.in_transaction(self._connection)

    def close(self) -> None:
        """Hang up; the next use opens a new connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def transient(self, error: Exception) -> bool:
        """Whether the work that met this error may simply be done again."""
        if isinstance(error, DatabaseUnreachable):
            return True
        cause = error.__cause__ if isinstance(error, (DatabaseBusy, DatabaseFailed)) else error
        if not isinstance(cause, self.driver.errors):
            return False
        return self._connection is None or self.driver.transient(self._connection, cause)

    def _attempt(self, work: Callable[[Any], Any]) -> Any:
        if self._connection is None:
            self._connection = self.driver.connect(self._role)
        try:
            return work(self._connection)
        except self.driver.errors as error:
            if self.in_transaction or not self.driver.lost(self._connection, error):
                raise self.driver.failure(error) from error
        self.close()
        self._connection = self.driver.connect(self._role)
        try:
            return work(self._connection)
        except self.driver.errors as error:
            raise self.driver.failure(error) from error

    def _abandon(self) -> None:
        # A connection that cannot even roll back is not worth keeping.
        try:
            self.driver.roll_back(self._connection)
        except self.driver.errors:
            self.close()
