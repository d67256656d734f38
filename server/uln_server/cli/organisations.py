"""``uln-server org``: who may call."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import typer

from uln_server.access.organisation import Agreement, Kind, Organisation, OwnProcedure
from uln_server.cli import output
from uln_server.cli.configuration import Database
from uln_server.cli.forms import Form, forms_of
from uln_server.cli.opening import kind_of, opened
from uln_server.cli.operator import act
from uln_server.cli.passwords import Generate, Password, PasswordFile, new_password, refuse_sandbox_password
from uln_server.cli.problems import Exit, Problem
from uln_server.sandbox.recognising import is_sandbox_identifier
from uln_server.store.units import Writing

commands = typer.Typer(help="Set organisations up, and say what they may do.", no_args_is_help=True)

Identifier = Annotated[str, typer.Argument(metavar="ORGANISATION", help="UKPRN or OrganisationRef.")]
Agreements = Annotated[list[Agreement], typer.Argument(metavar="AGREEMENT...", help="What it signed for.")]
_NAMES = ", ".join(Agreement)


@commands.command()
def add(
    ukprn: Annotated[str, typer.Argument(metavar="UKPRN", help="8 characters.")],
    ref: Annotated[str, typer.Option(metavar="REF", help="OrganisationRef, 6 characters.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Name, for people.")],
    kind: Annotated[Kind, typer.Option(help="What it is.")],
    agree: Annotated[
        list[Agreement] | None,
        typer.Option(metavar="AGREEMENT", help=f"What it signed for; repeatable: {_NAMES}."),
    ] = None,
    hours: Annotated[
        str, typer.Option(metavar="HOURS", help="When it may call: always, never or HH:MM-HH:MM in UK time.")
    ] = "always",
    generate: Generate = False,
    password_file: PasswordFile = None,
    fault_qualified: Annotated[
        bool | None, typer.Option(help="Qualify the children of faults for it, whatever the address's default.")
    ] = None,
    linked_ulns_qualified: Annotated[
        bool | None, typer.Option(help="Qualify LinkedULNs for it, whatever the address's default.")
    ] = None,
    database: Database = None,
) -> None:
    """Set an organisation up: it may call from now on, as far as its agreements go."""
    with opened(database) as register:
        password = new_password(password_file, generate=generate)
        with register.writing() as writing:
            _refuse_sandbox_identifiers(ukprn, ref, kind=kind_of(writing, register))
            refuse_sandbox_password(password, kind_of(writing, register))
            made = writing.organisations.add(
                kind=kind,
                ukprn=ukprn,
                organisation_ref=ref,
                name=name,
                password=password.text,
                agreements=agree or (),
                hours=hours,
                fault_qualified=fault_qualified,
                linked_ulns_qualified=linked_ulns_qualified,
            )
            writing.audit.add(act("org add", organisation=made.ukprn))
    output.say(f"Added {_named(made)}; it may: {_may(made)}.")
    _show_once(password)


@commands.command("list")
def list_all(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """List every organisation, by UKPRN."""
    with opened(database) as register, register.reading() as reading:
        found = reading.organisations.all()
    if as_json:
        output.document([_as_data(each) for each in found])
    else:
        output.table(
            ("UKPRN", "REF", "STATUS", "HOURS", "FIND FIRST", "KIND", "NAME", "MAY"),
            (
                (
                    *(each.ukprn, each.organisation_ref, each.status, each.hours, _short_procedure(each)),
                    *(each.kind, each.name, _may(each)),
                )
                for each in found
            ),
        )


@commands.command()
def suspend(organisation: Identifier, database: Database = None) -> None:
    """Let an organisation call no longer: its very next message is refused (WSEC0003)."""
    done = _change(database, "org suspend", lambda writing: writing.organisations.suspend(organisation))
    output.say(f"{_named(done)} is suspended.")


@commands.command()
def resume(organisation: Identifier, database: Database = None) -> None:
    """Let a suspended organisation call again."""
    done = _change(database, "org resume", lambda writing: writing.organisations.resume(organisation))
    output.say(f"{_named(done)} may call again.")


@commands.command("set-password")
def set_password(
    organisation: Identifier,
    generate: Generate = False,
    password_file: PasswordFile = None,
    database: Database = None,
) -> None:
    """Change an organisation's password: the old one stops working at once."""
    with opened(database) as register:
        password = new_password(password_file, generate=generate)
        with register.writing() as writing:
            refuse_sandbox_password(password, kind_of(writing, register))
            done = writing.organisations.set_password(organisation, password.text)
            writing.audit.add(act("org set-password", organisation=done.ukprn))
    output.say(f"{_named(done)} has a new password.")
    _show_once(password)


@commands.command("set-hours")
def set_hours(
    organisation: Identifier,
    hours: Annotated[str, typer.Argument(metavar="HOURS", help="always, never or HH:MM-HH:MM in UK time.")],
    database: Database = None,
) -> None:
    """Say when an organisation may call; at other times it is told WSEC0004."""
    done = _change(database, "org set-hours", lambda writing: writing.organisations.set_hours(organisation, hours))
    output.say(f"{_named(done)} may call: {done.hours}.")


@commands.command("set-forms")
def set_forms(
    organisation: Identifier,
    fault_qualified: Annotated[
        Form | None, typer.Option(help="Qualify the children of faults for it; default: as the address does.")
    ] = None,
    linked_ulns_qualified: Annotated[
        Form | None, typer.Option(help="Qualify LinkedULNs for it; default: as the address does.")
    ] = None,
    database: Database = None,
) -> None:
    """Say in which form replies are written for an organisation, from its next message on."""
    if fault_qualified is None and linked_ulns_qualified is None:
        raise Problem(
            "Neither --fault-qualified nor --linked-ulns-qualified was given.",
            "Give one of them, or both, with yes, no or default.",
            ends_with=Exit.USAGE,
        )

    def change(writing: Writing) -> Organisation:
        held = writing.organisations.by_identifier(organisation)
        fault, linked = (held.fault_qualified, held.linked_ulns_qualified) if held else (None, None)
        return writing.organisations.set_forms(
            organisation,
            fault_qualified=fault_qualified.qualified if fault_qualified else fault,
            linked_ulns_qualified=linked_ulns_qualified.qualified if linked_ulns_qualified else linked,
        )

    done = _change(database, "org set-forms", change)
    output.say(f"{_named(done)} gets replies with: {forms_of(done)}.")


@commands.command("set-procedure")
def set_procedure(
    organisation: Identifier,
    find_first: Annotated[
        bool | None, typer.Option(help="Whether it must search for a learner before it registers one.")
    ] = None,
    maximum_minutes: Annotated[
        int | None, typer.Option(metavar="N", help="Minutes that such a search counts.")
    ] = None,
    minimum_seconds: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Seconds from a search with possible matches to the registration, at least."
        ),
    ] = None,
    default: Annotated[
        bool, typer.Option("--default", help="As the settings say, in whatever no other option names.")
    ] = False,
    database: Database = None,
) -> None:
    """Say how an organisation must search before it registers, from its next message on."""
    given = {"find_first": find_first, "maximum_minutes": maximum_minutes, "minimum_seconds": minimum_seconds}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if not chosen and not default:
        raise Problem(
            "Nothing was chosen.",
            "Give --find-first, --no-find-first, --maximum-minutes, --minimum-seconds or --default.",
            ends_with=Exit.USAGE,
        )

    def change(writing: Writing) -> Organisation:
        found = writing.organisations.by_identifier(organisation)
        held = OwnProcedure() if default or found is None else found.procedure
        return writing.organisations.set_procedure(organisation, replace(held, **chosen))

    done = _change(database, "org set-procedure", change)
    output.say(f"{_named(done)} registers learners with: {_procedure(done)}.")


@commands.command()
def agree(organisation: Identifier, agreements: Agreements, database: Database = None) -> None:
    """Record that an organisation signed agreements, from now on."""
    done = _change(
        database,
        "org agree",
        lambda writing: [writing.organisations.agree(organisation, each) for each in agreements][-1],
    )
    output.say(f"{_named(done)} may: {_may(done)}.")


@commands.command()
def withdraw(organisation: Identifier, agreements: Agreements, database: Database = None) -> None:
    """Record that agreements of an organisation end now; that they were in force stays on record."""
    done = _change(
        database,
        "org withdraw",
        lambda writing: [writing.organisations.withdraw(organisation, each) for each in agreements][-1],
    )
    output.say(f"{_named(done)} may: {_may(done)}.")


def _refuse_sandbox_identifiers(*identifiers: str, kind: str) -> None:
    """Raise ``Problem`` for a sandbox organisation's identifier in a production register [O].

    No command deletes an organisation, and a register that holds one of the sandbox's is not served.
    """
    for each in identifiers if kind == "production" else ():
        if is_sandbox_identifier(each):
            raise Problem(
                f"{each} belongs to an organisation of the sandbox, which a production register may not hold.",
                "Give the UKPRN and the OrganisationRef of the organisation itself; to try the sandbox, make one"
                " in another database with `uln-server init --sandbox`.",
                ends_with=Exit.USAGE,
            )


def _change(url: str | None, command: str, change: Callable[[Writing], Organisation]) -> Organisation:
    with opened(url) as register, register.writing() as writing:
        done = change(writing)
        writing.audit.add(act(command, organisation=done.ukprn))
    return done


def _named(organisation: Organisation) -> str:
    return f"{organisation.name} (UKPRN {organisation.ukprn}, OrganisationRef {organisation.organisation_ref})"


def _may(organisation: Organisation) -> str:
    return ", ".join(sorted(organisation.agreements)) or "nothing yet"


def _procedure(organisation: Organisation) -> str:
    """Say how an organisation must search before it registers; ``default`` is whatever the settings say."""
    own = organisation.procedure
    first, maximum, minimum = own.find_first, own.maximum_minutes, own.minimum_seconds
    return ", ".join(
        (
            f"find first: {'default' if first is None else 'yes' if first else 'no'}",
            f"maximum: {'default' if maximum is None else f'{maximum} min'}",
            f"minimum: {'default' if minimum is None else f'{minimum} s'}",
        )
    )


def _short_procedure(organisation: Organisation) -> str:
    """The same for a table; a time that is left out is as the settings say."""
    own = organisation.procedure
    parts = (
        "default" if own.find_first is None else "yes" if own.find_first else "no",
        None if own.maximum_minutes is None else f"max {own.maximum_minutes} min",
        None if own.minimum_seconds is None else f"min {own.minimum_seconds} s",
    )
    return ", ".join(filter(None, parts))


def _show_once(password: Password) -> None:
    if password.generated:
        output.say(f"Password: {password.text}", "It is kept as a hash alone: pass it on now, over a safe way.")


def _as_data(organisation: Organisation) -> dict[str, object]:
    return {
        "ukprn": organisation.ukprn,
        "organisation_ref": organisation.organisation_ref,
        "name": organisation.name,
        "kind": organisation.kind,
        "status": organisation.status,
        "hours": organisation.hours,
        "agreements": sorted(organisation.agreements),
        "fault_qualified": organisation.fault_qualified,
        "linked_ulns_qualified": organisation.linked_ulns_qualified,
        "find_first": organisation.procedure.find_first,
        "find_maximum_minutes": organisation.procedure.maximum_minutes,
        "review_minimum_seconds": organisation.procedure.minimum_seconds,
    }
