"""Connections, transactions, and what happens when a connection dies."""

import gc
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from tests.store.builders import ULNS, a_learner, an_organisation, learners
from tests.store.databases import administer, cut_connections, sqlite_url

from uln_server.register.learner import Status
from uln_server.store.database import Database
from uln_server.store.drivers import Role, Sqlite
from uln_server.store.errors import (
    DatabaseAddressError,
    DatabaseBusy,
    DatabaseFailed,
    DatabaseUnreachable,
    UlnTaken,
)
from uln_server.store.prepared import Prepared
from uln_server.store.units import Reading, Writing


@pytest.mark.parametrize(
    "url", ["mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///x?mode=ro", "no url"]
)
def test_an_address_that_is_no_register_is_refused(url: str) -> None:
    with pytest.raises(DatabaseAddressError):
        Database.open(url)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_postgresql_may_be_written_in_any_usual_way(scheme: str) -> None:
    database = Database.open(f"{scheme}://user:secret@host/name")
    assert (database.dialect, database.waits) == ("postgresql", True)
    assert "secret" not in str(database.url)


def _refusal(url: str) -> str:
    with Database.open(url) as database, pytest.raises(DatabaseUnreachable) as caught:
        database.reading().learners.get(ULNS[0])
    return str(caught.value)


def test_a_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "none.sqlite3"
    assert "none.sqlite3" in _refusal(sqlite_url(missing))
    assert not missing.exists()


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    said = _refusal("postgresql://u:secret@127.0.0.1:1/none")
    assert "127.0.0.1" in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite3"
    path.write_text("This is no database, however long it may be." * 100)
    assert "not a database" in _refusal(sqlite_url(path))


def test_a_path_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in _refusal(sqlite_url(tmp_path))


def test_sqlite_syncs_every_commit_and_keeps_its_keys(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        line = database.line(Role.WRITING)
        settings = ("journal_mode", "synchronous", "foreign_keys")
        found = [line.rows(Prepared(text(f"PRAGMA {name}")))[0][0] for name in settings]
        line.close()
    assert found == ["wal", 2, 1]


def test_a_line_for_reading_cannot_write(database: Database) -> None:
    line = database.line(Role.READING)
    with pytest.raises(DatabaseFailed, match=r"readonly|read-only"):
        line.run(Prepared(text("DELETE FROM learner")))
    line.close()


def test_what_a_block_changed_is_there_for_the_next(database: Database) -> None:
    learners(database, ULNS[0])
    with database.reading() as reading:
        assert reading.learners.get(ULNS[0]) == a_learner(ULNS[0])


def test_a_block_that_raises_changes_nothing(database: Database) -> None:
    with pytest.raises(UlnTaken):
        learners(database, ULNS[0], ULNS[1], ULNS[0])
    assert database.reading().learners.get(ULNS[1]) is None
    learners(database, ULNS[0])


def _fail_quietly(writing: Writing) -> None:
    writing.learners.add(a_learner())
    with suppress(DatabaseFailed):
        writing.learners.add(a_learner(ULNS[1], status=Status.MERGED))


def test_a_transaction_that_failed_inside_is_not_taken_for_committed(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        with pytest.raises(DatabaseFailed, match="InFailedSqlTransaction"), database.writing() as writing:
            _fail_quietly(writing)
        assert database.reading().learners.get(ULNS[0]) is None


def test_blocks_of_one_thread_do_not_nest(database: Database) -> None:
    with database.writing(), pytest.raises(RuntimeError, match="open"), database.writing():
        pass
    with database.snapshot(), pytest.raises(RuntimeError, match="open"), database.snapshot():
        pass
    learners(database, ULNS[0])


def test_a_snapshot_keeps_to_one_state(database: Database) -> None:
    with database.snapshot() as reading:
        assert reading.learners.get(ULNS[0]) is None
        learners(database, ULNS[0])
        assert reading.learners.get(ULNS[0]) is None
        assert reading.learners.linked(ULNS[0]) == ()
    assert database.reading().learners.get(ULNS[0]) is not None


def test_reading_goes_on_while_another_writes(database: Database) -> None:
    with database.writing() as writing:
        writing.learners.add(a_learner())
        assert database.reading().learners.get(ULNS[0]) is None
        assert writing.learners.get(ULNS[0]) is not None


def test_threads_do_not_share_a_connection(database: Database) -> None:
    seen = []

    def look() -> None:
        with database.snapshot() as reading:
            seen.append(reading.learners.get(ULNS[0]))

    with database.snapshot():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [None]


def test_the_connections_of_ended_threads_are_closed(database: Database) -> None:
    def look() -> None:
        database.reading().learners.get(ULNS[0])

    for _ in range(5):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    look()
    assert len(database._lines) == 1
    gc.collect()  # an unclosed connection would warn here, and a warning is an error


def test_a_closed_database_opens_again(database: Database) -> None:
    learners(database, ULNS[0])
    database.close()
    assert database.reading().learners.get(ULNS[0]) is not None


def test_reading_and_writing_outlive_a_lost_connection(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        an_organisation(database)
        assert database.reading().organisations.by_identifier("SBXAO1")
        cut_connections(postgres_database_url)
        assert database.reading().organisations.by_identifier("SBXAO1")
        learners(database, ULNS[0])
        cut_connections(postgres_database_url)
        with database.snapshot() as reading:
            assert reading.learners.get(ULNS[0])


def _read_and_be_cut(reading: Reading, url: str) -> None:
    reading.learners.get(ULNS[0])
    cut_connections(url)
    reading.learners.get(ULNS[0])


def _write_and_be_cut(writing: Writing, url: str) -> None:
    writing.learners.add(a_learner(ULNS[0]))
    cut_connections(url)
    writing.learners.add(a_learner(ULNS[1]))


def test_a_snapshot_does_not_go_on_over_a_lost_connection(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        with pytest.raises(DatabaseFailed) as caught, database.snapshot() as reading:
            _read_and_be_cut(reading, postgres_database_url)
        assert isinstance(caught.value.__cause__, psycopg.OperationalError)
        assert database.reading().learners.get(ULNS[0]) is None


def test_a_change_is_not_half_made_over_a_lost_connection(postgres_database_url: str) -> None:
    with Database.open(postgres_database_url) as database:
        with pytest.raises(DatabaseFailed), database.writing() as writing:
            _write_and_be_cut(writing, postgres_database_url)
        learners(database, ULNS[1])
        assert database.reading().learners.get(ULNS[0]) is None


_WRITER = """
import sys
from tests.store.builders import PASSWORD, quick
from uln_server.store.database import Database
with Database.open(sys.argv[1]) as database:
    for _ in range(40):
        with database.writing() as writing:
            writing.organisations.set_password("SBXAO1", PASSWORD, hashing=quick)
"""


def test_two_processes_write_at_once_and_neither_fails(database: Database, database_url: str) -> None:
    an_organisation(database)
    command = [sys.executable, "-W", "error", "-c", _WRITER, database_url]
    writers = [subprocess.Popen(command) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    organisation = database.reading().organisations.by_identifier("SBXAO1")
    assert organisation is not None
    assert organisation.credential_version == 81


def _exclusively(path: Path) -> sqlite3.Connection:
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("CREATE TABLE held (x)")
    return holder


@pytest.mark.parametrize("role", list(Role))
def test_the_switch_to_wal_waits_for_its_turn(tmp_path: Path, role: Role) -> None:
    path = tmp_path / "new.sqlite3"
    holder = _exclusively(path)
    timer = threading.Timer(0.3, holder.commit)
    timer.start()
    connection = Sqlite(make_url(sqlite_url(path))).connect(role)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    timer.join()
    holder.close()


def test_a_file_that_stays_locked_is_named(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    holder = _exclusively(path)
    driver = Sqlite(make_url(sqlite_url(path)))
    driver.wait_seconds = 0.05
    with pytest.raises(
        DatabaseBusy, match=r"new\.sqlite3 is locked by another process, for longer than the 0\.05"
    ):
        driver.connect(Role.WRITING)
    holder.close()


def test_a_lock_that_is_held_is_waited_for(sqlite_database_url: str) -> None:
    holder = sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"), check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, holder.rollback)
    timer.start()
    with Database.open(sqlite_database_url) as database:
        learners(database, ULNS[0])
        assert database.reading().learners.get(ULNS[0]) is not None
    timer.join()
    holder.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:SEC@RET:PW@127.0.0.1:x/d",
        "postgresql://u:SECRET@[::1/d",
        "SECRET",
    ],
)
def test_an_address_that_cannot_be_read_is_not_quoted(url: str) -> None:
    with pytest.raises(DatabaseAddressError, match="SQLAlchemy URL") as caught:
        Database.open(url)
    assert "SEC" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_violated_rule_shows_no_row(database: Database) -> None:
    with pytest.raises(DatabaseFailed) as caught, database.writing() as writing:
        writing.learners.add(a_learner(given_name="Featherstone", status=Status.MERGED))
    assert "Featherstone" not in str(caught.value)
    assert ULNS[0] not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_missing_rights_are_named_with_the_way_out(postgres_database_url: str) -> None:
    administer(postgres_database_url, "CREATE ROLE powerless LOGIN PASSWORD 'secret'")
    try:
        url = make_url(postgres_database_url).set(username="powerless", password="secret")
        with Database.open(url) as other, pytest.raises(DatabaseFailed) as caught:
            other.reading().learners.get(ULNS[0])
    finally:
        administer(postgres_database_url, "DROP ROLE powerless")
    said = str(caught.value)
    assert "permission denied for table learner (42501)" in said
    assert "grant it its rights" in said
    assert "secret" not in said


def test_a_full_disk_is_named_with_the_way_out(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        line = database.line(Role.WRITING)
        line.rows(Prepared(text("PRAGMA max_page_count = 1")))
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n"
        with pytest.raises(DatabaseFailed, match=r"disk is full\. Make room"):
            line.run(Prepared(text(f"CREATE TABLE fill AS {rows}")))
        line.close()
