"""The typer application: one command a module."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from importlib.metadata import version
from typing import Annotated, Any

import typer

from uln_server.cli import (
    auditing,
    catalogue,
    check,
    importing,
    intake,
    jobs,
    keys,
    learners,
    maintenance,
    organisations,
    output,
    providers,
    registers,
    sandbox,
    serving,
    worker,
)

_HELP = """Serve and administer a Learner Register.

Settings: options, over the environment (ULN_SERVER_DATABASE and others), over uln-server.toml in this folder.

Ends with 0: done; 2: wrong use; 3: done in part; 4: refused, or not to be served as it is.
"""


def command() -> Any:
    """Build the command. Tracebacks are never shown: they would show names and passwords."""
    application = typer.Typer(
        name="uln-server", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    application.callback()(_shared)
    application.command("serve")(serving.serve)
    application.command("worker")(worker.worker)
    application.command("init")(registers.init)
    application.command("reset")(registers.reset)
    application.command("sandbox")(sandbox.sandbox)
    application.command("check")(check.check)
    application.add_typer(organisations.commands, name="org")
    application.add_typer(learners.commands, name="learner")
    application.add_typer(keys.commands, name="key")
    application.add_typer(catalogue.commands, name="catalogue")
    application.add_typer(providers.commands, name="provider")
    application.command("import")(importing.import_learners)
    application.command("intake")(intake.intake)
    application.add_typer(jobs.commands, name="job")
    application.command("audit")(auditing.audit)
    application.add_typer(maintenance.commands, name="maintenance")
    return typer.main.get_command(application)


def _say_version(wanted: bool) -> None:  # noqa: FBT001  # typer's callback
    if wanted:
        output.say(f"uln-server {version('uln-interchange')}")
        raise typer.Exit


def _shared(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and end.")
    ] = False,
) -> None:
    """Take what every command takes."""
