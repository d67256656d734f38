from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.databases import sqlite_copy

from uln_server.store.database import Database


@pytest.fixture(scope="session")
def fresh(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production register that nobody has touched."""
    path = tmp_path_factory.mktemp("fresh") / "register.sqlite3"
    with Database.open(sqlite_copy(_sqlite_template, path)) as database, database.writing() as writing:
        writing.register.create("production")
    return path


@pytest.fixture
def register(fresh: Path, tmp_path: Path) -> Iterator[Database]:
    """A production register of the test's own."""
    with Database.open(sqlite_copy(fresh, tmp_path / "register.sqlite3")) as database:
        yield database
