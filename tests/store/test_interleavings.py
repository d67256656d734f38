"""Who does what when at one register, step by step, on both databases: each outcome, and that nobody is stuck."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import text
from tests.store.builders import ULNS, a_learner, an_organisation
from tests.store.calls import IN_ORDER, a_find, an_update, registration
from tests.store.turns import Process, Turns, turns

from uln_contract.codes import ResponseCode
from uln_server.access.organisation import Organisation
from uln_server.register.event import EventKind
from uln_server.register.learner import Learner, Status
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import RegisterError
from uln_server.store.finds import keep_finds
from uln_server.store.prepared import Prepared
from uln_server.store.units import Reading, Writing

A, B, *_ = ULNS
DONE, CHANGED, NOT_FOUND = ResponseCode.WSRC0006, ResponseCode.WSRC0013, ResponseCode.WSRC0019
REGISTERED, REFUSED = ResponseCode.WSRC0005, ResponseCode.WSRC0021
NEWCOMER = a_learner(given_name="Wilhelmina")


@pytest.fixture
def organisation(database: Database) -> Organisation:
    with database.writing() as writing:
        writing.register.create("sandbox")
    return an_organisation(database)


@pytest.fixture
def taking(database: Database) -> Iterator[Turns]:
    with turns(database) as made:
        yield made


@pytest.fixture
def first(taking: Turns) -> Process:
    return taking.process()


@pytest.fixture
def second(taking: Turns) -> Process:
    return taking.process()


def held(database: Database, *learners: Learner) -> None:
    with database.writing() as writing:
        for each in learners:
            writing.learners.add(each)


def stored(database: Database, uln: str) -> Learner:
    found = database.reading().learners.get(uln)
    assert found is not None
    return found


def events(database: Database) -> list[tuple[EventKind, str]]:
    return [(each.kind, each.uln) for each in database.reading().events.after()]


# --- registering


def test_two_registrations_of_one_learner_give_one_uln(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    first.begins()
    code, uln = first.does(registration(NEWCOMER, organisation))
    assert code is REGISTERED
    waiting = second.starts(registration(replace(NEWCOMER, given_name="WILHELMINA"), organisation))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() == (REFUSED, None)
    assert events(database) == [(EventKind.REGISTERED, uln)]


def test_a_registration_that_is_given_up_leaves_the_learner_to_the_next(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    first.begins()
    _, given_up = first.does(registration(NEWCOMER, organisation))
    waiting = second.starts(registration(NEWCOMER, organisation))
    assert not waiting.done
    first.gives_up()
    code, uln = waiting.outcome()
    assert code is REGISTERED
    assert events(database) == [(EventKind.REGISTERED, uln)]
    # SQLite draws the number again; on PostgreSQL it is left out for ever. Nobody has it twice.
    assert (uln == given_up) is (database.dialect == "sqlite")


def test_registrations_of_different_learners_do_not_wait_on_postgresql(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    first.begins()
    _, one = first.does(registration(NEWCOMER, organisation))
    other = second.starts(registration(replace(NEWCOMER, given_name="Ottilie"), organisation))
    assert other.done is (database.dialect == "postgresql")
    first.commits()
    assert other.outcome()[0] is REGISTERED
    assert {uln for _, uln in events(database)} == {one, other.outcome()[1]}


def test_a_find_at_the_same_moment_sees_the_register_before_or_after(
    database: Database, organisation: Organisation, first: Process
) -> None:
    """What was found before the commit was true of that moment, and helps nobody to a second ULN."""
    other = an_organisation(database, "90000002", "SBXLP2")
    first.begins()
    first.does(registration(NEWCOMER, organisation))
    with database.snapshot() as reading:
        early = a_find(NEWCOMER, other, reading)
        first.commits()
        assert a_find(NEWCOMER, other, reading).code is ResponseCode.WSRC0001
    with database.snapshot() as reading:
        assert a_find(NEWCOMER, other, reading).code is ResponseCode.WSRC0004
    assert early.code is ResponseCode.WSRC0001
    assert early.find is not None
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        keep_finds(line, [early.find])
    line.close()
    with database.writing() as writing:
        assert registration(NEWCOMER, other, IN_ORDER)(writing) == (REFUSED, None)


def test_a_find_that_commits_while_a_registration_begins_counts_once_it_is_there(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    with database.snapshot() as reading:
        made = a_find(NEWCOMER, organisation, reading).find
    assert made is not None
    first.begins()
    first.does(lambda writing: keep_finds(writing.learners._line, [made]))
    registering = second.starts(registration(NEWCOMER, organisation, IN_ORDER))
    first.commits()
    # SQLite lets the registration begin only then. PostgreSQL does not keep it: nobody has been answered yet.
    assert registering.outcome()[0] is (REGISTERED if database.dialect == "sqlite" else REFUSED)
    if database.dialect == "postgresql":
        assert second.starts(registration(NEWCOMER, organisation, IN_ORDER)).outcome()[0] is REGISTERED


# --- updating


def test_two_updates_of_one_version_have_one_winner(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read)
    first.begins()
    assert first.does(an_update(read, organisation, notes="the first")) is DONE
    waiting = second.starts(an_update(read, organisation, notes="the second"))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() is CHANGED
    assert (stored(database, A).version, stored(database, A).notes) == (2, "the first")
    assert events(database) == [(EventKind.REGISTERED, A), (EventKind.UPDATED, A)]


def test_an_update_that_is_given_up_leaves_the_version_to_the_next(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read)
    first.begins()
    assert first.does(an_update(read, organisation, notes="the first")) is DONE
    waiting = second.starts(an_update(read, organisation, notes="the second"))
    first.gives_up()
    assert waiting.outcome() is DONE
    assert (stored(database, A).version, stored(database, A).notes) == (2, "the second")


def test_a_merge_that_comes_during_an_update_waits_and_keeps_it(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read, a_learner(B, given_name="Ottilie"))
    first.begins()
    assert first.does(an_update(read, organisation, notes="new")) is DONE
    merging = second.starts(lambda writing: writing.learners.merge(A, B))
    assert not merging.done
    first.commits()
    assert merging.outcome().version == 3
    assert (stored(database, A).status, stored(database, A).notes) == (Status.MERGED, "new")


def test_an_update_that_comes_during_a_merge_is_stale(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read, master = a_learner(A), a_learner(B, given_name="Ottilie")
    held(database, read, master)
    first.begins()
    first.does(lambda writing: writing.learners.merge(A, B))
    waiting = second.starts(an_update(read, organisation, notes="new"))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() is CHANGED
    assert stored(database, A).notes is None
    assert second.starts(an_update(master, organisation, notes="of both")).outcome() is DONE


@pytest.mark.parametrize("change", ["delete", "unmerge"])
def test_an_update_that_comes_during_another_change_sees_it(
    database: Database, organisation: Organisation, first: Process, second: Process, change: str
) -> None:
    record = a_learner(A) if change == "delete" else a_learner(A, status=Status.MERGED, master_uln=B)
    held(database, a_learner(B, given_name="Ottilie"), record)
    first.begins()
    first.does(lambda writing: getattr(writing.learners, change)(A))
    waiting = second.starts(an_update(record, organisation, notes="new"))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() is (NOT_FOUND if change == "delete" else CHANGED)


def test_an_update_to_details_that_a_registration_is_taking_is_refused(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read)
    first.begins()
    assert first.does(registration(NEWCOMER, organisation))[0] is REGISTERED
    waiting = second.starts(an_update(read, organisation, given_name=NEWCOMER.given_name))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() is REFUSED
    assert stored(database, A) == read


def test_a_registration_of_details_that_an_update_is_taking_is_refused(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read)
    first.begins()
    assert first.does(an_update(read, organisation, given_name=NEWCOMER.given_name)) is DONE
    waiting = second.starts(registration(NEWCOMER, organisation))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() == (REFUSED, None)


def test_details_that_an_update_leaves_are_free_once_it_is_committed(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    read = a_learner(A)
    held(database, read)
    first.begins()
    assert first.does(an_update(read, organisation, given_name="Ottilie")) is DONE
    registering = second.starts(registration(read, organisation))
    assert registering.done is (database.dialect == "postgresql")
    first.commits()
    # PostgreSQL saw the register as it was then, SQLite begins only now.
    assert registering.outcome()[0] is (REFUSED if database.dialect == "postgresql" else REGISTERED)
    again = second.starts(registration(read, organisation)).outcome()[0]
    assert {again, registering.outcome()[0]} == {REGISTERED, REFUSED}


def test_updates_that_cross_never_block_each_other(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    """Each wants the details that the other has: both are refused, or the second finds them free."""
    one, other = a_learner(A), a_learner(B, given_name="Ottilie")
    held(database, one, other)
    first.begins()
    first.does(lambda writing: writing.learners.locked(A))
    crossing = second.starts(an_update(other, organisation, given_name=one.given_name))
    assert first.does(an_update(one, organisation, given_name=other.given_name)) is REFUSED
    first.commits()
    assert crossing.outcome() is REFUSED
    assert {stored(database, A), stored(database, B)} == {one, other}


def test_updates_to_the_same_details_have_one_winner(
    database: Database, organisation: Organisation, first: Process, second: Process
) -> None:
    one, other = a_learner(A), a_learner(B, given_name="Ottilie")
    held(database, one, other)
    first.begins()
    assert first.does(an_update(one, organisation, given_name="Roberta")) is DONE
    waiting = second.starts(an_update(other, organisation, given_name="Roberta"))
    assert not waiting.done
    first.commits()
    assert waiting.outcome() is REFUSED


@pytest.fixture
def postgresql(postgres_database_url: str) -> Iterator[Database]:
    """Where rows are locked one by one; on SQLite nobody holds anything while another waits."""
    with Database.open(postgres_database_url) as opened:
        yield opened


def test_a_ring_of_updates_ends(postgresql: Database) -> None:
    """Each of three holds its record, and wants the details of the next: nobody waits for anybody in a circle."""
    organisation, names = an_organisation(postgresql), ("Ada", "Bea", "Cleo")
    records = [a_learner(uln, given_name=name) for uln, name in zip(ULNS, names, strict=False)]
    held(postgresql, *records)
    with turns(postgresql) as taking:
        ring = [taking.process() for _ in records]
        for process, record in zip(ring, records, strict=True):
            process.begins()
            assert process.does(partial(_locked, record)) == record
        for process, record, name in zip(ring, records, (*names[1:], names[0]), strict=True):
            assert process.does(an_update(record, organisation, given_name=name)) is REFUSED
        for process in ring:
            process.commits()


def test_an_import_and_an_update_do_not_wait_for_each_other_in_a_circle(postgresql: Database) -> None:
    """The import holds the table, and brings a record merged into one that an update has locked before."""
    organisation, master = an_organisation(postgresql), a_learner(A)
    held(postgresql, master)
    with turns(postgresql) as taking:
        updating, importing = taking.process(), taking.process()
        updating.begins()
        updating.does(partial(_locked, master))
        importing.begins()
        importing.does(_table_held)
        waiting = updating.starts(an_update(master, organisation, notes="new"))
        assert not waiting.done
        importing.does(lambda writing: writing.learners.add(a_learner(B, status=Status.MERGED, master_uln=A)))
        importing.commits()
        assert waiting.outcome() is DONE
        updating.commits()
    assert postgresql.reading().learners.linked(A) == (B,)
    assert stored(postgresql, A).notes == "new"


@pytest.mark.parametrize("change", ["registration", "update"])
def test_nobody_takes_the_details_of_a_learner_who_is_just_imported(postgresql: Database, change: str) -> None:
    organisation, read = an_organisation(postgresql), a_learner(A)
    with postgresql.writing() as writing:
        writing.register.create("sandbox")
    held(postgresql, read)
    with turns(postgresql) as taking:
        importing, calling = taking.process(), taking.process()
        importing.begins()
        importing.does(_table_held)
        importing.does(lambda writing: writing.learners.add(replace(NEWCOMER, uln=B)))
        if change == "registration":
            waiting = calling.starts(lambda writing: registration(NEWCOMER, organisation)(writing)[0])
        else:
            waiting = calling.starts(an_update(read, organisation, given_name=NEWCOMER.given_name))
        assert not waiting.done
        importing.commits()
        assert waiting.outcome() is REFUSED


def _locked(record: Learner, writing: Writing) -> Learner | None:
    return writing.learners.locked(record.uln)


def _table_held(writing: Writing) -> None:
    """As an import does (store.bulk)."""
    writing.learners._line.run(Prepared(text("LOCK TABLE learner IN SHARE ROW EXCLUSIVE MODE")))


# --- many at once, in no order

NAMES = ("Ada", "Bea", "Cleo", "Dora")


def test_whatever_comes_at_once_every_call_is_answered(database: Database, organisation: Organisation) -> None:
    """Six register, update, merge, unmerge and delete the same few: no deadlock, and nothing is done by halves."""
    held(database, *(a_learner(uln, given_name=name) for uln, name in zip(ULNS, NAMES, strict=False)))
    together = threading.Barrier(6)

    def work(seed: int) -> None:
        rng = random.Random(seed)
        together.wait()
        for _ in range(20):
            with suppress(RegisterError), database.writing() as writing:
                _anything(rng, organisation, writing)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    reading = database.reading()
    happened = Counter(uln for _, uln in events(database))
    records = [stored(database, uln) for uln in happened]
    standing: defaultdict[str, set[str]] = defaultdict(set)
    assert {each.uln: each.version for each in records} == happened
    for uln in happened:
        assert [change.event.version for change in reading.events.history(uln)] == [*range(1, happened[uln] + 1)]
    for each in records:
        standing[each.demographics.key] |= _standing(reading, each)
    assert {len(ulns) for ulns in standing.values()} <= {0, 1}
    assert len(happened) > len(NAMES)


def _standing(reading: Reading, record: Learner) -> set[str]:
    """Who stands for these details: nobody for a record that is gone or was unmerged.

    A master may take on the details of a record that was merged into it, and an unmerge leaves them to both.
    """
    entry = reading.learners.entry(record.uln)
    unmerged = any(change.event.kind is EventKind.UNMERGED for change in reading.events.history(record.uln))
    return set() if entry is None or unmerged else {entry.current.uln}


def _anything(rng: random.Random, by: Organisation, writing: Writing) -> None:
    one, other = rng.sample(ULNS[: len(NAMES)], 2)
    changed = {"given_name": rng.choice(NAMES), "notes": str(rng.random())}
    match rng.choice(("register", "update", "update", "update", "merge", "unmerge", "delete")):
        case "register":
            registration(a_learner(given_name=rng.choice((*NAMES, "Eva", "Fay", "Gwen"))), by)(writing)
        case "update":
            read = writing.learners.get(one)
            assert read is not None
            an_update(read, by, **changed)(writing)
        case "merge":
            writing.learners.merge(one, other)
        case "unmerge":
            writing.learners.unmerge(one)
        case _:
            if rng.random() < 0.2:
                writing.learners.delete(one)
