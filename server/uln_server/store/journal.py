"""The audit trail's fast lane: what all calls of a process have to write, committed in groups.

A commit that is synced to disk costs as much for one row as for a thousand. What the event loop's present turn
has to write forms the first group; one thread writes it in one transaction, tells the loop once for the whole
group and takes what gathered meanwhile as the next. Nothing is answered as done before its entry is committed.
"""

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from queue import SimpleQueue

import structlog

from uln_server.access.audit import AuditEntry, SandboxMessage
from uln_server.register.finds import FindMade
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import JournalClosed, JournalFailed, JournalFull
from uln_server.store.finds import forget_finds, keep_finds
from uln_server.store.messages import keep
from uln_server.store.trail import add_entries

log = structlog.get_logger(__name__)

WAITING_AT_MOST = 10_000
"""Entries that may wait to be written; a process that cannot keep up says so instead of growing."""
_BETWEEN_FORGETTING = timedelta(minutes=10)
_GROUP_AT_MOST = 1_000  # rows a transaction: others wait for the lock meanwhile


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: AuditEntry
    message: SandboxMessage | None
    find: FindMade | None
    done: asyncio.Future[None]


class _Wake(Enum):
    TO_WRITE = auto()
    TO_END = auto()


class Journal:
    """Writes audit entries, and in a sandbox the messages, in a thread and on a connection of its own."""

    def __init__(self, database: Database, *, waiting_at_most: int = WAITING_AT_MOST) -> None:
        self._line = database.line(Role.WRITING)
        self._forgetting_at = datetime.min.replace(tzinfo=UTC)
        self._begin = database.driver.begin_writing
        self._limit = waiting_at_most
        self._gathered: list[_Waiting] = []
        self._turn_planned = self._writing = False
        self._wake: SimpleQueue[_Wake] = SimpleQueue()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to write; futures will belong to this loop. Once for a journal."""
        self._loop = loop
        self._thread.start()

    def write(
        self, entry: AuditEntry, message: SandboxMessage | None = None, find: FindMade | None = None
    ) -> asyncio.Future[None]:
        """Hand an entry over; the future is done when it is committed. Call it on the loop's thread.

        ``find`` is a find by demographics that the answer came from, committed along with it.

        Raises ``JournalFull`` when too many entries wait, ``JournalClosed`` when the journal does not run. The
        future raises ``JournalFailed`` when the entry could not be written: the message must then be answered
        as failed. An entry is written even if its future is cancelled.
        """
        with self._lock:
            if self._loop is None:
                raise JournalClosed("The journal is not running: start it before, and close it after, all calls.")
            if len(self._gathered) >= self._limit:
                raise JournalFull(f"{self._limit} audit entries wait to be written already: send less, or later.")
            done = self._loop.create_future()
            self._gathered.append(_Waiting(entry, message, find, done))
            if not self._writing and not self._turn_planned:
                self._turn_planned = True
                # Not at once: the calls that this turn of the loop still has to answer belong to the group.
                self._loop.call_soon(self._wake_writer)
        return done

    def close(self) -> None:
        """Write what still waits, then end the thread. May be called again, and from any thread.

        Futures are resolved when the loop next runs.
        """
        with self._lock:
            running, self._loop = self._loop is not None, None
        if running:
            self._wake.put(_Wake.TO_END)
            self._thread.join()

    def _wake_writer(self) -> None:
        with self._lock:
            self._turn_planned = False
            if not self._writing:
                self._writing = True
                self._wake.put(_Wake.TO_WRITE)

    def _run(self) -> None:
        try:
            wake = _Wake.TO_WRITE
            while wake is not _Wake.TO_END:
                wake = self._wake.get()
                while group := self._next_group():
                    self._write_group(group)
        finally:
            self._line.close()

    def _next_group(self) -> list[_Waiting]:
        with self._lock:
            group, self._gathered = self._gathered[:_GROUP_AT_MOST], self._gathered[_GROUP_AT_MOST:]
            self._writing = bool(group)
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
        if error is not None:
            _tell_of(error, len(group))
        _settle_soon(group, error)

    def _attempt(self, group: list[_Waiting], *, again: bool = False) -> Exception | None:
        try:
            with self._line.transaction(self._begin):
                add_entries(self._line, (waiting.entry for waiting in group), again=again)
                keep(self._line, [waiting.message for waiting in group if waiting.message is not None])
                self._keep_finds([waiting.find for waiting in group if waiting.find is not None])
        except Exception as error:  # noqa: BLE001  # whatever it is, the callers must hear of it
            return error
        return None

    def _keep_finds(self, finds: list[FindMade]) -> None:
        keep_finds(self._line, finds)
        if finds and finds[-1].at > self._forgetting_at:
            forget_finds(self._line, finds[-1].at)
            self._forgetting_at = finds[-1].at + _BETWEEN_FORGETTING


def _tell_of(error: Exception, entries: int) -> None:
    """Log by type alone: an error's words may quote a row. A log that has gone away is not in the way."""
    cause = error.__cause__
    with suppress(OSError, ValueError):
        log.warning(
            "journal trouble",
            entries=entries,
            error=type(error).__name__,
            cause=None if cause is None else type(cause).__name__,
        )


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
