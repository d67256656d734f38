"""Small broken files, and what an operator is told about each: the reports lie beside them."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.databases import sqlite_copy
from tests.unit.importing.importing import errors_of, imported

from uln_server.importing.rules import Rule
from uln_server.sandbox.content import LEARNERS
from uln_server.store.database import Database

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(each.name for each in GOLDEN.iterdir() if not each.stem.endswith(".errors"))


@pytest.fixture(scope="module")
def filled(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register that holds the sandbox's learners."""
    path = tmp_path_factory.mktemp("filled") / "register.sqlite3"
    with Database.open(sqlite_copy(_sqlite_template, path)) as database, database.writing() as writing:
        writing.register.create("sandbox")
        for each in LEARNERS:
            writing.learners.add(each)
    return path


@pytest.fixture
def sandbox(filled: Path, tmp_path: Path) -> Iterator[Database]:
    with Database.open(sqlite_copy(filled, tmp_path / "register.sqlite3")) as database:
        yield database


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("check", [False, True], ids=["imported", "checked"])
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_gets_its_report(sandbox: Database, tmp_path: Path, name: str, check: bool) -> None:
    path = Path(shutil.copy(GOLDEN / name, tmp_path))
    outcome = imported(sandbox, path, check=check)
    expected = lines(errors_of(GOLDEN / name))
    assert lines(errors_of(path)) == expected
    assert outcome.progress.refused == len({line[0] for line in expected[1:]})
    assert outcome.progress.added > 0


def test_the_files_break_every_rule_but_the_production_register_s() -> None:
    broken = {line[3] for name in FILES for line in lines(errors_of(GOLDEN / name))[1:]}
    assert broken == {rule.value for rule in Rule} - {Rule.SANDBOX}
