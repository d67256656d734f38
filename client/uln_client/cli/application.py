"""The typer application: one command a module."""

from typing import Any

import typer

from uln_client.cli import check, find, job, reconcile, record, register, report, retrieve, submit, update, verify
from uln_client.cli.options import share, shared

_HELP = """Find, verify, register and update learners in the Learner Register, and submit what they achieved, for awarding organisations.

Settings: options, over the environment (ULN_URL and others), over the file uln.toml. With none at all, calls go to the sandbox on this machine.

Ends with 0: match or done; 1: no match; 2: wrong use; 3: similar, possible, too many or done in part; 4: refused; 5: unreachable or invalid reply.
"""  # noqa: E501  # a line of help is a paragraph


def command() -> Any:
    """Build the command. Tracebacks are never shown: they would show names and passwords."""
    application = typer.Typer(
        name="uln", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    application.callback()(shared)
    application.command("find")(find.find)
    application.command("verify")(verify.verify)
    application.command("register")(register.register)
    application.command("update")(update.update)
    application.command("retrieve")(retrieve.retrieve)
    application.command("report")(report.report)
    application.command("submit")(submit.submit)
    application.command("job")(job.job)
    application.command("record")(record.record)
    application.command("check")(check.check)
    application.command("reconcile")(reconcile.reconcile)
    group: Any = typer.main.get_command(application)
    share(group)
    return group
