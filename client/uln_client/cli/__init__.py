"""The command ``uln``: what the client does, in words or as JSON."""

import sys
from collections.abc import Sequence

from uln_client.cli.application import command
from uln_client.cli.exits import Exit, exit_of
from uln_client.cli.options import Choices
from uln_client.cli.output import fail, readable
from uln_client.errors import ULNError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with an exit code of :class:`~uln_client.cli.exits.Exit`."""
    readable(sys.stdout)
    readable(sys.stderr)
    choices = Choices()
    try:
        command()(args=None if arguments is None else list(arguments), prog_name="uln", obj=choices)
    except ULNError as error:
        fail(error, choices)
        sys.exit(exit_of(error))
    except Exception as error:  # noqa: BLE001  # a traceback would show names and passwords
        sys.stderr.write(f"uln: unexpected error ({type(error).__name__} {_place(error)}); please report it.\n")
        sys.exit(Exit.BUG)


def _place(error: BaseException) -> str:
    """The module and line that raised: enough for a report, without a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"in {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
