"""``uln-server provider``: the learning providers that are known."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

from pathlib import Path
from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.configuration import Database
from uln_server.cli.files import Delimiter, Encoding, Errors, delimiter_named, encoding_named, errors_beside
from uln_server.cli.lists import Noting, imported
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.importing.lists import ListOrder
from uln_server.importing.providers import Fate, carry_out

commands = typer.Typer(help="Say which learning providers there are.", no_args_is_help=True)


@commands.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with the columns UKPRN and Name.")],
    errors: Errors = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    check: Annotated[bool, typer.Option("--check", help="Check every row, and leave the list as it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """Add providers to the list, and give those that it has their present names; nobody is taken off.

    Ends with 0 when every row was taken, 3 when some were refused, 2 when the file cannot be used.
    """
    order = ListOrder(
        path=file,
        errors=errors_beside(file, errors),
        encoding=encoding_named(encoding),
        delimiter=delimiter_named(delimiter),
        check=check,
    )
    with opened(database) as register:
        imported(order, lambda: carry_out(register, order, act, Noting()), Fate, as_json=as_json)


@commands.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """List every provider that is known, by UKPRN."""
    with opened(database) as register, register.reading() as reading:
        found = reading.providers.all()
    if as_json:
        output.document([{"ukprn": each.ukprn, "name": each.name} for each in found])
    else:
        output.table(("UKPRN", "NAME"), ((each.ukprn, each.name) for each in found))
