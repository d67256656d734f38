"""Asking the operator before something is changed."""

import typer

from uln_server.cli import output
from uln_server.cli.problems import Problem


def require_consent(question: str) -> None:
    """Ask; raises ``Problem`` when the answer is no, and when nobody can answer or Ctrl-C does."""
    try:
        agreed = typer.confirm(question)
    except typer.Abort:
        output.say("")  # the question's line is not ended yet
        raise Problem("Nothing was changed: the question was not answered.", "Answer it, or give --yes.") from None
    if not agreed:
        raise Problem("Nothing was changed.")
