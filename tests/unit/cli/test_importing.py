import io
import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.unit.cli.running import Operator
from tests.unit.importing.files import GOOD, HEADINGS, csv_file, element, line, xml_file
from tests.unit.importing.test_import import BEFORE, PAST, past, ulns

from uln_server.importing.rules import Rule

ONE, TWO = ulns(2)


def test_a_file_whose_rows_are_all_good_is_taken(production: Operator, folder: Path) -> None:
    said = production.does("import", str(csv_file(folder, line(ULN=ONE), line(ULN=TWO))))
    assert said == "2 rows: 2 added, 0 there already, 0 refused.\n"
    assert "Darcie" in production.does("learner", "show", ONE)
    assert not list(folder.glob("*.errors.csv"))


def test_a_single_row_is_counted_as_one(production: Operator, folder: Path) -> None:
    assert production.does("import", str(csv_file(folder, line(ULN=ONE)))).startswith("1 row: 1 added,")


def test_good_rows_go_in_while_bad_ones_are_explained(production: Operator, folder: Path) -> None:
    path = csv_file(folder, line(ULN=ONE), line(ULN=TWO, Gender="F"))
    ran = production.run("import", str(path))
    assert (ran.exit, ran.err) == (3, "")
    assert "1 added, 0 there already, 1 refused." in ran.out
    report = folder / "learners.errors.csv"
    assert str(report) in ran.out
    assert "3,Gender,F,form," in report.read_text(encoding="utf-8-sig")


def test_the_summary_as_data(production: Operator, folder: Path) -> None:
    path = csv_file(folder, past(ONE, "2", TWO), past(TWO), line(Gender="F", **BEFORE, a="", b=""), headings=PAST)
    ran = production.run("import", str(path), "--json", "--errors", "wrong.csv")
    assert ran.exit == 3
    assert json.loads(ran.out) == {
        "file": str(path),
        "check": False,
        "resumed_after_row": None,
        "rows": 3,
        "added": 2,
        "merged": 1,
        "deleted": 0,
        "there_already": 0,
        "refused": 1,
        "errors": "wrong.csv",
    }


def test_a_check_leaves_the_register_as_it_is(production: Operator, folder: Path) -> None:
    path = csv_file(folder, line(ULN=ONE), line(ULN=TWO))
    assert "2 would be added" in production.does("import", "--check", str(path))
    assert "no ULN" in production.fails(2, "learner", "show", ONE)


def test_merged_records_are_counted(production: Operator, folder: Path) -> None:
    path = csv_file(folder, past(ONE, "2", TWO), past(TWO), headings=PAST)
    assert "2 added (1 of them merged, 0 deleted)" in production.does("import", str(path))
    assert f"merged into {TWO}" in production.does("learner", "show", ONE)


def test_xml_is_known_by_its_beginning(production: Operator, folder: Path) -> None:
    path = xml_file(folder, element(ULN=ONE)).rename(folder / "learners.txt")
    assert "1 added" in production.does("import", str(path))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"{HEADINGS}\n{line(ULN=ONE, GivenName='Siân')}".encode("cp1252"), ("--encoding", "Windows-1252")),
        (f"{HEADINGS}\n{line(ULN=ONE)}".replace(",", "\t").encode(), ("--delimiter", "tab")),
        (f"{HEADINGS}\n{line(ULN=ONE)}".replace(",", ";").encode("utf-16"), ("--delimiter", ";")),
    ],
)
def test_a_file_may_be_written_in_other_ways(
    production: Operator, folder: Path, content: bytes, words: tuple[str, ...]
) -> None:
    (folder / "learners.csv").write_bytes(content)
    assert "1 added" in production.does("import", "learners.csv", *words)


@pytest.mark.parametrize(
    ("headings", "words", "said"),
    [
        (HEADINGS, ("--encoding", "ebcdic"), "Name utf-8, utf-16, windows-1252."),
        (HEADINGS, ("--delimiter", "ab"), "Give one character, or tab."),
        (HEADINGS, ("--errors", "learners.csv"), "written over with its own errors"),
        (f"{HEADINGS},Surname", (), "'Surname'"),
        (f"{HEADINGS},Familyname2", (), "Did you mean FamilyName?"),
        ("ULN,GivenName", (), "lacks AbilityToShare, DateOfBirth"),
    ],
)
def test_what_cannot_be_used_is_said_with_the_way_out(
    production: Operator, folder: Path, headings: str, words: tuple[str, ...], said: str
) -> None:
    assert said in production.fails(2, "import", str(csv_file(folder, headings=headings)), *words)
    assert production.does("audit") == ""


def test_a_file_that_is_not_there_is_named(production: Operator) -> None:
    assert "none.csv cannot be read: No such file" in production.fails(2, "import", "none.csv")


def test_a_file_that_breaks_off_says_how_far_it_came(
    production: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uln_server.cli.importing.CHUNK", 10)
    path = xml_file(folder, *(element(ULN=uln) for uln in ulns(25)))
    path.write_text(path.read_text(encoding="utf-8").replace("</Learners>", "<Learner>"), encoding="utf-8")
    said = production.fails(2, "import", str(path))
    assert "no well-formed XML" in said
    assert "Up to row 20 everything is dealt with: 20 records added." in said


def test_other_spellings_are_noted(production: Operator, folder: Path) -> None:
    ran = production.run("import", str(csv_file(folder, line(ULN=ONE), headings=HEADINGS.lower())))
    assert ran.exit == 0
    assert "gender as Gender" in ran.err


def test_the_operator_is_seen_importing(production: Operator, folder: Path) -> None:
    production.does("import", str(csv_file(folder, line(ULN=ONE))))
    entries = [json.loads(each) for each in production.does("audit", "--json").splitlines()]
    assert [(each["operation"], each["code"], each["disclosed"]) for each in entries] == [
        ("import: started", "OPERATOR", []),
        ("import: ended", "OPERATOR", []),
    ]
    assert "Darcie" not in json.dumps(entries)


def test_an_invented_learner_belongs_into_a_sandbox_alone(
    production: Operator, registers: Path, folder: Path
) -> None:
    path = csv_file(folder, line())
    assert production.run("import", str(path)).exit == 3
    assert Rule.SANDBOX in (folder / "learners.errors.csv").read_text(encoding="utf-8-sig")
    (folder / "var/register.sqlite3").write_bytes((registers / "sandbox").read_bytes())
    assert "1 there already" in production.does("import", str(path))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar(production: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    production.does("import", str(csv_file(folder, line(ULN=ONE))))
    assert "2 rows" in terminal.getvalue()


def test_an_interruption_says_how_to_go_on(
    production: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uln_server.cli.importing.CHUNK", 10)
    path = csv_file(folder, *(line(ULN=uln) for uln in ulns(25)))
    with pytest.MonkeyPatch.context() as at_the_first_chunk:
        at_the_first_chunk.setattr("uln_server.importing.opening.Content.require_unchanged", _interrupt)
        said = production.fails(4, "import", str(path))
    assert "Interrupted." in said
    assert "Run the same command again to go on." in said
    ran = production.run("import", str(path))
    assert "goes on behind row 11" in ran.err
    assert "25 rows: 25 added" in ran.out


def _interrupt(_: object) -> None:
    raise KeyboardInterrupt


_IMPORT = """
import sys
from pathlib import Path
from uln_server.cli.operator import act
from uln_server.importing.file_import import Order, carry_out
from uln_server.store.database import Database

class Watcher:
    def note(self, text): print(text, flush=True)
    def moved(self, position, progress): print(progress.row, flush=True)

path = Path(sys.argv[2])
with Database.open(sys.argv[1]) as database:
    carry_out(database, Order(path=path, errors=path.with_suffix(".errors"), chunk=100), act, Watcher())
"""


def _start(register: str, path: Path) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", _IMPORT, register, str(path)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_an_import_that_is_killed_at_any_point_has_every_row_once(production: Operator, folder: Path) -> None:
    numbers = ulns(3000)
    rows = [past(uln, "2", numbers[-1]) if n % 7 == 0 else past(uln) for n, uln in enumerate(numbers)]
    rows[5::50] = [row.replace("CV4 9EE", "nowhere") for row in rows[5::50]]
    path = csv_file(folder, *rows, headings=PAST)
    register = f"sqlite:///{(folder / 'var/register.sqlite3').as_posix()}"
    chance = random.Random(3)
    kills = 0
    for _ in range(3):
        with _start(register, path) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(chance.random() * 0.08)  # any moment: within a chunk, between two
            run.kill()
            kills += run.wait() != 0
    assert kills
    with _start(register, path) as run:
        assert run.stdout is not None
        assert "goes on behind row" in run.stdout.readline()
        run.stdout.read()
    assert run.returncode == 0
    assert production.run("import", str(path)).out.startswith("3000 rows: 0 added, 2940 there already, 60 refused")
    with sqlite3.connect(folder / "var/register.sqlite3") as connection:
        events = connection.execute("SELECT kind, count(*), count(DISTINCT uln) FROM register_event GROUP BY kind")
        assert events.fetchall() == _EVENTS
        totals = connection.execute("SELECT added, held, refused FROM learner_import WHERE id = 1").fetchall()
        assert totals == [(2940, 0, 60)]
    connection.close()
    reported = [
        each.split(",")[0] for each in path.with_suffix(".errors").read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert sorted(map(int, reported)) == [n + 2 for n in range(5, 3000, 50)]


_EVENTS = [("merged", 420, 420), ("registered", 2940, 2940)]
assert GOOD["ULN"] not in ulns(10)
