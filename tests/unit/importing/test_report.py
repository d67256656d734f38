import csv
import stat
import sys
from pathlib import Path

import pytest

from uln_server.importing.problems import Unusable
from uln_server.importing.report import HEADINGS, ErrorFile
from uln_server.importing.rules import Finding, Rule

FINDING = Finding(Rule.FORM, "Gender", "F", "does not fit.", "Write 2.")


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_finding_is_a_line_for_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    with ErrorFile(path) as report:
        report.add(7, [FINDING, FINDING])
        assert report.secure() == path.stat().st_size
    assert lines(path) == [list(HEADINGS), *[["7", "Gender", "F", "form", "does not fit.", "Write 2."]] * 2]
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_findings_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    with ErrorFile(path) as report:
        assert report.secure() == 0
    assert not path.exists()


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_value_gives_no_orders_to_a_spreadsheet(tmp_path: Path, value: str) -> None:
    with ErrorFile(tmp_path / "e.csv") as report:
        report.add(7, [Finding(Rule.FORM, "Notes", value, "x.", "y.")])
    assert lines(tmp_path / "e.csv")[1][2] == f"'{value}"


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    with ErrorFile(tmp_path / "e.csv") as report:
        report.add(7, [Finding(Rule.LENGTH, "Notes", "x" * 4001, "x.", "y.")])
    assert lines(tmp_path / "e.csv")[1][2] == "x" * 40 + "…"


def test_what_was_written_behind_the_last_chunk_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    with ErrorFile(path) as report:
        report.add(7, [FINDING])
        size = report.secure()
        report.add(8, [FINDING])
    with ErrorFile(path, size) as report:
        assert report.size == size
        report.add(9, [FINDING])
    assert [line[0] for line in lines(path)] == ["Row", "7", "9"]


def test_a_file_that_is_gone_begins_anew(tmp_path: Path) -> None:
    with ErrorFile(tmp_path / "e.csv", 1000) as report:
        assert report.size == 0
        report.add(9, [FINDING])
    assert [line[0] for line in lines(tmp_path / "e.csv")] == ["Row", "9"]


def test_an_old_report_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    with ErrorFile(path) as report:
        report.add(7, [FINDING])
    with ErrorFile(path) as report:
        assert path.exists()
        report.secure()
        assert not path.exists()


def test_a_file_of_something_else_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("ULN,GivenName")
    with pytest.raises(Unusable, match="no error file") as refused:
        ErrorFile(path)
    assert "--errors" in refused.value.remedy
    assert path.read_text() == "ULN,GivenName"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with ErrorFile(tmp_path / "none/e.csv") as report, pytest.raises(Unusable, match="cannot be written"):
        report.add(7, [FINDING])


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        ErrorFile(tmp_path)
