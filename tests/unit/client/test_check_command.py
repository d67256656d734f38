import io
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from tests.golden.tables import AWARDS, REGISTRATION, VERIFY
from tests.golden.text_files import many
from tests.unit.client.commanding import Ended, Run, Terminal

from uln_contract.codes import explain

VER = "VER_90000001_20240624_001.csv"
LRB = "LRB_90000001_240620240930.CSV"
BROKEN = VERIFY.put(3, "GivenName", " Siân ").put(4, "DateOfBirth", "31/12/1999").put(5, "Gender", "Male")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(ended: Ended) -> list[str]:
    return ended.out.splitlines()


def put(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return name


def test_a_clean_file_in_words(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, VERIFY.csv()))
    assert (ended.code, ended.err) == (0, "")
    assert lines(ended) == [f"{VER}: all 4 rows can be sent (learners to verify; CSV in UTF-8)"]


def test_a_warning_is_told_and_ends_with_0(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, VERIFY.csv(end="\n")))
    assert ended.code == 0
    assert lines(ended)[1].startswith("Warning F011: ")


def test_what_is_wrong_names_row_value_rule_and_remedy(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, BROKEN.csv()))
    assert ended.code == 3
    assert lines(ended)[0].startswith(f"{VER}: 2 of 4 rows can be sent, 2 cannot")
    date = next(at for at, line in enumerate(lines(ended)) if line.startswith("Error V009, DateOfBirth: "))
    assert "Write 1999-12-31." in lines(ended)[date]
    assert lines(ended)[date + 2].split() == ["4", "31/12/1999"]
    space = next(at for at, line in enumerate(lines(ended)) if line.startswith("Warning V007, GivenName: "))
    assert lines(ended)[space + 2].split() == ["3", "'", "Siân", "'", "Siân"]


def test_five_thousand_alike_are_five_lines_and_a_count(uln: Run, folder: Path) -> None:
    name = put(folder, VER, many(5_000).map("Gender", lambda _: "Female").csv())
    short = uln("check", name)
    assert short.code == 3
    assert len(lines(short)) == 9
    assert lines(short)[-1] == "  and 4,995 more; --all shows them."
    assert len(lines(uln("check", name, "--all"))) == 5_003


def test_an_unusable_file_ends_with_2(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, b"%PDF-1.7\n"))
    assert ended.code == 2
    assert lines(ended)[0] == f"{VER}: cannot be used"
    assert lines(ended)[1].startswith("Error F002: The file is a PDF document")


def test_of_several_files_the_worst_decides(uln: Run, folder: Path) -> None:
    clean, broken = put(folder, "a.csv", VERIFY.csv()), put(folder, "b.csv", BROKEN.csv())
    unusable = put(folder, "c.csv", b"")
    assert uln("check", clean, broken).code == 3
    assert uln("check", unusable, broken, clean).code == 2


def test_a_file_that_is_not_there_is_wrong_use(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, VERIFY.csv()), "none.csv")
    assert (ended.code, ended.out) == (2, "")
    assert "The file none.csv cannot be read" in ended.err


def test_json_lists_every_finding_in_one_document(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, VER, BROKEN.csv()), put(folder, "b.csv", b""), "--json")
    assert ended.code == ended.json["exit"] == 2
    first, second = ended.json["files"]
    assert [(each["severity"], each["row"], each["column"]) for each in first["findings"]] == [
        ("warning", 3, "GivenName"),
        ("error", 4, "DateOfBirth"),
        ("error", 5, "Gender"),
    ]
    assert first["findings"][0]["fixed"] == "Siân"
    assert (first["kind"], first["layout"], first["rows"], first["good"]) == ("verification", "verify", 4, 2)
    assert (first["errors"], first["warnings"], first["exit"], first["unusable"]) == (2, 1, 3, False)
    assert {code: said["count"] for code, said in first["codes"].items()} == {"V007": 1, "V009": 1, "V025": 1}
    assert first["codes"]["V009"]["text"] == "The date is written in another way than YYYY-MM-DD."
    assert (second["exit"], second["unusable"], second["layout"], second["written"]) == (2, True, None, None)


def test_json_explains_the_codes_of_achievements_too(uln: Run, folder: Path) -> None:
    ended = uln("check", put(folder, "q.csv", AWARDS.put(2, "Uln", "").csv()), "--json")
    assert ended.json["files"][0]["codes"]["FD001"] == {
        "count": 1,
        "text": explain("FD001").text,
        "remedy": explain("FD001").remedy,
    }


def test_json_is_ascii_where_stdout_is_not_utf_8(uln: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = put(folder, VER, BROKEN.csv())
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", write_through=True))
    uln("check", name, "--json")
    assert json.loads(raw.getvalue().decode("ascii"))["files"][0]["findings"][0]["fixed"] == "Siân"


def test_junit_has_a_suite_a_file_and_a_case_a_rule(uln: Run, folder: Path) -> None:
    names = (
        put(folder, VER, BROKEN.csv(end="\n")),
        put(folder, "b.csv", VERIFY.put(2, "GivenName", "D\x1bx").csv()),
    )
    assert uln("check", *names, "--junit", "report.xml").code == 3
    root = etree.parse(folder / "report.xml").getroot()
    assert [each.get("name") for each in root] == list(names)
    first = root[0]
    assert [each.tag for each in first][:1] + [each.tag for each in first][-2:] == [
        *("properties", "system-out", "system-err"),
    ]
    cases = first.findall("testcase")
    failed = {each.get("name", "")[:4]: each.find("failure") for each in cases if len(each)}
    assert set(failed) == {"V009", "V025"}
    assert first.get("failures") == "2"
    assert first.get("tests") == str(len(cases)) == str(len({each.get("name") for each in cases}))
    failure = failed["V009"]
    assert failure is not None
    assert (failure.text or "").startswith("row 4, DateOfBirth: '31/12/1999': V009 ")
    assert "F011" in (first.findtext("system-out") or "")
    # What the common schemas ask of a suite.
    for each in root:
        assert {"package", "id", "timestamp", "hostname", "errors", "time"} <= set(each.keys())


def test_in_junit_an_unusable_file_passes_nothing(uln: Run, folder: Path) -> None:
    assert uln("check", put(folder, VER, b""), "--junit", "report.xml").code == 2
    suite = etree.parse(folder / "report.xml").getroot()[0]
    cases = suite.findall("testcase")
    assert cases[0].get("name") == "F001 The file is empty"
    assert [each[0].tag for each in cases] == ["failure", *["skipped"] * (len(cases) - 1)]
    assert suite.get("skipped") == str(len(cases) - 1)


def test_junit_shows_no_more_than_the_report(uln: Run, folder: Path) -> None:
    name = put(folder, VER, many(50).map("Gender", lambda _: "Female").csv())
    uln("check", name, "--junit", "report.xml")
    failure = etree.parse(folder / "report.xml").getroot().findtext(".//failure") or ""
    assert failure.splitlines()[-1] == "and 45 more"
    assert len(failure.splitlines()) == 6


def test_a_report_that_cannot_be_written_is_said(uln: Run, folder: Path) -> None:
    name = put(folder, VER, VERIFY.csv())
    (folder / "taken").mkdir()
    early, late = (
        uln("check", name, "--junit", "none/report.xml", "--json"),
        uln("check", name, "--junit", "taken"),
    )
    assert (early.code, late.code) == (2, 2)
    assert early.json["error"]["text"] == "The report none/report.xml cannot be written: there is no such folder."
    assert "The report taken cannot be written" in late.err


def test_nobody_reads_in_a_report_what_may_not_be_read_in_the_file(uln: Run, folder: Path) -> None:
    name = put(folder, VER, BROKEN.csv())
    (folder / VER).chmod(0o600)
    uln("check", name, "--junit", "report.xml")
    assert sys.platform == "win32" or stat.S_IMODE((folder / "report.xml").stat().st_mode) == 0o600


def test_a_pipe_has_no_name_to_be_wrong(uln: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REGISTRATION.csv())))
    ended = uln("check", "-")
    assert ended.code == 0
    assert lines(ended) == ["-: all 50 rows can be sent (learners to register, layout 3A; CSV in UTF-8)"]
    assert list(folder.iterdir()) == []


def test_the_kind_that_is_named_is_expected(uln: Run, folder: Path) -> None:
    name = put(folder, VER, VERIFY.csv())
    assert uln("check", name, "--kind", "Verification").code == 0
    assert "Error F049" in uln("check", name, "--kind", "achievements").out
    assert uln("check", name, "--kind", "learners").code == 2


def test_strict_takes_warnings_for_errors(uln: Run, folder: Path) -> None:
    name = put(folder, VER, VERIFY.put(3, "GivenName", " Siân ").csv())
    assert uln("check", name).code == 0
    assert uln("check", name, "--strict").code == 3


def test_how_the_file_is_written_may_be_said(uln: Run, folder: Path) -> None:
    name = put(folder, VER, VERIFY.put(3, "FamilyName", "Núñez").csv("#", encoding="cp1252"))
    ended = uln("check", name, "--encoding", "windows-1252", "--delimiter", "#")
    assert ended.code == 0
    assert "F005" not in ended.out


def test_the_file_is_held_to_the_organisation_of_the_settings(
    uln: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = put(folder, LRB, REGISTRATION.csv())
    assert uln("check", name, "--ukprn", "90000009").code == 2
    monkeypatch.setenv("ULN_UKPRN", "90000009")
    ended = uln("check", name)
    assert ended.code == 2
    assert "Error V035, UKPRN" in ended.out
    assert uln("check", name, "--ukprn", "90000001").code == 0


def test_the_page_shows_what_comes(uln: Run, folder: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "client.md"
    ended = uln("check", put(folder, VER, BROKEN.csv()))
    assert f"```\n{ended.out}```\n" in page.read_text(encoding="utf-8")


def test_a_check_loads_nothing_that_calls_a_service(folder: Path) -> None:
    program = (
        "import sys; from uln_client.cli import main\n"
        "try: main(sys.argv[1:])\nfinally: print(*sorted(sys.modules))"
    )
    name = put(folder, VER, VERIFY.csv())
    ended = subprocess.run(
        [sys.executable, "-c", program, "check", name], capture_output=True, text=True, check=False
    )
    said, loaded = ended.stdout.splitlines()
    assert said.startswith(f"{VER}: all 4 rows can be sent")
    assert set(loaded.split()) & {"zeep", "requests", "python_calamine", "xlsxwriter", "xmlschema"} == set()


def test_at_a_terminal_a_bar_shows_how_far_it_is(uln: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = put(folder, VER, many(1_500).csv())
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    ended = uln("check", name)
    assert lines(ended) == [f"{VER}: all 1,500 rows can be sent (learners to verify; CSV in UTF-8)"]
    assert f"Checking {VER}" in terminal.getvalue()
