"""Learners: reading, and merging, unmerging, deleting."""

import threading
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from tests.store.builders import THEN, ULNS, a_learner, learners

from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import (
    AlreadyMerged,
    ChainBroken,
    HasMerged,
    LearnerDeleted,
    MergeCycle,
    MergeIntoItself,
    NotMerged,
    RegisterError,
    UlnTaken,
    UlnUnknown,
)
from uln_server.store.prepared import Prepared

A, B, C, D, E = ULNS


def _merge(database: Database, uln: str, into: str) -> Learner:
    with database.writing() as writing:
        return writing.learners.merge(uln, into)


def _get(database: Database, uln: str) -> Learner:
    found = database.reading().learners.get(uln)
    assert found is not None
    return found


def test_every_field_is_kept(database: Database) -> None:
    texts = {field.name: f"{field.name} Łé" for field in fields(Learner) if field.default is None}
    full = a_learner(A, **{**texts, "master_uln": None, "date_of_address_capture": "2020-01-31"})
    with database.writing() as writing:
        writing.learners.add(full)
    assert _get(database, A) == full
    assert _get(database, A).given_name == "Siân"


def test_what_is_not_held_is_none_and_times_are_utc(database: Database) -> None:
    summer = datetime(2024, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    with database.writing() as writing:
        writing.learners.add(a_learner(created_at=summer))
    found = _get(database, A)
    assert (found.created_at, found.created_at.tzinfo) == (summer, UTC)
    assert (found.title, found.notes, found.master_uln) == (None, None, None)
    assert hash(found) == hash(replace(found))


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"), database.writing() as writing:
        writing.learners.add(a_learner(created_at=THEN.replace(tzinfo=None)))


def test_a_uln_is_held_once(database: Database) -> None:
    learners(database, A)
    with database.writing() as writing:
        writing.learners.delete(A)
    with pytest.raises(UlnTaken, match=A):
        learners(database, A)


def test_an_unknown_uln_has_no_entry(database: Database) -> None:
    reading = database.reading()
    assert (reading.learners.entry(A), reading.learners.get(A), reading.learners.linked(A)) == (None, None, ())


def test_a_record_that_stands_for_itself(database: Database) -> None:
    learners(database, A)
    assert database.reading().learners.entry(A) == Entry(asked=a_learner(A), current=a_learner(A))


def test_a_merged_record_is_answered_by_the_last_of_its_masters(database: Database) -> None:
    learners(database, A, B, C, D)
    first, second = _merge(database, A, B), _merge(database, B, C)
    entry = database.reading().learners.entry(A)
    assert entry == Entry(asked=first, current=a_learner(C))
    assert database.reading().learners.entry(B) == Entry(asked=second, current=a_learner(C))
    assert database.reading().learners.entry(C) == Entry(asked=a_learner(C), current=a_learner(C))
    assert database.reading().learners.entry(D) == Entry(asked=a_learner(D), current=a_learner(D))


def test_linked_ulns_are_all_that_lead_here_in_order(database: Database) -> None:
    learners(database, *ULNS)
    for uln, into in ((E, C), (A, E), (D, C)):
        _merge(database, uln, into)
    reading = database.reading()
    assert reading.learners.linked(C) == (A, D, E)
    assert reading.learners.linked(E) == (A,)
    assert reading.learners.linked(A) == ()
    assert reading.learners.linked(B) == ()


def test_a_merge_changes_the_merged_record_and_not_its_master(database: Database) -> None:
    learners(database, A, B)
    merged = _merge(database, A, B)
    assert (merged.status, merged.master_uln, merged.version) == (Status.MERGED, B, 2)
    assert merged.updated_at > THEN
    assert merged == _get(database, A)
    assert merged == replace(
        a_learner(A), status=Status.MERGED, master_uln=B, version=2, updated_at=merged.updated_at
    )
    assert _get(database, B) == a_learner(B)


def test_an_unmerge_restores_both(database: Database) -> None:
    learners(database, A, B)
    _merge(database, A, B)
    with database.writing() as writing:
        restored = writing.learners.unmerge(A)
    assert (restored.status, restored.master_uln, restored.version) == (Status.ACTIVE, None, 3)
    assert database.reading().learners.entry(A) == Entry(asked=restored, current=restored)
    assert database.reading().learners.linked(B) == ()


def test_a_deleted_record_answers_as_unknown_but_is_kept(database: Database) -> None:
    learners(database, A)
    with database.writing() as writing:
        deleted = writing.learners.delete(A)
    assert (deleted.status, deleted.version) == (Status.DELETED, 2)
    assert database.reading().learners.entry(A) is None
    assert _get(database, A) == deleted


def test_a_record_merged_into_a_deleted_one_answers_as_unknown(database: Database) -> None:
    # Only an import can hold such a pair: delete refuses while others are merged into the record.
    with database.writing() as writing:
        writing.learners.add(a_learner(B, status=Status.DELETED))
        writing.learners.add(a_learner(A, status=Status.MERGED, master_uln=B))
    assert database.reading().learners.entry(A) is None


def test_a_circle_in_the_data_is_an_error_and_no_endless_walk(database: Database) -> None:
    learners(database, A, B)
    _merge(database, A, B)
    line = database.line(Role.WRITING)
    line.run(Prepared(text(f"UPDATE learner SET status = 2, master_uln = '{A}' WHERE uln = '{B}'")))
    line.close()
    with pytest.raises(ChainBroken, match=A):
        database.reading().learners.entry(A)
    assert database.reading().learners.linked(A) == (B,)


def _refused(database: Database, error: type[RegisterError], change: str, *ulns: str) -> str:
    before = [database.reading().learners.get(uln) for uln in ULNS]
    with pytest.raises(error) as caught, database.writing() as writing:
        getattr(writing.learners, change)(*ulns)
    assert [database.reading().learners.get(uln) for uln in ULNS] == before
    return str(caught.value)


def test_merges_that_make_no_sense_are_refused(database: Database) -> None:
    learners(database, A, B, C, D)
    _merge(database, A, B)
    _merge(database, B, C)
    with database.writing() as writing:
        writing.learners.delete(D)
    assert A in _refused(database, MergeIntoItself, "merge", A, A)
    assert E in _refused(database, UlnUnknown, "merge", E, C)
    assert E in _refused(database, UlnUnknown, "merge", C, E)
    assert D in _refused(database, LearnerDeleted, "merge", D, C)
    assert D in _refused(database, LearnerDeleted, "merge", C, D)
    assert B in _refused(database, AlreadyMerged, "merge", A, C)
    assert "unmerge" in _refused(database, MergeCycle, "merge", C, A)
    assert "unmerge" in _refused(database, MergeCycle, "merge", C, B)


def test_a_merge_into_a_merged_record_makes_a_chain(database: Database) -> None:
    learners(database, A, B, C)
    _merge(database, B, C)
    _merge(database, A, B)
    entry = database.reading().learners.entry(A)
    assert entry is not None
    assert entry.current.uln == C


def test_unmerges_that_make_no_sense_are_refused(database: Database) -> None:
    learners(database, A, B)
    with database.writing() as writing:
        writing.learners.delete(B)
    assert A in _refused(database, NotMerged, "unmerge", A)
    assert B in _refused(database, LearnerDeleted, "unmerge", B)
    assert C in _refused(database, UlnUnknown, "unmerge", C)


def test_deletions_that_would_leave_others_behind_are_refused(database: Database) -> None:
    learners(database, A, B, D)
    _merge(database, A, B)
    with database.writing() as writing:
        writing.learners.delete(D)
    assert "unmerge" in _refused(database, AlreadyMerged, "delete", A)
    assert A in _refused(database, HasMerged, "delete", B)
    assert D in _refused(database, LearnerDeleted, "delete", D)
    assert C in _refused(database, UlnUnknown, "delete", C)


def test_merges_at_once_cannot_close_a_circle(database: Database) -> None:
    """Four merges of which any three may stand; with row locks alone, all four could."""
    ring = (A, B, C, D)
    for _ in range(5):
        with database.writing() as writing:
            for uln in ring:
                if writing.learners.get(uln) is None:
                    writing.learners.add(a_learner(uln))
        refused: list[str] = []
        gate = threading.Barrier(len(ring))

        def merge(uln: str, into: str, gate: threading.Barrier = gate, refused: list[str] = refused) -> None:
            gate.wait()
            try:
                _merge(database, uln, into)
            except MergeCycle:
                refused.append(uln)

        threads = [
            threading.Thread(target=merge, args=(uln, into))
            for uln, into in zip(ring, (*ring[1:], ring[0]), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        with database.writing() as writing:
            for uln in set(ring) - set(refused):
                writing.learners.unmerge(uln)
