"""What a job's sender is told about its end: how it fared and how to get the rest, and nobody's data."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.unit.batch.achievements import JOB

from uln_server.batch.completion import address_of, completion
from uln_server.batch.job import Fields, Job, JobKind, JobStatus

ENDED = replace(
    JOB,
    id=100_017,
    form="Final",
    user="Kim Doe",
    submitted_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
    finished_at=datetime(2026, 7, 1, 8, 31, 15, tzinfo=UTC),
    status=JobStatus.SUCCESSFUL,
    rows=20,
    done=20,
    counts={"created Final": 12, "updated Final": 3, "business rule": 0},
    given={"email": "exams@example.org"},
)


def test_a_message_says_how_the_rows_fared_and_how_to_get_the_rest() -> None:
    said = completion(ENDED, service="https://lrs.example.org")
    assert said.subject == "Job 100017 has ended: Successful"
    assert said.text == (
        "Job:          100017\n"
        "Kind:         achievements, Final\n"
        f"Organisation: {ENDED.ukprn}\n"
        "Status:       Successful\n"
        "Rows done:    20 of 20\n"
        "Submitted:    2026-07-01 09:30 UK time\n"
        "Ended:        2026-07-01 09:31 UK time\n"
        "Service:      https://lrs.example.org\n"
        "\n"
        "       12  created\n"
        "        3  updated\n"
        "\n"
        "GetAchievementBatchJob with this number gives what became of each row, and\n"
        "why a job was not successful; `uln job 100017` asks for it.\n"
        "\n"
        "This message was made by a machine, because the job was submitted with this\n"
        "address. It holds no personal data, and nobody reads an answer to it.\n"
    )


@pytest.mark.parametrize(
    ("kind", "counts", "words"),
    [
        (
            JobKind.VERIFICATION,
            {"WSVRC006": 2},
            ["        2  WSVRC006: The ULN is not in", "getVerifyBatchOutput"],
        ),
        (
            JobKind.REGISTRATION,
            {"RC011": 1},
            ["        1  RC011: The format is incorrect\n", "getBatchRegistration"],
        ),
    ],
)
def test_each_kind_has_its_own_words(kind: JobKind, counts: dict[str, int], words: list[str]) -> None:
    said = completion(replace(ENDED, kind=kind, counts=counts)).text
    for each in words:
        assert each in said


def test_a_sandbox_says_so_and_no_reason_of_an_operator_is_passed_on() -> None:
    failed = replace(ENDED, status=JobStatus.FAILED, rejection="Ask Kim Doe.", finished_at=None, counts={})
    said = completion(failed, sandbox=True)
    assert said.subject == "Sandbox: Job 100017 has ended: Failed"
    assert "Kim" not in said.text
    assert "Ended:" not in said.text


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"email": " exams@example.org "}, "exams@example.org"),
        ({"org_email": "exams@example.org"}, "exams@example.org"),
        ({"org_email": "nobody"}, None),
        ({"email": ""}, None),
        ({}, None),
    ],
)
def test_the_address_is_the_one_that_was_submitted(given: Fields, address: str | None) -> None:
    job: Job = replace(ENDED, given=given)
    assert address_of(job) == address
