"""``uln-server check``: whether this register can be served as the settings say."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from collections.abc import Iterable
from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.checking import Finding, Level, database_findings, settings_findings
from uln_server.cli.checking_jobs import jobs_findings, mail_findings
from uln_server.cli.configuration import Database, settings
from uln_server.cli.opening import kind_of, opened
from uln_server.cli.problems import Problem


def check(
    passwords: Annotated[
        bool,
        typer.Option(
            "--passwords", help="Compare every organisation's password with the sandbox's; a quarter second each."
        ),
    ] = False,
    database: Database = None,
) -> None:
    """Check settings, certificates, register, and whether jobs are worked off and the mail server answers.

    `serve` looks at the first three when it starts, and does not start with an error.
    """
    chosen = settings(database=database)
    with opened(database) as register:
        with register.reading() as reading:
            kind = kind_of(reading, register)
        found = [
            *settings_findings(chosen, kind),
            *database_findings(register, passwords=passwords),
            *jobs_findings(chosen, register),
            *mail_findings(chosen),
        ]
        output.say(f"{register.url}: a {kind} register.")
    refuse_errors(found)
    output.say("It can be served.")


def refuse_errors(found: Iterable[Finding]) -> None:
    """Write every finding to stderr, and raise ``Problem`` if one of them is an error."""
    errors = 0
    for each in found:
        output.note(f"{each.level}: {each.text}")
        output.note(f"  {each.remedy}")
        errors += each.level is Level.ERROR
    if errors:
        raise Problem(f"{errors} error{'s' if errors > 1 else ''}: this cannot be served.", "Put it right first.")
