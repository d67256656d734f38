"""Register events and the history of records: written with each change, and never changed themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.store.builders import THEN, ULNS, a_learner, an_entry

from uln_server.register.authorship import Author
from uln_server.register.event import Event, EventKind
from uln_server.register.learner import Status
from uln_server.store.clearing import begun_anew
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed, HasMerged
from uln_server.store.events import Change
from uln_server.store.prepared import Prepared
from uln_server.store.registers import RegisterKind

A, B, C, D, E = ULNS
LATER = datetime(2024, 5, 1, 9, tzinfo=UTC)
APPEND_ONLY = ("register_event", "learner_before")


def by(minutes: int = 0, **changes: object) -> Author:
    fields: dict[str, object] = {"organisation": "90000001", "organisation_id": 1, "user": "Kim Doe", **changes}
    at = LATER + timedelta(minutes=minutes)
    return Author(at=at, message_id=f"m{minutes}", **fields)  # type: ignore[arg-type]  # built from a dict


def rename(database: Database, uln: str, author: Author, **changes: str) -> None:
    with database.writing() as writing:
        held = writing.learners.locked(uln)
        assert held is not None
        writing.learners.update(held, changes, author)


def history(database: Database, uln: str) -> tuple[Change, ...]:
    with database.reading() as reading:
        return reading.events.history(uln)


def told(database: Database, uln: str) -> list[tuple[EventKind, int, str | None]]:
    return [(each.event.kind, each.event.version, each.event.master_uln) for each in history(database, uln)]


def make(database: Database, kind: RegisterKind) -> None:
    with database.writing() as writing:
        writing.register.create(kind)


def run(database: Database, statement: str) -> int:
    line = database.line(Role.WRITING)
    try:
        return line.run(Prepared(text(statement)))
    finally:
        line.close()


def with_a_changed_record(database: Database, kind: RegisterKind) -> Database:
    make(database, kind)
    with database.writing() as writing:
        writing.learners.add(a_learner(A))
    rename(database, A, by(), family_name="Jones", notes="moved")
    return database


@pytest.fixture
def production(database: Database) -> Database:
    return with_a_changed_record(database, "production")


@pytest.fixture
def sandbox(database: Database) -> Database:
    return with_a_changed_record(database, "sandbox")


def test_each_change_leaves_its_event_with_who_made_it(database: Database) -> None:
    make(database, "production")
    with database.writing() as writing:
        uln = writing.learners.register(a_learner(A), by(0)).uln
        writing.learners.add(a_learner(B))
    rename(database, uln, by(1), family_name="Jones")
    with database.writing() as writing:
        writing.learners.merge(uln, B, by(2))
        writing.learners.unmerge(uln, by(3, organisation=None, organisation_id=None, user="operator:kim"))
        writing.learners.delete(uln, by(4))
    assert told(database, uln) == [
        (EventKind.REGISTERED, 1, None),
        (EventKind.UPDATED, 2, None),
        (EventKind.MERGED, 3, B),
        (EventKind.UNMERGED, 4, B),
        (EventKind.DELETED, 5, None),
    ]
    assert [(each.event.at, each.event.message_id) for each in history(database, uln)] == [
        (LATER + timedelta(minutes=minutes), f"m{minutes}") for minutes in range(5)
    ]
    authors = [(each.event.organisation, each.event.user) for each in history(database, uln)]
    assert authors == [*[("90000001", "Kim Doe")] * 3, (None, "operator:kim"), ("90000001", "Kim Doe")]
    assert told(database, B) == [(EventKind.REGISTERED, 1, None)]


def test_what_was_there_before_is_told_with_nobody_s_name(database: Database) -> None:
    with database.writing() as writing:
        writing.learners.add(a_learner(B))
        writing.learners.add(a_learner(A, status=Status.MERGED, master_uln=B, version=3, updated_at=LATER))
        writing.learners.add(a_learner(C, status=Status.DELETED, updated_at=LATER))
    first, merged = (each.event for each in history(database, A))
    assert (first.kind, first.at, first.message_id, first.user) == (EventKind.REGISTERED, THEN, None, None)
    assert (merged.kind, merged.at, merged.master_uln) == (EventKind.MERGED, LATER, B)
    assert [each.event.kind for each in history(database, C)] == [EventKind.REGISTERED, EventKind.DELETED]
    assert history(database, E) == ()


def test_an_update_keeps_what_each_changed_field_held(production: Database) -> None:
    rename(production, A, by(1), family_name="Reed")
    registered, first, second = (each.before for each in history(production, A))
    assert registered == {}
    assert first == {"family_name": "O'Brien-Łukasz", "notes": None}
    assert second == {"family_name": "Jones"}


def test_a_change_that_is_refused_or_rolled_back_leaves_nothing(production: Database) -> None:
    before = history(production, A)
    with production.writing() as writing:
        writing.learners.add(a_learner(B, status=Status.MERGED, master_uln=A))

    def change_and_fail() -> None:
        with production.writing() as writing:
            writing.learners.unmerge(B, by())
            writing.learners.merge(B, A, by())
            writing.learners.delete(A, by())

    with pytest.raises(HasMerged):
        change_and_fail()
    assert history(production, A) == before
    assert [each.event.kind for each in history(production, B)] == [EventKind.REGISTERED, EventKind.MERGED]


def test_a_user_s_name_is_kept_as_far_as_the_audit_keeps_it(production: Database) -> None:
    name = "K\0im" + "m" * 400
    with production.writing() as writing:
        writing.audit.add(an_entry(user=name))
    rename(production, A, by(user=name), family_name="Reed")
    with production.reading() as reading:
        (entry,) = reading.audit.query()
    assert history(production, A)[-1].event.user == entry.user != name


def test_the_audit_finds_by_uln_what_changed_a_record_though_nothing_was_shown(production: Database) -> None:
    entry = an_entry(message_id="m7")
    with production.writing() as writing:
        writing.audit.add(entry)
    rename(production, A, by(7), family_name="Reed")
    with production.reading() as reading:
        assert [*reading.audit.query(uln=A)] == [entry]
        assert [*reading.audit.query(uln=B)] == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_in_production_nothing_of_it_is_changed_or_deleted(
    production: Database, table: str, statement: str
) -> None:
    before = history(production, A)
    column = {"register_event": "version", "learner_before": "fields"}[table]
    with pytest.raises(DatabaseFailed) as failed:
        run(production, statement.format(table, column, column))
    assert "append-only" in str(failed.value.__cause__)
    assert history(production, A) == before


REPLACED = {
    "register_event": "INSERT OR REPLACE INTO register_event SELECT * FROM register_event",
    "learner_before": "INSERT OR REPLACE INTO learner_before SELECT * FROM learner_before",
}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_in_production_nothing_of_it_is_taken_out_by_the_back_door(production: Database, table: str) -> None:
    """Truncating fires no trigger of rows, nor does what SQLite replaces."""
    before = history(production, A)
    statement = f"TRUNCATE {table} CASCADE" if production.waits else REPLACED[table]
    with pytest.raises(DatabaseFailed) as failed:
        run(production, statement)
    assert "append-only" in str(failed.value.__cause__)
    assert history(production, A) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_in_a_sandbox_nothing_of_it_is_changed_either(sandbox: Database, table: str) -> None:
    column = {"register_event": "version", "learner_before": "fields"}[table]
    with pytest.raises(DatabaseFailed):
        run(sandbox, f"UPDATE {table} SET {column} = {column}")


def test_a_sandbox_begins_anew_without_its_events(sandbox: Database) -> None:
    with begun_anew(sandbox) as writing:
        writing.register.create("sandbox")
        writing.learners.add(a_learner(A))
    assert told(sandbox, A) == [(EventKind.REGISTERED, 1, None)]


def test_events_are_read_in_their_order_from_any_place_on(database: Database) -> None:
    """More of them than a page holds, and one more than two."""
    pages = 1001
    with database.writing() as writing:
        for number in range(pages):
            writing.learners.add(a_learner(f"{10**9 + number}"))
    with database.reading() as reading:
        events = list(reading.events.after())
        assert [each.uln for each in events] == [f"{10**9 + number}" for number in range(pages)]
        assert [each.id for each in events] == sorted(each.id for each in events)
        assert list(reading.events.after(events[499].id)) == events[500:]
        assert list(reading.events.after(events[-1].id)) == []


def test_an_event_names_nobody_but_who_made_it(production: Database) -> None:
    with production.reading() as reading:
        (_, changed) = reading.events.after()
    assert changed == Event(
        id=changed.id,
        at=LATER,
        kind=EventKind.UPDATED,
        uln=A,
        master_uln=None,
        version=2,
        message_id="m0",
        organisation="90000001",
        user="Kim Doe",
    )
