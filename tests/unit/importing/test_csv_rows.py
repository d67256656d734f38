import codecs
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.importing.files import GOOD, HEADINGS, csv_file, line

from uln_server.importing.csv_rows import CsvRows
from uln_server.importing.layout import layout_of
from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Row

WIDTH = len(GOOD)


def rows(path: Path, encoding: str | None = None, delimiter: str | None = None) -> list[Row]:
    with closing(CsvRows(path, encoding, delimiter, layout_of)) as source:
        return list(source.rows())


def refusal(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Unusable:
    with pytest.raises(Unusable) as refused:
        rows(path, encoding, delimiter)
    return refused.value


def written(folder: Path, content: bytes) -> Path:
    path = folder / "learners.csv"
    path.write_bytes(content)
    return path


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = csv_file(tmp_path, line(), "", '"a\nb",' + "," * (WIDTH - 2), line(), headings=HEADINGS)
    assert [row.number for row in rows(path)] == [2, 4, 5]
    assert rows(path)[1].cells[0] == "a\nb"


@pytest.mark.parametrize(
    ("encode", "named", "form"),
    [
        ("utf-8", None, "csv utf-8 ,"),
        ("utf-8-sig", None, "csv utf-8 ,"),
        ("utf-8-sig", "utf-8", "csv utf-8 ,"),
        ("utf-16", None, "csv utf-16 ,"),
        ("cp1252", "windows-1252", "csv windows-1252 ,"),
    ],
)
def test_the_encoding_is_the_mark_s_or_named(tmp_path: Path, encode: str, named: str | None, form: str) -> None:
    path = written(tmp_path, f"{HEADINGS}\r\n{line(GivenName='Siân')}\r\n".encode(encode))
    with closing(CsvRows(path, named, None, layout_of)) as source:
        assert source.form == form
        assert [row.cells[1] for row in source.rows()] == ["Siân"]
        assert source.position() == path.stat().st_size


def test_big_endian_with_a_mark_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF16_BE + f"{HEADINGS}\n{line()}".encode("utf-16-be"))
    assert rows(path)[0].cells == list(GOOD.values())


def test_bytes_of_another_encoding_are_seen_in_their_row(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADINGS}\n{line(GivenName='Siân')}\n{line()}".encode("cp1252"))
    assert "\ufffd" in rows(path)[0].cells[1]
    assert rows(path)[1].cells == list(GOOD.values())


@pytest.mark.parametrize(
    ("content", "named", "text"),
    [
        (codecs.BOM_UTF8 + HEADINGS.encode(), "windows-1252", "first bytes say utf-8"),
        (HEADINGS.encode("utf-16-le"), "utf-16", "without a byte-order mark"),
        (f"{HEADINGS},Ortsangabe für".encode("cp1252"), None, "not utf-8"),
        (b"", None, "no heading row"),
        (b"\n" + HEADINGS.encode(), None, "no heading row"),
        (b'"ULN"x,' + HEADINGS.encode(), None, "heading row cannot be read"),
    ],
)
def test_a_beginning_that_makes_no_sense_is_refused(
    tmp_path: Path, content: bytes, named: str | None, text: str
) -> None:
    assert text in refusal(written(tmp_path, content), named).text


@pytest.mark.parametrize(("delimiter", "word"), [(";", ";"), ("\t", "tab"), ("|", "|")])
def test_another_delimiter_is_named(tmp_path: Path, delimiter: str, word: str) -> None:
    path = written(tmp_path, f"{HEADINGS}\n{line()}".replace(",", delimiter).encode())
    assert f"--delimiter '{word}'" in refusal(path).remedy
    assert rows(path, delimiter=delimiter)[0].cells == list(GOOD.values())


def test_a_row_with_too_few_or_too_many_cells_is_a_defect(tmp_path: Path) -> None:
    found = rows(csv_file(tmp_path, "1026893096,Darcie", f"{line()},,", f"{line()},,x", line()))
    assert [row.defect and row.defect.words for row in found] == [
        "has 2 cells, and the heading row 8.",
        None,
        "has 10 cells, and the heading row 8.",
        None,
    ]
    assert found[1].cells == list(GOOD.values())


def test_a_text_behind_a_quotation_mark_spoils_its_row_alone(tmp_path: Path) -> None:
    found = rows(csv_file(tmp_path, line(), f'"x"y,{"," * (WIDTH - 2)}', line()))
    assert [(row.number, row.defect and row.defect.rule) for row in found] == [(2, None), (3, "quotes"), (4, None)]


@pytest.mark.parametrize("behind", [0, 3, 5000])
def test_a_quotation_mark_that_stays_open_ends_the_file(tmp_path: Path, behind: int) -> None:
    found = refusal(csv_file(tmp_path, line(), f'"{line()}', *[line()] * behind))
    assert "opens in row 3" in found.text
    assert "Tucker" not in found.text


def test_a_mark_that_is_closed_rows_later_ends_the_file_too(tmp_path: Path) -> None:
    assert "opens in row 2" in refusal(csv_file(tmp_path, f'"{line()}', f'{line()},"x"', line())).text


def test_a_cell_without_end_spoils_its_row_alone(tmp_path: Path) -> None:
    found = rows(csv_file(tmp_path, line(), line(GivenName="x" * 200_000), line()))
    assert [(row.number, row.defect and row.defect.words) for row in found] == [
        (2, None),
        (3, "has a cell of more than 131072 characters."),
        (4, None),
    ]


@pytest.mark.parametrize("before", [b"", f"{HEADINGS}\n".encode()])
def test_a_file_without_line_ends_is_not_read_whole(tmp_path: Path, before: bytes) -> None:
    path = written(tmp_path, before + b"x," * 3_000_000)
    assert "a line of more than 1,000,000 characters" in refusal(path).text
