"""Whole files on the command line, against a service that replays: how a run ends, and what is said."""

import csv
import io
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress
from tests.unit.client.answering import UNKNOWN, answer, done, names, submitted
from tests.unit.client.commanding import Run, Terminal
from tests.unit.client.replaying import Answer, Replaying

from uln_client.cli.file_words import lines, summary_document
from uln_client.cli.run_bar import RunBar, run_bar
from uln_client.files.outcomes import Outcome, Standing
from uln_client.files.summary import Merge, Summary
from uln_contract.layouts import ACHIEVEMENTS, VERIFICATION, FileKind
from uln_contract.records import MIAPVerifiedBatchLearner, VerifyBatchOutputResp, VerifyBatchResp

ACHIEVEMENT = {
    "AchievementAwardDate": "2024-06-28",
    "Action": "1",
    "ActionDate": "2024-07-01",
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000002",
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "S/900/0001",
}


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.001)


def write(path: Path, *rows: dict[str, str]) -> Path:
    layout = ACHIEVEMENTS if path.name.startswith("QCF") else VERIFICATION
    with path.open("w", encoding="utf-8", newline="") as file:
        writing = csv.DictWriter(file, layout.names, quoting=csv.QUOTE_ALL)
        writing.writeheader()
        writing.writerows(rows)
    return path


@pytest.fixture
def achievements(tmp_path: Path) -> Path:
    units = ("S/900/0001", "S/900/0002")
    rows = ({**ACHIEVEMENT, "UnitOrQualificationReferenceNumber": each} for each in units)
    return write(tmp_path / "QCF_12345678_20240624_001.csv", *rows)


def outcomes(path: Path) -> list[tuple[str, str]]:
    with path.with_stem(f"{path.stem}.outcomes").open(encoding="utf-8-sig", newline="") as file:
        return [(row["Outcome"], row["Reason"]) for row in csv.DictReader(file)]


def test_what_a_job_did_not_come_to_is_asked_for_again(uln: Run, caller: Replaying, achievements: Path) -> None:
    caller.answer(submitted(7), done(1, status="Cancelled", rejection_reason="By hand."))
    ended = uln("submit", str(achievements))
    assert ended.code == 5
    assert "not done" in ended.out
    (first, second) = outcomes(achievements)
    assert first == ("accepted", "")
    assert second == ("not done", "Job 7 ended before it came to this row (Cancelled). By hand.")
    caller.answer(done(2))
    assert uln("submit", str(achievements)).code == 0
    assert [word for word, _ in outcomes(achievements)] == ["accepted", "accepted"]
    assert names(caller).count("SubmitAchievementBatchJob") == 1


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([submitted(7), done(2)], 0),
        ([submitted(7), done(1, (1, "BR005"))], 3),
        ([submitted(7), done(0, (1, "BR005"), (2, "BR005"))], 4),
        ([submitted(0, "WSRC0043")], 4),
        ([submitted(7), UNKNOWN], 2),
        ([submitted(7), Answer(cut=True)], 5),
    ],
    ids=["all", "some", "none", "refused", "forgotten", "unreachable"],
)
def test_how_achievements_end(
    uln: Run, caller: Replaying, achievements: Path, answers: list[Answer], code: int
) -> None:
    caller.answer(*answers)
    assert uln("submit", str(achievements)).code == code


@pytest.mark.parametrize(("service_code", "code"), [("WSVRC001", 0), ("WSVRC003", 3), ("WSVRC006", 1)])
def test_how_verifications_end(uln: Run, caller: Replaying, tmp_path: Path, service_code: str, code: int) -> None:
    learner = {"ULN": "1026893096", "FamilyName": "Tucker", "GivenName": "Darcie"}
    path = write(tmp_path / "VER_12345678_20240624_001.csv", learner)
    row = MIAPVerifiedBatchLearner(
        searched_uln="1026893096",
        searched_family_name="Tucker",
        searched_given_name="Darcie",
        response_code=service_code,
    )
    caller.answer(
        answer("submitVerifyBatch", VerifyBatchResp(response_code="WSRC0025", job_id=5)),
        answer(
            "getVerifyBatchOutput",
            VerifyBatchOutputResp(response_code="WSRC0027", job_status="Successful", verified_learner=(row,)),
        ),
    )
    assert uln("verify", str(path)).code == code


def test_a_pipe_that_cannot_be_kept_is_told(
    uln: Run, caller: Replaying, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n")))
    ended = uln("verify", "-", "--output", str(tmp_path / "file"))
    assert ended.code == 2
    assert "--output" in ended.err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-1.7")))
    ended = uln("verify", "-", "--output", str(tmp_path))
    assert ended.code == 2
    assert "PDF" in ended.err
    assert caller.requests == []
    assert list(tmp_path.glob("*stdin*")) == []


def summary(**values: object) -> Summary:
    made = Summary(path=Path("list.csv"), kind=FileKind.VERIFICATION, rows=30, good=29, **values)  # type: ignore[arg-type]  # a few fields
    made.add(Outcome("match", Standing.DONE, "WSVRC002", "It matches.", "Use the ULN.", "6936002314"))
    made.add(Outcome("similar", Standing.UNSURE, "WSVRC003", "It is similar.", "Compare them."))
    made.add(Outcome("match", Standing.DONE, "WSVRC002"))
    return made


def test_a_summary_says_once_what_to_do() -> None:
    said = list(lines(summary(kept=2, protected=3, uncertain=4), waited=True))
    assert said[0] == "list.csv: 30 rows, 29 sent, 1 not sent"
    assert [line.split() for line in said[1:3]] == [["2", "match", "(WSVRC002)"], ["1", "similar", "(WSVRC003)"]]
    (merged, similar) = [line for line in said if line.startswith("WSVRC")]
    assert merged.startswith("WSVRC002: The learner matches, through a ULN that was merged")
    assert similar.startswith("WSVRC003: ")
    assert [line.split()[0] for line in said[5:]] == ["2", "3", "4"]


def test_each_code_of_a_row_is_explained_once() -> None:
    made = summary()
    made.add(Outcome("accepted", Standing.DONE, "W001", "A warning.", "Look."))
    made.add(Outcome("refused", Standing.WRONG, "W001 BR011", "Two things.", "Do both."))
    made.add(Outcome("refused", Standing.WRONG, "XX999", "Another service's own.", "Ask it."))
    made.add(Outcome("not answered", Standing.OPEN, "", "It was sent.", "Run it again."))
    said = [line.partition(":")[0] for line in lines(made, waited=True)]
    assert [said.count(code) for code in ("W001", "BR011", "XX999", "not answered")] == [1, 1, 1, 1]


def test_merges_are_listed_up_to_a_number_and_counted_beyond() -> None:
    made = summary()
    for row in range(2, 1_030):
        made.replaced(Merge(row, "4444599390", "6936002314"))
    said = list(lines(made, waited=True))
    assert "Row 21: 4444599390 was merged into 6936002314" in said
    assert said[-1].startswith("and 1008 more")
    document = summary_document(made, waited=True)
    assert (document["merged"], len(document["merges"])) == (1_028, 1_000)


@pytest.mark.parametrize(
    ("jobs", "words"),
    [([7], "Job 7 submitted"), ([7, 8, 9], "3 jobs, 7 to 9, submitted"), ([], "No job submitted")],
)
def test_without_waiting_the_jobs_are_named(jobs: list[int], words: str) -> None:
    assert words in list(lines(summary(jobs=jobs), waited=False))[1]


def test_a_bar_shows_the_pass_and_the_rows() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with Progress(console=console) as progress:
        bar = RunBar(progress)
        bar.stage("Checking")
        bar.position(5, 10)
        (task,) = progress.tasks
        assert (task.description, task.completed, task.total) == ("Checking", 5, 10)
        bar.stage("Sending")
        bar.rows(3_000)
        bar.sent(2_000)
        bar.done(1_000)
        (task,) = progress.tasks
        assert (task.completed, task.total) == (1_000, 3_000)
        assert task.description == "Sending: 2,000 sent, 1,000 done of 3,000"


def test_at_a_terminal_there_is_a_bar_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with run_bar() as bar:
        bar.stage("Checking")
        bar.position(1, 2)
    assert "Checking" in terminal.getvalue()
