from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.intake.handing_in import Handing, organisations

from uln_server.store.database import Database


@pytest.fixture
def hand(sqlite_database_url: str, tmp_path: Path) -> Iterator[Handing]:
    """Folders for a provider and an awarding organisation, and a register that is nobody's yet."""
    with Database.open(sqlite_database_url) as database:
        with database.writing() as writing:
            writing.register.create("production")
        organisations(database)
        (root := tmp_path / "files").mkdir()
        yield Handing(database, root)
