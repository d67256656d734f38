"""Statements written with SQLAlchemy once and run by the driver's own cursor many times.

SQLAlchemy's execution layer and a fresh connection cost more than the hot statements themselves; what is kept
of SQLAlchemy is the writing of SQL for each database, and the columns' types.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
Conversion = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A statement in the words of one database: its text, how values go in, and how columns come out."""

    sql: str
    names: tuple[str, ...]
    defaults: Mapping[str, Any]
    binding: Mapping[str, Conversion]
    reading: tuple[tuple[int, Conversion], ...]

    def bind(self, values: Mapping[str, Any]) -> Row:
        """Order the named values as the text wants them; ``KeyError`` when one is missing."""
        given = {**self.defaults, **values} if self.defaults else values
        if not self.binding:
            return tuple([given[name] for name in self.names])
        return tuple(
            self.binding[name](given[name]) if name in self.binding else given[name] for name in self.names
        )

    def read(self, rows: Iterable[Sequence[Any]]) -> list[Row]:
        """Convert what the driver gave into what the columns mean."""
        if not self.reading:
            return [tuple(row) for row in rows]
        return [self._converted(row) for row in rows]

    def _converted(self, row: Sequence[Any]) -> Row:
        values = list(row)
        for position, convert in self.reading:
            values[position] = convert(values[position])
        return tuple(values)


class Prepared:
    """A SQLAlchemy statement that is put into words once for each kind of database.

    ``ending`` is SQL that all of them spell alike and SQLAlchemy knows by dialect only.
    """

    def __init__(self, statement: ClauseElement, ending: str = "") -> None:
        self._statement = statement
        self._ending = ending
        self._written: dict[str, Written] = {}

    def on(self, dialect: Dialect) -> Written:
        """Give the statement in the words of this database; its ``paramstyle`` must be positional."""
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = write(self._statement, dialect, self._ending)
        return written


def write(statement: ClauseElement, dialect: Dialect, ending: str = "") -> Written:
    """Compile a statement for a dialect whose parameters are positional; ``IN`` over a list has no fixed text."""
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("Only statements with parameters and rows can be prepared.")
    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    defaults = {
        name: parameter.effective_value
        for parameter, name in compiled.bind_names.items()
        if not parameter.required
    }
    return Written(
        sql=str(compiled) + ending,
        names=tuple(compiled.positiontup or ()),
        defaults=defaults,
        binding=_present({name: _bind(kind, dialect) for name, kind in types.items()}),
        reading=tuple(_present(dict(enumerate(_results(statement, dialect)))).items()),
    )


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> Conversion | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _results(statement: ClauseElement, dialect: Dialect) -> list[Conversion | None]:
    columns = getattr(statement, "exported_columns", ())
    return [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]


def _present(conversions: Mapping[Any, Conversion | None]) -> dict[Any, Conversion]:
    return {key: convert for key, convert in conversions.items() if convert is not None}
