import codecs
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, HEADINGS, LINE, found, read, refusal, written

SIAN = LINE.replace("Darcie", "Siân")
TEXT = f"{HEADINGS}\r\n{SIAN}\r\n"


@pytest.mark.parametrize(
    ("encode", "named", "codes"),
    [
        ("utf-8", None, []),
        ("utf-8", "UTF8", []),
        ("utf-8-sig", None, ["F010"]),
        ("utf-8-sig", "utf-8", ["F010"]),
        ("utf-16", None, ["F009"]),
        ("utf-16", "utf-16", ["F009"]),
        ("utf-16-le", None, ["F009"]),
        ("utf-16-be", None, ["F009"]),
        ("utf-16-le", "utf-16", []),
        ("utf-16-be", "utf-16", []),
        ("cp1252", None, ["F005"]),
        ("cp1252", "windows-1252", []),
        ("latin-1", "ISO-8859-1", []),
        ("iso8859-15", "latin9", []),
        ("cp850", "cp850", []),
        ("mac-roman", "macintosh", []),
    ],
)
def test_the_letters_are_read_and_what_was_found_out_is_said(
    tmp_path: Path, encode: str, named: str | None, codes: list[str]
) -> None:
    whole = read(written(tmp_path, TEXT.encode(encode)), encoding=named)
    assert whole.rows[0].cells[3] == "Siân"
    assert whole.codes == codes
    assert codecs.lookup(whole.written.encoding).name != ""


def test_big_endian_with_a_mark_is_read(tmp_path: Path) -> None:
    whole = read(written(tmp_path, codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")))
    assert (whole.codes, whole.written.encoding) == (["F009"], "utf-16-be")
    assert whole.rows[0].cells == [*GOOD[:3], "Siân", *GOOD[4:]]


def test_windows_1252_is_told_where_it_matters_first(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS}\r\n{LINE}\r\n{SIAN}\r\n{SIAN}\r\n".encode("cp1252")))
    assert found(whole.findings) == [("F005", 3, "GivenName")]
    assert whole.findings[0].value == "Siân"
    assert whole.written.encoding == "cp1252"


def test_windows_1252_may_matter_in_the_headings(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS},Größe\r\n{LINE},1\r\n".encode("cp1252")))
    assert found(whole.findings) == [("F005", 1, "Größe")]


def test_of_two_encodings_the_rows_with_the_other_are_refused(tmp_path: Path) -> None:
    whole = read(written(tmp_path, TEXT.encode() + f"{SIAN}\r\n".encode("cp1252") + LINE.encode()))
    assert [found(row.findings) for row in whole.rows] == [[], [("F007", 3, "GivenName")], []]
    (finding,) = whole.rows[1].findings
    assert finding.value == "Si\ufffdn"
    assert "no UTF-8" in finding.words
    assert whole.rows[1].cells[3] == "Si\ufffdn"


@pytest.mark.parametrize("named", ["utf-8", "utf-16"])
def test_bytes_that_are_not_as_named_refuse_their_row(tmp_path: Path, named: str) -> None:
    damaged = TEXT.encode(named).replace("ân".encode(f"{named}-le" if named == "utf-16" else named), b"\x80\xd8")
    whole = read(written(tmp_path, damaged), encoding=named)
    assert found(whole.rows[0].findings) == [("F007", 2, "GivenName")]


def test_a_character_that_the_end_cuts_through_refuses_its_row(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS},Notes\r\n{LINE},é".encode()[:-1]), encoding="utf-8")
    assert found(whole.rows[0].findings) == [("F007", 2, "Notes")]


def test_headings_that_cannot_be_read_refuse_the_file(tmp_path: Path) -> None:
    content = f"{HEADINGS},Größe\r\n".encode("cp1252") + SIAN.encode()
    assert found([refusal(written(tmp_path, content))]) == [("F007", 1, "Gr\ufffd\ufffde")]


def test_null_characters_refuse_their_row(tmp_path: Path) -> None:
    lines = (LINE,) * 100
    content = "\r\n".join((HEADINGS, *lines, LINE.replace("Darcie", "Dar\0cie"), LINE))
    whole = read(written(tmp_path, content))
    assert [row.number for row in whole.rows if row.findings] == [102]
    (finding,) = whole.rows[100].findings
    assert "null characters" in finding.words
    assert finding.value == "Dar\ufffdcie"


def test_bytes_that_are_no_encoding_s_refuse_the_file(tmp_path: Path) -> None:
    content = f"{HEADINGS}\r\n{LINE}\r\n{SIAN}\r\n".encode("cp1252") + b"\x81\r\n\x81"
    finding = refusal(written(tmp_path, content))
    assert finding.code == "F006"
    assert "Line 4 holds the byte 81" in finding.words


def test_utf_32_is_told_apart_from_utf_16(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, TEXT.encode("utf-32"))).code in {"F002", "F006"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (TEXT.encode("utf-8-sig"), "windows-1252"),
        (TEXT.encode("utf-16"), "utf-8"),
        (TEXT.encode(), "utf-7"),
        (TEXT.encode(), "no such"),
        (TEXT.encode(), "\0"),
    ],
)
def test_a_name_that_is_none_or_contradicts_is_refused(tmp_path: Path, content: bytes, named: str) -> None:
    assert refusal(written(tmp_path, content), encoding=named).code == "F008"
