"""A server to be measured, as a process of its own: ``serve.py service|echo DATABASE WORKERS``."""

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import echo  # path set above

from uln_server.serving import Listeners, work
from uln_server.settings import Settings
from uln_server.supervising import supervise


def main(what: str, database: str, workers: str) -> None:
    """Serve until a signal; the first line on stdout is the port."""
    settings = Settings(database=database, port=0, workers=int(workers), sandbox_messages=False)
    listeners = Listeners(settings)
    announce = partial(print, listeners.plain.getsockname()[1], flush=True)
    if what == "echo":
        supervise(echo.work, (listeners.plain,), settings.workers, announce)
    else:
        supervise(work, (settings, listeners), settings.workers, announce)


if __name__ == "__main__":
    main(*sys.argv[1:])
