"""``uln-server worker``: works jobs off, beside the service or on another machine."""

import threading
from typing import Annotated

import typer

from uln_server import logs
from uln_server.cli import output
from uln_server.cli.configuration import Database, settings
from uln_server.cli.ending import ended_by_signals
from uln_server.cli.opening import kind_of, require_current
from uln_server.store import database as store


def worker(
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Jobs at the same time, instead of the setting worker_jobs.")
    ] = None,
    database: Database = None,
) -> None:
    """Work jobs off until Ctrl-C or SIGTERM; the chunk of rows that is under way is ended first.

    Any number of them may run on one register. What a killed one was at is taken up by another.
    """
    chosen = settings(database=database, worker_jobs=jobs)
    with store.Database.open(chosen.database) as register:
        require_current(register)
        with register.reading() as reading:
            kind_of(reading, register)
        from uln_server.working import Working  # noqa: PLC0415  # after the checks, which are quick

        logs.configure(chosen.log_level)
        working = Working(chosen, register)
        with ended_by_signals(working.stop):
            output.say(f"Works off the jobs of {register.url}. Ctrl-C ends it.")
            # On a thread of its own: a signal is heard at once, whatever the work waits for.
            thread = threading.Thread(target=working.run, name="jobs")
            thread.start()
            while thread.is_alive():
                thread.join(0.5)
