"""The journal: written in groups, acknowledged once committed, and nothing acknowledged is ever lost."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from tests.store.builders import ULNS, a_message, an_entry
from tests.store.databases import cut_connections, sqlite_url

from uln_server.access.audit import AuditEntry
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import (
    DatabaseBusy,
    DatabaseFailed,
    DatabaseUnreachable,
    JournalClosed,
    JournalFailed,
    JournalFull,
)
from uln_server.store.journal import Journal
from uln_server.store.prepared import Prepared
from uln_server.store.trail import add_entries


def _run(database: Database, work: Callable[[Journal], Awaitable[Any]], **options: Any) -> Any:
    async def within() -> Any:
        journal = Journal(database, **options)
        journal.start(asyncio.get_running_loop())
        try:
            return await work(journal)
        finally:
            await asyncio.to_thread(journal.close)

    return asyncio.run(within())


def _ids(database: Database) -> list[str]:
    return [entry.message_id for entry in database.reading().audit.query()]


@contextmanager
def _lock_held(database: Database) -> Iterator[None]:
    """Keep the journal from writing: SQLite has one writer, PostgreSQL a lock on the table."""
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        if database.dialect == "postgresql":
            line.run(Prepared(text("LOCK TABLE audit IN EXCLUSIVE MODE")))
        yield
    line.close()


def test_a_done_entry_is_there_with_its_disclosures_and_message(database: Database) -> None:
    entry, message = an_entry(disclosed=(ULNS[0], ULNS[1])), a_message()

    async def work(journal: Journal) -> list[AuditEntry]:
        await journal.write(entry, message)
        return list(await asyncio.to_thread(lambda: list(database.reading().audit.query())))

    assert _run(database, work) == [entry]
    assert database.reading().messages.last() == (message,)


def test_an_entry_is_not_done_before_it_is_committed(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            done = journal.write(an_entry())
            await asyncio.sleep(0.2)
            assert not done.done()
        await asyncio.wait_for(done, 5)

    _run(database, work)
    assert len(_ids(database)) == 1


def test_what_waits_is_committed_as_one_group_and_told_at_once(database: Database) -> None:
    told = 0

    async def work(journal: Journal) -> None:
        nonlocal told
        loop = asyncio.get_running_loop()
        call_soon_threadsafe = loop.call_soon_threadsafe

        def counted(*arguments: Any, **options: Any) -> asyncio.Handle:
            nonlocal told
            told += threading.current_thread().name == "journal"
            return call_soon_threadsafe(*arguments, **options)

        loop.call_soon_threadsafe = counted  # type: ignore[assignment]  # counts, and does the same
        with _lock_held(database):
            futures = [journal.write(an_entry(message_id=f"{n:03}")) for n in range(500)]
        await asyncio.gather(*futures)

    _run(database, work)
    assert _ids(database) == [f"{n:03}" for n in range(500)]
    # The thread may have taken the first entry before the others came.
    assert told in (1, 2)


def test_one_unfit_entry_does_not_take_the_others_with_it(database: Database) -> None:
    twice = an_entry(message_id="twice")

    async def work(journal: Journal) -> list[BaseException | None]:
        await journal.write(twice)
        with _lock_held(database):
            futures = [journal.write(entry) for entry in (an_entry(), twice, an_entry())]
        return await asyncio.gather(*futures, return_exceptions=True)

    before, failed, after = _run(database, work)
    assert (before, after) == (None, None)
    assert isinstance(failed, JournalFailed)
    assert isinstance(failed.__cause__, DatabaseFailed)
    assert isinstance(failed.__cause__.__cause__, database.driver.errors)
    assert len(_ids(database)) == 3


def test_a_flaw_of_ours_reaches_the_caller_and_not_the_thread(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with pytest.raises(JournalFailed) as caught:
            await journal.write(an_entry(at="no time at all"))
        assert isinstance(caught.value.__cause__, AttributeError)
        await journal.write(an_entry())

    _run(database, work)
    assert len(_ids(database)) == 1


def test_a_database_that_is_gone_fails_the_entry(tmp_path: Path) -> None:
    async def work(journal: Journal) -> None:
        with pytest.raises(JournalFailed) as caught:
            await journal.write(an_entry())
        assert isinstance(caught.value.__cause__, DatabaseUnreachable)

    with Database.open(sqlite_url(tmp_path / "gone.sqlite3")) as database:
        _run(database, work)


def test_a_lock_that_stays_fails_the_entry_and_not_the_journal(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            database.driver.wait_seconds = 0.4
            started = time.monotonic()
            with structlog.testing.capture_logs() as logged, pytest.raises(JournalFailed) as caught:
                await journal.write(an_entry())
            assert [(each["log_level"], each["event"], each["error"]) for each in logged] == [
                ("warning", "journal trouble", "DatabaseBusy")
            ]
            # Once: whoever waits for the answer has waited enough.
            assert 0.3 < time.monotonic() - started < 0.75
            assert isinstance(caught.value.__cause__, DatabaseBusy)
        database.driver.wait_seconds = 10
        await journal.write(an_entry(message_id="later"))

    _run(database, work)
    assert _ids(database) == ["later"]


def test_a_lock_that_goes_in_time_is_outlasted(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            done = journal.write(an_entry())
            await asyncio.sleep(0.3)
        await done

    _run(database, work)
    assert len(_ids(database)) == 1


def test_a_lost_connection_loses_no_entry_and_doubles_none(postgres_database_url: str) -> None:
    async def work(journal: Journal) -> None:
        await journal.write(an_entry(message_id="1"))
        cut_connections(postgres_database_url)
        await journal.write(an_entry(message_id="2", disclosed=(ULNS[0],)))

    with Database.open(postgres_database_url) as database:
        _run(database, work)
        assert _ids(database) == ["1", "2"]


def test_a_second_attempt_after_a_commit_nobody_heard_of_adds_nothing(database: Database) -> None:
    entry = an_entry(disclosed=(ULNS[0],))
    line = database.line(Role.WRITING)
    for again in (False, True):
        with line.transaction(database.driver.begin_writing):
            add_entries(line, [entry], again=again)
    line.close()
    assert list(database.reading().audit.query()) == [entry]


def test_too_many_waiting_entries_are_refused_at_once(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            taken = journal.write(an_entry())
            await asyncio.sleep(0.2)
            waiting = [journal.write(an_entry()) for _ in range(3)]
            with pytest.raises(JournalFull, match="3 audit entries"):
                journal.write(an_entry())
        await asyncio.gather(taken, *waiting)
        await journal.write(an_entry())

    _run(database, work, waiting_at_most=3)
    assert len(_ids(database)) == 5


def test_closing_writes_what_waits(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            futures = [journal.write(an_entry()) for _ in range(1500)]
        await asyncio.to_thread(journal.close)
        assert len(_ids(database)) == 1500
        await asyncio.gather(*futures)
        with pytest.raises(JournalClosed):
            journal.write(an_entry())

    _run(database, work)


def test_a_journal_that_was_not_started_takes_nothing_and_closes(database: Database) -> None:
    journal = Journal(database)
    with pytest.raises(JournalClosed):
        journal.write(an_entry())
    journal.close()


def test_an_entry_is_written_though_its_caller_went_away(database: Database) -> None:
    async def work(journal: Journal) -> None:
        with _lock_held(database):
            journal.write(an_entry(message_id="given up")).cancel()
        await journal.write(an_entry(message_id="stayed"))

    _run(database, work)
    assert set(_ids(database)) == {"given up", "stayed"}


def test_an_entry_is_written_though_its_loop_was_closed(database: Database) -> None:
    journal = Journal(database)

    async def leave() -> None:
        journal.start(asyncio.get_running_loop())
        journal.write(an_entry())

    with _lock_held(database):
        asyncio.run(leave())
    journal.close()
    assert len(_ids(database)) == 1


_WRITER = """
import asyncio, sys
from tests.store.builders import an_entry, a_message
from uln_server.store.database import Database
from uln_server.store.journal import Journal

async def call(journal, calls):
    for _ in range(calls):
        entry = an_entry(disclosed=("1026893096",))
        await journal.write(entry, a_message(message_id=entry.message_id))
        sys.stdout.write(entry.message_id + "\\n")
        sys.stdout.flush()

async def main(url, callers, calls):
    with Database.open(url) as database:
        journal = Journal(database)
        journal.start(asyncio.get_running_loop())
        await asyncio.gather(*(call(journal, calls) for _ in range(callers)))
        journal.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def _writer(url: str, callers: int, calls: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _WRITER, url, str(callers), str(calls)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_what_was_acknowledged_before_a_kill_is_there(database: Database, database_url: str) -> None:
    writer = _writer(database_url, 20, 1_000_000)
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().strip() for _ in range(300)]
    writer.kill()
    acknowledged += [
        line.strip() for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")
    ]
    writer.wait()
    writer.stdout.close()
    kept = {entry.message_id: entry.disclosed for entry in database.reading().audit.query()}
    assert set(acknowledged) <= set(kept)
    assert set(kept.values()) == {(ULNS[0],)}


def test_two_processes_write_groups_at_once_and_neither_fails(database: Database, database_url: str) -> None:
    writers = [_writer(database_url, 30, 20) for _ in range(2)]
    said = [writer.communicate()[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(each) for each in said] == [600, 600]
    assert sorted(_ids(database)) == sorted(said[0] + said[1])
    assert len(database.reading().messages.last(200)) == 100
