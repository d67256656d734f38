"""The schema: made by migrations, the same as the tables say, and cheap to check."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from tests.store.builders import THEN, ULNS, a_learner, learners
from tests.store.databases import sqlite_url

from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.register.issuing import SANDBOX_KEY
from uln_server.store import schema
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed, SchemaUnknown
from uln_server.store.prepared import Prepared
from uln_server.store.tables import metadata
from uln_server.store.uln_numbers import counter, uln_key
from uln_server.store.units import Reading

_CATALOGUE = {
    "sqlite": """
        SELECT type, name, tbl_name, sql FROM sqlite_master
         WHERE tbl_name <> 'alembic_version' AND type IN ('table', 'index')
    """,
    "postgresql": """
        SELECT 'column', table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable)
          FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        UNION ALL
        SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE conrelid > 0 AND connamespace = 'public'::regnamespace
           AND conrelid::regclass::text <> 'alembic_version'
        UNION ALL
        SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    """,
}


def _catalogue(connection: Connection) -> list[tuple[Any, ...]]:
    rows = connection.execute(text(_CATALOGUE[connection.dialect.name]))
    # Every part of a CREATE TABLE for itself: the order of its columns and constraints means nothing.
    return sorted(
        (
            *(str(part) for part in row[:3]),
            *sorted(part.strip(" \t)") for part in re.split(r"[,\n]", str(row[3])) if part.strip(" \t)")),
        )
        for row in rows
    )


def _upgraded(url: str) -> Database:
    database = Database.open(url)
    schema.upgrade(database)
    return database


def test_the_constant_is_the_newest_migration() -> None:
    with create_engine("sqlite://").connect() as connection:
        scripts = ScriptDirectory.from_config(schema.configuration(connection))
    assert scripts.get_heads() == [schema.REVISION]


def test_an_empty_database_is_made_current(empty_url: str) -> None:
    with Database.open(empty_url) as database:
        assert schema.revision(database) is None
        schema.upgrade(database)
        assert schema.is_current(database)
        learners(database, ULNS[0])


def test_a_current_database_keeps_what_it_holds(database: Database) -> None:
    learners(database, ULNS[0])
    schema.upgrade(database)
    assert database.reading().learners.get(ULNS[0]) is not None


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is a table of ours; those of the library that wakes workers are made by its own scripts."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_alembic_agrees_that_tables_and_migrations_are_alike(empty_url: str) -> None:
    with _upgraded(empty_url) as database:
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
            assert compare_metadata(context, metadata) == []


def test_migrations_make_what_the_tables_say_to_the_last_constraint(empty_url: str) -> None:
    with (
        _upgraded(empty_url) as database,
        create_engine(database.url, poolclass=NullPool).connect() as connection,
    ):
        migrated = _catalogue(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert migrated == _catalogue(connection)
    assert len(migrated) > 10


def test_asking_does_not_make_a_file(tmp_path: Path) -> None:
    with Database.open(sqlite_url(tmp_path / "none.sqlite3")) as database:
        assert not schema.is_current(database)
    assert not list(tmp_path.iterdir())


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    made = tmp_path / "100% new" / "register.sqlite3"
    with _upgraded(sqlite_url(made)):
        assert sys.platform == "win32" or made.stat().st_mode & 0o077 == 0


def _change(database: Database, statement: str) -> None:
    with create_engine(database.url, poolclass=NullPool).begin() as connection:
        connection.execute(text(statement))


def test_a_schema_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    with _upgraded(empty_url) as database:
        _change(database, "UPDATE alembic_version SET version_num = '9999'")
        assert not schema.is_current(database)
        with pytest.raises(SchemaUnknown, match="newer"):
            schema.upgrade(database)
        assert schema.revision(database) == "9999"


def test_an_error_that_is_no_missing_table_is_not_hidden(empty_url: str) -> None:
    with _upgraded(empty_url) as database:
        _change(database, "ALTER TABLE alembic_version RENAME COLUMN version_num TO other")
        with pytest.raises(DatabaseFailed, match="version_num"):
            schema.revision(database)


_UPGRADER = """
import sys
from tests.store.databases import sqlite_url
from uln_server.store import schema
from uln_server.store.database import Database
with Database.open(sys.argv[1]) as database:
    assert 'alembic' not in sys.modules
    schema.upgrade(database)
    assert schema.is_current(database)
    print('alembic' in sys.modules)
"""


def _upgrader(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-W", "error", "-c", _UPGRADER, url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_upgrade_at_once_do_not_disturb_each_other(empty_url: str) -> None:
    upgraders = [_upgrader(empty_url) for _ in range(3)]
    said = [upgrader.communicate() for upgrader in upgraders]
    assert [upgrader.returncode for upgrader in upgraders] == [0, 0, 0], said


def test_a_current_database_is_known_without_alembic(database_url: str) -> None:
    out, error = _upgrader(database_url).communicate()
    assert (out.strip(), error) == ("False", "")


# --- from the first release's schema to the whole register's

_LEARNER = (
    "INSERT INTO learner (uln, status, version, created_at, updated_at, given_name, family_name, date_of_birth,"
    " gender, last_known_post_code, ability_to_share, verification_type, master_uln) VALUES (:uln, :status,"
    " :version, :at, :later, 'Siân', 'O''Brien-Łukasz', '2001-02-28', '2', 'cf10 3np', '1', '1', :master)"
)
_MASTER, _MERGED, _DELETED = ULNS[1], ULNS[0], ULNS[2]
_MANY = 1001  # more than the migration takes in one step


def _at_the_first_release(url: str, kind: str) -> None:
    """Make a register as the first release did: a master, a merged, a deleted learner, and many more."""
    with Database.open(url) as database:
        database.driver.create()
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.connect() as connection:
            command.upgrade(schema.configuration(connection), "0001")
            at, later = "2024-02-29T12:30:15.250000+00:00", "2025-01-01T00:00:00.000000+00:00"
            same = {"at": at, "later": later}
            connection.execute(
                text("INSERT INTO register (id, kind, created_at) VALUES (1, :kind, :at)"),
                {"kind": kind, "at": at},
            )
            connection.execute(
                text(_LEARNER),
                [
                    {**same, "uln": _MASTER, "status": 1, "version": 1, "master": None},
                    {**same, "uln": _MERGED, "status": 2, "version": 2, "master": _MASTER},
                    {**same, "uln": _DELETED, "status": 0, "version": 4, "master": None},
                    *(
                        {**same, "uln": f"{number:010}", "status": 1, "version": 1, "master": None}
                        for number in range(_MANY)
                    ),
                ],
            )
            connection.execute(
                text("INSERT INTO audit (message_id, at, code) VALUES ('old', :at, 'WSRC0004')"), same
            )
            connection.commit()


@pytest.fixture
def first_release(empty_url: str) -> Iterator[Database]:
    _at_the_first_release(empty_url, "production")
    with _upgraded(empty_url) as database:
        yield database


def test_what_the_first_release_held_is_found_and_has_its_events(first_release: Database) -> None:
    """One upgrade, looked at from every side: making such a register takes longer than looking."""
    reading = first_release.reading()
    _assert_held(reading)
    _assert_told(reading)
    _assert_issuing(first_release)


def _assert_held(reading: Reading) -> None:
    candidates = reading.learners.candidates(a_learner().demographics)
    assert not candidates.complete  # a thousand namesakes
    merged = reading.learners.entry(_MERGED)
    assert merged is not None
    assert (merged.current.uln, merged.asked.version) == (_MASTER, 2)
    assert reading.learners.entry(_DELETED) is None
    assert [each.code for each in reading.audit.query()] == ["WSRC0004"]


def _assert_told(reading: Reading) -> None:
    events = list(reading.events.after())
    assert [each.id for each in events] == sorted({each.id for each in events})
    kinds = Counter(each.kind for each in events)
    assert kinds == {EventKind.REGISTERED: _MANY + 3, EventKind.MERGED: 1, EventKind.DELETED: 1}
    assert {(each.message_id, each.organisation, each.user) for each in events} == {(None, None, None)}
    told = {
        uln: [
            (change.event.kind, change.event.at, change.event.version, change.event.master_uln)
            for change in reading.events.history(uln)
        ]
        for uln in (_MASTER, _MERGED, _DELETED)
    }
    later = datetime(2025, 1, 1, tzinfo=UTC)
    registered = (EventKind.REGISTERED, THEN, 1, None)
    assert told == {
        _MASTER: [registered],
        _MERGED: [registered, (EventKind.MERGED, later, 2, _MASTER)],
        _DELETED: [registered, (EventKind.DELETED, later, 4, None)],
    }


def _assert_issuing(database: Database) -> None:
    line = database.line(Role.READING)
    assert counter(line) == 0
    expected = next(uln for number in range(9) if (uln := uln_key(line).nth(number)) is not None)
    keys = line.rows(Prepared(text("SELECT DISTINCT given_key, family_key, post_code_key FROM learner")))
    line.close()
    assert [tuple(each) for each in keys] == [("sian", "obrienlukasz", "CF103NP")]
    by = Author(at=THEN, message_id="message")
    with database.writing() as writing:
        assert writing.learners.same(a_learner().demographics)
        assert writing.learners.register(a_learner("", given_name="Ottilie"), by).uln == expected
        assert [each.event.kind for each in writing.events.history(expected)] == [EventKind.REGISTERED]


@pytest.mark.parametrize("kind", ["sandbox", "production"])
def test_a_register_of_the_first_release_gets_the_key_of_its_kind(kind: str, tmp_path: Path) -> None:
    keys = []
    for name in ("one", "other"):
        url = sqlite_url(tmp_path / name)
        _at_the_first_release(url, kind)
        with _upgraded(url) as database:
            line = database.line(Role.READING)
            keys += [row[0] for row in line.rows(Prepared(text("SELECT uln_key FROM register")))]
            line.close()
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    assert (set(keys) == {SANDBOX_KEY}) is (kind == "sandbox")
    assert (len(set(keys)) == 2) is (kind == "production")


# --- tables that SQLite makes anew

_BEFORE_0012 = (
    "INSERT INTO job_row (job_id, position, given) VALUES (100001, 2, '{}'), (100001, 1, '{\"Uln\":\"é\"}')",
    "INSERT INTO job_result (job_id, position, code, found) VALUES (100001, 1, 'created Final', '{}')",
    """
    INSERT INTO award
    VALUES ('1000000015', 'K5011000', '10000001', '2026-01-02', '10000002', NULL, 'English', NULL, '2026-01-03',
            'Final', 0, '2026-01-03', 1, '2026-01-04', '2026-01-05')
    """,
)


def test_rows_of_jobs_and_awards_outlive_their_tables(tmp_path: Path) -> None:
    tables = ("job_row", "job_result", "award")
    with Database.open(sqlite_url(tmp_path / "register.sqlite3")) as database:
        database.driver.create()
        with create_engine(database.url, poolclass=NullPool).connect() as connection:
            command.upgrade(schema.configuration(connection), "0011")
            for statement in _BEFORE_0012:
                connection.exec_driver_sql(statement)
            kept = [sorted(connection.exec_driver_sql(f"SELECT * FROM {each}").all()) for each in tables]
            connection.commit()
        schema.upgrade(database)
        with create_engine(database.url, poolclass=NullPool).connect() as connection:
            assert [connection.exec_driver_sql(f"SELECT * FROM {each}").all() for each in tables] == kept
    assert [len(each) for each in kept] == [2, 1, 1]
