"""``uln-server intake``: takes batch files that organisations put into their folders."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from pathlib import Path
from typing import Annotated

import typer

from uln_server import logs
from uln_server.cli import output
from uln_server.cli.configuration import Database, settings
from uln_server.cli.ending import ended_by_signals
from uln_server.cli.opening import kind_of, require_current
from uln_server.cli.problems import Exit, Problem
from uln_server.store import database as store


def intake(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Holds a folder for each organisation, named by its UKPRN.")
    ],
    once: Annotated[
        bool, typer.Option("--once", help="Work off what is there and end, instead of waiting for more.")
    ] = False,
    database: Database = None,
) -> None:
    """Take batch files from DIR/UKPRN/in until Ctrl-C or SIGTERM, and give them back in done/ or failed/.

    Any number of them may run on one DIR and one register. Somebody has to work the jobs off: the service as it
    is set up on SQLite and for a sandbox, else `uln-server worker`. With --once it ends with 0 when every file
    was worked off, 3 when one failed or still waits.
    """
    chosen, ends_with = settings(database=database), Exit.DONE
    with store.Database.open(chosen.database) as register:
        require_current(register)
        with register.reading() as reading:
            kind_of(reading, register)
        from uln_server.intake.folders import Folders, NotUsable  # noqa: PLC0415  # after the checks, which are quick
        from uln_server.intake.running import Running  # noqa: PLC0415  # as above

        folders = Folders(folder.absolute())
        try:
            folders.prepare()
        except NotUsable as unusable:
            raise Problem(
                str(unusable), "Name a folder that this user may write to.", ends_with=Exit.USAGE
            ) from None
        logs.configure(chosen.log_level)
        running = Running(chosen, register, folders)
        with ended_by_signals(running.stop):
            if not once:
                output.say(f"Takes files from {folders.root} into {register.url}. Ctrl-C ends it.")
                running.run()
            elif not running.run_once() or running.failed:
                ends_with = Exit.PARTLY
    if ends_with:
        raise typer.Exit(ends_with)
