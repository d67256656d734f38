import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.store.adding import a_submission, people
from tests.unit.cli.running import Operator

from uln_server.batch.job import FIRST_JOB_ID, Job
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
    assert "None" not in words
    for secret in ("Newcomer", "someone@example.org"):
        assert secret not in words + json.dumps(shown(jobs, FIRST))
    assert shown(jobs, FIRST)["submitted_at"] == "2026-01-31T12:30:15+00:00"


def test_a_job_is_cancelled_and_retried_and_failed_and_the_trail_says_so(jobs: Operator) -> None:
    assert "0 of 3 rows" in jobs.does("job", "cancel", FIRST)
    assert "Cancelled already" in jobs.fails(4, "job", "cancel", FIRST)
    assert "waits again" in jobs.does("job", "retry", FIRST)
    assert "only a failed or cancelled one" in jobs.fails(4, "job", "retry", FIRST)
    jobs.does("job", "fail", FIRST, "--reason", "Sent for another register.")
    assert shown(jobs, FIRST)["rejection"] == "Sent for another register."
    assert "Failed" in jobs.does("job", "show", FIRST)
    entries = [json.loads(line) for line in jobs.does("audit", "--json").splitlines()]
    assert [(each["operation"], each["organisation"]) for each in entries] == [
        (f"job {act} {FIRST}", "90000001") for act in ("cancel", "retry", "fail")
    ]


@pytest.mark.parametrize("act", ["show", "cancel", "retry"])
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
