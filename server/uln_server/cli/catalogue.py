"""``uln-server catalogue``: what can be awarded, and by whom."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from uln_server.catalogue.entry import Entry, EntryKind
from uln_server.catalogue.provider import is_ukprn
from uln_server.catalogue.reference import SHAPES, key_of
from uln_server.cli import entries, output
from uln_server.cli.configuration import Database
from uln_server.cli.files import Delimiter, Encoding, Errors, delimiter_named, encoding_named, errors_beside
from uln_server.cli.lists import Noting, imported
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.cli.problems import Exit, Problem
from uln_server.importing.catalogue.run import Fate, carry_out
from uln_server.importing.lists import ListOrder
from uln_server.store.units import Reading

commands = typer.Typer(help="Take qualifications and units in from lists, and look at them.", no_args_is_help=True)

Reference = Annotated[
    str, typer.Argument(metavar="REFERENCE", help="A unit's or a qualification's, with slashes or without.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@commands.command("import")
def import_list(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV in our own form, or Ofqual's export; its headings tell.")
    ],
    errors: Errors = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="The file is the whole list of each owner in it: withdraw what it lacks of theirs."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check every row, and leave the catalogue as it is.")
    ] = False,
    as_json: Json = False,
    database: Database = None,
) -> None:
    """Take a list into the catalogue: what is new is added, what is different is changed, the rest stays.

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
        imported(
            order,
            lambda: carry_out(register, order, act, Noting(), complete=complete),
            Fate,
            as_json=as_json,
        )


@commands.command()
def show(reference: Reference, as_json: Json = False, database: Database = None) -> None:
    """Show a qualification or a unit, withdrawn ones too."""
    with opened(database) as register, register.reading() as reading:
        found = _present(reading, reference)
        groups = reading.catalogue.combination(found.key)
        names = entries.named(groups, reading.catalogue)
    if as_json:
        output.document(entries.as_data(found, groups))
    else:
        output.pairs(entries.as_words(found))
        output.say(*entries.as_tree(groups, names))


@commands.command()
def history(reference: Reference, as_json: Json = False, database: Database = None) -> None:
    """List what happened to an entry, oldest first, and what was there before."""
    with opened(database) as register, register.reading() as reading:
        events = reading.catalogue.history(_present(reading, reference).key)
    if as_json:
        output.document([entries.event_as_data(each) for each in events])
    else:
        output.say(*(line for each in events for line in entries.event_as_lines(each)))


@commands.command("list")
def list_all(
    owner: Annotated[
        str, typer.Option(metavar="OWNER", help="One owner's: UKPRN, OrganisationRef or recognition number.")
    ] = "",
    kind: Annotated[EntryKind | None, typer.Option(help="Qualifications or units alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
    database: Database = None,
) -> None:
    """List the catalogue in the order of the references."""
    with opened(database) as register, register.reading() as reading:
        found = (
            each for each in reading.catalogue.all(_owner(reading, owner)) if kind is None or each.kind is kind
        )
        if as_json:
            for each in found:
                output.document(entries.as_data(each), indent=None)
        else:
            output.table(entries.HEADINGS, map(entries.as_row, found))


@commands.command()
def recognise(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A regulator's number, such as RN5133.")],
    ukprn: Annotated[
        str | None, typer.Option(metavar="UKPRN", help="The organisation's; without it, nobody's from now on.")
    ] = None,
    database: Database = None,
) -> None:
    """Say which organisation a regulator's recognition number is, so that it can award what is under it."""
    if ukprn is not None and not is_ukprn(ukprn):
        raise Problem(f"{ukprn} is no UKPRN.", "Give its eight digits.", ends_with=Exit.USAGE)
    entry = replace(act("catalogue recognise", organisation=ukprn), reason=number.upper())
    with opened(database) as register, register.writing() as writing:
        writing.catalogue.recognise(number.upper(), ukprn)
        writing.audit.add(entry)
    output.say(f"{number.upper()} is {ukprn or 'nobody'}.")


def _present(reading: Reading, reference: str) -> Entry:
    if key_of(reference) is None:
        raise Problem(f"{reference} is no reference.", f"Write it like {SHAPES}.", ends_with=Exit.USAGE)
    found = reading.catalogue.get(reference)
    if found is None:
        remedy = "Check the number, or import a list that has it."
        raise Problem(f"The catalogue has no {reference}.", remedy, ends_with=Exit.USAGE)
    return found


def _owner(reading: Reading, named: str) -> str:
    """Give an owner as entries name it: an organisation's UKPRN in the place of its OrganisationRef."""
    organisation = reading.organisations.by_identifier(named)
    return organisation.ukprn if organisation else named.upper()
