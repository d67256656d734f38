"""``uln-server key``: numbers go on where they were, from a register's backup or without one."""

import io
import json
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.docs.pages import blocks, page
from tests.store.builders import a_learner
from tests.unit.cli.running import Operator

from uln_server.register.authorship import Author
from uln_server.register.issuing import PREFIXES, SANDBOX_KEY, UlnKey
from uln_server.register.learner import Learner
from uln_server.store.database import Database
from uln_server.store.registers import RegisterKind

HERE = "sqlite:///var/register.sqlite3"
BY = Author(at=datetime(2024, 7, 1, 9, tzinfo=UTC), message_id="m")


def make(url: str, kind: RegisterKind = "production") -> None:
    with Database.open(url) as database, database.writing() as writing:
        writing.register.create(kind)


def issue(url: str, count: int) -> list[Learner]:
    """Register so many learners, each in a transaction of its own."""
    with Database.open(url) as database:
        made = []
        for _ in range(count):
            with database.writing() as writing:
                made.append(writing.learners.register(a_learner(), BY))
        return made


def ulns(learners: list[Learner]) -> list[str]:
    return [each.uln for each in learners]


def add(url: str, learners: list[Learner]) -> None:
    """Put records into a register as an import does."""
    with Database.open(url) as database, database.writing() as writing:
        for each in learners:
            writing.learners.add(each)


def numbering(url: str) -> tuple[str, int]:
    with Database.open(url) as database, database.reading() as reading:
        held = reading.numbering.get()
        return held.key, held.counter


def shown(operator: Operator, url: str = HERE) -> dict[str, object]:
    found: dict[str, object] = json.loads(operator.does("key", "show", "--json", "--database", url))
    return found


def operations(operator: Operator) -> list[tuple[str, str]]:
    entries = [json.loads(line) for line in operator.does("audit", "--json").splitlines()]
    return [(entry["operation"], entry["reason"]) for entry in entries]


@pytest.fixture(params=["from", "to"])
def pair(request: pytest.FixtureRequest, production: Operator, database_url: str) -> tuple[str, str]:
    """A register and one to rebuild it in, one of the two on each kind of database."""
    assert production
    make(database_url)
    return (database_url, HERE) if request.param == "from" else (HERE, database_url)


def test_a_register_rebuilt_from_an_import_goes_on_with_the_same_numbers(
    operator: Operator, pair: tuple[str, str]
) -> None:
    lost, rebuilt = pair
    before = issue(lost, 5)
    operator.does("key", "backup", "kept.json", "--database", lost)
    expected = ulns(issue(lost, 5))
    add(rebuilt, before)
    operator.does("key", "restore", "kept.json", "--yes", "--database", rebuilt)
    assert ulns(issue(rebuilt, 5)) == expected


def test_an_older_copy_skips_what_went_out_after_it(operator: Operator, pair: tuple[str, str]) -> None:
    original, older_copy = pair
    operator.does("key", "backup", "kept.json", "--database", original)
    operator.does("key", "restore", "kept.json", "--yes", "--database", older_copy)
    gone_out = set(ulns(issue(original, 20)))
    operator.does("key", "skip", "100", "--yes", "--database", older_copy)
    assert not gone_out & set(ulns(issue(older_copy, 20)))
    key, counter = numbering(older_copy)
    assert key == numbering(original)[0]
    assert counter >= 120


def test_a_counter_that_is_further_on_stays(operator: Operator, pair: tuple[str, str]) -> None:
    old, here = pair
    operator.does("key", "backup", "kept.json", "--database", old)
    issue(here, 3)
    counter = numbering(here)[1]
    operator.does("key", "restore", "kept.json", "--yes", "--database", here)
    assert numbering(here) == (numbering(old)[0], counter)
    said = operator.does("key", "restore", "kept.json", "--database", here)
    assert "Nothing to change" in said


def test_the_file_is_small_documented_and_its_owner_s_alone(production: Operator, folder: Path) -> None:
    issue(HERE, 1)
    key, counter = numbering(HERE)
    said = production.does("key", "backup", "kept.json")
    kept = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
    assert list(kept) == ["what", "format", "kind", "key", "next_counter", "written_at"]
    assert (kept["what"], kept["format"]) == ("ULN Interchange: a register's ULN key", 1)
    assert (kept["kind"], kept["key"], kept["next_counter"]) == ("production", key, counter)
    assert datetime.fromisoformat(kept["written_at"]).tzinfo is not None
    if sys.platform != "win32":  # which has no such modes; the folder's own rights hold there
        assert stat.S_IMODE((folder / "kept.json").stat().st_mode) == 0o600
    assert str(counter) in said


def test_no_command_shows_the_key(production: Operator) -> None:
    key, _ = numbering(HERE)
    said = production.does("key", "backup", "kept.json") + production.does("key", "show")
    said += production.does("key", "show", "--json") + production.does("key", "skip", "5", "--yes")
    said += production.does("audit", "--json") + production.does("audit")
    assert shown(production)["fingerprint"] in said  # type: ignore[operator]  # a text
    assert key not in said


def test_what_is_shown_tells_keys_apart_and_how_far_they_are(production: Operator, database_url: str) -> None:
    make(database_url)
    here, there = shown(production), shown(production, database_url)
    assert here["fingerprint"] != there["fingerprint"]
    assert (here["register"], here["next_counter"], here["numbers_left"]) == ("production", 0, 818_181_818)
    production.does("key", "skip", "8999", "--yes")
    assert (shown(production)["next_counter"], shown(production)["numbers_left"]) == (8999, 818_173_637)


def test_a_file_that_is_there_is_not_written_over(production: Operator, folder: Path) -> None:
    (folder / "kept.json").write_text("mine")
    assert "there already" in production.fails(2, "key", "backup", "kept.json")
    assert (folder / "kept.json").read_text() == "mine"
    assert "cannot be written" in production.fails(2, "key", "backup", "missing/kept.json")
    assert operations(production) == []


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 4), ("", 4)])
def test_a_change_is_said_and_asked_for(
    production: Operator, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    ran = production.run("key", "skip", "1000")
    assert ran.exit == code
    assert "next counter 0 -> 1000" in ran.out
    assert ("Nothing was changed" in ran.err) is (code == 4)
    assert ("give --yes" in ran.err) is (answer == "")
    assert numbering(HERE)[1] == (1000 if code == 0 else 0)


def test_each_act_is_audited_with_what_it_changed(production: Operator, folder: Path) -> None:
    production.does("key", "backup", "kept.json")
    first = shown(production)["fingerprint"]
    (folder / "var/register.sqlite3").unlink()
    production.does("init")
    second = shown(production)["fingerprint"]
    production.does("key", "backup", "other.json")
    production.does("key", "restore", "kept.json", "--yes")
    production.does("key", "skip", "10", "--yes")
    assert operations(production) == [
        ("key backup", f"key {second}, next counter 0, 818181818 numbers left"),
        ("key restore", f"key {second} -> {first}, next counter 0 -> 0, 818181818 numbers left"),
        ("key skip", f"key {first}, next counter 0 -> 10, 818181809 numbers left"),
    ]


def test_a_sandbox_and_a_production_register_are_not_mixed_up(sandbox: Operator, database_url: str) -> None:
    make(database_url)
    sandbox.does("key", "backup", "public.json")
    sandbox.does("key", "backup", "secret.json", "--database", database_url)
    assert "key of a production register" in sandbox.fails(4, "key", "restore", "secret.json", "--yes")
    words = ("key", "restore", "public.json", "--yes", "--database", database_url)
    assert "key of a sandbox register" in sandbox.fails(4, *words)
    assert numbering(HERE)[0] == SANDBOX_KEY != numbering(database_url)[0]


DOCUMENTED = next(each.text for each in blocks(page("docs/operating.md")) if each.language == "json")
GOOD: dict[str, object] = json.loads(DOCUMENTED)


def test_a_file_as_it_is_documented_is_taken(production: Operator, folder: Path) -> None:
    (folder / "kept.json").write_text(DOCUMENTED)
    production.does("key", "restore", "kept.json", "--yes")
    key = UlnKey(str(GOOD["key"]))
    expected = [uln for uln in map(key.nth, range(25, 40)) if uln][:3]
    assert ulns(issue(HERE, 3)) == expected


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", "JSON"),
        ("no key", "JSON"),
        ("[]", "no file of a register's key"),
        ("\udcff", "no file of a register's key"),
        (" " * 70_000, "no file of a register's key"),
        (json.dumps({**GOOD, "what": "a recipe"}), "what: "),
        (json.dumps({**GOOD, "format": 2}), "format: "),
        (json.dumps({**GOOD, "kind": "trial"}), "kind: "),
        (json.dumps({**GOOD, "key": "5ecret" * 10}), "key: "),
        (json.dumps({**GOOD, "key": GOOD["key"], "next_counter": "25"}), "next_counter: "),
        (json.dumps({**GOOD, "next_counter": -1}), "next_counter: "),
        (json.dumps({**GOOD, "next_counter": PREFIXES + 1}), "next_counter: "),
        (json.dumps({**GOOD, "more": 1}), "more: "),
        (json.dumps({name: value for name, value in GOOD.items() if name != "next_counter"}), "next_counter: "),
        (json.dumps({**GOOD, "key": SANDBOX_KEY}), "no production register has it"),
        (json.dumps({**GOOD, "kind": "sandbox"}), "every sandbox has the one public key"),
    ],
)
def test_a_file_that_is_no_key_is_refused_without_a_word_of_it(
    production: Operator, folder: Path, content: str, text: str
) -> None:
    (folder / "kept.json").write_bytes(content.encode(errors="surrogateescape"))
    before = numbering(HERE)
    said = production.fails(2, "key", "restore", "kept.json", "--yes")
    assert text in said
    assert "5ecret" not in said
    assert str(GOOD["key"]) not in said
    assert numbering(HERE) == before


def test_a_file_that_cannot_be_read_is_said_to_be(production: Operator) -> None:
    assert "cannot be read" in production.fails(2, "key", "restore", "missing.json", "--yes")
    assert "cannot be read" in production.fails(2, "key", "restore", os.curdir, "--yes")


@pytest.mark.parametrize("count", ["0", "-1", "many", str(PREFIXES + 1)])
def test_what_cannot_be_skipped_is_refused(production: Operator, count: str) -> None:
    production.fails(2, "key", "skip", count, "--yes")
    assert numbering(HERE)[1] == 0
