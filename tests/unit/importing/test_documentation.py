"""``docs/importing.md`` against what an import does."""

from pathlib import Path

import pytest
from tests.docs.pages import blocks, page, plain, table
from tests.unit.importing.importing import counts, imported

from uln_server.importing.layout import COLUMNS
from uln_server.importing.rules import Rule
from uln_server.store.database import Database

PAGE = page("docs/importing.md")


def test_every_column_is_listed_with_whether_it_is_needed() -> None:
    rows = {plain(name): needed for name, needed, _ in table(PAGE, "column")}
    assert set(rows) == set(COLUMNS)
    assert {name for name, needed in rows.items() if needed == "yes"} == {
        name for name, column in COLUMNS.items() if column.required
    }


def test_the_lengths_that_are_told_are_the_contract_s() -> None:
    for name, _, meaning in table(PAGE, "column"):
        if meaning.startswith("up to"):
            assert meaning == f"up to {COLUMNS[plain(name)].type.maximum:,} characters", name


def test_every_rule_is_listed_in_order() -> None:
    assert [plain(row[0]) for row in table(PAGE, "rule")] == list(Rule)


@pytest.mark.parametrize("language", ["csv", "xml"])
def test_a_file_that_is_shown_can_be_imported(register: Database, tmp_path: Path, language: str) -> None:
    (path := tmp_path / "learners").write_text(
        next(each.text for each in blocks(PAGE) if each.language == language), encoding="utf-8"
    )
    assert counts(imported(register, path)) == (1, 0, 0)
