import io
import json
import re
from datetime import UTC, datetime

import pytest
from tests.unit.cli.running import Operator

from uln_server.register.authorship import Author
from uln_server.store.database import Database


def operations(operator: Operator) -> list[tuple[str, list[str]]]:
    entries = [json.loads(line) for line in operator.does("audit", "--json").splitlines()]
    return [(entry["operation"], entry["disclosed"]) for entry in entries]


def status(operator: Operator, uln: str) -> str:
    return str(json.loads(operator.does("learner", "show", uln, "--json"))["status"])


def test_a_record_is_shown_and_the_look_audited(sandbox: Operator) -> None:
    shown = sandbox.does("learner", "show", "9276308686")
    assert "O’Brien-Łukasz" in shown  # noqa: RUF001  # her name
    assert "sian@example.com" in shown
    assert "None" not in shown
    assert operations(sandbox) == [("learner show", ["9276308686"])]


def test_a_record_is_shown_as_data(sandbox: Operator) -> None:
    shown = json.loads(sandbox.does("learner", "show", "6936002314", "--json"))
    assert (shown["middle_other_name"], shown["linked_ulns"]) == ("Ainsley", ["4444599390"])
    assert shown["created_at"] == "2012-09-03T08:30:00+00:00"


def test_what_only_files_give_is_shown_and_in_the_history(sandbox: Operator) -> None:
    by = Author(at=SUMMER, message_id="m1")
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        held = writing.learners.locked(DARCIE)
        assert held is not None
        writing.learners.update(held, {"uci": "900000100001A", "upn": "A900000100001"}, by)
    shown = sandbox.does("learner", "show", DARCIE)
    assert re.search(r"uci +900000100001A", shown)
    assert re.search(r"upn +A900000100001", shown)
    assert 'uci: nothing -> "900000100001A"' in sandbox.does("learner", "history", DARCIE)


def test_deleted_and_merged_records_are_shown_as_such(sandbox: Operator) -> None:
    assert "deleted" in sandbox.does("learner", "show", "7300000028")
    assert "merged into 6936002314" in sandbox.does("learner", "show", "4444599390")


@pytest.mark.parametrize("uln", ["1000000043", "nonsense", ""])
def test_an_unknown_uln_is_said_to_be(sandbox: Operator, uln: str) -> None:
    assert "no ULN" in sandbox.fails(2, "learner", "show", uln)
    assert operations(sandbox) == []


def test_records_are_merged_and_unmerged(sandbox: Operator) -> None:
    sandbox.does("learner", "merge", "3100000012", "--into", "3100000020", "--yes")
    assert status(sandbox, "3100000012") == "merged"
    sandbox.does("learner", "unmerge", "3100000012")
    assert status(sandbox, "3100000012") == "active"
    changes = [each for each in operations(sandbox) if each[0] != "learner show"]
    assert changes == [("learner merge", ["3100000012", "3100000020"]), ("learner unmerge", ["3100000012"])]


@pytest.mark.parametrize(
    ("answer", "code", "after"), [("y\n", 0, "deleted"), ("n\n", 4, "active"), ("", 4, "active")]
)
def test_a_deletion_shows_whom_it_is_about_and_asks(
    sandbox: Operator, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, after: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    ran = sandbox.run("learner", "delete", "1026893096")
    assert ran.exit == code
    assert "Darcie Tucker, born 1976-08-16" in ran.out
    assert status(sandbox, "1026893096") == after
    asked = [each for each in operations(sandbox) if each[0] == "learner delete: asked"]
    assert asked == [("learner delete: asked", ["1026893096"])]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("delete", "7300000028", "--yes"), 4),
        (("delete", "6936002314", "--yes"), 4),
        (("delete", "1000000043", "--yes"), 2),
        (("unmerge", "1026893096"), 4),
        (("merge", "1026893096", "--into", "1026893096", "--yes"), 4),
        (("merge", "4444599390", "--into", "1026893096", "--yes"), 4),
        (("merge", "6936002314", "--into", "4444599390", "--yes"), 4),
        (("merge", "1026893096", "--into", "1000000043"), 2),
        (("merge", "1026893096"), 2),
    ],
)
def test_what_cannot_be_done_is_refused_and_not_audited(
    sandbox: Operator, words: tuple[str, ...], code: int
) -> None:
    sandbox.fails(code, "learner", *words)
    assert operations(sandbox) == []


DARCIE = "1026893096"
SUMMER = datetime(2024, 7, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def changed(sandbox: Operator) -> Operator:
    """A sandbox in which Darcie's record was updated twice and merged."""
    by = Author(at=SUMMER, message_id="m1", organisation_id=1, organisation="90000001", user="Kim Doe")
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        for fields in ({"family_name": "Jones", "notes": "moved\x1b[2J"}, {"family_name": "Reed"}):
            held = writing.learners.locked(DARCIE)
            assert held is not None
            writing.learners.update(held, fields, by)
    sandbox.does("learner", "merge", DARCIE, "--into", "3100000020", "--yes")
    return sandbox


def test_a_history_is_told_oldest_first_with_what_was_there_before(changed: Operator) -> None:
    lines = changed.does("learner", "history", DARCIE).splitlines()
    assert lines[:-1] == [
        "2012-09-03 09:30:00  version 1  registered",
        "2024-07-01 09:30:00  version 2  updated  by 90000001, Kim Doe  message m1",
        '    family name: "Tucker" -> "Jones"',
        '    notes: nothing -> "moved?[2J"',
        "2024-07-01 09:30:00  version 3  updated  by 90000001, Kim Doe  message m1",
        '    family name: "Jones" -> "Reed"',
    ]
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\d [\d:]{8}  version 4  merged into 3100000020  by operator:\S+  message [0-9a-f]{24}",
        lines[-1],
    )
    assert operations(changed)[-1] == ("learner history", [DARCIE])


def test_a_history_is_given_as_data(changed: Operator) -> None:
    told = json.loads(changed.does("learner", "history", DARCIE, "--json"))
    assert [each["kind"] for each in told] == ["registered", "updated", "updated", "merged"]
    assert told[2] == {
        "at": "2024-07-01T08:30:00+00:00",
        "uln": DARCIE,
        "kind": "updated",
        "version": 3,
        "master_uln": None,
        "organisation": "90000001",
        "user": "Kim Doe",
        "message_id": "m1",
        "changed": {"family_name": {"before": "Jones", "after": "Reed"}},
    }
    assert told[1]["changed"]["notes"] == {"before": None, "after": "moved\x1b[2J"}


def test_a_history_leads_to_the_audit_and_back(sandbox: Operator) -> None:
    sandbox.does("learner", "merge", "3100000012", "--into", "3100000020", "--yes")
    sandbox.does("learner", "unmerge", "3100000012")
    sandbox.does("learner", "delete", "3100000012", "--yes")
    audited = [json.loads(line) for line in sandbox.does("audit", "--json").splitlines()]
    told = json.loads(sandbox.does("learner", "history", "3100000012", "--json"))[1:]
    assert [each["kind"] for each in told] == ["merged", "unmerged", "deleted"]
    assert [(each["at"], each["message_id"], each["user"]) for each in told] == [
        (each["at"], each["message_id"], each["user"]) for each in audited
    ]
    assert [each["master_uln"] for each in told] == ["3100000020", "3100000020", None]
    assert "unmerged from 3100000020" in sandbox.does("learner", "history", "3100000012")


def test_a_master_s_history_names_who_was_merged_into_it(sandbox: Operator) -> None:
    sandbox.does("learner", "merge", "3100000012", "--into", "3100000020", "--yes")
    sandbox.does("learner", "unmerge", "3100000012")
    lines = sandbox.does("learner", "history", "3100000020").splitlines()
    assert ["version" in each for each in lines] == [True, False, False]
    assert "3100000012 merged into this record" in lines[1]
    assert "3100000012 unmerged from this record" in lines[2]
    told = json.loads(sandbox.does("learner", "history", "3100000020", "--json"))
    assert [(each["uln"], each["kind"]) for each in told] == [
        ("3100000020", "registered"),
        ("3100000012", "merged"),
        ("3100000012", "unmerged"),
    ]


def test_an_unknown_uln_has_no_history(sandbox: Operator) -> None:
    assert "no ULN" in sandbox.fails(2, "learner", "history", "1000000043")
    assert operations(sandbox) == []


def test_control_characters_of_a_record_reach_no_terminal(sandbox: Operator) -> None:
    sandbox.does(
        "org", "add", "12345678", "--ref", "ABC123", "--name", "a\x1b[2Jb", "--kind", "government", "--generate"
    )
    assert "\x1b" not in sandbox.does("org", "list")
