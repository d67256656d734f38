"""What the databases name differently."""

from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class joined(FunctionElement[str]):  # noqa: N801  # reads as the SQL function it is
    """All texts of a column with a space between them; NULL for no rows.

    SQLAlchemy's own ``aggregate_strings`` leaves a parameter to be filled in at each execution, so that its SQL
    cannot be prepared.
    """

    name = "joined"
    inherit_cache = True
    type = Text()

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)


@compiles(joined, "sqlite")
def _group_concat(element: joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, ' ')"


@compiles(joined, "postgresql")
def _string_agg(element: joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ' ')"


class gathered(FunctionElement[str]):  # noqa: N801  # as above
    """All rows as the text of one JSON array of arrays, in no order, an empty one of no rows; on SQLite alone.

    Of several hundred rows a driver makes a value at a time; one text is read in a quarter less.
    """

    name = "gathered"
    inherit_cache = True
    type = Text()

    def __init__(self, *columns: ColumnElement[Any]) -> None:
        super().__init__(*columns)


@compiles(gathered, "sqlite")
def _json_group_array(element: gathered, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


class utc_text(FunctionElement[str]):  # noqa: N801  # as above
    """An ``Instant`` as ISO 8601 in UTC, as text."""

    name = "utc_text"
    inherit_cache = True
    type = Text()

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)


@compiles(utc_text, "sqlite")
def _as_kept(element: utc_text, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(utc_text, "postgresql")
def _at_utc(element: utc_text, compiler: SQLCompiler, **options: Any) -> str:
    return f"translate(CAST(timezone('UTC', {compiler.process(element.clauses, **options)}) AS text), ' ', 'T')"


class each_of(FunctionElement[str]):  # noqa: N801  # as above
    """Every text of a JSON array, as the right side of IN: a list of any length in one prepared statement."""

    name = "each_of"
    inherit_cache = True
    type = Text()

    def __init__(self, array: ColumnElement[Any]) -> None:
        super().__init__(array)


@compiles(each_of, "sqlite")
def _json_each(element: each_of, compiler: SQLCompiler, **options: Any) -> str:
    array = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_each({array}))"  # noqa: S608  # a parameter's place, not its value


@compiles(each_of, "postgresql")
def _json_array_elements(element: each_of, compiler: SQLCompiler, **options: Any) -> str:
    array = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_array_elements_text(CAST({array} AS json)))"  # noqa: S608  # as above
