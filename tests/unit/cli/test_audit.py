import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.cli.running import Operator

from uln_server.access.audit import AuditEntry
from uln_server.cli.auditing import moment
from uln_server.cli.problems import Problem
from uln_server.register.registering import Cause
from uln_server.store.database import Database

NOW = datetime(2024, 7, 10, 12, tzinfo=UTC)


def entry(message_id: str, **changes: object) -> AuditEntry:
    values: dict[str, object] = {
        "at": NOW,
        "organisation": "90000001",
        "user": "Kim Doe",
        "operation": "verifyLearner",
        "code": "WSVRC001",
        "disclosed": ("1026893096",),
        "address": "127.0.0.1",
    }
    return AuditEntry(message_id=message_id, **{**values, **changes})  # type: ignore[arg-type]  # built from a dict


@pytest.fixture
def audited(sandbox: Operator) -> Operator:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.audit.add(entry("m1"))
        writing.audit.add(entry("m2", at=NOW + timedelta(hours=1), organisation="90000002", user="Lee"))
        writing.audit.add(entry("m3", at=NOW + timedelta(days=1), code="HTTP413", operation=None, disclosed=()))
        writing.audit.add(entry("m4", at=NOW + timedelta(days=2), organisation=None, user=None, address=None))
    return sandbox


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), ["m1", "m2", "m3", "m4"]),
        (("--org", "90000001"), ["m1", "m3"]),
        (("--org", "sbxlp2"), ["m2"]),
        (("--user", "Lee"), ["m2"]),
        (("--since", "2024-07-11T13:00"), ["m3", "m4"]),
        (("--since", "2024-07-11T13:00+00:00"), ["m4"]),
        (("--uln", "1026893096", "--org", "90000001"), ["m1"]),
        (("--uln", "3100000012"), []),
        (("--code", "http413"), ["m3"]),
        (("--code", "WSVRC001", "--since", "2024-07-12"), ["m4"]),
        (("--message", "m2"), ["m2"]),
        (("--message", "m5"), []),
    ],
)
def test_entries_are_found_by_every_condition(audited: Operator, words: tuple[str, ...], found: list[str]) -> None:
    lines = audited.does("audit", "--json", *words).splitlines()
    assert [json.loads(line)["message_id"] for line in lines] == found


def test_an_entry_is_one_line(audited: Operator) -> None:
    lines = audited.does("audit").splitlines()
    assert lines[0] == (
        "2024-07-10T12:00:00Z  WSVRC001  verifyLearner  90000001  user=Kim Doe  127.0.0.1  m1  1026893096"
    )
    assert lines[2] == "2024-07-11T12:00:00Z  HTTP413  -  90000001  user=Kim Doe  127.0.0.1  m3"
    assert lines[3] == "2024-07-12T12:00:00Z  WSVRC001  verifyLearner  -  -  -  m4  1026893096"


def test_an_entry_says_why_where_the_code_alone_does_not(sandbox: Operator) -> None:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.audit.add(entry("m1", code="WSRC0021", disclosed=(), reason=Cause.DUPLICATE))
        writing.audit.add(entry("m2"))
    refused, answered = sandbox.does("audit").splitlines()
    assert refused.endswith("  m1  reason=a record with these details exists")
    assert answered.endswith("  m2  1026893096")
    lines = sandbox.does("audit", "--json").splitlines()
    assert [json.loads(line)["reason"] for line in lines] == [Cause.DUPLICATE, None]


def test_a_code_is_found_in_any_letter_case_and_one_that_is_none_refused(sandbox: Operator) -> None:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.audit.add(entry("m1", code="VersionMismatch", disclosed=()))
        writing.audit.add(entry("m2", code="OPERATOR", disclosed=()))
    for code, found in (("versionmismatch", "m1"), ("operator", "m2")):
        assert f"  {found}" in sandbox.does("audit", "--code", code)
    for code in ("WSRC9999", "RC011", "HTTP200", ""):
        said = sandbox.fails(2, "audit", "--code", code)
        assert f"{code!r} is no code that a message is answered with" in said
        assert "WSRC0021, " in said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-01-31", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2024-07-01", datetime(2024, 6, 30, 23, tzinfo=UTC)),
        ("2024-07-01T09:30", datetime(2024, 7, 1, 8, 30, tzinfo=UTC)),
        ("2024-07-01T09:30:05Z", datetime(2024, 7, 1, 9, 30, 5, tzinfo=UTC)),
        ("30m", NOW - timedelta(minutes=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
    ],
)
def test_a_time_is_read_in_uk_time_or_as_an_age(text: str, meant: datetime) -> None:
    assert moment(text, NOW) == meant


@pytest.mark.parametrize("text", ["", "yesterday", "0d", "7w", "31/01/2024", "999999d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="is no time"):
        moment(text, NOW)
