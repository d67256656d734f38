import csv
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, HEADINGS, LINE, found, read, refusal, written

from uln_contract.batch_files.findings import UnusableFile
from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.opening import open_source
from uln_contract.batch_files.rows import FileForm, Written

WIDTH = len(GOOD)


def file_of(folder: Path, *lines: str, end: str = "\r\n") -> Path:
    return written(folder, end.join((HEADINGS, *lines, "")))


def test_a_file_as_it_should_be_has_no_findings(tmp_path: Path) -> None:
    whole = read(file_of(tmp_path, LINE, LINE.replace("M-1", '"M, ""2"""')))
    assert whole.written == Written(FileForm.CSV, "utf-8", ",", "\r\n")
    assert whole.headings == HEADINGS.split(",")
    assert whole.heading_row == 1
    assert [row.cells for row in whole.rows] == [list(GOOD), ['M, "2"', *GOOD[1:]]]
    assert whole.findings == []


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    two_lines = LINE.replace("Darcie", '"Dar\ncie"')
    whole = read(file_of(tmp_path, LINE, "", two_lines, ",,,,,", "  , ,", LINE))
    assert whole.numbers == [2, 4, 7]
    assert whole.rows[1].cells[3] == "Dar\ncie"
    assert whole.codes == []


def test_blank_rows_above_the_headings_are_counted(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"\r\n,,,\r\n{HEADINGS}\r\n{LINE}\r\n"))
    assert found(whole.findings) == [("F053", 3, None)]
    assert whole.numbers == [4]


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_delimiter_is_seen_and_said(tmp_path: Path, delimiter: str, name: str) -> None:
    whole = read(written(tmp_path, f"{HEADINGS}\r\n{LINE}\r\n".replace(",", delimiter)))
    assert whole.rows[0].cells == list(GOOD)
    assert whole.written.delimiter == delimiter
    assert whole.codes == ["F013"]
    assert name in whole.findings[0].words


@pytest.mark.parametrize("named", [";", "semicolon"])
def test_a_delimiter_that_is_named_is_no_finding(tmp_path: Path, named: str) -> None:
    assert read(written(tmp_path, f"{HEADINGS}\r\n".replace(",", ";")), delimiter=named).codes == []


@pytest.mark.parametrize("named", ["", "ab", '"', "\n"])
def test_what_cannot_separate_is_no_delimiter(tmp_path: Path, named: str) -> None:
    assert refusal(file_of(tmp_path, LINE), delimiter=named).code == "F008"


def test_excel_s_own_line_is_left_out_and_not_counted(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"sep=;\r\n{HEADINGS}\r\n{LINE}\r\n".replace(",", ";")))
    assert whole.codes == ["F013"]
    assert whole.numbers == [2]


def test_among_unknown_headings_the_delimiter_is_what_makes_most_cells(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a,b;c;d\r\n")).headings == ["a,b", "c", "d"]


@pytest.mark.parametrize(("end", "name"), [("\n", "line feed"), ("\r", "carriage return")])
def test_other_line_ends_are_read(tmp_path: Path, end: str, name: str) -> None:
    whole = read(file_of(tmp_path, LINE, LINE, end=end))
    assert whole.numbers == [2, 3]
    assert whole.written.line_end == end
    assert whole.codes == ["F011"]
    assert f"end with {name}, not" in whole.findings[0].words


def test_mixed_line_ends_are_told_once_with_the_first_row(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS}\r\n{LINE}\r\n{LINE}\n{LINE}\r{LINE}"))
    assert whole.numbers == [2, 3, 4, 5]
    assert found(whole.findings) == [("F012", 3, None)]


def test_a_title_above_the_headings_is_passed_over(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"Learners;2024\r\n\r\n{HEADINGS}\r\n{LINE}\r\n"))
    assert (whole.headings, whole.numbers) == (HEADINGS.split(","), [4])
    assert found(whole.findings) == [("F053", 3, None)]


def test_what_was_looked_at_for_headings_is_not_lost(tmp_path: Path) -> None:
    whole = read(written(tmp_path, "ULN,b\r\n1,2\n3,4"))
    assert whole.numbers == [2, 3]
    assert whole.written.line_end == "\r\n"
    assert found(whole.findings) == [("F012", 2, None)]


def test_line_feeds_within_values_are_not_line_ends(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, LINE.replace("Darcie", '"Dar\ncie"'))).codes == []


@pytest.mark.parametrize(
    ("line", "code"),
    [("M-1,1026893096,Tucker", "F015"), (f"{LINE},more", "F016")],
)
def test_a_ragged_row_is_refused_and_the_next_one_read(tmp_path: Path, line: str, code: str) -> None:
    whole = read(file_of(tmp_path, line, LINE))
    assert found(whole.rows[0].findings) == [(code, 2, None)]
    assert whole.rows[0].cells == line.split(",")
    assert whole.rows[1].findings == ()


def test_empty_cells_too_many_are_nothing(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS},,\r\n{LINE},,\r\n{LINE}\r\n{LINE},,,,\r\n{LINE},,x\r\n"))
    assert len(whole.headings) == WIDTH
    assert [len(row.findings) for row in whole.rows] == [0, 0, 0, 1]
    assert whole.rows[2].cells == list(GOOD)


def test_text_behind_a_closing_quote_refuses_that_row_alone(tmp_path: Path) -> None:
    whole = read(file_of(tmp_path, LINE.replace("Tucker", '"Tucker" née Smith'), LINE))
    (finding,) = whole.rows[0].findings
    assert found([finding]) == [("F018", 2, "FamilyName")]
    assert finding.value == "Tucker née Smith"
    assert whole.rows[0].cells[0] == "M-1"
    assert whole.rows[1].findings == ()


def test_an_unclosed_quote_stops_the_file_where_it_opened(tmp_path: Path) -> None:
    path = file_of(tmp_path, LINE, LINE.replace("Darcie", '"Darcie'), LINE, LINE)
    with closing(open_source(path)) as source:
        rows = source.rows()
        assert next(rows).number == 2
        with pytest.raises(UnusableFile) as refused:
            next(rows)
    assert found(refused.value.findings) == [("F017", 3, "GivenName")]
    assert refused.value.findings[0].value == '"Darcie,1976-08-16,2'


def test_an_unclosed_quote_that_ends_in_another_row_stops_it_as_well(tmp_path: Path) -> None:
    broken = LINE.replace("Tucker", '"Tucker')
    path = written(tmp_path, f"sep=,\r\n\r\n{HEADINGS}\r\n{LINE}\r\n{broken}\r\n{broken}\r\n{LINE}\r\n")
    assert found([refusal(path)]) == [("F017", 4, "FamilyName")]


def test_rows_within_a_value_are_not_lost_unseen(tmp_path: Path) -> None:
    opening, closing_line = LINE.replace("Tucker", '"Tucker'), LINE.replace("Tucker", 'Tucker"')
    whole = read(file_of(tmp_path, opening, LINE, closing_line, LINE))
    (finding,) = whole.rows[0].findings
    assert found([finding]) == [("F020", 2, "FamilyName")]
    assert "2 more lines" in finding.words
    assert whole.numbers == [2, 3]
    assert whole.rows[1].findings == ()


def test_one_column_may_have_lines_in_it(tmp_path: Path) -> None:
    assert read(written(tmp_path, 'ULN\r\n"1\r\n2"\r\n')).rows[0].findings == ()


def test_a_cell_beyond_all_measure_refuses_its_row(tmp_path: Path) -> None:
    whole = read(file_of(tmp_path, LINE.replace("Tucker", "T" * (csv.field_size_limit() + 1)), LINE))
    assert [found(row.findings) for row in whole.rows] == [[("F019", 2, None)], []]


def test_a_cell_beyond_all_measure_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    long = "T" * (csv.field_size_limit() + 1)
    for headings in (long, f"{long},House"):
        finding = refusal(written(tmp_path, f"{headings}\r\n"))
        assert (finding.code, finding.row) == ("F019", 1)
    assert read(written(tmp_path, f"{long}\r\n{HEADINGS}\r\n{LINE}\r\n")).numbers == [3]  # a title above
    whole = read(file_of(tmp_path, f'"Tuc"ker,{long}', LINE))
    assert [found(row.findings) for row in whole.rows] == [[("F018", 2, "MISIdentifier")], []]


def test_a_line_beyond_all_measure_stops_the_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, LINE, "x" * 200)
    assert refusal(path, limits=Limits(line=200)).code == "F014"
    assert read(path, limits=Limits(line=203)).numbers == [2, 3]


@pytest.mark.parametrize(("headings", "code"), [('"ULN"x,GivenName', "F018"), ('"ULN,GivenName', "F018")])
def test_a_heading_row_that_is_misquoted_is_refused(tmp_path: Path, headings: str, code: str) -> None:
    finding = refusal(written(tmp_path, f"{headings}\r\n{LINE}\r\n"))
    assert (finding.code, finding.row) == (code, 1)


def test_spaces_before_quotation_marks_are_no_part_of_a_value(tmp_path: Path) -> None:
    spaced = ", ".join(f'"{each}"' for each in GOOD)
    headings = ", ".join(f'"{each}"' for each in HEADINGS.split(","))
    broken = spaced.replace('"Tucker"', '"Tucker" Smith')
    whole = read(written(tmp_path, f"{headings}\r\n{spaced}\r\n{broken}\r\n"))
    assert found(whole.findings) == [("F030", 1, None)]
    assert whole.rows[0].cells == list(GOOD)
    assert found(whole.rows[1].findings) == [("F018", 3, "FamilyName")]


def test_an_end_of_file_of_old_is_nothing(tmp_path: Path) -> None:
    assert read(written(tmp_path, f"{HEADINGS}\r\n{LINE}\r\n\x1a")).numbers == [2]


def test_a_heading_over_two_lines_is_one_row(tmp_path: Path) -> None:
    whole = read(written(tmp_path, 'ULN,"Given\nName"\r\n1,2\r\n'))
    assert whole.headings == ["ULN", "Given\nName"]
    assert whole.numbers == [2]
    assert whole.codes == []


@pytest.mark.parametrize("content", ["\r\n" * 3000, ",,,\r\n" * 1000])
def test_blank_lines_alone_are_an_empty_file(tmp_path: Path, content: str) -> None:
    assert refusal(written(tmp_path, content)).code == "F001"


def test_the_file_is_closed_when_opening_fails(tmp_path: Path) -> None:
    path = written(tmp_path, ",,,\r\n")
    refusal(path)
    path.unlink()  # on Windows an open file cannot be


def test_headings_alone_are_a_file_without_rows(tmp_path: Path) -> None:
    whole = read(written(tmp_path, HEADINGS))
    assert (whole.rows, whole.codes, whole.written.line_end) == ([], [], "")


def test_headings_below_a_title_are_found(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"Learners,,\r\n24 June 2024\r\n\r\n{HEADINGS}\r\n{LINE}\r\n"))
    assert found(whole.findings) == [("F053", 4, None)]
    assert (whole.numbers, whole.rows[0].cells) == ([5], list(GOOD))


def test_a_value_below_no_heading_refuses_its_row(tmp_path: Path) -> None:
    whole = read(written(tmp_path, f"{HEADINGS},\r\n{LINE},North\r\n{LINE},\r\n{LINE},x,y\r\n"))
    first, second, third = whole.rows
    assert "and there is no heading above it" in first.findings[0].words
    assert (first.findings[0].code, first.findings[0].value, second.findings) == ("F016", "North", ())
    assert f"more than the {WIDTH + 1} of the heading row" in third.findings[0].words


def test_a_null_character_among_the_first_ones_makes_a_text_no_other_form(tmp_path: Path) -> None:
    whole = read(file_of(tmp_path, LINE.replace("Darcie", "Dar\0cie"), LINE))
    assert [bool(row.findings) for row in whole.rows] == [True, False]
