import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, read, refusal, written
from tests.unit.batch_files.workbooks import NAMES, SHEET, TEXTS, good, part, repacked, with_sheet, workbook

from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.worksheet import column_letters, place_of

TIGHT = Limits(row=2**16, behind=2**18)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(folder: Path, *names: str) -> Path:
    path = folder / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


@pytest.mark.parametrize(
    ("names", "code", "words"),
    [
        (["word/document.xml"], "F002", "Word document"),
        (["ppt/presentation.xml"], "F002", "presentation"),
        (["mimetype", "content.xml"], "F002", "OpenDocument"),
        (["list.csv"], "F002", "packed file (zip) with 1 files"),
        (["xl/workbook.bin"], "F003", ".xlsb"),
        (["xl/workbook.xml"], "F031", "rels is missing"),
        (["xl/workbook.xml", "xl/_rels/workbook.xml.rels"], "F031", "Start tag expected"),
    ],
)
def test_what_is_packed_but_no_workbook_is_named(tmp_path: Path, names: list[str], code: str, words: str) -> None:
    finding = refusal(packed(tmp_path, *names))
    assert finding.code == code
    assert words in finding.words


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.99])
def test_a_truncated_workbook_is_damaged(tmp_path: Path, kept: float) -> None:
    content = workbook(tmp_path, good()).read_bytes()
    assert refusal(written(tmp_path, content[: int(len(content) * kept)], "cut.xlsx")).code == "F031"


def test_a_workbook_with_changed_bytes_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path, good())
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo(SHEET).header_offset + 60
    content = bytearray(path.read_bytes())
    content[place : place + 40] = bytes(40)
    assert refusal(written(tmp_path, bytes(content), "changed.xlsx")).code == "F031"


@pytest.mark.parametrize("missing", [SHEET, "xl/_rels/workbook.xml.rels"])
def test_a_missing_part_is_damage(tmp_path: Path, missing: str) -> None:
    assert refusal(repacked(workbook(tmp_path, good()), {missing: None})).code == "F031"


def test_a_part_twice_is_damage(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = repacked(workbook(tmp_path, good()), {}, [(SHEET, b"x")])
    assert refusal(path).code == "F031"


@pytest.mark.parametrize("more", [-100, 100])
def test_a_part_that_is_not_as_long_as_it_says_is_damage(tmp_path: Path, more: int) -> None:
    """Python stops where a part says that it ends, if the check sum fits; other readers go on."""
    path = workbook(tmp_path, good())
    content, name, sheet = bytearray(path.read_bytes()), SHEET.encode(), part(path, SHEET)
    for checksum, size in (
        (content.find(name) - 30 + 14, content.find(name) - 30 + 22),
        (content.rfind(name) - 46 + 16, content.rfind(name) - 46 + 24),
    ):
        struct.pack_into("<I", content, checksum, zlib.crc32(sheet[: len(sheet) + min(more, 0)]))
        struct.pack_into("<I", content, size, len(sheet) + more)
    assert refusal(written(tmp_path, bytes(content), "changed.xlsx")).code == "F031"


def test_an_encrypted_part_is_a_password(tmp_path: Path) -> None:
    path = workbook(tmp_path, good())
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refusal(written(tmp_path, bytes(content), "locked.xlsx")).code == "F004"


def test_a_part_packed_in_an_unknown_way_is_damage(tmp_path: Path) -> None:
    path = workbook(tmp_path, good())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("more.xml", b"x")
    assert refusal(path).code == "F031"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path, good()), {"xl/media/picture.png": bytes(17 * 2**20)})
    finding = refusal(path)
    assert finding.code == "F032"
    assert "times larger" in finding.words


@pytest.mark.parametrize("limits", [Limits(parts=5), Limits(unpacked=5_000)])
def test_parts_and_their_sizes_are_bounded(tmp_path: Path, limits: Limits) -> None:
    path = workbook(tmp_path, good())
    assert read(path).codes == []
    assert refusal(path, limits=limits).code == "F032"


@pytest.mark.parametrize("plain", [True, False])
def test_a_sheet_that_reaches_too_far_is_not_read(tmp_path: Path, *, plain: bool) -> None:
    far = f'<row r="1000001"><c r="{column_letters(15_000)}1000001"><v>1</v></c></row></sheetData>'
    path = with_sheet(workbook(tmp_path, good()), ("</sheetData>", far))
    if not plain:
        path = with_sheet(path, ("<sheetData>", "<!-- x --><sheetData>"))
    finding = refusal(path)
    assert finding.code == "F032"
    assert "row 1,000,001 and column 15,001" in finding.words


def test_blank_cells_reach_nowhere(tmp_path: Path) -> None:
    far = '<row r="1000001" s="1"><c r="XFD1000001" s="1"/></row></sheetData>'
    assert read(with_sheet(workbook(tmp_path, good()), ("</sheetData>", far))).numbers == [2]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('r="B2"', 'r="B1048576"', "F031"),
        ('r="B2"', 'r="XFE2"', "F031"),
        ('r="B2"', 'r="2"', "F031"),
        ("</sheetData>", "", "F031"),
        ("<sheetData>", '<sheetData/><sheetData><row r="2"><c r="XFD1048576"><v>1</v></c></row>', "F031"),
        ("<sheetData>", "<sheetData/><sheetData>", "F031"),
        ('<c r="B2"', '<c r="XFD1048576"><y:v xmlns:y="urn:other">1</y:v></c><c r="B2"', "F031"),
        ("</worksheet>", " " * 2**20 + "</worksheet>", "F032"),
        ('<row r="2"', f'<!-- {" " * 2**20} --><row r="2"', "F032"),
        ('<row r="2"', f'{"<row/>" * 2**10}{" " * 2**20}<row r="2"', "F032"),
    ],
    ids=["row", "column", "no column", "no end", "two", "empty", "foreign", "behind", "comment", "space"],
)
def test_a_sheet_that_no_spreadsheet_program_writes_is_refused(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = with_sheet(workbook(tmp_path, good()), ("<sheetData>", "<!-- x --><sheetData>"), (old, new))
    assert refusal(path, limits=TIGHT).code == code


def test_a_sheet_of_values_alone_has_one_place_for_cells(tmp_path: Path) -> None:
    path = with_sheet(workbook(tmp_path, good()), ("</sheetData>", "</sheetData><sheetData>"))
    assert refusal(path).code == "F031"


def test_a_sheet_of_values_alone_has_an_end_too(tmp_path: Path) -> None:
    path = with_sheet(workbook(tmp_path, good()), ("</worksheet>", " " * 2**20 + "</worksheet>"))
    assert refusal(path, limits=TIGHT).code == "F032"


def test_a_sheet_without_cells_is_empty(tmp_path: Path) -> None:
    content = f'<worksheet xmlns="{MAIN}"><sheetPr/></worksheet>'.encode()
    assert refusal(repacked(workbook(tmp_path, good()), {SHEET: content})).code in {"F001", "F031"}


def test_rows_and_cells_need_not_say_where_they_are(tmp_path: Path) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in NAMES)
    content = f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row><row>{cells}</row></sheetData></worksheet>'
    whole = read(repacked(workbook(tmp_path, []), {SHEET: content.encode()}))
    assert whole.headings == NAMES
    assert whole.numbers == [2]


def test_rows_with_errors_are_bounded(tmp_path: Path) -> None:
    def fail(_: object, sheets: list[object]) -> None:
        for row in (1, 2):
            sheets[0].write_formula(row, 0, "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]  # xlsxwriter's

    path = workbook(tmp_path, good(GOOD), change=fail)
    assert len(read(path, limits=Limits(marked=2)).rows) == 2
    assert refusal(path, limits=Limits(marked=1)).code == "F032"


def test_texts_that_are_repeated_are_counted_each_time(tmp_path: Path) -> None:
    path = workbook(tmp_path, good(["n" * 20_000, *GOOD[1:]], ["n" * 20_000, *GOOD[1:]]))
    assert len(read(path, limits=Limits(text=45_000)).rows) == 3
    assert "more than 35,000 characters" in refusal(path, limits=Limits(text=35_000)).words
    assert "texts of" in refusal(path, limits=Limits(text=15_000)).words
    broken = repacked(path, {TEXTS: part(path, TEXTS).replace(b"<si>", b"<si a=1>")})
    assert refusal(broken, limits=Limits(text=45_000)).code == "F031"


def test_a_workbook_without_styles_is_read(tmp_path: Path) -> None:
    assert read(repacked(workbook(tmp_path, good()), {"xl/styles.xml": None})).numbers == [2]


def test_a_workbook_without_texts_of_its_own_is_read(tmp_path: Path) -> None:
    assert read(repacked(workbook(tmp_path, [[1], [2]]), {TEXTS: None})).headings == ["1"]


@pytest.mark.parametrize("content", [b"<!DOCTYPE a><Relationships/>", b" " * (16 * 2**20 + 1)])
def test_a_part_that_is_no_part_is_refused(tmp_path: Path, content: bytes) -> None:
    path = repacked(workbook(tmp_path, good()), {"xl/_rels/workbook.xml.rels": content})
    assert refusal(path, limits=Limits(part_ratio=10**6)).code in {"F031", "F032"}


def test_the_part_of_a_sheet_may_be_named_from_the_root(tmp_path: Path) -> None:
    path = workbook(tmp_path, good())
    relations = "xl/_rels/workbook.xml.rels"
    content = part(path, relations).replace(b'"worksheets/', b'"/xl/worksheets/')
    assert read(repacked(path, {relations: content})).numbers == [2]


def test_a_row_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = with_sheet(workbook(tmp_path, good()), ('<row r="2"', f'<row>{"<c/>" * 2**20}</row><row r="2"'))
    assert refusal(path, limits=TIGHT).code == "F032"


@pytest.mark.parametrize(("letters", "place"), [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16_383)])
def test_columns_have_letters(letters: str, place: int) -> None:
    assert column_letters(place) == letters
    assert place_of(letters) == place
