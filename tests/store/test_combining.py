"""Changes at once: each whole or not at all, each told what became of its own."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from tests.store.builders import a_learner, learners

from uln_contract.ulns import check_digit
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed, UlnTaken
from uln_server.store.prepared import Prepared
from uln_server.store.units import Writing


def uln(number: int) -> str:
    return next(
        f"{prefix}{digit}"
        for prefix in range(500_000_000 + number * 10, 600_000_000)
        if (digit := check_digit(str(prefix))) is not None
    )


def test_a_change_is_there_when_it_was_answered(database: Database) -> None:
    assert database.change(lambda writing: writing.learners.add(a_learner())) is None
    assert database.reading().learners.get(a_learner().uln) == a_learner()


def test_what_raises_is_undone_alone(database: Database) -> None:
    learners(database, uln(0))

    def add_two(number: int) -> str:
        def work(writing: Writing) -> str:
            writing.learners.add(a_learner(uln(number)))
            writing.learners.add(a_learner(uln(0 if number % 2 else number + 100)))
            return uln(number)

        try:
            return database.change(work)
        except UlnTaken:
            return "taken"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(add_two, range(1, 33)))
    assert answers == ["taken" if number % 2 else uln(number) for number in range(1, 33)]
    reading = database.reading()
    for number in range(1, 33):
        assert (reading.learners.get(uln(number)) is None) is bool(number % 2)


def test_changes_that_wait_share_a_transaction(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        first_is_in, threads = threading.Event(), []

        def hold(_: Writing) -> int:
            first_is_in.set()
            until = time.monotonic() + 10
            while len(database._combining._waiting) < 6 and time.monotonic() < until:
                time.sleep(0.001)
            return 0

        def named(number: int) -> int:
            def work(_: Writing) -> int:
                threads.append(threading.current_thread().name)
                return number

            return database.change(work)

        with ThreadPoolExecutor(7) as pool:
            first = pool.submit(database.change, hold)
            assert first_is_in.wait(10)
            others = [pool.submit(named, number) for number in range(1, 7)]
            assert [each.result(10) for each in (first, *others)] == list(range(7))
        assert len(threads) == 6
        assert len(set(threads)) == 1


def test_a_lost_transaction_is_told_to_everybody(sqlite_database_url: str) -> None:
    """A full disk makes SQLite end the transaction: nobody may be told that a change was made."""
    full = Prepared(text("ROLLBACK"))
    with Database.open(sqlite_database_url) as database:

        def end_it(writing: Writing) -> None:
            writing.learners.add(a_learner())
            line = writing.learners._line
            line.run(full)
            line.run(Prepared(text("SELECT nothing_of_this_name")))

        with pytest.raises(DatabaseFailed, match="nothing_of_this_name"):
            database.change(end_it)
        assert database.reading().learners.get(a_learner().uln) is None
        database.change(lambda writing: writing.learners.add(a_learner()))
        assert database.reading().learners.get(a_learner().uln) is not None


def test_a_commit_that_fails_is_told_to_the_caller(sqlite_database_url: str) -> None:
    """A foreign key that is checked at the end of the transaction."""
    with Database.open(sqlite_database_url) as database:

        def dangling(writing: Writing) -> None:
            line = writing.learners._line
            line.run(Prepared(text("PRAGMA defer_foreign_keys = ON")))
            line.run(Prepared(text("INSERT INTO disclosure (message_id, uln) VALUES ('nobody', '1026893096')")))

        with pytest.raises(DatabaseFailed):
            database.change(dangling)
        database.change(lambda writing: writing.learners.add(a_learner()))
        line = database.line(Role.READING)
        assert line.rows(Prepared(text("SELECT count(*) FROM disclosure"))) == [(0,)]
        line.close()
