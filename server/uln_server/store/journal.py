"""The audit trail's fast lane: what all calls of a process have to write, committed in groups.

A commit that is synced to disk costs as much for one row as for a thousand. One thread takes whatever waits,
writes it in one transaction and then tells the event loop once for the whole group; while it commits, the next
group gathers. Nothing is answered as done before its entry is committed.
"""

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from uln_server.access.audit import AuditEntry, SandboxMessage
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import JournalClosed, JournalFailed, JournalFull
from uln_server.store.messages import keep
from uln_server.store.trail import add_entries

WAITING_AT_MOST = 10_000
"""Entries that may wait to be written; a process that cannot keep up says so instead of growing."""
_GROUP_AT_MOST = 1_000  # rows a transaction: others wait for the lock meanwhile


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: AuditEntry
    message: SandboxMessage | None
    done: asyncio.Future[None]


class Journal:
    """Writes audit entries, and in a sandbox the messages, in a thread and on a connection of its own."""

    def __init__(self, database: Database, *, waiting_at_most: int = WAITING_AT_MOST) -> None:
        self._line = database.line(Role.WRITING)
        self._begin = database.driver.begin_writing
        self._limit = waiting_at_most
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to write; futures will belong to this loop. Once for a journal."""
        self._loop = loop
        self._thread.start()

    def write(self, entry: AuditEntry, message: SandboxMessage | None = None) -> asyncio.Future[None]:
        """Hand an entry over; the future is done when it is committed. Call it on the loop's thread.

        Raises ``JournalFull`` when too many entries wait, ``JournalClosed`` when the journal does not run. The
        future raises ``JournalFailed`` when the entry could not be written: the message must then be answered
        as failed. An entry is written even if its future is cancelled.
        """
        with self._lock:
            if self._loop is None:
                raise JournalClosed("The journal is not running: start it before, and close it after, all calls.")
            if self._queue.qsize() >= self._limit:
                raise JournalFull(f"{self._limit} audit entries wait to be written already: send less, or later.")
            done = self._loop.create_future()
            self._queue.put(_Waiting(entry, message, done))
        return done

    def close(self) -> None:
        """Write what still waits, then end the thread. May be called again, and from any thread.

        Futures are resolved when the loop next runs.
        """
        with self._lock:
            running, self._loop = self._loop is not None, None
        if running:
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        try:
            while group := self._next_group():
                self._write_group(group)
        finally:
            self._line.close()

    def _next_group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        with suppress(Empty):
            waiting = self._queue.get()
            while waiting is not None:
                group.append(waiting)
                if len(group) == _GROUP_AT_MOST:
                    return group
                waiting = self._queue.get_nowait()
            if group:
                self._queue.put(None)
        return group

    def _write_group(self, group: list[_Waiting]) -> None:
        error = self._attempt(group)
        if error is not None and self._line.transient(error):
            error = self._attempt(group, again=True)
        elif error is not None and len(group) > 1:
            # One unfit entry must not take the others' with it.
            for waiting in group:
                self._write_group([waiting])
            return
        _settle_soon(group, error)

    def _attempt(self, group: list[_Waiting], *, again: bool = False) -> Exception | None:
        try:
            with self._line.transaction(self._begin):
                add_entries(self._line, (waiting.entry for waiting in group), again=again)
                keep(self._line, [waiting.message for waiting in group if waiting.message is not None])
        except Exception as error:  # noqa: BLE001  # whatever it is, the callers must hear of it
            return error
        return None


def _settle_soon(group: list[_Waiting], error: Exception | None) -> None:
    loop = group[0].done.get_loop()
    # A loop that has been closed has nobody left to tell.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_settle, [waiting.done for waiting in group], error)


def _settle(futures: Iterable[asyncio.Future[None]], error: Exception | None) -> None:
    for done in futures:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
            continue
        failed = JournalFailed("The audit entry could not be written, so that the message must not be answered.")
        failed.__cause__ = error
        done.set_exception(failed)
