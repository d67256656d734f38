"""The last find of each organisation: kept with the journal, told to registrations, forgotten in time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.store.builders import THEN, ULNS, a_learner, an_entry

from uln_contract.codes import ResponseCode
from uln_server.register.finds import FindMade
from uln_server.register.learner import Learner
from uln_server.register.registering import LastFind
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import JournalFailed
from uln_server.store.finds import KEPT, forget_finds, keep_finds
from uln_server.store.journal import Journal
from uln_server.store.prepared import Prepared
from uln_server.store.tables import audit, demographic_find, register

SIAN = a_learner(ULNS[0])
OTTILIE = a_learner(ULNS[1], given_name="Ottilie")
NONE, POSSIBLE, EXACT = ResponseCode.WSRC0001, ResponseCode.WSRC0003, ResponseCode.WSRC0004
MINUTE = timedelta(minutes=1)
_NEW_KEY = Prepared(update(register).values(uln_key="ab" * 32))


@pytest.fixture(autouse=True)
def _issuing(database: Database) -> None:
    """The key that hides whom a find is about is the register's."""
    with database.writing() as writing:
        writing.register.create("production")


def a_find(
    of: Learner = SIAN, code: ResponseCode = NONE, after: timedelta = timedelta(0), by: int = 1
) -> FindMade:
    return FindMade(organisation_id=by, demographics=of.demographics, at=THEN + after, code=code)


def keep(database: Database, *finds: FindMade) -> None:
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        keep_finds(line, finds)
    line.close()


def last(database: Database, of: Learner = SIAN, by: int = 1) -> LastFind | None:
    with database.writing() as writing:
        assert writing.finds.last(by, of.demographics) == database.reading().finds.last(by, of.demographics)
    return database.reading().finds.last(by, of.demographics)


def rows(database: Database) -> list[Any]:
    line = database.line(Role.READING)
    found = line.rows(Prepared(select(demographic_find)))
    line.close()
    return found


def test_a_find_is_told_with_its_time_and_answer(database: Database) -> None:
    assert last(database) is None
    keep(database, a_find(code=POSSIBLE))
    assert last(database) == LastFind(THEN, POSSIBLE)


def test_each_organisation_and_each_learner_has_its_own(database: Database) -> None:
    keep(database, a_find(), a_find(OTTILIE, POSSIBLE), a_find(code=EXACT, by=2))
    assert last(database) == LastFind(THEN, NONE)
    assert last(database, OTTILIE) == LastFind(THEN, POSSIBLE)
    assert last(database, by=2) == LastFind(THEN, EXACT)
    assert last(database, OTTILIE, by=2) is None


def test_another_spelling_is_the_same_find(database: Database) -> None:
    keep(database, a_find(a_learner(given_name="SIAN", last_known_post_code="cf103np")))
    assert last(database) == LastFind(THEN, NONE)


@pytest.mark.parametrize("together", [True, False], ids=["in one group", "one after the other"])
def test_the_later_one_counts_whatever_is_written_first(database: Database, *, together: bool) -> None:
    for by in (1, 2):
        earlier, later = a_find(code=POSSIBLE, by=by), a_find(code=EXACT, after=MINUTE, by=by)
        order = (earlier, later) if by == 1 else (later, earlier)
        if together:
            keep(database, *order)
        else:
            for each in order:
                keep(database, each)
        assert last(database, by=by) == LastFind(THEN + MINUTE, EXACT)
        assert len(rows(database)) == by


def test_who_was_looked_for_cannot_be_read(database: Database) -> None:
    keep(database, a_find(), a_find(OTTILIE))
    text = repr(rows(database)).casefold()
    for part in ("si", "ottilie", "brien", "2001", "cf10"):
        assert part not in text
    assert "sian" not in repr(a_find()).casefold()


def test_each_register_hides_them_its_own_way(database: Database) -> None:
    keep(database, a_find())
    ((_, here, *_),) = rows(database)
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        line.run(_NEW_KEY)
        keep_finds(line, [a_find()])
    line.close()
    assert {key for _, key, *_ in rows(database)} > {here}


def test_what_is_too_old_to_count_is_forgotten(database: Database) -> None:
    keep(database, a_find(), a_find(OTTILIE, after=MINUTE))
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        forget_finds(line, THEN + KEPT + MINUTE)
    line.close()
    assert last(database) is None
    assert last(database, OTTILIE) == LastFind(THEN + MINUTE, NONE)


# --- with the journal


def journalled(database: Database, finds: Sequence[FindMade | None], message_id: str | None = None) -> None:
    """Write an entry for each, as answers do, and wait until all are committed."""

    async def all_of_them() -> None:
        journal = Journal(database)
        journal.start(asyncio.get_running_loop())
        try:
            for find in finds:
                entry = an_entry() if message_id is None else an_entry(message_id=message_id)
                await journal.write(entry, None, find)
        finally:
            journal.close()

    asyncio.run(all_of_them())


def test_a_find_is_there_when_its_answer_leaves(database: Database) -> None:
    journalled(database, [a_find(), None, a_find(OTTILIE, POSSIBLE)])
    assert (last(database), last(database, OTTILIE)) == (LastFind(THEN, NONE), LastFind(THEN, POSSIBLE))


def test_a_find_that_could_not_be_written_down_does_not_count(database: Database) -> None:
    """Its answer did not leave either."""
    journalled(database, [None], "the same")
    with pytest.raises(JournalFailed):
        journalled(database, [a_find()], "the same")
    assert last(database) is None
    line = database.line(Role.READING)
    assert len(line.rows(Prepared(select(audit.c.id)))) == 1
    line.close()


def test_the_journal_forgets_old_finds_as_new_ones_come(database: Database) -> None:
    journalled(database, [a_find(), a_find(OTTILIE, after=KEPT + MINUTE)])
    journalled(database, [a_find(OTTILIE, after=KEPT + MINUTE)])
    assert last(database) is None
    assert last(database, OTTILIE) is not None
