"""Changes of many callers in one transaction: a commit that is synced costs as much for one as for a hundred.

SQLite has one writer at a time. Whoever gets the turn carries out what others wait with as well, each change
behind a savepoint of its own, and commits once for all; nobody waits on purpose.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from uln_server.store.lines import Line
from uln_server.store.units import Writing

_TOGETHER_AT_MOST = 64  # others wait for the writer's lock meanwhile

T = TypeVar("T")
Opened = Callable[[], AbstractContextManager[tuple[Line, Writing]]]


class _Waiting(Generic[T]):
    """One caller's change, and what became of it once ``done``."""

    def __init__(self, work: Callable[[Writing], T]) -> None:
        self.work = work
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return self.result


class Combining:
    """Carries out changes of any thread. ``opened`` begins a transaction on the calling thread's own line."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._waiting: list[_Waiting[Any]] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def change(self, work: Callable[[Writing], T]) -> T:
        """Carry out a change and give its result when it is committed; what it raises undoes it alone."""
        mine = _Waiting(work)
        with self._lock:
            self._waiting.append(mine)
        with self._turn:
            while not mine.done:
                self._carry_out(self._group())
        return mine.outcome()

    def _group(self) -> list[_Waiting[Any]]:
        with self._lock:
            group, self._waiting = self._waiting[:_TOGETHER_AT_MOST], self._waiting[_TOGETHER_AT_MOST:]
        return group

    def _carry_out(self, group: list[_Waiting[Any]]) -> None:
        try:
            with self._opened() as (line, writing):
                for each in group:
                    _attempt(each, line, writing)
        except BaseException as error:  # noqa: BLE001  # whatever it is, each caller must hear of it
            for each in group:
                each.error = each.error or error
        for each in group:
            each.done = True


def _attempt(waiting: _Waiting[Any], line: Line, writing: Writing) -> None:
    """Carry out one change; what it raises takes back what it did, and nobody else's unless nothing can stand."""
    try:
        with line.savepoint():
            waiting.result = waiting.work(writing)
    except Exception as error:  # its own caller's, who hears of it
        waiting.error = error
        if not line.alive:
            raise
