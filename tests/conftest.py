"""Fixtures that give a test a register of its own, on each kind of database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import make_url
from tests.service import RunningService, running_sandbox
from tests.soap.registers import fill
from tests.store import databases

from uln_server.store.database import Database

# How long an example takes hangs on what else the machine does.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL on which databases may be made: our own, or the one the environment names."""
    given = os.environ.get(databases.OTHER_SERVER)
    if given:
        yield given
    else:
        with databases.postgres_server() as url:
            yield url


@pytest.fixture(scope="session")
def _postgres_register(postgres_url: str) -> Iterator[str]:
    with databases.postgres_database(postgres_url) as url:
        databases.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def filled_postgres(postgres_url: str) -> Iterator[str]:
    """The name of a filled register on PostgreSQL, to make others from."""
    with databases.postgres_database(postgres_url) as url:
        fill(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("template") / "register.sqlite3")


@pytest.fixture
def sqlite_database_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A register without content in a SQLite file."""
    return databases.sqlite_copy(_sqlite_template, tmp_path / "register.sqlite3")


@pytest.fixture
def postgres_database_url(_postgres_register: str) -> Iterator[str]:
    """A register without content on PostgreSQL, emptied after each test: leave its tables as they are."""
    yield _postgres_register
    databases.empty(_postgres_register)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A register without content, once on each kind of database."""
    name = {"sqlite": "sqlite_database_url", "postgresql": "postgres_database_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    with Database.open(database_url) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without even a schema, once of each kind; the SQLite file does not exist yet."""
    if request.param == "sqlite":
        yield databases.sqlite_url(tmp_path / "var" / "register.sqlite3")
    else:
        with databases.postgres_database(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox that listens on a free port. It is everyone's: a test that changes its register makes its own."""
    with running_sandbox(tmp_path_factory.mktemp("service")) as running:
        yield running
