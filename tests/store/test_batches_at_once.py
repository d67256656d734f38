"""Batches of registrations beside others who change the register: nobody twice, nobody stuck (domain §6, §7)."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.store.builders import THEN, ULNS, a_learner, an_organisation
from tests.store.calls import registration
from tests.store.turns import Turns, turns
from tests.unit.batch.registrations import JOB, NEWCOMER, like, rows

from uln_contract.codes import ResponseCode
from uln_server.batch.registering import Registration
from uln_server.store.changes import _lock_number
from uln_server.store.database import Database

A = ULNS[0]


@pytest.fixture
def register(database: Database) -> Database:
    """A register that may issue ULNs."""
    with database.writing() as writing:
        writing.register.create("sandbox")
    return database


@pytest.fixture
def taking(register: Database) -> Iterator[Turns]:
    with turns(register) as made:
        yield made


def codes(database: Database, learners: list[int]) -> list[str]:
    """The codes of a batch of learners, known by number."""
    sent = rows(*(replace(NEWCOMER, given_name=name(each)) for each in learners))
    with database.writing() as writing:
        return [each.code for each in Registration(opt_out=False).process(JOB, sent, writing)]


def name(number: int) -> str:
    """Names of which none is similar to another."""
    return "".join("zbqgmkwhfj"[int(digit)] * 3 for digit in str(number))


@pytest.mark.parametrize("turned", [False, True])
def test_several_are_held_in_one_order(taking: Turns, turned: bool) -> None:
    """Whoever holds the first and then asks for the second is not kept by one who waits for the first."""
    pair = [a_learner(given_name=each).demographics for each in ("Ada", "Bea")]
    low, high = sorted(pair, key=_lock_number)
    one, other = taking.process(), taking.process()
    one.begins()
    one.does(lambda writing: writing.learners.hold([low]))
    waiting = other.starts(lambda writing: writing.learners.hold([high, low] if turned else [low, high]))
    assert not waiting.done
    assert not one.does(lambda writing: writing.learners.same(high))
    one.commits()
    waiting.outcome()


def test_a_batch_waits_for_a_registration_and_then_sees_it(taking: Turns, register: Database) -> None:
    organisation = an_organisation(register)
    who = a_learner(given_name="Wilhelmina")
    one, other = taking.process(), taking.process()
    one.begins()
    assert one.does(registration(who, organisation))[0] is ResponseCode.WSRC0005
    batch = rows(like(who))
    waiting = other.starts(lambda writing: Registration(opt_out=False).process(JOB, batch, writing))
    assert not waiting.done
    one.commits()
    # SQLite's one writer has looked only now; on PostgreSQL the learner came after the look.
    assert waiting.outcome()[0].code == ("RC003" if register.dialect == "sqlite" else "RC007")


def test_a_batch_changes_what_another_left(taking: Turns, register: Database) -> None:
    with register.writing() as writing:
        writing.learners.add(a_learner(A))
    batches = [rows(like(a_learner(A), uln=A, **{field: "new"})) for field in ("title", "notes")]
    one, other = taking.process(), taking.process()
    one.begins()
    one.does(lambda writing: Registration(opt_out=False).process(JOB, batches[0], writing))
    waiting = other.starts(lambda writing: Registration(opt_out=False).process(JOB, batches[1], writing))
    assert not waiting.done
    one.commits()
    assert waiting.outcome()[0].code == "RC002"
    record = register.reading().learners.get(A)
    assert record is not None
    assert (record.title, record.notes, record.version) == ("new", "new", 3)
    assert record.created_at == THEN


def test_batches_that_cross_register_nobody_twice(register: Database) -> None:
    together = threading.Barrier(3)
    orders = [list(range(12)), list(reversed(range(12))), [*range(6, 12), *range(6)]]

    def work(learners: list[int]) -> list[str]:
        together.wait()
        return codes(register, learners)

    with ThreadPoolExecutor(3) as pool:
        answered = Counter(code for each in pool.map(work, orders) for code in each)
    assert answered["RC001"] == 12
    assert set(answered) <= {"RC001", "RC003", "RC007"}
    assert codes(register, orders[0]) == ["RC003"] * 12
