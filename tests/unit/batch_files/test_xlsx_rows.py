import datetime as dt
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.unit.batch_files.files import GOOD, found, read, refusal
from tests.unit.batch_files.workbooks import NAMES, SHEET, TEXTS, good, part, repacked, with_sheet, workbook

from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.opening import open_source
from uln_contract.batch_files.rows import FileForm, Written


def test_a_workbook_as_it_should_be_has_no_findings(tmp_path: Path) -> None:
    whole = read(workbook(tmp_path, good()))
    assert whole.written == Written(FileForm.XLSX, sheet="Sheet1")
    assert whole.headings == NAMES
    assert [(row.number, row.cells, row.findings) for row in whole.rows] == [(2, list(GOOD), ())]
    assert (whole.findings, whole.heading_row) == ([], 1)


def test_rows_are_numbered_as_the_sheet_does_wherever_the_table_stands(tmp_path: Path) -> None:
    rows = [[], [], ["", "", *NAMES], [], ["", "", *GOOD], ["", "", "  "], ["", "", *GOOD]]
    whole = read(workbook(tmp_path, rows))
    assert whole.headings == NAMES
    assert whole.numbers == [5, 7]
    assert whole.rows[0].cells == list(GOOD)
    assert found(whole.findings) == [("F053", 3, None)]


def test_values_are_written_as_the_layouts_have_them(tmp_path: Path) -> None:
    def fill(book: Any, sheets: list[Any]) -> None:
        day, moment, hour = (
            book.add_format({"num_format": each}) for each in ("dd/mm/yyyy", "dd/mm/yy hh:mm", "hh:mm")
        )
        sheets[0].write_datetime(1, 0, dt.date(1976, 8, 16), day)
        sheets[0].write_datetime(1, 1, dt.datetime(1976, 8, 16), moment)  # noqa: DTZ001  # a sheet knows no zone
        sheets[0].write_datetime(1, 2, dt.datetime(1976, 8, 16, 9, 30), moment)  # noqa: DTZ001  # as above
        sheets[0].write_datetime(1, 3, dt.time(9, 30), hour)
        sheets[0].write_datetime(1, 4, dt.timedelta(hours=30), book.add_format({"num_format": "[h]:mm"}))

    headings = list("abcdefghi")
    rows: list[list[Any]] = [headings, ["", "", "", "", "", 1026893096.0, 0.5, True, -7]]
    whole = read(workbook(tmp_path, rows, change=fill))
    assert whole.rows[0].cells == [
        *("1976-08-16", "1976-08-16", "1976-08-16T09:30:00", "09:30:00", "1 day, 6:00:00"),
        *("1026893096", "0.5", "TRUE", "-7"),
    ]


def test_digits_that_a_spreadsheet_does_not_keep_refuse_their_row(tmp_path: Path) -> None:
    whole = read(workbook(tmp_path, good([1234567890123456, *GOOD[1:]], [123456789012345, *GOOD[1:]])))
    assert [found(row.findings) for row in whole.rows] == [[], [("F039", 3, "MISIdentifier")], []]
    assert whole.rows[2].cells[0] == "123456789012345"


def test_a_value_without_a_heading_refuses_its_row(tmp_path: Path) -> None:
    whole = read(workbook(tmp_path, good([*GOOD, "", "see me"])))
    (finding,) = whole.rows[1].findings
    assert found([finding]) == [("F016", 3, None)]
    assert "H3 has a value" in finding.words
    assert whole.rows[1].cells == list(GOOD)


def test_a_column_without_a_heading_has_its_letter(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["ULN", "", "Gender"], [1, 1e16, 2]]
    assert found(read(workbook(tmp_path, rows)).rows[0].findings) == [("F039", 2, "column B")]


def test_formulas_are_told_for_each_column(tmp_path: Path) -> None:
    def fill(_: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula(1, 5, "=1+1", None, 2)
        sheets[0].write_formula(2, 5, "=1+1", None, 2)
        sheets[0].write_formula(2, 3, '=UPPER("x")', None, "X")
        sheets[0].write_formula(2, 9, "=1", None, "1")

    whole = read(workbook(tmp_path, good(GOOD), change=fill))
    assert found(whole.findings) == [("F036", 3, "GivenName"), ("F036", 2, "Gender")]
    assert [(each.value, each.sheet) for each in whole.findings] == [("X", "Sheet1"), ("2", "Sheet1")]
    assert "F2 and 1 more cells" in whole.findings[1].words
    assert whole.rows[0].cells[5] == "2"
    assert [row.findings[0].code for row in whole.rows if row.findings] == ["F016"]


def test_formulas_without_a_usable_value_refuse_their_row(tmp_path: Path) -> None:
    def fill(_: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula(1, 5, "=A9/0", None, "#DIV/0!")
        sheets[0].write_formula(2, 1, "=A1&B1", None, "never")
        sheets[0].write_formula(3, 20, "=A9/0", None, "#DIV/0!")
        sheets[0].write_formula(4, 0, "=A9/0", None, "#DIV/0!")

    path = workbook(tmp_path, good(GOOD, GOOD), change=fill)
    whole = read(with_sheet(path, ("<v>never</v>", "<v></v>"), (' t="str"><f>A1&amp;B1', "><f>A1&amp;B1")))
    assert [found(row.findings) for row in whole.rows] == [
        *([("F037", 2, "Gender")], [("F037", 3, "ULN")], [], [("F037", 5, "MISIdentifier")]),
    ]
    assert "F2 holds the error #DIV/0!" in whole.rows[0].findings[0].words
    assert whole.rows[0].findings[0].sheet == "Sheet1"
    assert whole.rows[1].findings[0].value == "=A1&B1"


def test_a_formula_may_come_to_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path, good(), change=lambda _, sheets: sheets[0].write_formula(1, 5, '=""', None, "x"))
    whole = read(with_sheet(path, ("<v>x</v>", "<v></v>")))
    assert whole.codes == ["F036"]
    assert whole.rows[0].findings == ()


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ("A2:A3", {2: "MISIdentifier", 3: "MISIdentifier"}),
        ("E3:J3", {3: "DateOfBirth"}),
        ("A1:B1", {}),
        ("I2:J3", {}),
        ("F3:F9", {3: "Gender"}),
    ],
)
def test_merged_cells_refuse_the_rows_they_are_in(tmp_path: Path, cells: str, rows: dict[int, str]) -> None:
    path = with_sheet(
        workbook(tmp_path, good(GOOD)),
        ("</sheetData>", f'</sheetData><mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'),
    )
    whole = read(path)
    assert {row.number: row.findings[0].column for row in whole.rows if row.findings} == rows
    assert {each.code for row in whole.rows for each in row.findings} <= {"F038"}


def test_merged_rows_are_bounded(tmp_path: Path) -> None:
    path = with_sheet(
        workbook(tmp_path, good(GOOD, GOOD)),
        ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'),
    )
    assert len(read(path, limits=Limits(marked=3)).rows) == 3
    assert refusal(path, limits=Limits(marked=2)).code == "F032"


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    def hide(_: Any, sheets: list[Any]) -> None:
        for row in (1, 2, 9):
            sheets[0].set_row(row, options={"hidden": True})

    whole = read(workbook(tmp_path, good(GOOD, GOOD), change=hide))
    assert whole.numbers == [2, 3, 4]
    assert found(whole.findings) == [("F035", 2, None)]
    assert "2 of them" in whole.findings[0].words


def test_hidden_columns_are_read_and_told(tmp_path: Path) -> None:
    def hide(_: Any, sheets: list[Any]) -> None:
        sheets[0].set_column(2, 3, None, None, {"hidden": True})
        sheets[0].set_column(20, 20, None, None, {"hidden": True})
        sheets[0].set_column(1, 1, 30)

    whole = read(workbook(tmp_path, good(), change=hide))
    assert whole.rows[0].cells == list(GOOD)
    assert found(whole.findings) == [("F035", 1, "FamilyName")]
    assert "FamilyName, GivenName." in whole.findings[0].words


def test_zeros_that_a_format_shows_are_read_and_told_once(tmp_path: Path) -> None:
    def fill(book: Any, sheets: list[Any]) -> None:
        six, four = book.add_format({"num_format": "000000;-0"}), book.add_format({"num_format": "0000"})
        for row in (1, 2, 3, 5):
            sheets[0].write_number(row, 0, 42, six)
        sheets[0].write_number(4, 0, 7, four)
        sheets[0].write_number(1, 1, 1026893096, four)
        sheets[0].write_number(1, 12, 7, four)
        sheets[0].write_string(3, 2, "7", four)
        sheets[0].write_formula(1, 5, "=1+1", four, 2)

    whole = read(workbook(tmp_path, good(GOOD, GOOD, GOOD, GOOD, GOOD), change=fill))
    assert [row.cells[0] for row in whole.rows] == ["000042", "000042", "000042", "0007", "000042", "M-1"]
    assert whole.rows[0].cells[1:] == list(GOOD[1:])
    assert whole.rows[2].cells[2] == "7"
    assert found(whole.findings) == [("F036", 2, "Gender"), ("F054", 2, "MISIdentifier")]
    assert "42, which its format shows as 000042" in whole.findings[1].words
    assert refusal(tmp_path / "list.xlsx", limits=Limits(marked=2)).code == "F032"


def test_of_several_sheets_the_one_with_headings_is_read(tmp_path: Path) -> None:
    whole = read(workbook(tmp_path, [["Notes"]], good(), [], [["ULN"]]))
    assert whole.written.sheet == "Sheet2"
    assert whole.codes == ["F035"]
    assert "Sheet2 is read; these are not: Sheet1, Sheet3, Sheet4" in whole.findings[0].words


def test_hidden_sheets_are_not_read_unless_they_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, good(), good(), change=lambda _, sheets: sheets[1].hide())
    whole = read(path)
    assert whole.written.sheet == "Sheet1"
    assert "hidden sheets, which are not read: Sheet2" in whole.findings[0].words
    assert read(path, sheet="sheet2").codes == []


def test_a_sheet_may_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, good(), good(GOOD))
    assert read(path, sheet="Sheet2").numbers == [2, 3]
    assert read(path, sheet="Sheet2").codes == []
    finding = refusal(path, sheet="Sheet3")
    assert (finding.code, finding.remedy) == ("F034", "It has these: Sheet1, Sheet2.")


@pytest.mark.parametrize("sheets", [([["a"]],) * 7, (good(), good())])
def test_sheets_that_cannot_be_told_apart_are_refused(tmp_path: Path, sheets: list[Any]) -> None:
    finding = refusal(workbook(tmp_path, *sheets))
    assert finding.code == "F034"
    assert "Sheet1, Sheet2" in finding.words


def test_one_sheet_is_read_whatever_its_headings(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, [["a"]])).headings == ["a"]
    finding = refusal(workbook(tmp_path, []))
    assert (finding.code, finding.sheet) == ("F001", "Sheet1")


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    whole = read(workbook(tmp_path, [["Learners"], [], *good()]))
    assert (whole.headings, whole.numbers) == (NAMES, [4])
    assert found(whole.findings) == [("F053", 3, None)]
    assert read(workbook(tmp_path, [["Learners"]] * 12 + good())).headings == ["Learners"]


def test_charts_are_no_sheets_of_records(tmp_path: Path) -> None:
    def chart(book: Any, _: list[Any]) -> None:
        made = book.add_chart({"type": "line"})
        made.add_series({"values": "=Sheet1!$A$1:$A$2"})
        book.add_chartsheet().set_chart(made)

    assert read(workbook(tmp_path, good(), change=chart)).codes == []


def test_what_is_wrong_with_one_of_several_sheets_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, good(), [["a"]])
    assert refusal(repacked(path, {SHEET: b"<worksheet><sheetData><row>"})).code == "F031"


def test_macros_are_told(tmp_path: Path) -> None:
    path = repacked(workbook(tmp_path, good()), {"xl/vbaProject.bin": b"x"})
    assert read(path).codes == ["F033"]


def test_the_first_rows_may_come_before_the_rest_is_asked_for(tmp_path: Path) -> None:
    with closing(open_source(workbook(tmp_path, good(GOOD)))) as source:
        rows = source.rows()
        assert next(rows).number == 2
        assert source.position() == (2, 3)


@pytest.mark.parametrize("part_name", [TEXTS, SHEET])
def test_what_the_library_cannot_read_is_refused(tmp_path: Path, part_name: str) -> None:
    path = workbook(tmp_path, good())
    content = part(path, part_name).replace(b"<v>0</v>", b"<v>999</v>").replace(b"<t>ULN</t>", b"<t>&no;</t>")
    assert refusal(repacked(path, {part_name: content})).code == "F031"
