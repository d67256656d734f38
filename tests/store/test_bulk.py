"""Many learners at once, and how far an import has come: on both databases."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.store.builders import THEN, ULNS, a_learner, an_entry, learners
from tests.unit.importing.files import csv_file, line
from tests.unit.importing.importing import counts, imported
from tests.unit.importing.test_import import PAST, past, ulns

from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.register.issuing import SANDBOX_KEY, UlnKey
from uln_server.register.learner import Learner, Status
from uln_server.store.bulk import BulkImport, FileKey, HeldLearners, Progress
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseBusy, DatabaseFailed, ImportElsewhere
from uln_server.store.learners import LEARNER_FIELDS
from uln_server.store.prepared import Prepared

FILE = FileKey(sha256="0" * 64, size=1, form="csv utf-8 ,")


@pytest.fixture
def bulk(database: Database) -> Iterator[BulkImport]:
    with BulkImport(database) as opened:
        yield opened


def begun(bulk: BulkImport, file: FileKey = FILE) -> Progress:
    return bulk.begin(file, an_entry(user="operator:kim", operation="import: started"))


def values(record: Learner) -> dict[str, Any]:
    known = {name: getattr(record, name) for name in LEARNER_FIELDS}
    keys = record.demographics
    return known | {
        "given_key": keys.given_key,
        "family_key": keys.family_key,
        "post_code_key": keys.post_code_key,
    }


MASTER = a_learner(ULNS[0], version=4)
MERGED = a_learner(ULNS[1], status=Status.MERGED, master_uln=ULNS[0], updated_at=THEN + timedelta(days=1))
DELETED = a_learner(ULNS[2], status=Status.DELETED, updated_at=THEN + timedelta(days=2))
ALL = (MASTER, MERGED, DELETED)


def test_records_are_kept_as_they_are_with_their_events(database: Database, bulk: BulkImport) -> None:
    progress = begun(bulk)
    with bulk.chunk() as chunk:
        chunk.add([values(each) for each in ALL], progress)
    with database.reading() as reading:
        assert tuple(reading.learners.get(each.uln) for each in ALL) == ALL
        found = reading.learners.candidates(MASTER.demographics)
        assert {each.asked.uln for each in found.entries} == {MASTER.uln, MERGED.uln}
        told = [(each.kind, each.uln, each.at, each.master_uln, each.version) for each in reading.events.after()]
        cause = {(each.message_id, each.user, each.organisation) for each in reading.events.after()}
    assert told == [
        (EventKind.REGISTERED, MASTER.uln, THEN, None, 4),
        (EventKind.REGISTERED, MERGED.uln, THEN, None, 1),
        (EventKind.MERGED, MERGED.uln, MERGED.updated_at, MASTER.uln, 1),
        (EventKind.REGISTERED, DELETED.uln, THEN, None, 1),
        (EventKind.DELETED, DELETED.uln, DELETED.updated_at, None, 1),
    ]
    assert cause == {(progress.message_id, "operator:kim", None)}


def test_they_leave_what_adding_one_by_one_leaves(database: Database, bulk: BulkImport) -> None:
    with database.writing() as writing:
        writing.learners.add(replace(MASTER, uln=ULNS[3]))
        writing.learners.add(replace(DELETED, uln=ULNS[4]))
    with bulk.chunk() as chunk:
        chunk.add([values(MASTER), values(DELETED)], Progress(started_at=THEN))
    told = [
        (each.kind, each.at, each.master_uln, each.version, each.message_id, each.user)
        for each in database.reading().events.after()
    ]
    assert told[:3] == [(*each[:4], None, None) for each in told[3:]]


def test_a_number_that_was_imported_is_not_issued_again(database: Database, bulk: BulkImport) -> None:
    with database.writing() as writing:
        writing.register.create("sandbox")
    key = UlnKey(SANDBOX_KEY)
    first, second = [uln for uln in map(key.nth, range(20)) if uln is not None][:2]
    with bulk.chunk() as chunk:
        chunk.add([values(a_learner(first))], Progress(started_at=THEN))
    with database.writing() as writing:
        registered = writing.learners.register(a_learner(""), Author(at=THEN, message_id="m"))
    assert registered.uln == second


def test_what_the_register_holds_is_known_in_any_state(database: Database, bulk: BulkImport) -> None:
    with bulk.chunk() as chunk:
        chunk.add([values(each) for each in ALL], begun_elsewhere := Progress(started_at=THEN))
        assert chunk.held([*ULNS, "1000000043"]) == {each.uln: each for each in ALL}
        assert chunk.held([]) == {}
    assert begun_elsewhere.row == 0
    line_of_its_own = database.line(Role.READING)
    looking = HeldLearners(line_of_its_own)
    assert looking.statuses(ULNS) == {each.uln: each.status for each in ALL}
    line_of_its_own.close()


def test_an_import_is_taken_up_where_its_last_chunk_left_it(database: Database, bulk: BulkImport) -> None:
    progress = begun(bulk)
    assert not progress.begun
    with bulk.chunk() as chunk:
        chunk.add([values(MASTER), values(DELETED)], progress)
        counted = progress.plus([values(MASTER), values(DELETED)], held=3, refused=1)
        reached = replace(counted, row=7, asides=2, errors_size=99)
        chunk.move(progress, reached)
    with BulkImport(database) as again:
        taken_up = begun(again)
    assert taken_up == reached
    assert taken_up.begun
    assert (taken_up.added, taken_up.merged, taken_up.deleted, taken_up.held, taken_up.refused) == (2, 0, 1, 3, 1)
    assert (taken_up.started_at, taken_up.user) == (THEN, "operator:kim")


@pytest.mark.parametrize("other", [{"sha256": "1" * 64}, {"size": 2}, {"form": "xml"}])
def test_another_content_or_form_is_another_import(bulk: BulkImport, other: dict[str, Any]) -> None:
    assert begun(bulk).id != begun(bulk, replace(FILE, **other)).id
    assert begun(bulk).id == begun(bulk).id


def test_a_finished_import_is_not_taken_up(bulk: BulkImport) -> None:
    progress = begun(bulk)
    with bulk.chunk() as chunk:
        chunk.move(progress, progress, THEN)
    assert begun(bulk).id != progress.id


def _move_and_add(bulk: BulkImport, progress: Progress, *records: Learner) -> None:
    with bulk.chunk() as chunk:
        chunk.move(progress, replace(progress, row=7))
        chunk.add([values(each) for each in records], progress)


def test_a_chunk_that_fails_leaves_nothing(database: Database, bulk: BulkImport) -> None:
    learners(database, MERGED.uln)
    progress = begun(bulk)
    with pytest.raises(DatabaseFailed):
        _move_and_add(bulk, progress, MASTER, MERGED)
    assert database.reading().learners.get(MASTER.uln) is None
    assert begun(bulk) == progress


def test_a_second_process_on_the_same_file_is_refused(bulk: BulkImport) -> None:
    progress = begun(bulk)
    with bulk.chunk() as chunk:
        chunk.move(progress, replace(progress, row=7))
    with pytest.raises(ImportElsewhere, match="let it finish"), bulk.chunk() as chunk:
        chunk.move(progress, replace(progress, row=7))


def test_nobody_changes_a_learner_during_a_chunk_and_anybody_reads(
    database: Database, database_url: str, bulk: BulkImport
) -> None:
    learners(database, MASTER.uln)
    with Database.open(database_url) as other:
        other.driver.wait_seconds = 0.05
        with bulk.chunk() as chunk:
            chunk.add([values(DELETED)], Progress(started_at=THEN))
            assert other.reading().learners.entry(MASTER.uln) is not None
            with pytest.raises(DatabaseBusy), other.writing() as writing:
                writing.learners.delete(MASTER.uln)
    assert database.reading().learners.get(DELETED.uln) is not None


def test_a_file_comes_in_on_either_database(database: Database, tmp_path: Path) -> None:
    one, two, three, *_ = ulns(5)
    rows = [
        past(one, "2", two),
        past(two, "2", three),
        past(three),
        past(one),
        line(ULN="x", a="", b="", c="", d="", e=""),
    ]
    with database.writing() as writing:
        writing.register.create("production")
    path = csv_file(tmp_path, *rows, headings=PAST)
    assert counts(imported(database, path, check=True)) == (3, 0, 2)
    assert counts(imported(database, path, chunk=2)) == (3, 0, 2)
    assert counts(imported(database, path, chunk=2)) == (0, 3, 2)
    entry = database.reading().learners.entry(one)
    assert entry is not None
    assert entry.current.uln == three


_IMPORT = """
import sys
from pathlib import Path
from tests.unit.importing.importing import Watcher, imported
from uln_server.store.database import Database

class Telling(Watcher):
    def moved(self, position, progress):
        print(progress.row, flush=True)

with Database.open(sys.argv[1]) as database:
    imported(database, Path(sys.argv[2]), Telling(), chunk=20)
"""


def test_an_import_that_is_killed_goes_on(database: Database, database_url: str, tmp_path: Path) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    path = csv_file(tmp_path, *map(past, ulns(1000)), headings=PAST)
    with subprocess.Popen(
        [sys.executable, "-c", _IMPORT, database_url, str(path)], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.kill()
    outcome = imported(database, path, chunk=100)
    assert 0 < outcome.after < 1001
    assert counts(outcome) == (1000, 0, 0)
    assert len([*database.reading().events.after()]) == 1000


def test_postgresql_looks_at_what_was_put_in(postgres_database_url: str) -> None:
    """Its planner would otherwise read the whole table for a few rows, until a vacuum comes by."""
    with Database.open(postgres_database_url) as database:
        with BulkImport(database) as bulk, bulk.chunk():
            pass
        reading = database.line(Role.READING)
        analyzed = "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'learner'"
        assert reading.rows(Prepared(text(analyzed))) == [(True,)]
        reading.close()
