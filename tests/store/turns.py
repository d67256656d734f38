"""Processes that take turns at one register: each a thread with connections of its own, one step after the other.

A test tells each of them its next step. ``does`` returns when the step is done. ``starts`` returns as soon as the
step waits for somebody's lock, or is done; what it gives comes from ``Step.outcome``. Nothing sleeps to get there.
"""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from traceback import walk_stack
from typing import Generic, TypeVar

import psycopg
from sqlalchemy import make_url

from uln_server.store.database import Database
from uln_server.store.drivers import Sqlite
from uln_server.store.units import Writing

T = TypeVar("T")
PATIENCE = 8.0
"""Seconds until a step that neither ends nor waits is a failure."""
_WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Step(Generic[T]):
    """Something that a process began."""

    def __init__(self, future: "Future[T]") -> None:
        self._future = future

    @property
    def done(self) -> bool:
        return self._future.done()

    def outcome(self) -> T:
        """What it gave, once it is done; an error that it met is raised here."""
        return self._future.result(PATIENCE)


class Process:
    """One of those who take turns; a transaction of its stays open from ``begins`` to ``commits``."""

    def __init__(self, turns: "Turns") -> None:
        self._turns = turns
        self._thread = ThreadPoolExecutor(1)
        self._opened: AbstractContextManager[Writing] | None = None
        self._writing: Writing | None = None

    def begins(self) -> None:
        """Begin a transaction."""
        self._opened = self._turns.database.writing()
        self._writing = self._submit(self._opened.__enter__).outcome()

    def does(self, work: Callable[[Writing], T]) -> T:
        """Take a step in the open transaction, and wait until it is done."""
        return self._submit(work, self._unit()).outcome()

    def starts(self, work: Callable[[Writing], T]) -> Step[T]:
        """Take a step in the open transaction, or, without one, a whole transaction; see above."""
        if self._writing is None:
            return self._turns.until_waiting(lambda: self._submit(self._whole, work))
        return self._turns.until_waiting(lambda: self._submit(work, self._unit()))

    def commits(self) -> None:
        """Commit the open transaction."""
        self._end(None)

    def gives_up(self) -> None:
        """Undo the open transaction."""
        try:
            self._end(GivenUpError())
        except GivenUpError:
            return

    def leaves(self) -> None:
        """Undo what is open, and end the thread."""
        if self._opened is not None:
            self.gives_up()
        self._thread.shutdown(wait=True)

    def _unit(self) -> Writing:
        assert self._writing is not None, "no transaction is open"
        return self._writing

    def _end(self, error: Exception | None) -> None:
        assert self._opened is not None, "no transaction is open"
        opened, self._opened, self._writing = self._opened, None, None
        self._submit(opened.__exit__, error and type(error), error, None).outcome()

    def _whole(self, work: Callable[[Writing], T]) -> T:
        with self._turns.database.writing() as writing:
            return work(writing)

    def _submit(self, work: Callable[..., T], *given: object) -> Step[T]:
        return Step(self._thread.submit(work, *given))


class GivenUpError(Exception):
    """A transaction is undone on purpose."""


class Turns:
    """Who takes turns at a register, and who of them waits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._processes: list[Process] = []

    def process(self) -> Process:
        """One more."""
        self._processes.append(Process(self))
        return self._processes[-1]

    def until_waiting(self, begin: Callable[[], Step[T]]) -> Step[T]:
        """Begin a step, and watch it until it waits for a lock or is done."""
        with self._watching() as waiting:
            before, step, deadline = waiting(), begin(), time.monotonic() + PATIENCE
            while not step.done and waiting() <= before:
                assert time.monotonic() < deadline, "the step neither ended nor waited"
                time.sleep(0.0005)  # for a look that costs others nothing; what is waited for is the condition
        return step

    @contextmanager
    def _watching(self) -> Iterator[Callable[[], int]]:
        """Give a way to count who waits for somebody's lock, in this process or, on PostgreSQL, in any."""
        if self.database.dialect == "sqlite":
            yield _beginning
            return
        address = make_url(self.database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as watcher:
            yield lambda: len(watcher.execute(_WAITING).fetchall())

    def end(self) -> None:
        """Let everybody leave."""
        for each in self._processes:
            each.leaves()


@contextmanager
def turns(database: Database) -> Iterator[Turns]:
    """Let processes take turns until the block ends."""
    taking = Turns(database)
    try:
        yield taking
    finally:
        taking.end()


def _beginning() -> int:
    """Count the threads that ask SQLite for the one writer's lock: they do so in our own code, again and again."""
    frames = sys._current_frames().values()
    return sum(any(frame.f_code is Sqlite.begin.__code__ for frame, _ in walk_stack(each)) for each in frames)
