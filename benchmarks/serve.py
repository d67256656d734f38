"""A server to be measured, as a process of its own: ``serve.py service|unkept|echo|worker DATABASE WORKERS``."""

import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import echo  # path set above

from uln_server.serving import Listeners, work
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.supervising import supervise
from uln_server.working import Working


def main(what: str, database: str, workers: str) -> None:
    """Serve until a signal; the first line on stdout is the port.

    On PostgreSQL jobs are for a ``worker``, as they are in a register in production: it has no port. ``unkept`` is
    a service that keeps no record ready.
    """
    settings = Settings(
        database=database,
        port=0,
        workers=int(workers),
        sandbox_messages=False,
        serve_jobs=database.startswith("sqlite"),
    )
    if what == "unkept":
        settings = settings.model_copy(update={"kept_records_bytes": 0})
    listeners = Listeners(settings)
    announce = partial(print, listeners.plain.getsockname()[1], flush=True)
    if what == "echo":
        supervise(echo.work, (listeners.plain,), settings.workers, announce)
    elif what == "worker":
        supervise(work_jobs_off, (settings,), settings.workers, announce)
    else:
        supervise(work, (settings, listeners), settings.workers, announce)


def work_jobs_off(settings: Settings, stop: threading.Event, ready: Callable[[], None]) -> None:
    """Work jobs off until ``stop`` is set, as ``uln-server worker`` does."""
    with Database.open(settings.database) as database:
        working = Working(settings, database)
        thread = threading.Thread(target=working.run)
        thread.start()
        ready()
        stop.wait()
        working.stop()
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
