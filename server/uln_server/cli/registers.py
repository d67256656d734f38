"""``uln-server init`` and ``uln-server reset``: making a register, and putting a sandbox back."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.configuration import Database, settings
from uln_server.cli.opening import require_current
from uln_server.cli.problems import Problem
from uln_server.sandbox import installing
from uln_server.store import database as store
from uln_server.store import schema
from uln_server.store.registers import RegisterKind

_NEXT = (
    "Next:",
    "  uln-server org add UKPRN --ref REF --name NAME --kind KIND --agree register-read --generate",
    "  set tls_certificate and tls_key in uln-server.toml, for https (docs/operating.md)",
    "  uln-server check",
    "  uln-server serve",
)


def init(
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Make a sandbox, with its fixed content.")] = False,
    database: Database = None,
) -> None:
    """Make the register, or bring its schema up to date. Make a backup before you bring one up to date."""
    kind: RegisterKind = "sandbox" if sandbox else "production"
    with store.Database.open(settings(database=database).database) as register:
        made = prepare(register, kind)
        output.say(f"{register.url} {'is now' if made else 'is up to date:'} a {kind} register.")
    if made and not sandbox:
        output.say(*_NEXT)


def reset(database: Database = None) -> None:
    """Give a sandbox its first content again; everything else in it is deleted. Refuses a production register."""
    with store.Database.open(settings(database=database).database) as register:
        schema.upgrade(register)
        installing.reset(register)
        output.say(f"{register.url} is the sandbox as it was on its first day.")


def prepare(register: store.Database, kind: RegisterKind) -> bool:
    """Make schema and register where they are missing; tell whether the register was made.

    Raises ``Problem`` when the database holds a register of the other kind.
    """
    schema.upgrade(register)
    require_current(register)
    with register.writing() as writing:
        held = writing.register.kind
        if held is not None:
            _require_same(held, kind, register)
            return False
        writing.register.create(kind)
        if kind == "sandbox":
            installing.install(writing)
    return True


def _require_same(held: str, wanted: str, register: store.Database) -> None:
    if held != wanted:
        same = "`uln-server init --sandbox`" if held == "sandbox" else "`uln-server init`"
        raise Problem(
            f"{register.url} holds a {held} register, which cannot become a {wanted} one.",
            f"To bring it up to date, say {same}; otherwise name another database with --database or"
            " ULN_SERVER_DATABASE.",
        )
