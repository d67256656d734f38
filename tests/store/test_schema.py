"""The schema: made by migrations, the same as the tables say, and cheap to check."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from tests.store.builders import ULNS, learners
from tests.store.databases import sqlite_url

from uln_server.store import schema
from uln_server.store.database import Database
from uln_server.store.errors import DatabaseFailed, SchemaUnknown
from uln_server.store.tables import metadata

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


def test_alembic_agrees_that_tables_and_migrations_are_alike(empty_url: str) -> None:
    with _upgraded(empty_url) as database:
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
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
