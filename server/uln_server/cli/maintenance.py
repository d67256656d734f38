"""``uln-server maintenance``: closing the service to messages, and opening it again."""

from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.configuration import Database, settings
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.cli.problems import Exit, Problem

commands = typer.Typer(
    help="Close the service for maintenance and open it again, in every process within a second or so.",
    no_args_is_help=True,
)

Told = Annotated[
    str,
    typer.Option("--text", metavar="TEXT", help="What callers are told, such as when it opens; one line."),
]
_LONGEST = 500
_SET = "The setting maintenance keeps the services that are started with it closed all the same."


@commands.command("on")
def close(text: Told = "", database: Database = None) -> None:
    """Answer every message with the maintenance answer from now on; pages and WSDLs stay readable."""
    told = text.strip()
    if len(told) > _LONGEST or not told.isprintable():
        raise Problem(
            f"--text is longer than {_LONGEST} characters, or not one line.",
            "Say in a sentence or two when the service opens again.",
            ends_with=Exit.USAGE,
        )
    _switch(database, "maintenance on", told)
    output.say(f"Closed for maintenance.{_quoted(told)}")


@commands.command("off")
def open_again(database: Database = None) -> None:
    """Answer messages again."""
    _switch(database, "maintenance off", None)
    output.say("Open.")
    _warn_of_setting(database)


@commands.command()
def status(database: Database = None) -> None:
    """Say whether the service is closed for maintenance, and what callers are told."""
    with opened(database) as register, register.reading() as reading:
        told = reading.register.maintenance
    output.say("Open." if told is None else f"Closed for maintenance.{_quoted(told)}")
    if told is None:
        _warn_of_setting(database)


def _switch(url: str | None, command: str, told: str | None) -> None:
    with opened(url) as register, register.writing() as writing:
        writing.register.set_maintenance(told)
        writing.audit.add(act(command))


def _quoted(told: str) -> str:
    return f" Callers are told: {told}" if told else ""


def _warn_of_setting(url: str | None) -> None:
    if settings(database=url).maintenance:
        output.note(_SET)
