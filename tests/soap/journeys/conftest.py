"""A sandbox of its own for each journey, as it is after a reset."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service import RunningService, make_sandbox, running, sandbox_settings
from tests.store import databases


@pytest.fixture(scope="session")
def sandbox_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox that nobody has called yet, to copy."""
    file = tmp_path_factory.mktemp("journeys") / "register.sqlite3"
    make_sandbox(databases.sqlite_url(file))
    return file


@pytest.fixture
def sandbox(sandbox_file: Path, tmp_path: Path) -> Iterator[RunningService]:
    """A service on a fresh sandbox in SQLite."""
    url = databases.sqlite_copy(sandbox_file, tmp_path / "register.sqlite3")
    with running(sandbox_settings(url)) as service:
        yield service


@pytest.fixture
def postgres_sandbox(postgres_url: str) -> Iterator[RunningService]:
    """The same on PostgreSQL."""
    with databases.postgres_database(postgres_url) as url:
        make_sandbox(url)
        with running(sandbox_settings(url)) as service:
            yield service
