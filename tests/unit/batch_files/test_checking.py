"""Batch files checked row by row, and as a whole (domain §8)."""

from pathlib import Path

import pytest
from tests.unit.batch_files.checked import GOOD, OPTIONS, TODAY, checked, refusal, row_of, rows_of, told

from uln_contract.batch_files.checking import Options, open_checked
from uln_contract.batch_files.findings import UnusableFile
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import LAYOUTS, FileKind


@pytest.mark.parametrize("name", LAYOUTS)
def test_of_a_good_record_nothing_is_said_and_all_is_sent(name: str) -> None:
    file = checked(name, GOOD[name], options=Options(today=TODAY))
    (row,) = file.rows()
    assert row.findings == ()
    assert row.good
    assert row.values == GOOD[name]
    assert [each.code for each in file.findings] in ([], [ValueCode.FEW.value])


def test_what_is_put_right_is_told_and_sent() -> None:
    row = row_of("3A", GivenName="  Darcie  Ann ", LastKnownPostCode="cv49ee", Nationality="gbr")
    assert row.good
    assert {each.column: each.fixed for each in row.findings} == {
        "GivenName": "Darcie Ann",
        "LastKnownPostCode": "CV4 9EE",
        "Nationality": "GBR",
    }
    assert row.values["LastKnownPostCode"] == "CV4 9EE"


def test_strict_refuses_what_is_put_right() -> None:
    (row,) = rows_of(
        "verify", {**GOOD["verify"], "GivenName": " Darcie"}, options=Options(today=TODAY, strict=True)
    )
    assert not row.good
    assert row.findings[0].fixed == "Darcie"


def test_a_file_is_opened_checked_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "VER_90000001_20240624_001.csv"
    names = LAYOUTS["verify"].names
    lines = [names, [GOOD["verify"].get(each, "") for each in names]]
    path.write_bytes("".join(",".join(f'"{each}"' for each in line) + "\r\n" for line in lines).encode())
    with open_checked(path, kind=FileKind.VERIFICATION, options=OPTIONS) as file:
        assert [each.values for each in file.rows()] == [GOOD["verify"]]
        assert file.findings == []
        read, whole = file.position()
    assert read == whole
    with pytest.raises(UnusableFile):
        open_checked(path, kind=FileKind.ACHIEVEMENTS)


def test_a_count_that_differs_is_told_at_the_end() -> None:
    finding = refusal("3A", {**GOOD["3A"], "LearnerRecordCount": "2"})
    assert finding.code == ValueCode.COUNT_DIFFERS
    assert finding.remedy.endswith("write 1.")


def test_the_same_learner_twice() -> None:
    first, second = rows_of("3A", GOOD["3A"], {**GOOD["3A"], "GivenName": "DARCIE"})
    assert first.good
    assert told(second) == [(ValueCode.SAME_LEARNER, None)]
    assert "row 2" in second.findings[0].words


def test_a_row_does_not_print_its_learner() -> None:
    assert repr(row_of("verify")) == "<CheckedRow 2>"


def test_of_a_very_long_text_little_is_said() -> None:
    row = row_of("verify", Gender="2" * 301, MISIdentifier=f"{'x' * 300}\x07")
    assert told(row) == [(ValueCode.CONTROL, "MISIdentifier"), (ValueCode.FORM, "Gender")]
    assert row.findings[0].remedy == "Write the value again by hand."
    assert all(len(each.value or "") == 40 for each in row.findings)
