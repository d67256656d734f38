"""What is asked of PostgreSQL through libpq itself: for a short statement psycopg's cursor takes twice as long."""

import re
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from uln_server.store.prepared import Row

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGresult

_PREPARED_AT_MOST = 200  # statements that one connection keeps; those beyond are psycopg's affair
_PLACE = re.compile("%([s%])")
_GOOD = (1, 2)  # PGRES_COMMAND_OK, PGRES_TUPLES_OK


def command(connection: "psycopg.Connection[Any]", statement: str) -> bytes | None:
    """Run a statement without parameters or rows, and give what the server says that it was."""
    return _checked(connection, connection.pgconn.exec_(statement.encode())).command_status


class Reads:
    """The statements of one connection that only reads, each prepared when first used, in libpq's blocking calls.

    Errors are psycopg's own, as if its cursor had met them. Only for a connection on which psycopg's cursors roll
    nothing back and drop nothing: they would then deallocate what is prepared here, too.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        from psycopg.adapt import Transformer  # noqa: PLC0415  # only a register on PostgreSQL pays for it

        self._utf8 = connection.info.encoding == "utf-8"
        # Not of the connection, which would then keep itself: times come in UTC in any case, and texts in UTF-8.
        self._loading = Transformer()
        self._names: dict[str, bytes] = {}

    def take(self, statement: str, parameters: Sequence[Any]) -> bool:
        """Whether they can run a statement: its parameters are texts, such as C can hold."""
        known = statement in self._names or len(self._names) < _PREPARED_AT_MOST
        return self._utf8 and known and all(each.__class__ is str and "\0" not in each for each in parameters)

    def rows(self, connection: "psycopg.Connection[Any]", statement: str, parameters: Sequence[str]) -> list[Row]:
        """Run a statement that they take, in psycopg's words, and give all its rows."""
        name = self._names.get(statement) or self._prepared(connection, statement)
        values = [each.encode() for each in parameters]
        result = _checked(connection, connection.pgconn.exec_prepared(name, values))
        self._loading.set_pgresult(result)
        try:
            return self._loading.load_rows(0, result.ntuples, tuple)
        finally:
            self._loading.set_pgresult(None)  # so that the rows are not kept until the next statement

    def _prepared(self, connection: "psycopg.Connection[Any]", statement: str) -> bytes:
        numbers, name = count(1), b"read_%d" % len(self._names)
        words = _PLACE.sub(lambda found: "%" if found[1] == "%" else f"${next(numbers)}", statement)
        _checked(connection, connection.pgconn.prepare(name, words.encode()))
        self._names[statement] = name
        return name


def _checked(connection: "psycopg.Connection[Any]", result: "PGresult") -> "PGresult":
    if result.status in _GOOD:
        return result
    from psycopg import OperationalError, errors  # noqa: PLC0415  # as above

    error = errors.error_from_result(result)
    # A server that is gone has no code for it.
    raise OperationalError(str(error)) if connection.closed and error.sqlstate is None else error
