"""The command ``uln-server``: serving and administering a register."""

import sys
from collections.abc import Sequence
from typing import Any

from uln_server.cli.output import note, readable
from uln_server.cli.problems import Exit, Problem
from uln_server.store.errors import StoreError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with an exit code of :class:`~uln_server.cli.problems.Exit`."""
    readable(sys.stdout)
    readable(sys.stderr)
    try:
        _command()(args=None if arguments is None else list(arguments), prog_name="uln-server")
    except Problem as problem:
        _end(problem)
    except StoreError as error:
        _end(Problem.from_store(error))
    except Exception as error:  # noqa: BLE001  # a traceback would show names and passwords
        note(f"unexpected error ({type(error).__name__} {_place(error)}); please report it.")
        sys.exit(Exit.BUG)


def _command() -> Any:
    """Load the commands; the client alone is installed without what they stand on."""
    try:
        from uln_server.cli.application import command  # noqa: PLC0415  # so that what is missing can be named
    except ModuleNotFoundError as missing:
        raise Problem(
            f"Only the client is installed: {missing.name} is missing.",
            "Install the server too: pipx install --force 'uln-interchange[server]'",
        ) from missing
    return command()


def _end(problem: Problem) -> None:
    note(problem.text)
    if problem.remedy:
        note(problem.remedy)
    sys.exit(problem.ends_with)


def _place(error: BaseException) -> str:
    """The module and line that raised: enough for a report, without a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"in {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
