"""Processes that take files in and are killed, as a crash or a power cut would, at points that seeds choose."""

import contextlib
import io
import multiprocessing
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.store import killing, warmed

from uln_server.intake.folders import Folders
from uln_server.intake.running import Running
from uln_server.settings import Settings
from uln_server.store.database import Database

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# As in tests.store.killing: they are forked from a process that has imported everything (tests.store.warmed).
_CONTEXT: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
if sys.platform != "win32":
    _CONTEXT.set_forkserver_preload([killing.__name__, warmed.__name__])
LEASE_SECONDS = 0.05
"""For so long a killed one's file is left alone: short, so that the next one meets it."""
_MOST_CHANGES = 5
_LONGEST_SECONDS = 1.0  # when there is nothing left to be done until somebody works jobs off


def running(database: Database, root: Path) -> Running:
    chosen = Settings(intake_settle_seconds=0, intake_look_seconds=0.005)
    return Running(chosen, database, Folders(root), lease_seconds=LEASE_SECONDS)


def take_in(url: str, root: Path, ready: "Connection") -> None:
    """What ``uln-server intake`` does."""
    with Database.open(url) as database, contextlib.redirect_stdout(io.StringIO()):
        database.reading().register.kind  # noqa: B018  # connects, so that what follows begins at once
        ready.send("ready")
        running(database, root).run()


def kill_at_work(url: str, root: Path, rng: random.Random, seen: Callable[[], object]) -> None:
    """Let two work on the folders until what is ``seen`` has changed a few times, and kill both."""
    begun = [_begun(url, root) for _ in range(2)]
    for _, ready in begun:
        assert ready.recv() == "ready"
    changes, before, until = rng.randint(1, _MOST_CHANGES), seen(), time.monotonic() + _LONGEST_SECONDS
    while changes and time.monotonic() < until:
        now = seen()
        changes -= now != before
        before = now
    time.sleep(rng.uniform(0, 0.01))
    for process, _ in begun:
        process.kill()
        process.join()


def _begun(url: str, root: Path) -> "tuple[Any, Connection]":
    ready, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=take_in, args=(url, root, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ready
