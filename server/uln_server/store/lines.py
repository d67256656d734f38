"""A driver connection that is kept, and what may be done on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from uln_server.store.drivers import Driver, Role
from uln_server.store.errors import DatabaseUnreachable
from uln_server.store.prepared import Prepared, Row, Written


class Line:
    """One kept connection, for one thread at a time; opened when first used.

    Outside a transaction every statement stands for itself, and is repeated once on a new connection when the
    old one turns out dead. Inside one nothing is repeated: only its start is.
    """

    def __init__(self, driver: Driver, role: Role) -> None:
        self.driver = driver
        self.in_transaction = False
        self._role = role
        self._connection: Any = None

    def rows(self, statement: Prepared, **values: Any) -> list[Row]:
        """Run a statement and give all its rows, converted as its columns say."""
        written = statement.on(self.driver.dialect)
        return written.read(self._execute(written.sql, written.bind(values)).fetchall())

    def run(self, statement: Prepared, **values: Any) -> int:
        """Run a statement that gives no rows; return how many rows it touched."""
        written = statement.on(self.driver.dialect)
        return int(self._execute(written.sql, written.bind(values)).rowcount)

    def run_many(self, statement: Prepared, values: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each set of values, inside a transaction."""
        if values:
            written: Written = statement.on(self.driver.dialect)
            self._connection.cursor().executemany(written.sql, [written.bind(each) for each in values])

    @contextmanager
    def transaction(self, begin: str) -> Iterator[None]:
        """Commit what the block did, or nothing of it; ``RuntimeError`` when one is open on this line already."""
        if self.in_transaction:
            raise RuntimeError("A transaction is open on this thread already.")
        self._attempt(lambda connection: self.driver.begin(connection, begin))
        self.in_transaction = True
        try:
            yield
            self.driver.commit(self._connection)
        except BaseException:
            self._abandon()
            raise
        finally:
            self.in_transaction = False

    def close(self) -> None:
        """Hang up; the next use opens a new connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def transient(self, error: Exception) -> bool:
        """Whether the work that met this error may simply be done again."""
        if isinstance(error, DatabaseUnreachable):
            return True
        if not isinstance(error, self.driver.errors):
            return False
        return self._connection is None or self.driver.transient(self._connection, error)

    def _execute(self, sql: str, parameters: Row) -> Any:
        return self._attempt(lambda connection: connection.execute(sql, parameters))

    def _attempt(self, work: Callable[[Any], Any]) -> Any:
        if self._connection is None:
            self._connection = self.driver.connect(self._role)
        try:
            return work(self._connection)
        except self.driver.errors as error:
            if self.in_transaction or not self.driver.lost(self._connection, error):
                raise
        self.close()
        self._connection = self.driver.connect(self._role)
        return work(self._connection)

    def _abandon(self) -> None:
        # A connection that cannot even roll back is not worth keeping.
        try:
            self._connection.execute("ROLLBACK")
        except self.driver.errors:
            self.close()
