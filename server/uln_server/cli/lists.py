"""What the commands share that take a list in."""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import typer

from uln_server.cli import output
from uln_server.cli.problems import Exit, Problem
from uln_server.importing.lists import ListOrder
from uln_server.importing.problems import Unusable

F = TypeVar("F", bound=StrEnum)


class Noting:
    """Passes on what is worth knowing about a file."""

    def note(self, text: str) -> None:
        """Write it to stderr."""
        output.note(text)


def imported(order: ListOrder, work: Callable[[], Counter[F]], fates: type[F], *, as_json: bool) -> None:
    """Carry an import out, say what it came to, and end the command as that asks for."""
    try:
        counts = work()
    except Unusable as unusable:
        raise Problem(unusable.text, unusable.remedy, ends_with=Exit.USAGE) from None
    except KeyboardInterrupt:
        raise Problem("Interrupted. What was taken so far stays.", "Run the same command again.") from None
    refused = counts[fates("refused")]
    report = str(order.errors) if refused else None
    if as_json:
        summary = {str(fate): counts[fate] for fate in fates}
        output.document({"file": str(order.path), "check": order.check, **summary, "errors": report})
    else:
        checked = "Only checked: " if order.check else ""
        output.say(f"{checked}{', '.join(f'{counts[fate]} {fate}' for fate in fates)}.")
        if report:
            output.say(f"What is wrong with the refused rows, and what to do: {report}")
    if refused:
        raise typer.Exit(Exit.PARTLY)
