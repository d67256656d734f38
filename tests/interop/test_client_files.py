"""Whole files sent by the client to the real service: to register, to verify, of achievements (domain §8)."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.interop.interrupting import Interrupting, Moment, interrupting
from tests.service import RunningService, running_sandbox

from uln_client import AwardingOrganisation, MIAPBatchLearnerToVerify, cli
from uln_client.errors import UsageError
from uln_client.files.journal import Journal
from uln_client.files.outcomes import Standing
from uln_client.files.runs import run
from uln_contract.batch_files.checking import open_checked
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import (
    ACHIEVEMENTS,
    REGISTRATION_2A,
    REGISTRATION_3A,
    VERIFICATION,
    FileKind,
    Layout,
)

DARCIE, SIAN, PRIYA, DELETED = "1026893096", "9276308686", "1174112637", "7300000028"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with running_sandbox(tmp_path_factory.mktemp("files")) as service:
        yield service


@pytest.fixture(scope="module")
def proxy(serving: RunningService) -> Iterator[Interrupting]:
    with interrupting(serving.url) as made:
        yield made


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: Interrupting) -> None:
    for name in [name for name in os.environ if name.startswith("ULN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    given = {"URL": proxy.url, "UKPRN": "90000001", "PASSWORD": "SandboxAO-000001", "USERNAME": "files"}
    for name, value in given.items():
        monkeypatch.setenv(f"ULN_{name}", value)
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.02)
    proxy.calls.clear()


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Uln:
    """Runs the command in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ended:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(each) for each in arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        assert "SandboxAO" not in out + err
        return Ended(int(ended.value.code or 0), out, err)


@pytest.fixture
def uln(capsys: pytest.CaptureFixture[str]) -> Uln:
    return Uln(capsys)


def write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([headings, *rows])
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


TO_VERIFY = [
    ("M1", DARCIE, "Tucker", "Darcie", "1976-08-16", "2"),
    ("M2", JORDAN_OLD, "Reid", "Jordan", "1985-03-27", "1"),
    ("M3", PRIYA, "Natarajn", "Priya", "", ""),
    ("M4", SIAN, "Smith", "Siân", "", ""),
    ("M5", DELETED, "Nobody", "Nora", "", ""),
    ("M6", "1026893097", "Tucker", "Darcie", "", ""),
    ("M7", DARCIE, "Tucker", "Darcie", "16/08/1976", "2"),
]


@pytest.fixture
def to_verify(tmp_path: Path) -> Path:
    return write(tmp_path / "VER_90000001_20240624_001.csv", VERIFICATION.names, TO_VERIFY)


def test_a_file_to_verify_comes_back_with_what_became_of_each_row(
    uln: Uln, to_verify: Path, proxy: Interrupting
) -> None:
    ended = uln("verify", to_verify, "--apply-merges")
    assert ended.code == 3
    assert "7 rows, 5 sent, 2 not sent" in ended.out
    assert f"Row 3: {JORDAN_OLD} was merged into {JORDAN}" in ended.out
    assert Counter(proxy.calls)["verify"] == 1
    back = table(to_verify.with_name("VER_90000001_20240624_001.outcomes.csv"))
    assert [tuple(row.values())[:6] for row in back] == TO_VERIFY
    assert [(row["Outcome"], row["Code"], row["CurrentULN"]) for row in back] == [
        ("match", "WSVRC001", DARCIE),
        ("match", "WSVRC002", JORDAN),
        ("similar", "WSVRC003", PRIYA),
        ("no match", "WSVRC005", ""),
        ("not found", "WSVRC006", ""),
        ("not sent", "V018", ""),
        ("not sent", "V009", ""),
    ]
    assert "VRF5" in back[3]["Reason"]
    assert "1976-08-16" in back[6]["Remedy"]
    output = table(to_verify.with_name("VER_90000001_20240624_001.output.csv"))
    assert [(row["SearchedULN"], row["ULN"], row["FamilyName"]) for row in output[:2]] == [
        (DARCIE, DARCIE, "Tucker"),
        (JORDAN_OLD, JORDAN, "Reed"),
    ]
    applied = table(to_verify.parent / "merges-applied" / to_verify.name)
    assert [row["ULN"] for row in applied] == [DARCIE, JORDAN, *(each[1] for each in TO_VERIFY[2:])]


@pytest.mark.parametrize("form", FileForm)
def test_each_form_comes_back_as_it_was(uln: Uln, tmp_path: Path, form: FileForm) -> None:
    path = tmp_path / f"VER_90000001_20240624_001.{form}"
    with writer(path, Written(form), VERIFICATION.names, layout=VERIFICATION) as file:
        for row in (*TO_VERIFY, ("=1+1", SIAN, "O'Brien-Łukasz", "Siân", "", "")):
            file.row(row)
    ended = uln("verify", path, "--json", "--apply-merges")
    assert (ended.code, ended.json["rows"], ended.json["protected_cells"]) == (3, 8, form is FileForm.CSV)
    files = {what: Path(file) for what, file in ended.json["files"].items()}
    assert files["outcomes"].suffix == f".{form}"
    assert files["output"].suffix == (".xml" if form is FileForm.XML else ".csv")
    for what, count in {"outcomes": 8, "to-correct": 5, "merges-applied": 8}.items():
        with open_checked(files[what], kind=FileKind.VERIFICATION) as again:
            rows = list(again.rows())
        assert (len(rows), again.source.written.form) == (count, form)
        # The name of what is not sent again need not have the layout's form.
        assert {each.code for each in again.findings} == ({"F050"} if what == "outcomes" else set())
        assert sum(row.good for row in rows) == count - 2


def test_what_cannot_be_written_is_written_by_the_next_run(uln: Uln, to_verify: Path, proxy: Interrupting) -> None:
    in_the_way = to_verify.parent / "to-correct"
    in_the_way.write_text("a file where a folder should be")
    ended = uln("verify", to_verify)
    assert ended.code == 2
    assert "nothing is sent twice" in ended.err
    assert not to_verify.with_name("VER_90000001_20240624_001.outcomes.csv").exists()
    in_the_way.unlink()
    proxy.calls.clear()
    assert (uln("verify", to_verify).code, proxy.calls) == (3, [])
    assert to_verify.with_name("VER_90000001_20240624_001.outcomes.csv").exists()


def test_rows_that_were_corrected_are_sent_again_as_they_are(uln: Uln, to_verify: Path) -> None:
    uln("verify", to_verify)
    corrected = to_verify.parent / "to-correct" / to_verify.name
    content = corrected.read_text(encoding="utf-8-sig")
    for wrong, right in {"Natarajn": "Natarajan", "1026893097": DARCIE, "16/08/1976": "1976-08-16"}.items():
        content = content.replace(wrong, right)
    corrected.write_bytes(content.encode())
    ended = uln("verify", corrected, "--json")
    assert (ended.code, ended.json["rows"], ended.json["sent"]) == (3, 5, 5)
    outcomes = {each["outcome"]: each["count"] for each in ended.json["outcomes"]}
    assert outcomes == {"match": 3, "no match": 1, "not found": 1}
    # What somebody corrected is not written over by another run of the first file.
    assert uln("verify", to_verify).code == 3
    assert corrected.read_bytes() == content.encode()
    assert len(table(corrected.with_stem(f"{corrected.stem}-2"))) == 5


def test_a_finished_run_is_not_repeated(uln: Uln, to_verify: Path, proxy: Interrupting) -> None:
    first = uln("verify", to_verify, "--json").json
    proxy.calls.clear()
    to_verify.with_name("VER_90000001_20240624_001.output.csv").unlink()
    again = uln("verify", to_verify, "--json")
    assert (again.code, again.json["sent_earlier"], proxy.calls) == (3, True, [])
    assert again.json["outcomes"] == first["outcomes"]
    assert to_verify.with_name("VER_90000001_20240624_001.output.csv").exists()
    assert uln("verify", to_verify, "--restart", "--json").json["jobs"] != first["jobs"]


def test_another_content_or_purpose_is_not_taken_for_the_same(
    uln: Uln, to_verify: Path, proxy: Interrupting
) -> None:
    uln("verify", to_verify)
    proxy.calls.clear()
    assert "--encoding" in uln("verify", to_verify, "--encoding", "utf-8").err
    to_verify.write_bytes(to_verify.read_bytes() + b'"M8","1026893096","Tucker","Darcie","",""\r\n')
    changed = uln("verify", to_verify)
    assert (changed.code, proxy.calls) == (2, [])
    assert "--restart" in changed.err


def test_whoever_does_not_wait_fetches_the_results_later(uln: Uln, to_verify: Path, proxy: Interrupting) -> None:
    ended = uln("verify", to_verify, "--no-wait", "--json")
    assert (ended.code, ended.json["files"], len(ended.json["jobs"]), proxy.calls) == (3, {}, 1, ["verify"])
    later = uln("verify", to_verify, "--json")
    assert (later.code, later.json["jobs"]) == (3, ended.json["jobs"])
    assert set(proxy.calls[1:]) == {"ask"}
    assert len(later.json["files"]) == 3


def test_an_unusable_file_is_not_sent(uln: Uln, tmp_path: Path, proxy: Interrupting) -> None:
    path = write(tmp_path / "list.csv", [*VERIFICATION.names[:-1], "ULN"], [TO_VERIFY[0]])
    ended = uln("verify", path)
    assert (ended.code, proxy.calls) == (2, [])
    assert "F045" in ended.err
    assert f"uln check {path}" in ended.err
    assert uln("verify", path, "--json").json["error"]["findings"][-1]["code"] == "F045"
    assert uln("verify", tmp_path / "none.csv").code == 2
    hopeless = write(tmp_path / "VER_90000001_20240624_002.csv", VERIFICATION.names, TO_VERIFY[5:])
    assert uln("verify", hopeless).code == 2
    assert len(table(tmp_path / "to-correct" / hopeless.name)) == 2
    again = uln("verify", hopeless, "--json")
    assert (again.code, again.json["sent_earlier"]) == (2, False)
    assert proxy.calls == []


def test_a_pipe_is_a_file(
    uln: Uln, to_verify: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: Interrupting
) -> None:
    for expected in (["verify"], []):
        content = io.TextIOWrapper(io.BytesIO(to_verify.read_bytes()))
        monkeypatch.setattr("sys.stdin", content)
        proxy.calls.clear()
        ended = uln("verify", "-", "--output", tmp_path / "piped", "--json")
        assert (ended.code, ended.json["rows"]) == (3, 7)
        assert "F050" not in {each["code"] for each in ended.json["findings"]}
        assert [each for each in proxy.calls if each != "ask"] == expected
    assert sorted(each.suffixes[0] for each in (tmp_path / "piped").glob("stdin-*")) == [".outcomes", ".output"]


def registrations(first: int, count: int, layout: Layout = REGISTRATION_3A) -> list[list[str]]:
    """Learners who are alike in nothing that a find compares."""
    rows = []
    for number in range(first, first + count):
        letters = "".join("abcdefghij"[int(digit)] for digit in f"{number:04}")
        values = {
            "MISIdentifier": f"M{number}",
            "GivenName": f"Q{letters}x",
            "FamilyName": f"W{letters[::-1]}zu",
            "LastKnownPostCode": f"CV{number % 9 + 1} {number % 7}EE",
            "DateOfBirth": f"{1960 + number % 40}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "Gender": str(number % 2 + 1),
            "PrivacyNoticeSeen": "1",
            "AbilityToShare": "1",
            "VerificationType": "2",
            "Notes": 'He said "now, or\nnever"' if number == first else "",
        }
        rows.append([values.get(name, "") for name in layout.names])
    leading = (layout.name, "LRB_90000001_240620240930.CSV", "90000001", str(count))
    rows[0][:4] = leading
    return rows


def naive(path: Path) -> list[tuple[str, str]]:
    """As live importers read an output file: line by line, split on commas (domain §8)."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = [[each.strip('"') for each in line.split(",")] for line in lines]
    return [(each[4], each[5]) for each in cells]


@pytest.mark.parametrize("layout", [REGISTRATION_2A, REGISTRATION_3A], ids=["2A", "3A"])
def test_a_file_to_register_is_read_by_naive_importers(uln: Uln, tmp_path: Path, layout: Layout) -> None:
    rows = registrations(100 if layout is REGISTRATION_2A else 200, 4, layout)
    rows[1][layout.names.index("MISIdentifier")] = "A,1"
    rows[2][layout.names.index("DateOfBirth")] = "never"
    path = write(tmp_path / "LRB_90000001_240620240930.CSV", layout.names, rows)
    checked = uln("register", path, "--check-only", "--json")
    assert (checked.code, {each["outcome"] for each in checked.json["outcomes"]}) == (
        3,
        {"would be registered", "not sent"},
    )
    ended = uln("register", path, "--json")
    assert (ended.code, ended.json["sent"], ended.json["sent_earlier"]) == (3, 3, False)
    output = Path(ended.json["files"]["output"])
    assert output.name == "LRB_90000001_240620240930.output.CSV"
    (heading, *read) = naive(output)
    assert heading == ("ULN", "MISIdentifier")
    assert [mis for _, mis in read] == [
        rows[0][layout.names.index("MISIdentifier")],
        "A 1",
        *read_mis(rows[2:], layout),
    ]
    given = [value for value, _ in read]
    assert given[2] == ""
    with AwardingOrganisation() as organisation:
        found = organisation.retrieve([each for each in given if each])
    assert [each.found for each in found] == [True] * 3
    whole = table(output)
    assert [row["ReturnCode"] for row in whole] == ["RC001", "RC001", "RC011", "RC001"]
    assert [row["LearnerRecordCount"] for row in whole] == ["4", "", "", ""]
    assert whole[0]["FileName"] == output.name
    correct = Path(ended.json["files"]["to-correct"])
    (only,) = table(correct)
    assert (only["LearnerRecordCount"], only["FileName"], only["FileVersion"]) == ("1", correct.name, layout.name)
    fixed = correct.read_text(encoding="utf-8-sig").replace("never", "1980-01-01")
    again = write(tmp_path / "corrected" / correct.name, (), ())
    again.write_bytes(fixed.encode())
    assert uln("register", again).code == 0
    assert not (again.parent / "to-correct").exists()
    # Where nothing is to be corrected any more, no list of what is stays behind.
    path.write_bytes(path.read_bytes().replace(b"never", b"1980-01-01"))
    assert (uln("register", path, "--restart").code, correct.exists()) == (0, False)


def read_mis(rows: Sequence[Sequence[str]], layout: Layout) -> list[str]:
    return [each[layout.names.index("MISIdentifier")] for each in rows]


@contextmanager
def started(*arguments: str | Path) -> Iterator["subprocess.Popen[bytes]"]:
    # Whoever runs these tests in the background may ignore SIGINT, and a process would inherit that.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "uln_client", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, inherited)
    with process:
        yield process


ENDS: list[tuple[str, int, Moment]] = [
    ("register", 1, "before"),
    ("register", 1, "after"),
    ("register", 2, "after"),
    ("ask", 1, "after"),
]


def test_wherever_the_client_is_killed_nothing_is_sent_twice_and_no_row_is_lost(
    uln: Uln, tmp_path: Path, proxy: Interrupting, serving: RunningService
) -> None:
    count = 450
    path = write(tmp_path / "LRB_90000001_240620240930.CSV", REGISTRATION_3A.names, registrations(1000, count))
    before = learners(serving)
    for operation, call, moment in ENDS:
        with started("register", path) as process:
            proxy.end(process, operation, call, moment, gently=operation == "ask")
            _, said = process.communicate(timeout=60)
        assert not path.with_name("LRB_90000001_240620240930.outcomes.CSV").exists(), "it was ended"
        if proxy.gently:
            assert process.returncode == 130
            assert b"goes on where it stopped" in said
    ended = uln("register", path, "--json")
    assert (ended.code, len(ended.json["jobs"])) == (0, 3)
    # A second job of the same learners would have found them registered.
    assert {(each["code"], each["count"]) for each in ended.json["outcomes"]} == {("RC001", count)}
    assert learners(serving) == before + count
    back = table(Path(ended.json["files"]["outcomes"]))
    assert len({row["CurrentULN"] for row in back}) == count
    with AwardingOrganisation() as organisation:
        claims = [
            MIAPBatchLearnerToVerify(
                uln=row["CurrentULN"], given_name=row["GivenName"], family_name=row["FamilyName"]
            )
            for row in back
        ]
        verified = Counter(each.result.code for each in organisation.verify_learners(claims))
    assert verified == {"WSVRC001": count}


def learners(service: RunningService) -> int:
    """How many learners the register holds."""
    file = service.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"{Path(file).as_uri()}?mode=ro", uri=True)) as register:
        return int(register.execute("SELECT count(*) FROM learner").fetchone()[0])


UNITS = ("S/900/0402", "S/900/0403", "S/900/9999", "S/900/0402")


def test_a_file_of_achievements_comes_back_with_findings(uln: Uln, tmp_path: Path) -> None:
    rows = [
        [
            {
                "AchievementAwardDate": "2024-06-28",
                "Action": "1" if number else "9",
                "ActionDate": "2024-07-01T09:30:00Z",
                "FamilyName": "Tucker",
                "GivenName": "Darcie",
                "LearnerPostcode": "CV4 9EF" if number == 1 else "",
                "MisIdentifier": f"M{number}",
                "ProviderUkprn": "90000002",
                "Uln": DARCIE,
                "UnitOrQualificationReferenceNumber": unit,
            }.get(name, "")
            for name in ACHIEVEMENTS.names
        ]
        for number, unit in enumerate(UNITS)
    ]
    path = write(tmp_path / "QCF_90000001_20240624_001.csv", ACHIEVEMENTS.names, rows)
    ended = uln("submit", path, "--json")
    assert (ended.code, ended.json["sent"]) == (3, 3)
    back = table(Path(ended.json["files"]["outcomes"]))
    assert [(row["Outcome"], row["Code"]) for row in back] == [
        ("not sent", "FD005"),
        ("accepted", "W001"),
        ("refused", "BR001"),
        ("accepted", ""),
    ]
    assert all(row["Remedy"] for row in back[:3])
    assert [row["Outcome"] for row in table(Path(ended.json["files"]["output"]))] == [
        "not sent",
        "accepted",
        "refused",
        "accepted",
    ]


def test_options_of_one_learner_and_of_a_file_do_not_mix(uln: Uln, to_verify: Path, proxy: Interrupting) -> None:
    assert "--strict" in uln("verify", DARCIE, "--strict").err
    assert "--family-name" in uln("verify", DARCIE, "--given-name", "Darcie").err
    assert "--given-name" in uln("register", to_verify, "--given-name", "Darcie").err
    assert "--reference" in uln("submit", to_verify, "--reference", "S/900/0001").err
    assert "--check-only" in uln("register", "--check-only").err
    assert "five" in uln("register", "--given-name", "Darcie").err
    assert proxy.calls == []


def test_another_run_is_waited_for(uln: Uln, to_verify: Path, proxy: Interrupting) -> None:
    uln("verify", to_verify, "--no-wait")
    (journal,) = (to_verify.parent / ".uln-journal").glob("*.jsonl")
    with Journal.opened(journal):
        ended = uln("verify", to_verify)
    assert (ended.code, proxy.calls) == (2, ["verify"])
    assert "Another run" in ended.err


def test_a_program_sends_files_too(to_verify: Path) -> None:
    with AwardingOrganisation() as organisation:
        summary = run(organisation.desk, to_verify, FileKind.VERIFICATION)
        to_verify.write_bytes(to_verify.read_bytes() + b"\r\n")
        with pytest.raises(UsageError, match="not what it was"):
            run(organisation.desk, to_verify, FileKind.VERIFICATION)
    assert (summary.rows, summary.count(Standing.DONE), summary.answered) == (7, 2, True)
