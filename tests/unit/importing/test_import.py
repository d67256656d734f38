"""A file on its way into a register: what is there afterwards, interrupted or not."""

import random
import sqlite3
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from tests.store.databases import sqlite_copy
from tests.unit.importing.files import GOOD, HEADINGS, csv_file, element, line, xml_file
from tests.unit.importing.importing import Stopped, Watcher, counts, errors_of, imported

from uln_contract.ulns import check_digit
from uln_server.importing.problems import Unusable
from uln_server.register.event import EventKind
from uln_server.register.learner import Status
from uln_server.store.database import Database
from uln_server.store.errors import ImportElsewhere


def ulns(count: int) -> list[str]:
    prefixes = (str(number) for number in range(300_000_000, 300_000_000 + 2 * count + 20))
    made = [f"{each}{digit}" for each in prefixes if (digit := check_digit(each)) is not None]
    return made[:count]


PAST = f"{HEADINGS},CreatedDate,LastUpdatedDate,VersionNumber,LearnerStatus,MasterULN"
ONE, TWO, THREE, FOUR, *_ = ulns(10)
BEFORE = {"CreatedDate": "2013-01-02", "LastUpdatedDate": "2014-01-02", "VersionNumber": "3"}


def past(uln: str, status: str = "1", master: str = "") -> str:
    return line(ULN=uln, **BEFORE, LearnerStatus=status, MasterULN=master)


def audited(database: Database) -> list[tuple[str | None, str | None]]:
    return [(entry.operation, entry.reason) for entry in database.reading().audit.query()]


def test_what_only_files_say_of_a_learner_is_kept(register: Database, tmp_path: Path) -> None:
    headings = f"{HEADINGS},UPN,UCI"
    file = csv_file(tmp_path, line(ULN=ONE, UPN="A900000100001", UCI=""), headings=headings)
    assert counts(imported(register, file)) == (1, 0, 0)
    found = register.reading().learners.get(ONE)
    assert found is not None
    assert (found.upn, found.uci) == ("A900000100001", None)
    bad = csv_file(tmp_path, line(ULN=TWO, UPN="1900000100001", UCI="90000010000A"), headings=headings)
    assert counts(imported(register, bad)) == (0, 0, 1)


def test_records_stand_in_the_register_as_the_file_says(register: Database, tmp_path: Path) -> None:
    outcome = imported(
        register, csv_file(tmp_path, past(ONE, "2", TWO), past(TWO), past(THREE, "0"), headings=PAST)
    )
    assert counts(outcome) == (3, 0, 0)
    assert (outcome.progress.merged, outcome.progress.deleted, outcome.after) == (1, 1, 0)
    learners = register.reading().learners
    found = learners.get(TWO)
    assert found is not None
    assert (found.given_name, found.version) == ("Darcie", 3)
    assert (found.created_at, found.updated_at) == (
        datetime(2013, 1, 2, tzinfo=UTC),
        datetime(2014, 1, 2, tzinfo=UTC),
    )
    merged = learners.entry(ONE)
    assert merged is not None
    assert merged.current.uln == TWO
    assert learners.linked(TWO) == (ONE,)
    deleted = learners.get(THREE)
    assert deleted is not None
    assert deleted.status is Status.DELETED


def test_records_are_found_by_their_demographics(register: Database, tmp_path: Path) -> None:
    imported(register, csv_file(tmp_path, line(FamilyName="O'Tücker", LastKnownPostCode="cv49ee")))
    held = register.reading().learners.get(GOOD["ULN"])
    assert held is not None
    assert [each.asked.uln for each in register.reading().learners.candidates(held.demographics).entries] == [
        GOOD["ULN"]
    ]


def test_each_record_leaves_its_events_with_the_import_as_their_cause(register: Database, tmp_path: Path) -> None:
    imported(register, csv_file(tmp_path, past(ONE, "2", TWO), past(TWO), past(THREE, "0"), headings=PAST))
    events = [*register.reading().events.after()]
    created, changed = datetime(2013, 1, 2, tzinfo=UTC), datetime(2014, 1, 2, tzinfo=UTC)
    assert [(each.uln, each.kind, each.at, each.master_uln) for each in events] == [
        (TWO, EventKind.REGISTERED, created, None),
        (THREE, EventKind.REGISTERED, created, None),
        (THREE, EventKind.DELETED, changed, None),
        (ONE, EventKind.REGISTERED, created, None),
        (ONE, EventKind.MERGED, changed, TWO),
    ]
    start = next(iter(register.reading().audit.query()))
    assert {(each.message_id, each.user, each.version) for each in events} == {
        (start.message_id, "operator:kim", 3)
    }


def test_start_and_end_are_audited_without_anybody_s_data(register: Database, tmp_path: Path) -> None:
    imported(register, csv_file(tmp_path, line(ULN=TWO), line(ULN=ONE, Gender="x")))
    (started, digest), (ended, reason) = audited(register)
    assert (started, ended) == ("import: started", "import: ended")
    assert digest is not None
    assert digest.startswith("sha256 ")
    assert reason is not None
    assert reason.startswith("1 added (0 merged, 0 deleted), 0 there already, 1 refused; begun by act-")


def test_the_same_file_again_changes_nothing(register: Database, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, past(ONE, "2", TWO), past(TWO), line(ULN=THREE, Gender="x", **BEFORE, a="", b=""), headings=PAST
    )
    assert counts(imported(register, path)) == (2, 0, 1)
    again = imported(register, path)
    assert (*counts(again), again.after) == (0, 2, 1, 0)
    assert len([*register.reading().events.after()]) == 3


def test_xml_and_csv_are_the_same_learners(register: Database, tmp_path: Path) -> None:
    assert counts(imported(register, xml_file(tmp_path, element(ULN=TWO), element(ULN=ONE, Notes="x")))) == (
        2,
        0,
        0,
    )
    path = csv_file(tmp_path, line(ULN=TWO, Notes=""), line(ULN=ONE, Notes="x"), headings=f"{HEADINGS},Notes")
    assert counts(imported(register, path)) == (0, 2, 0)


def test_a_check_says_the_same_and_writes_nothing(register: Database, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        *(past(ONE, "2", TWO), past(TWO, "2", THREE), past(THREE), past(FOUR, "2", GOOD["ULN"])),
        headings=PAST,
    )
    checked = imported(register, path, check=True)
    report = errors_of(path).read_bytes()
    assert counts(checked) == (3, 0, 1)
    assert register.reading().learners.get(ONE) is None
    assert audited(register) == []
    assert counts(imported(register, path)) == (3, 0, 1)
    assert errors_of(path).read_bytes() == report


def test_a_master_may_be_in_the_register_already(register: Database, tmp_path: Path) -> None:
    imported(register, csv_file(tmp_path, past(TWO), headings=PAST))
    path = csv_file(tmp_path, past(ONE, "2", TWO), headings=PAST)
    assert counts(imported(register, path, check=True)) == (1, 0, 0)
    assert counts(imported(register, path)) == (1, 0, 0)


def test_a_long_chain_of_merges_comes_in_from_its_end(register: Database, tmp_path: Path) -> None:
    chain = ulns(40)
    rows = [past(uln, "2", master) for uln, master in pairwise(chain)]
    assert counts(imported(register, csv_file(tmp_path, *rows, past(chain[-1]), headings=PAST))) == (40, 0, 0)
    first = register.reading().learners.entry(chain[0])
    assert first is not None
    assert first.current.uln == chain[-1]


def test_an_invented_learner_stays_out_of_a_production_register(register: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, line(), line(ULN=ONE), line(ULN=TWO))
    assert counts(imported(register, path)) == (2, 0, 1)
    assert ",sandbox," in errors_of(path).read_text(encoding="utf-8-sig")


def a_file(folder: Path, count: int = 60) -> Path:
    """A file with something of everything: good rows, merged ones before their masters, and bad ones."""
    chance = random.Random(5)
    numbers = ulns(count)
    rows = []
    for place, uln in enumerate(numbers):
        kind = chance.random()
        if kind < 0.2:
            rows.append(past(uln, "2", chance.choice(numbers[place + 1 :] or [ONE])))
        elif kind < 0.4:
            rows.append(past(uln).replace("CV4 9EE", "nowhere"))
        else:
            rows.append(past(uln, chance.choice("01111")))
    return csv_file(folder, *rows, rows[0], headings=PAST)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that an import leaves, but who did it and when."""
    with sqlite3.connect(path) as connection:
        found = {
            "learners": connection.execute("SELECT * FROM learner ORDER BY uln").fetchall(),
            "events": connection.execute(
                "SELECT at, kind, uln, master_uln, version FROM register_event ORDER BY id"
            ).fetchall(),
            "counts": connection.execute(
                "SELECT row, asides, added, merged, deleted, held, refused, errors_size FROM learner_import"
                " WHERE ended_at IS NOT NULL"
            ).fetchall(),
        }
    connection.close()
    return found


def test_an_interrupted_import_ends_as_one_that_was_not(fresh: Path, tmp_path: Path) -> None:
    path = a_file(tmp_path)

    def run(register: Path, stops: tuple[int, ...]) -> tuple[object, bytes, int]:
        with Database.open(sqlite_copy(fresh, register)) as database:
            for stop in stops:
                with pytest.raises(Stopped):
                    imported(database, path, Watcher(stop))
            watcher = Watcher()
            imported(database, path, watcher)
        assert len(watcher.notes) == bool(stops)
        return contents(register), errors_of(path).read_bytes(), len(watcher.positions)

    whole, report, steps = run(tmp_path / "whole.sqlite3", ())
    assert steps > 23
    for stop in range(1, steps, 5):
        # Stopped once while it goes on, too: rows read again are a step of their own.
        again = run(tmp_path / f"{stop}.sqlite3", (stop, min(stop + 1, steps)))
        assert again[:2] == (whole, report), stop


def test_an_error_file_that_is_gone_is_told(register: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    with pytest.raises(Stopped):
        imported(register, path, Watcher(15))
    errors_of(path).unlink()
    watcher = Watcher()
    imported(register, path, watcher)
    assert any("is gone: it begins anew behind row 46" in note for note in watcher.notes)


def test_a_file_that_changes_while_it_is_read_is_left(register: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path)

    class Writer(Watcher):
        def moved(self, position: int, progress: object) -> None:
            del position, progress
            with path.open("a", encoding="utf-8") as file:
                file.write("x")

    with pytest.raises(Unusable, match="changed while it was being read"):
        imported(register, path, Writer())


def test_two_processes_do_not_import_one_file_at_once(register: Database, tmp_path: Path) -> None:
    path = a_file(tmp_path)

    class Other(Watcher):
        def moved(self, position: int, progress: object) -> None:
            super().moved(position, progress)  # type: ignore[arg-type]  # only counted
            if len(self.positions) == 1:
                with Database.open(register.url) as same:
                    imported(same, path)

    with pytest.raises(ImportElsewhere):
        imported(register, path, Other())


def test_who_is_overtaken_leaves_the_error_file_to_whoever_is_ahead(register: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *(line(ULN=each, GivenName="-") for each in ulns(9)))
    with pytest.raises(Stopped):
        imported(register, path, Watcher(stop_after=1))
    left = []

    class Overtaken(Watcher):
        def note(self, text: str) -> None:
            assert "goes on behind row 4" in text
            with Database.open(register.url) as same:
                imported(same, path)
            left.append(errors_of(path).read_bytes())

    with pytest.raises(ImportElsewhere):
        imported(register, path, Overtaken())
    assert [errors_of(path).read_bytes()] == left
    assert left[0].count(b"no-letter") == 9
