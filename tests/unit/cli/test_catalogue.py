import json
from pathlib import Path

import pytest
from tests.unit.catalogue.lists import OFQUAL, QUALIFICATION, UNIT, csv_file
from tests.unit.cli.running import Operator


def test_a_list_is_taken_and_shown(production: Operator, folder: Path) -> None:
    path = csv_file(folder / "list.csv", {**UNIT, "Colour": ""}, {**QUALIFICATION, "Colour": "yellow"})
    said = production.does("catalogue", "import", str(path))
    assert said == "2 new, 0 changed, 0 restored, 0 unchanged, 0 withdrawn, 0 refused.\n"
    shown = production.does("catalogue", "show", "6001166x")
    for words in ("600/1166/X", "Diploma in Beekeeping", "Colour", "yellow", "not known: any is taken"):
        assert words in shown
    listed = production.does("catalogue", "list", "--kind", "unit")
    assert "K/501/5773" in listed
    assert "600/1166/X" not in listed


def test_what_was_there_before_is_told(production: Operator, folder: Path) -> None:
    production.does("catalogue", "import", str(csv_file(folder / "list.csv", UNIT)))
    changed = {**UNIT, "Title": "Keeping Wasps", "Countries": "ENG"}
    production.does("catalogue", "import", str(csv_file(folder / "list.csv", changed)))
    told = production.does("catalogue", "history", "K/501/5773")
    assert "added  version 1  by operator:" in told
    assert "title was: Keeping Bees" in told
    assert "countries was: empty" in told
    data = json.loads(production.does("catalogue", "history", "K5015773", "--json"))
    assert [each["kind"] for each in data] == ["added", "changed"]
    assert data[1]["before"] == {"title": "Keeping Bees", "countries": None}
    message = production.does("audit", "--message", data[0]["message_id"])
    assert "catalogue import: started" in message


def test_refused_rows_are_explained(production: Operator, folder: Path) -> None:
    path = csv_file(folder / "list.csv", UNIT, {**QUALIFICATION, "Credit": "many"})
    ran = production.run("catalogue", "import", str(path), "--json")
    assert ran.exit == 3
    assert json.loads(ran.out) == {
        "file": str(path),
        "check": False,
        "new": 1,
        "changed": 0,
        "restored": 0,
        "unchanged": 0,
        "withdrawn": 0,
        "refused": 1,
        "errors": str(folder / "list.errors.csv"),
    }
    ran = production.run("catalogue", "import", str(path), "--check", "--errors", "wrong.csv")
    assert (ran.exit, ran.out.splitlines()[0]) == (
        3,
        "Only checked: 0 new, 0 changed, 0 restored, 1 unchanged, 0 withdrawn, 1 refused.",
    )
    assert "3,Credit,many,form," in (folder / "wrong.csv").read_text(encoding="utf-8-sig")


def test_a_complete_list_withdraws_what_it_lacks(production: Operator, folder: Path) -> None:
    production.does("catalogue", "import", str(csv_file(folder / "list.csv", UNIT, QUALIFICATION)))
    other = {**UNIT, "Reference": "L/501/5774"}
    said = production.does("catalogue", "import", str(csv_file(folder / "list.csv", other)), "--complete")
    assert "1 new, 0 changed, 0 restored, 0 unchanged, 1 withdrawn" in said
    assert "withdrawn 20" in production.does("catalogue", "list", "--owner", "10000001")


def test_an_owner_is_who_its_recognition_number_is_said_to_be(sandbox: Operator, folder: Path) -> None:
    sandbox.does("catalogue", "import", str(csv_file(folder / "list.csv", OFQUAL)))
    assert "not known: see" in sandbox.does("catalogue", "show", "500/4606/8")
    sandbox.does("catalogue", "recognise", "rn5133", "--ukprn", "90000006")
    assert "500/4606/8" in sandbox.does("catalogue", "list", "--owner", "SBXAO6")
    assert json.loads(sandbox.does("catalogue", "show", "50046068", "--json"))["owner"] == "90000006"
    assert sandbox.does("catalogue", "recognise", "RN5133") == "RN5133 is nobody.\n"
    assert "500/4606/8" not in sandbox.does("catalogue", "list", "--owner", "sbxao6")
    assert "500/4606/8" in sandbox.does("catalogue", "list", "--owner", "RN5133")
    assert "no UKPRN" in sandbox.fails(2, "catalogue", "recognise", "RN5133", "--ukprn", "SBXAO6")


def test_a_diploma_is_shown_with_what_it_is_made_of(sandbox: Operator) -> None:
    shown = sandbox.does("catalogue", "show", "900/0010/9")
    assert "Generic Learning (at least 2 entries)" in shown
    assert "\n  Project (at least 1 entries)\n    900/0012/0" in shown
    assert "900/0012/0  Sandbox Extended Project" in shown
    data = json.loads(sandbox.does("catalogue", "show", "900/0010/9", "--json"))
    assert data["combination"][1]["groups"][0]["entries"] == ["90000120"]
    assert "also 90000001" in sandbox.does("catalogue", "show", "S/900/0401")
    lines = sandbox.does("catalogue", "list", "--json", "--owner", "SBXAO7").splitlines()
    assert {json.loads(line)["owner"] for line in lines} == {"90000007"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "K/501"), "no reference"),
        (("show", "K/501/0000"), "The catalogue has no K/501/0000"),
        (("history", "K/501/0000"), "The catalogue has no"),
        (("import", "none.csv"), "cannot be read"),
        (("import", "list.csv", "--encoding", "latin-1"), "--encoding"),
        (("import", "list.csv", "--errors", "list.csv"), "its own errors"),
    ],
)
def test_what_cannot_be_done_is_said(production: Operator, words: tuple[str, ...], said: str) -> None:
    assert said in production.fails(2, "catalogue", *words)


def test_an_interrupted_import_says_so(
    production: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("uln_server.importing.catalogue.run.entry_of", interrupted)
    path = csv_file(folder / "list.csv", UNIT)
    assert "Interrupted" in production.fails(4, "catalogue", "import", str(path))


def test_providers_are_listed(production: Operator, folder: Path) -> None:
    path = csv_file(folder / "providers.csv", {"UKPRN": "10000001", "Name": "One"}, {"UKPRN": "1", "Name": "Two"})
    ran = production.run("provider", "import", str(path))
    assert (ran.exit, ran.out.splitlines()[0]) == (3, "1 new, 0 changed, 0 unchanged, 1 refused.")
    assert production.does("provider", "list") == "UKPRN     NAME\n10000001  One\n"
    assert json.loads(production.does("provider", "list", "--json")) == [{"ukprn": "10000001", "name": "One"}]


def test_the_sandbox_knows_its_providers(sandbox: Operator) -> None:
    assert "90000002  Sandbox College" in sandbox.does("provider", "list")
