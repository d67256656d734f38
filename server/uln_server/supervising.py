"""Several processes of one service: started, watched, started again, stopped together. Works without fork."""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

log = structlog.get_logger(__name__)

Work = Callable[..., None]
_GRACE = 15.0
# A worker that dies at once is not started again at once: the next one would die of the same.
_PAUSE = 1.0
_CONTEXT = multiprocessing.get_context("spawn")


class _Worker:
    """One process, and the pipe that tells it to stop: by closing, so that it also ends with its supervisor."""

    def __init__(self, work: Work, arguments: tuple[Any, ...]) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process: SpawnProcess = _CONTEXT.Process(target=_begin, args=(work, arguments, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.started = time.monotonic()
        self.is_ready = False


def supervise(work: Work, arguments: tuple[Any, ...], count: int, ready: Callable[[], None]) -> None:
    """Keep ``count`` processes running ``work(*arguments, stop, ready)`` until SIGINT or SIGTERM.

    ``ready`` is called once, when each of the first processes said that it is. Raises ``RuntimeError`` when one
    ends before that: nothing was served, and its own words are on stderr.
    """
    stop = threading.Event()
    previous = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    workers = [_Worker(work, arguments) for _ in range(count)]
    try:
        _await_ready(workers, stop)
        if not stop.is_set():
            ready()
        while not stop.is_set():
            _watch(workers, work, arguments)
    finally:
        _end(workers)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _await_ready(workers: list[_Worker], stop: threading.Event) -> None:
    while not stop.is_set() and not all(each.is_ready for each in workers):
        for each in workers:
            each.is_ready = each.is_ready or each.pipe.poll(0.05)
            if not each.process.is_alive():
                raise RuntimeError("a worker process ended before it could serve")


def _watch(workers: list[_Worker], work: Work, arguments: tuple[Any, ...]) -> None:
    wait([each.process.sentinel for each in workers], timeout=0.2)
    for place, each in enumerate(workers):
        if each.process.is_alive():
            continue
        log.warning("worker ended", exit_code=each.process.exitcode)
        time.sleep(max(0.0, _PAUSE - (time.monotonic() - each.started)))
        each.pipe.close()
        workers[place] = _Worker(work, arguments)


def _end(workers: list[_Worker]) -> None:
    for each in workers:
        each.pipe.close()
    deadline = time.monotonic() + _GRACE
    for each in workers:
        each.process.join(max(0.0, deadline - time.monotonic()))
        if each.process.is_alive():
            each.process.kill()


def _begin(work: Work, arguments: tuple[Any, ...], pipe: Connection) -> None:
    stop = threading.Event()
    threading.Thread(target=_stop_with, args=(pipe, stop), daemon=True).start()
    work(*arguments, stop, lambda: pipe.send("ready"))


def _stop_with(pipe: Connection, stop: threading.Event) -> None:
    """Wait for the supervisor to close its end, in order or by dying."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        stop.set()
