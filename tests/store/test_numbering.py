"""What ULNs are made of: taken on by nobody but one at a time, never back, in force with the next number."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.store.builders import a_learner

from uln_server.register.authorship import Author
from uln_server.register.issuing import UlnKey, new_key
from uln_server.store.database import Database
from uln_server.store.uln_numbers import Numbering

BY = Author(at=datetime(2024, 7, 1, 9, tzinfo=UTC), message_id="m")


@pytest.fixture
def register(database: Database) -> Database:
    with database.writing() as writing:
        writing.register.create("production")
    return database


def issue(register: Database) -> str:
    with register.writing() as writing:
        return writing.learners.register(a_learner(), BY).uln


def first(numbering: Numbering) -> str:
    """The first ULN from this counter on."""
    key = UlnKey(numbering.key)
    return next(uln for uln in map(key.nth, range(numbering.counter, numbering.counter + 100)) if uln)


def held(register: Database) -> Numbering:
    with register.reading() as reading:
        return reading.numbering.get()


def test_nobody_draws_a_number_while_the_counter_is_moved(register: Database) -> None:
    issued: list[str] = []
    other = threading.Thread(target=lambda: issued.append(issue(register)))
    with register.writing() as writing:
        before = writing.numbering.locked()
        other.start()
        other.join(0.2)
        assert issued == []
        moved = replace(before, counter=before.counter + 1000)
        writing.numbering.set(before, moved)
    other.join()
    assert issued == [first(moved)]


def test_another_key_holds_from_the_next_number(register: Database) -> None:
    issue(register)
    with register.writing() as writing:
        before = writing.numbering.locked()
        following = Numbering(new_key(), before.counter)
        writing.numbering.set(before, following)
    assert held(register) == following
    assert issue(register) == first(following)


def test_the_counter_never_goes_back(register: Database) -> None:
    issue(register)
    before = held(register)

    def back() -> None:
        with register.writing() as writing:
            locked = writing.numbering.locked()
            writing.numbering.set(locked, Numbering(new_key(), locked.counter - 1))

    with pytest.raises(ValueError, match="never goes back"):
        back()
    assert held(register) == before


def test_no_repr_shows_the_key(register: Database) -> None:
    assert held(register).key not in repr(held(register))
