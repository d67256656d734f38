"""Killed at any moment under load, the service has kept what it answered, and serves again.

``ULN_TEST_KILLS`` says how many kills a database gets (20), ``ULN_TEST_FIRST_SEED`` which seed is the first (1): a
seed chooses callers, messages, the moment and the way. It is in the test's name.
"""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url
from tests.reliability.load import Load, load
from tests.reliability.serving import Serving, checked, serving
from tests.soap.registers import filled_database
from tests.soap.wire import send, verify_body

from uln_server.store.database import Database

KILLS = int(os.environ.get("ULN_TEST_KILLS", "20"))
FIRST_SEED = int(os.environ.get("ULN_TEST_FIRST_SEED", "1"))
SEEDS = range(FIRST_SEED, FIRST_SEED + KILLS)
_BACK_WITHIN = 30.0


class Register:
    """A register that outlives the processes that serve it, and those that do at the moment."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self._running = ExitStack()
        self._serving: Serving | None = None

    def served(self) -> Serving:
        """The running server; started where there is none."""
        if self._serving is None:
            self._serving = self._running.enter_context(serving(self.url, self.folder))
        return self._serving

    def killed(self) -> None:
        """Forget the server."""
        self._running.close()
        self._serving = None


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    folder = tmp_path_factory.mktemp("killed")
    with filled_database(request.param, folder, request) as url:
        made = Register(url, folder)
        yield made
        made.killed()


def assert_kept(url: str, done: Load, since: datetime) -> None:
    """Each answer has its row, each row is whole, none is there twice, and none that nobody sent."""
    with Database.open(url) as database, database.reading() as reading:
        entries = list(reading.audit.query(since=since))
        shown = {each.message_id for each in reading.messages.last(200) if each.at >= since}
    assert shown <= {each.message_id for each in entries}
    kept = {each.user: (each.code, each.disclosed) for each in entries if each.user is not None}
    unnamed = Counter((each.code, each.disclosed) for each in entries if each.user is None)
    assert len(kept) + unnamed.total() == len(entries)
    sent = done.named()
    assert kept == {user: sent.get(user) for user in kept}
    assert done.answered() <= set(kept)
    least, most = done.unnamed()
    assert least <= unnamed <= most


def assert_sound(url: str) -> None:
    """The database's own word that its file is whole."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with sqlite3.connect(str(address.database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_answered_before_a_kill_is_kept_and_served_again(register: Register, seed: int) -> None:
    rng = random.Random(seed)
    server, since = register.served(), datetime.now(UTC)
    with load(server.service, f"seed {seed}", rng, callers=rng.randint(2, 8)) as done:
        done.await_answers(rng.randint(1, 200))
        time.sleep(rng.uniform(0, 0.02))
        if rng.random() < 0.75:
            server.kill(rng)
        else:
            server.kill_supervisor()
        register.killed()
    assert done.wrong == []
    assert_sound(register.url)
    assert_kept(register.url, done, since)
    assert "It can be served." in checked(register.url, register.folder)
    assert send(register.served().service, verify_body()).text("ResponseCode") == "WSVRC001"


def await_workers(server: Serving, gone: set[int]) -> None:
    """Wait until two workers are there, none of which is one of those that were killed."""
    deadline = time.monotonic() + _BACK_WITHIN
    while True:
        pids = {each.pid for each in server.workers()}
        if len(pids) == 2 and not pids & gone:
            return
        assert time.monotonic() < deadline, server.log
        time.sleep(0.05)


def test_a_killed_worker_is_started_again_and_calls_go_on(register: Register) -> None:
    """First one worker, then, once there is another in its place, the older: only the new one is left then."""
    server, since, rng = register.served(), datetime.now(UTC), random.Random(FIRST_SEED)
    old = server.workers()
    assert len(old) == 2
    with load(server.service, "worker", rng, callers=4, goes_on=True) as done:
        done.await_answers(50)
        for number, worker in enumerate(old, 1):
            worker.kill()
            done.await_answers(50)
            await_workers(server, {each.pid for each in old[:number]})
            done.await_answers(50)
        await_workers(server, {each.pid for each in old})
        done.await_answers(50)
    assert done.wrong == []
    assert all(each.unanswered <= len(old) for each in done.callers)
    assert server.log.count("worker ended") == len(old)
    assert_kept(register.url, done, since)
    assert server.stop() == 0
    register.killed()
