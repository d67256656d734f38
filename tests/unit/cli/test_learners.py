import io
import json

import pytest
from tests.unit.cli.running import Operator


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
    ("answer", "code", "after"), [("y\n", 0, "deleted"), ("n\n", 4, "active"), ("", 1, "active")]
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


def test_control_characters_of_a_record_reach_no_terminal(sandbox: Operator) -> None:
    sandbox.does(
        "org", "add", "12345678", "--ref", "ABC123", "--name", "a\x1b[2Jb", "--kind", "government", "--generate"
    )
    assert "\x1b" not in sandbox.does("org", "list")
