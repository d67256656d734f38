"""Statements put into words once for each kind of database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Dialect, bindparam, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateTable

from uln_server.access.organisation import Agreement
from uln_server.store.prepared import Prepared
from uln_server.store.tables import agreement

SQLITE = sqlite.dialect(paramstyle="qmark")
POSTGRESQL: Dialect = psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
THEN = datetime(2024, 7, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
STORED = {"sqlite": "2024-07-01T11:00:00.000005+00:00", "postgresql": THEN}

FIND = Prepared(
    select(agreement.c.agreement, agreement.c.signed_at, agreement.c.ended_at).where(
        agreement.c.signed_at >= bindparam("at"), agreement.c.agreement == bindparam("name")
    )
)
ADD = Prepared(
    insert(agreement)
    .values(organisation_id=7, agreement=bindparam("name"), signed_at=bindparam("at"), ended_at=bindparam("end"))
    .inline(),
    " ON CONFLICT DO NOTHING",
)


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=lambda dialect: dialect.name)
def test_values_go_in_by_name_in_the_order_of_the_text(dialect: Dialect) -> None:
    written = FIND.on(dialect)
    assert written.bind({"name": Agreement.PLR_READ, "at": THEN}) == (STORED[dialect.name], "plr-read")
    assert written is FIND.on(dialect)
    with pytest.raises(KeyError):
        written.bind({"name": Agreement.PLR_READ})
    with pytest.raises(ValueError, match="no-agreement"):
        written.bind({"name": "no-agreement", "at": THEN})


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=lambda dialect: dialect.name)
def test_values_of_the_statement_itself_and_nothing_at_all_go_in_too(dialect: Dialect) -> None:
    written = ADD.on(dialect)
    bound = written.bind({"name": None, "at": THEN, "end": None})
    assert bound == (7, None, STORED[dialect.name], None)
    assert written.sql.endswith(" ON CONFLICT DO NOTHING")
    assert "RETURNING" not in written.sql


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=lambda dialect: dialect.name)
def test_columns_come_out_as_what_they_mean(dialect: Dialect) -> None:
    row: tuple[Any, ...] = ("plr-read", STORED[dialect.name], None)
    assert FIND.on(dialect).read([row]) == [(Agreement.PLR_READ, THEN, None)]
    assert FIND.on(dialect).read([(None, STORED[dialect.name], None)])[0][1].tzinfo is UTC


def test_what_has_neither_parameters_nor_rows_cannot_be_prepared() -> None:
    with pytest.raises(TypeError):
        Prepared(CreateTable(agreement)).on(SQLITE)
