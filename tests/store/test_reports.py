"""The reports as the store reads them: a period without its end, oldest first, as many as are wanted."""

from datetime import timedelta

import pytest
from tests.store.builders import THEN, ULNS, a_learner

from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.register.reporting import Deletion, Named, Period
from uln_server.store.database import Database

A, B, C, D, E = ULNS
HOUR = timedelta(hours=1)
NAMED = ("O'Brien-Łukasz", "Siân", "2001-02-28")


def by(hours: int) -> Author:
    return Author(at=THEN + hours * HOUR, message_id="m")


def period(start: int, end: int) -> Period:
    return Period(THEN + start * HOUR, THEN + end * HOUR)


@pytest.fixture
def told(database: Database) -> Database:
    """A and B merged into C, later written first; A unmerged; D and E deleted at one moment."""
    with database.writing() as writing:
        for uln in ULNS:
            writing.learners.add(a_learner(uln))
        writing.learners.merge(B, C, by(2))
        writing.learners.merge(A, C, by(1))
        writing.learners.unmerge(A, by(3))
        for uln in (E, D):
            writing.learners.delete(uln, by(4))
    return database


def linked(database: Database, kind: EventKind, when: Period, most: int = 10) -> list[str]:
    with database.reading() as reading:
        return [each.linked.uln for each in reading.reports.links(kind, when, most)]


def deleted(database: Database, when: Period, most: int = 10) -> list[str]:
    with database.reading() as reading:
        return [each.uln for each in reading.reports.deletions(when, most)]


def test_each_kind_is_listed_for_itself_by_time(told: Database) -> None:
    everything = period(0, 10)
    assert linked(told, EventKind.MERGED, everything) == [A, B]
    assert linked(told, EventKind.UNMERGED, everything) == [A]
    assert deleted(told, everything) == [E, D]


def test_a_period_has_its_start_and_not_its_end(told: Database) -> None:
    assert linked(told, EventKind.MERGED, period(1, 2)) == [A]
    assert linked(told, EventKind.MERGED, period(2, 3)) == [B]
    assert linked(told, EventKind.UNMERGED, period(1, 3)) == []
    assert deleted(told, period(4, 5)) == [E, D]
    assert deleted(told, period(0, 4)) == []
    assert deleted(told, period(5, 4)) == []


def test_no_more_are_read_than_are_wanted(told: Database) -> None:
    assert linked(told, EventKind.MERGED, period(0, 10), most=1) == [A]
    assert deleted(told, period(0, 10), most=1) == [E]


def test_an_entry_has_both_records_and_the_moment(told: Database) -> None:
    with told.reading() as reading:
        (change,) = reading.reports.links(EventKind.UNMERGED, period(0, 10), 10)
        first, _ = reading.reports.deletions(period(0, 10), 10)
    assert (change.at, change.master, change.linked) == (THEN + 3 * HOUR, Named(C, *NAMED), Named(A, *NAMED))
    assert first == Deletion(THEN + 4 * HOUR, E)


@pytest.mark.parametrize("gone", [A, C])
def test_links_of_a_record_deleted_since_are_left_out(told: Database, gone: str) -> None:
    with told.writing() as writing:
        writing.learners.unmerge(B, by(5))
        writing.learners.delete(gone, by(6))
    expected = [B] if gone == A else []
    assert linked(told, EventKind.MERGED, period(0, 10)) == expected
    assert linked(told, EventKind.UNMERGED, period(0, 10)) == expected
    assert gone in deleted(told, period(0, 10))
