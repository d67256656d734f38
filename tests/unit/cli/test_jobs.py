import csv
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.store.adding import a_submission, people
from tests.unit.cli.running import Operator

from uln_contract.codes import AchievementCode, explain
from uln_server.batch.achieving import FINDINGS
from uln_server.batch.job import FIRST_JOB_ID, Fields, Job, JobKind, RowResult
from uln_server.cli.job_errors import HEADINGS
from uln_server.record.finding import Finding, as_text
from uln_server.store.database import Database

URL = "sqlite:///var/register.sqlite3"
FIRST, SECOND = str(FIRST_JOB_ID), str(FIRST_JOB_ID + 1)


@pytest.fixture
def jobs(sandbox: Operator) -> Operator:
    """An operator with a job of each of two organisations."""
    with Database.open(URL) as database, database.writing() as writing:
        for identifier, rows in (("90000001", 3), ("90000002", 5)):
            who = writing.organisations.by_identifier(identifier)
            assert who is not None
            given = {"emailAddress": "someone@example.org"}
            at = datetime(2026, 1, 31, 12, 30, 15, tzinfo=UTC)
            sent = a_submission(who.id, ukprn=who.ukprn, given=given, at=at)
            writing.jobs.submit(sent, people(rows))
    return sandbox


def shown(operator: Operator, job: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(operator.does("job", "show", job, "--json"))
    return data


def stored(job: str) -> Job:
    with Database.open(URL) as database, database.reading() as reading:
        found = reading.jobs.get(int(job))
    assert found is not None
    return found


def test_jobs_are_listed_newest_first(jobs: Operator) -> None:
    lines = [line.split() for line in jobs.does("job", "list").splitlines()]
    assert lines == [
        ["JOB", "STATUS", "DONE", "ROWS", "KIND", "FORM", "UKPRN", "SUBMITTED"],
        [SECOND, "Waiting", "0", "5", "registration", "FUL", "90000002", "2026-01-31T12:30:15Z"],
        [FIRST, "Waiting", "0", "3", "registration", "FUL", "90000001", "2026-01-31T12:30:15Z"],
    ]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        (("--org", "90000001"), [100001]),
        (("--org", "sbxao1"), [100001]),
        (("--org", "10009999"), []),
        (("--limit", "1"), [100002]),
        (("--status", "waiting"), [100002, 100001]),
        (("--status", "Failed"), []),
    ],
)
def test_jobs_are_listed_by_conditions(jobs: Operator, conditions: tuple[str, ...], found: list[int]) -> None:
    listed = json.loads(jobs.does("job", "list", "--json", *conditions))
    assert [each["id"] for each in listed] == found


def test_a_job_is_shown_without_what_its_rows_and_its_sender_say(jobs: Operator) -> None:
    words = jobs.does("job", "show", FIRST)
    assert "Waiting" in words
    assert "2026-01-31T12:30:15Z" in words
    assert "None" not in words
    for secret in ("Newcomer", "someone@example.org"):
        assert secret not in words + json.dumps(shown(jobs, FIRST))
    assert shown(jobs, FIRST)["submitted_at"] == "2026-01-31T12:30:15+00:00"


def test_a_job_is_cancelled_and_retried_and_failed_and_the_trail_says_so(jobs: Operator) -> None:
    assert "0 of 3 rows" in jobs.does("job", "cancel", FIRST)
    assert "Cancelled already" in jobs.fails(4, "job", "cancel", FIRST)
    assert "waits again" in jobs.does("job", "retry", FIRST)
    assert "only a failed or cancelled one" in jobs.fails(4, "job", "retry", FIRST)
    assert "reason is empty" in jobs.fails(2, "job", "fail", FIRST, "--reason", " ")
    jobs.does("job", "fail", FIRST, "--reason", "Sent for another register.")
    assert shown(jobs, FIRST)["rejection"] == "Sent for another register."
    assert "Failed" in jobs.does("job", "show", FIRST)
    entries = [json.loads(line) for line in jobs.does("audit", "--json").splitlines()]
    assert [(each["operation"], each["organisation"]) for each in entries] == [
        (f"job {act} {FIRST}", "90000001") for act in ("cancel", "retry", "fail")
    ]
    assert [each["reason"] for each in entries] == [None, None, "Sent for another register."]


def worked_off(job: str, results: list[tuple[str, dict[str, str | None]]]) -> None:
    """Give a job's first rows these results."""
    lease = timedelta(seconds=60)
    with Database.open(URL) as database, database.writing() as writing:
        while True:
            claimed = writing.job_work.claim(JobKind, lease)
            assert claimed is not None
            if claimed.job.id == int(job):
                break
        held = writing.job_work.hold(claimed, lease)
        assert held is not None
        found = [RowResult(place, code, values) for place, (code, values) in enumerate(results, 1)]
        writing.job_work.record(claimed, held, found)


def a_job(kind: JobKind, *given: Fields, **changes: str) -> str:
    with Database.open(URL) as database, database.writing() as writing:
        who = writing.organisations.by_identifier("90000001")
        assert who is not None
        return str(writing.jobs.submit(a_submission(who.id, kind=kind, **changes), given))


REJECTED = {"mis_identifier": "row 2", "uln": "1026893096", "given_name": "Newcomer"}


def errors_of(operator: Operator, job: str) -> list[list[str]]:
    return list(csv.reader(operator.does("job", "errors", job).splitlines()))


@pytest.mark.parametrize(
    ("kind", "results", "told"),
    [
        (
            JobKind.REGISTRATION,
            [("RC001", {"uln": "1026893096"}), ("RC011", {}), ("RC005", {})],
            ["2", "row 2", "1026893096", "RC011", ""],
        ),
        (
            JobKind.VERIFICATION,
            [("WSVRC002", {}), ("WSVRC005", {"failure_flag": "VRF1 VRF7"})],
            ["2", "row 2", "1026893096", "WSVRC005", "VRF1 VRF7"],
        ),
    ],
)
def test_the_rows_that_came_to_nothing_are_printed(
    sandbox: Operator, kind: JobKind, results: list[tuple[str, dict[str, str | None]]], told: list[str]
) -> None:
    job = a_job(kind, {"given_name": "Newcomer"}, REJECTED, {})
    worked_off(job, results)
    code = explain(told[3])
    assert errors_of(sandbox, job) == [list(HEADINGS), [*told, code.text, code.remedy]]
    assert "errors " + job in sandbox.does("job", "show", job)
    (entry,) = [json.loads(line) for line in sandbox.does("audit", "--json").splitlines()]
    assert (entry["operation"], entry["organisation"]) == (f"job errors {job}", "90000001")


def test_every_line_of_an_error_file_is_printed(sandbox: Operator) -> None:
    rows = [{"MisIdentifier": f"row {place} {'x' * 100}", "Uln": "1026893096"} for place in range(1, 2001)]
    job = a_job(JobKind.ACHIEVEMENTS, *rows, form="Final")
    findings = as_text((Finding(AchievementCode.BR005, "Grade"),))
    worked_off(job, [("Business rule", {FINDINGS: findings})] * 1500)
    ran = sandbox.run("job", "errors", job)
    lines = list(csv.reader(ran.out.splitlines()))
    assert [line[0] for line in lines] == ["RecordNumber", *map(str, range(1, 1501))]
    assert lines[1500][4:6] == ["Grade", "BR005"]
    assert "1500 of 2000 rows" in ran.err


def test_a_job_without_errors_prints_nothing(jobs: Operator) -> None:
    assert jobs.does("job", "errors", FIRST) == ""
    assert "errors" not in jobs.does("job", "show", FIRST)


def test_a_job_shows_where_the_message_about_its_end_stands(sandbox: Operator) -> None:
    job = a_job(JobKind.ACHIEVEMENTS, {}, form="Final")
    assert shown(sandbox, job)["mail"] is None
    with Database.open(URL) as database, database.writing() as writing:
        who = writing.organisations.by_identifier("90000001")
        assert who is not None
        given = {"email": "someone@example.org"}
        job = str(writing.jobs.submit(a_submission(who.id, given=given), people(1)))
    sandbox.does("job", "cancel", job)
    for settle, words in (
        (None, "waits, tried 0 times"),
        ("later", "waits, tried 1"),
        ("drop", "given up, tried 2"),
    ):
        if settle:
            _settle(settle)
        assert words in sandbox.does("job", "show", job)
    sandbox.does("job", "retry", job)
    sandbox.does("job", "cancel", job)
    _settle("sent")
    assert f"sent {datetime.now(UTC):%Y-}" in sandbox.does("job", "show", job)
    mail = shown(sandbox, job)["mail"]
    assert isinstance(mail, dict)
    assert (mail["tries"], mail["due_at"]) == (1, None)


def _settle(how: str) -> None:
    with Database.open(URL) as database, database.writing() as writing:
        taken = writing.job_mail.take(timedelta(seconds=60))
        assert taken is not None
        if how == "later":
            writing.job_mail.later(taken, timedelta(0))
        else:
            getattr(writing.job_mail, how)(taken)


@pytest.mark.parametrize("act", ["show", "cancel", "retry", "errors"])
@pytest.mark.parametrize("number", ["1", "100009", "99999999999999999999"])
def test_an_unknown_job_is_said_to_be(jobs: Operator, act: str, number: str) -> None:
    assert f"no job {number}" in jobs.fails(2, "job", act, number)


def test_a_worker_without_a_register_says_so(operator: Operator) -> None:
    assert "no register" in operator.fails(4, "worker")


def test_a_worker_runs_until_it_is_told_to_end(jobs: Operator, folder: Path) -> None:  # noqa: ARG001  # a register
    command = [str(Path(sys.executable).with_name("uln-server")), "worker", "--jobs", "1"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "Ctrl-C ends it" in process.stdout.readline()
        process.terminate()
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")
