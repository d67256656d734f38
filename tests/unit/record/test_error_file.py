"""The error file: one line for each finding, cut where it would be too large (domain §9)."""

import csv
import io

import pytest
from tests.unit.record.submissions import GIVEN

from uln_contract.codes import AchievementCode, explain
from uln_server.record.error_file import HEADINGS, MOST_BYTES, error_file, error_lines
from uln_server.record.finding import Finding

GRADE = Finding(AchievementCode.BR005, "Grade")
POST_CODE = Finding(AchievementCode.W001, "LearnerPostcode")


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_nothing_found_is_an_empty_file() -> None:
    records = [(1, GIVEN, ()), (2, GIVEN, ())]
    assert error_file(records, 100_001) == "".join(error_lines(records)) == ""


def test_each_finding_has_a_line() -> None:
    given = {**GIVEN, "MisIdentifier": 'MIS, "42"'}
    records = [(1, GIVEN, ()), (7, given, (POST_CODE, GRADE))]
    text = error_file(records, 100_001)
    assert "".join(error_lines(records)) == text
    said = explain("BR005")
    assert lines(text) == [
        list(HEADINGS),
        ["7", 'MIS, "42"', "1026893096", "K/501/5773", "LearnerPostcode", "W001", "Warning", *explained("W001")],
        ["7", 'MIS, "42"', "1026893096", "K/501/5773", "Grade", "BR005", "Business rule", said.text, said.remedy],
    ]
    assert text.endswith("\n")


def explained(code: str) -> tuple[str, str]:
    return explain(code).text, explain(code).remedy


@pytest.mark.parametrize("value", ["a\r\nb", "a\u2028b", "a\x00b", "a\ufffeb"])
def test_a_record_is_one_line_of_what_xml_can_carry(value: str) -> None:
    text = error_file([(1, {"MisIdentifier": value}, (GRADE,))], 100_001)
    assert lines(text)[1][:4] == ["1", "a b", "", ""]
    assert len(text.splitlines()) == 2


def test_a_value_is_cut() -> None:
    text = error_file([(1, {"MisIdentifier": "x" * 10_000}, (GRADE,))], 100_001)
    assert lines(text)[1][1] == "x" * 128


def test_what_does_not_fit_is_counted_in_the_last_line() -> None:
    records = [(number, {"MisIdentifier": "é" * number}, (GRADE, POST_CODE)) for number in range(1, 40)]
    text = error_file(records, 100_001, most_bytes=8_000)
    *kept, last = lines(text)[1:]
    assert 7_000 < len(text.encode()) <= 8_000
    assert last[-2] == f"{2 * 39 - len(kept)} more lines are left out, to keep this file small."
    assert "uln-server job errors 100001" in last[-1]
    assert [each[0] for each in kept] == [str(1 + place // 2) for place in range(len(kept))]


def test_many_errors_stay_within_a_megabyte() -> None:
    text = error_file(((number, GIVEN, (GRADE,)) for number in range(1, 20_001)), 2_147_483_647)
    assert MOST_BYTES - 1_000 < len(text.encode()) <= MOST_BYTES == 1_000_000
