"""Reading through libpq itself: the same rows and the same errors as psycopg's cursor gives."""

import gc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from uln_server.store.database import Database
from uln_server.store.drivers import Postgresql, Role
from uln_server.store.errors import DatabaseFailed
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared

VALUES = "SELECT 7 %% 4, CAST(:given AS text), NULL, true, 1.5::float8, '2024-06-30 23:30:00.25+01'::timestamptz"
ROW = (3, "\u0141\u00f3d\u017a 100%", None, True, 1.5, datetime(2024, 6, 30, 22, 30, 0, 250_000, tzinfo=UTC))


@pytest.fixture
def line(postgres_database_url: str) -> Iterator[Line]:
    with Database.open(postgres_database_url) as database, closing(database.line(Role.READING)) as opened:
        yield opened


def asked(line: Line, words: str, **values: Any) -> list[tuple[Any, ...]]:
    return line.rows(Prepared(text(words.replace("::", r"\:\:"))), **values)


def test_rows_are_what_a_cursor_gives(line: Line, postgres_database_url: str) -> None:
    words = VALUES.replace("%%", "%")
    assert [asked(line, words, given=ROW[1]) for _ in range(3)] == [[ROW]] * 3
    with Database.open(postgres_database_url) as database, closing(database.line(Role.WRITING)) as writing:
        assert asked(writing, words, given=ROW[1]) == [ROW]


def test_what_c_cannot_hold_or_is_no_text_goes_through_a_cursor(line: Line) -> None:
    with pytest.raises(DatabaseFailed) as caught:
        asked(line, "SELECT CAST(:given AS text)", given="a\0b")
    assert isinstance(caught.value.__cause__, psycopg.DataError)
    assert asked(line, "SELECT CAST(:given AS text)", given="ab") == [("ab",)]
    assert asked(line, "SELECT :one + 1, CAST(:other AS text)", one=1, other="x") == [(2, "x")]


def test_what_is_prepared_outlives_errors_and_transactions(line: Line) -> None:
    assert asked(line, "SELECT CAST(:given AS integer)", given="1") == [(1,)]
    for _ in range(2):
        with pytest.raises(DatabaseFailed) as caught, line.transaction(line.driver.begin_snapshot):
            asked(line, "SELECT CAST(:given AS integer)", given="none")
        assert isinstance(caught.value.__cause__, psycopg.DataError)
        assert asked(line, "SELECT CAST(:given AS integer)", given="2") == [(2,)]
    with pytest.raises(DatabaseFailed), line.transaction(line.driver.begin_snapshot):
        asked(line, "SELECT no_such_column FROM register WHERE kind = :given", given="x")
    assert asked(line, "SELECT CAST(:given AS integer)", given="3") == [(3,)]


def test_statements_without_end_are_not_all_prepared(line: Line) -> None:
    for number in range(230):
        assert asked(line, f"SELECT {number}, CAST(:given AS text)", given="x") == [(number, "x")]
    words = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE :given"
    assert asked(line, words, given="read%") == [(200,)]


def test_another_encoding_is_psycopg_s_affair(postgres_database_url: str) -> None:
    url = make_url(postgres_database_url).update_query_dict({"client_encoding": "latin1"})
    with Database.open(url) as database, closing(database.line(Role.READING)) as line:
        assert asked(line, "SELECT CAST(:given AS text)", given="\u00e9") == [("\u00e9",)]


def test_a_connection_that_is_closed_is_not_kept(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        assert database.reading().register.kind is None
        assert isinstance(database.driver, Postgresql)
        assert len(database.driver._reads) == 1
        database.close()
        gc.collect()
        assert not database.driver._reads
