"""``docs/files``: the tables are the layouts' own, and the examples what would be written, without a finding."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from lxml import etree
from tests.contract.test_file_schemas import SCHEMAS
from tests.docs.pages import ROOT

from uln_contract import files
from uln_contract.batch_files.checking import open_checked
from uln_contract.batch_files.opening import open_source

sys.path.insert(0, str(ROOT / "contract"))
import file_examples
import file_pages

EXAMPLES = file_pages.FOLDER / "examples"
each_example = pytest.mark.parametrize("example", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)


@pytest.mark.parametrize(("path", "text"), file_pages.pages().items(), ids=lambda value: Path(value).name[:40])
def test_tables_are_those_of_the_layouts(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text


def test_every_table_stands_in_a_page() -> None:
    text = "".join(file_pages.pages().values())
    assert [name for name in file_pages.tables() if f"<!-- {name} -->" not in text] == []


def test_examples_are_what_would_be_written(tmp_path: Path) -> None:
    written = file_examples.examples(tmp_path)
    assert sorted(each.name for each in written) == sorted(each.name for each in EXAMPLES.iterdir())
    for each in written:
        kept = EXAMPLES / each.name
        # A workbook has the moment of its making in it, and much that its library decides.
        assert kept.suffix == ".xlsx" or each.read_bytes() == kept.read_bytes(), each.name
        assert cells(each) == cells(kept)


def cells(path: Path) -> list[Sequence[str]]:
    with closing(open_source(path)) as source:
        return [source.headings, *(row.cells for row in source.rows())]


@each_example
def test_nothing_is_found_in_an_example(example: Path) -> None:
    with open_checked(example) as checked:
        rows = list(checked.rows())
        assert rows
        assert [*checked.findings, *(finding for row in rows for finding in row.findings)] == []
        if example.suffix.lower() == ".xml":
            schema = etree.XMLSchema(etree.parse(files.path(SCHEMAS[checked.layout.name])))
            schema.assertValid(etree.parse(example))


@each_example
def test_a_page_offers_each_example(example: Path) -> None:
    assert any(f"(examples/{example.name})" in text for text in file_pages.pages().values())
