import codecs
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.importing.files import csv_file, element, line, xml_file

from uln_server.importing.csv_rows import CsvRows
from uln_server.importing.opening import Content, open_rows
from uln_server.importing.problems import Unusable
from uln_server.importing.xml_rows import XmlRows


@pytest.mark.parametrize("start", [b"<x/>", b"\n <x/>", codecs.BOM_UTF8 + b"<?xml version='1.0'?><x/>"])
def test_xml_is_known_by_its_beginning(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "learners.csv").write_bytes(start)
    with closing(open_rows(tmp_path / "learners.csv", None, None)) as source:
        assert isinstance(source, XmlRows)


def test_xml_may_be_in_any_encoding_that_it_names(tmp_path: Path) -> None:
    path = xml_file(tmp_path, element(GivenName="Siân"))
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    with closing(open_rows(path, None, None)) as source:
        assert [row.cells[source.layout.places["GivenName"]] for row in source.rows()] == ["Siân"]


def test_everything_else_is_csv(tmp_path: Path) -> None:
    with closing(open_rows(csv_file(tmp_path, line()).rename(tmp_path / "a.xml"), None, None)) as source:
        assert isinstance(source, CsvRows)


@pytest.mark.parametrize("named", [("utf-8", None), (None, ";")])
def test_xml_is_not_told_how_to_be_read(tmp_path: Path, named: tuple[str | None, str | None]) -> None:
    with pytest.raises(Unusable, match="says itself"):
        open_rows(xml_file(tmp_path), *named)


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read"):
        open_rows(tmp_path / "none", None, None)
    with pytest.raises(Unusable, match="cannot be read"):
        Content.of(tmp_path)


def test_a_file_is_the_same_until_somebody_writes_to_it(tmp_path: Path) -> None:
    path = csv_file(tmp_path, line())
    content = Content.of(path)
    content.require_unchanged()
    assert (content.size, len(content.sha256)) == (path.stat().st_size, 64)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(Unusable, match="was changed"):
        content.require_unchanged()
    path.unlink()
    with pytest.raises(Unusable, match="cannot be read"):
        content.require_unchanged()
