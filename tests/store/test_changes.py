"""Registering and updating in the store: who is the same, what a change leaves, what nobody can undo."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from tests.store.builders import THEN, ULNS, a_learner

from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.register.learner import Learner, Status
from uln_server.register.updating import CHANGEABLE, FROM_FILES
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed, UlnTaken
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner, learner_before, register_event

A, B, C, D, _ = ULNS
AT = datetime(2026, 9, 1, 12, 0, 0, 5, tzinfo=UTC)
BY = Author(at=AT, message_id="message", organisation_id=1, organisation="90000001", user="tester")
KEYS = ("given_key", "family_key", "post_code_key")


@pytest.fixture
def register(database: Database) -> Database:
    """A register that may issue ULNs."""
    with database.writing() as writing:
        writing.register.create("production")
    return database


def held(database: Database, *records: Learner) -> None:
    with database.writing() as writing:
        for each in records:
            writing.learners.add(each)


def registered(database: Database, new: Learner) -> Learner:
    with database.writing() as writing:
        return writing.learners.register(new, BY)


def updated(database: Database, uln: str, **changes: str) -> Learner:
    with database.writing() as writing:
        record = writing.learners.locked(uln)
        assert record is not None
        return writing.learners.update(record, changes, BY)


def stored(database: Database, uln: str) -> Learner:
    found = database.reading().learners.get(uln)
    assert found is not None
    return found


def keys(database: Database, uln: str) -> tuple[Any, ...]:
    line = database.line(Role.READING)
    rows = line.rows(Prepared(select(*(learner.c[name] for name in KEYS)).where(learner.c.uln == uln)))
    line.close()
    return tuple(rows[0])


def same(database: Database, like: Learner, besides: str = "") -> bool:
    with database.writing() as writing:
        return writing.learners.same(like.demographics, besides)


# --- who is the same


OTHER: dict[str, Any] = {
    "given_name": "Sion",
    "family_name": "O'Brien",
    "date_of_birth": "2001-03-01",
    "gender": "1",
    "last_known_post_code": "CF10 3NQ",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"given_name": "SIAN"},
        {"family_name": "O’Brien Lukasz"},  # noqa: RUF001  # as people write it
        {"last_known_post_code": "cf103np"},
        {"title": "Dr", "notes": "nobody compares these", "verification_type": "5"},
    ],
)
def test_the_same_five_are_the_same_however_they_are_written(database: Database, changes: dict[str, Any]) -> None:
    held(database, a_learner(A))
    assert same(database, a_learner(B, **changes))
    assert not same(database, a_learner(B, **changes), besides=A)


@pytest.mark.parametrize("name", OTHER)
def test_one_other_detail_is_somebody_else(database: Database, name: str) -> None:
    held(database, a_learner(A))
    assert not same(database, a_learner(B, **{name: OTHER[name]}))


def test_unknown_values_equal_themselves(database: Database) -> None:
    unknown = {"gender": "9", "last_known_post_code": "ZZ99 9ZZ"}
    held(database, a_learner(A, **unknown))
    assert same(database, a_learner(B, **unknown))
    assert not same(database, a_learner(B, **{**unknown, "gender": "0"}))
    assert not same(database, a_learner(B, **{**unknown, "gender": "2"}))


def test_merged_records_count_deleted_ones_do_not(database: Database) -> None:
    master = a_learner(B, given_name="Ottilie")
    held(database, master, a_learner(A, status=Status.MERGED, master_uln=B), a_learner(C, status=Status.DELETED))
    assert same(database, a_learner(D))
    assert not same(database, a_learner(D), besides=A)


def test_what_was_merged_into_a_record_is_no_other_learner(database: Database) -> None:
    """A master may take on what was right of a record that was merged into it, directly or through another."""
    held(
        database,
        a_learner(A, given_name="Ottilie"),
        a_learner(B, given_name="Roberta", status=Status.MERGED, master_uln=A),
        a_learner(C, status=Status.MERGED, master_uln=B),
    )
    assert not same(database, a_learner(A), besides=A)
    assert same(database, a_learner(A), besides=D)


def test_records_merged_into_a_deleted_one_answer_as_unknown_and_do_not_count(database: Database) -> None:
    """Only an import can bring such a pair."""
    gone = a_learner(B, given_name="Ottilie", status=Status.DELETED)
    held(database, gone, a_learner(A, status=Status.MERGED, master_uln=B))
    assert not same(database, a_learner(D))
    held(database, a_learner(C))
    assert same(database, a_learner(D))


# --- what a change leaves


def test_a_registration_is_kept_under_a_new_uln_with_what_is_compared(register: Database) -> None:
    new = a_learner("", family_name="O'Brien-Łukasz", last_known_post_code="cf10 3np")
    record = registered(register, new)
    assert record == replace(new, uln=record.uln)
    assert stored(register, record.uln) == record
    assert keys(register, record.uln) == ("sian", "obrienlukasz", "CF103NP")


def test_every_field_that_a_caller_or_a_file_may_give_is_updated_and_its_earlier_value_kept(
    register: Database,
) -> None:
    record = registered(register, a_learner("", verification_type="1"))
    new = {name: f"{name} Łé" for name in (*CHANGEABLE, *FROM_FILES)}
    new |= {"date_of_birth": "1999-12-31", "date_of_address_capture": "2020-01-31", "gender": "1"}
    new |= {"ability_to_share": "0", "verification_type": "999"}
    after = updated(register, record.uln, **new)
    assert after == replace(record, **new, version=2, updated_at=AT)  # type: ignore[arg-type]  # texts, all of them
    assert stored(register, record.uln) == after
    assert keys(register, record.uln) == ("givennamele", "familynamele", "LAST_KNOWN_POST_CODEŁÉ")
    _, change = register.reading().events.history(record.uln)
    assert change.before == {name: getattr(record, name) for name in (*CHANGEABLE, *FROM_FILES)}


def test_an_update_touches_nothing_that_it_does_not_name(register: Database) -> None:
    record = registered(register, a_learner("", notes="as they are"))
    updated(register, record.uln, title="Dr")
    after = stored(register, record.uln)
    unlike = {each.name for each in fields(Learner) if getattr(after, each.name) != getattr(record, each.name)}
    assert unlike == {"title", "version", "updated_at"}


def test_each_change_leaves_its_event(register: Database) -> None:
    one = registered(register, a_learner(""))
    two = registered(register, a_learner("", given_name="Ottilie"))
    updated(register, one.uln, notes="new")
    with register.writing() as writing:
        writing.learners.merge(one.uln, two.uln, BY)
        writing.learners.unmerge(one.uln, BY)
        writing.learners.delete(one.uln)
    events = [each for each in register.reading().events.after() if each.uln == one.uln]
    assert [(each.kind, each.version, each.master_uln) for each in events] == [
        (EventKind.REGISTERED, 1, None),
        (EventKind.UPDATED, 2, None),
        (EventKind.MERGED, 3, two.uln),
        (EventKind.UNMERGED, 4, two.uln),
        (EventKind.DELETED, 5, None),
    ]
    authored, alone = events[:4], events[4]
    for each in authored:
        assert (each.at, each.message_id, each.organisation, each.user) == (AT, "message", "90000001", "tester")
    assert (alone.message_id, alone.organisation, alone.user) == (None, None, None)


def test_a_record_that_is_added_tells_what_became_of_it(database: Database) -> None:
    later = datetime(2025, 1, 1, tzinfo=UTC)
    held(
        database,
        a_learner(B),
        a_learner(A, status=Status.MERGED, master_uln=B, version=3, updated_at=later),
        a_learner(C, status=Status.DELETED, version=2, updated_at=later),
    )
    told = [(each.uln, each.kind, each.at, each.master_uln) for each in database.reading().events.after()]
    assert told == [
        (B, EventKind.REGISTERED, THEN, None),
        (A, EventKind.REGISTERED, THEN, None),
        (A, EventKind.MERGED, later, B),
        (C, EventKind.REGISTERED, THEN, None),
        (C, EventKind.DELETED, later, None),
    ]


def test_a_change_that_is_undone_leaves_no_event(register: Database) -> None:
    record = registered(register, a_learner(""))
    with pytest.raises(UlnTaken):
        _three_changes(register, record)
    assert [each.kind for each in register.reading().events.after()] == [EventKind.REGISTERED]
    assert stored(register, record.uln) == record


def _three_changes(database: Database, record: Learner) -> None:
    with database.writing() as writing:
        writing.learners.update(record, {"notes": "new"}, BY)
        writing.learners.register(a_learner("", given_name="Ottilie"), BY)
        writing.learners.add(record)


def test_events_are_read_in_pages_from_any_place(register: Database) -> None:
    with register.writing() as writing:
        for number in range(501):
            writing.learners.register(a_learner("", notes=str(number)), BY)
    ids = [each.id for each in register.reading().events.after()]
    assert len(ids) == 501
    assert ids == sorted(set(ids))
    assert [each.id for each in register.reading().events.after(ids[-3])] == ids[-2:]


# --- what nobody can undo


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_event SET user_name = 'somebody else'",
        "UPDATE learner_before SET fields = '{}'",
        "DELETE FROM learner_before",
        "DELETE FROM register_event",
    ],
)
def test_events_and_history_of_a_production_register_are_only_appended(register: Database, statement: str) -> None:
    record = registered(register, a_learner(""))
    updated(register, record.uln, notes="new")
    before = everything(register)
    line = register.line(Role.WRITING)
    with pytest.raises(DatabaseFailed, match="append-only"):
        line.run(Prepared(text(statement)))
    line.close()
    assert everything(register) == before


def everything(database: Database) -> list[Any]:
    line = database.line(Role.READING)
    rows = [line.rows(Prepared(select(table))) for table in (register_event, learner_before)]
    line.close()
    return rows
