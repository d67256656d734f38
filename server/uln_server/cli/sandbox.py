"""``uln-server sandbox``: filling a sandbox with invented learners."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from uln_server.cli import output
from uln_server.cli.configuration import Database, settings
from uln_server.cli.operator import act
from uln_server.cli.problems import Problem
from uln_server.cli.registers import prepare
from uln_server.sandbox.inventing import DEFAULT_SEED, Kind
from uln_server.sandbox.populating import SandboxFilled, populate
from uln_server.store import database as store

_MOST = 100_000_000  # a ninth of the numbers that there are


def sandbox(
    learners: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=_MOST, help="How many learners to invent; a million takes minutes."),
    ],
    seed: Annotated[
        int, typer.Option(metavar="NUMBER", help="Other learners for another number; the same for the same.")
    ] = DEFAULT_SEED,
    more: Annotated[
        bool, typer.Option("--more", help="Add them to other learners that are there already.")
    ] = False,
    database: Database = None,
) -> None:
    """Fill a sandbox with invented learners, and make it where it is missing. Refuses a production register."""
    with store.Database.open(settings(database=database).database) as register:
        prepare(register, "sandbox")
        made = _populate(register, learners, seed, more=more)
        output.say(f"{register.url} holds {made.total()} learners more: {_kinds(made)}.")


def _populate(register: store.Database, learners: int, seed: int, *, more: bool) -> Counter[Kind]:
    try:
        with _bar(learners) as bar:
            watch = bar.tasks[0].id
            return populate(
                register, learners, seed, lambda size: bar.advance(watch, size), more=more, entry=act("sandbox")
            )
    except SandboxFilled as filled:
        raise Problem(
            f"{register.url} holds {filled.learners} learners besides the sandbox's own.",
            "Add to them with --more, or begin anew with `uln-server reset`.",
        ) from filled
    except KeyboardInterrupt:
        raise Problem(
            "Interrupted. What was added so far stays.",
            "Add to it with --more, or begin anew with `uln-server reset`.",
        ) from None


@contextmanager
def _bar(learners: int) -> Iterator[Progress]:
    """Show a bar where stderr is a terminal."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as bar:
        bar.add_task("", total=learners)
        yield bar


def _kinds(made: Counter[Kind]) -> str:
    return ", ".join(f"{made[kind]} {kind}" for kind in Kind if made[kind])
