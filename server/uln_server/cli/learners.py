"""``uln-server learner``: looking at a record, and the changes that are made to whole records."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from uln_server.cli import output
from uln_server.cli.asking import require_consent
from uln_server.cli.configuration import Database
from uln_server.cli.history import tell
from uln_server.cli.opening import opened
from uln_server.cli.operator import act, author_of
from uln_server.cli.problems import Exit, Problem
from uln_server.register.authorship import Author
from uln_server.register.learner import Learner, Status
from uln_server.store.units import Writing

commands = typer.Typer(
    help="Show, merge, unmerge and delete learners' records; each of it is kept in the audit trail.",
    no_args_is_help=True,
)

Uln = Annotated[str, typer.Argument(metavar="ULN", help="Unique Learner Number, 10 digits.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not show the records and ask.")]


@commands.command()
def show(
    uln: Uln,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """Show a record as it stands, merged and deleted ones too. Prints personal data; the look-up is audited."""
    with opened(database) as register, register.writing() as writing:
        found = _present(writing.learners.get(uln), uln)
        linked = writing.learners.linked(uln)
        writing.audit.add(act("learner show", shown=(uln,)))
    if as_json:
        output.document(_as_data(found, linked))
    else:
        output.pairs(_as_words(found, linked))


@commands.command()
def history(
    uln: Uln,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """List what happened to a record, oldest first, and what was there before. The look-up is audited."""
    with opened(database) as register, register.writing() as writing:
        # Locked, so that no change comes between the record and what is told of it.
        told = tell(
            _present(writing.learners.locked(uln), uln), writing.events.history(uln), writing.events.links(uln)
        )
        writing.audit.add(act("learner history", shown=(uln,)))
    if as_json:
        output.document([each.as_data() for each in told])
    else:
        output.say(*(line for each in told for line in each.as_lines()))


@commands.command()
def merge(
    uln: Uln,
    into: Annotated[str, typer.Option(metavar="ULN", help="The record that stands for both from now on.")],
    yes: Yes = False,
    database: Database = None,
) -> None:
    """Merge a record into its master: the merged ULN answers with the master's record."""
    _confirm(database, "learner merge", (uln, into), f"Merge {uln} into {into}?", yes=yes)
    _change(database, "learner merge", (uln, into), lambda writing, by: writing.learners.merge(uln, into, by))
    output.say(f"{uln} is merged into {into}.")


@commands.command()
def unmerge(uln: Uln, database: Database = None) -> None:
    """Let a merged record stand for itself again."""
    _change(database, "learner unmerge", (uln,), lambda writing, by: writing.learners.unmerge(uln, by))
    output.say(f"{uln} stands for itself again.")


@commands.command()
def delete(uln: Uln, yes: Yes = False, database: Database = None) -> None:
    """Mark a record as deleted: it answers as unknown, and its ULN is never given again. Cannot be undone."""
    _confirm(database, "learner delete", (uln,), f"Delete {uln}? This cannot be undone.", yes=yes)
    _change(database, "learner delete", (uln,), lambda writing, by: writing.learners.delete(uln, by))
    output.say(f"{uln} is deleted.")


def _change(
    url: str | None, command: str, ulns: tuple[str, ...], change: Callable[[Writing, Author], Learner]
) -> None:
    entry = act(command, shown=ulns)
    with opened(url) as register, register.writing() as writing:
        change(writing, author_of(entry))
        writing.audit.add(entry)


def _confirm(url: str | None, command: str, ulns: tuple[str, ...], question: str, *, yes: bool) -> None:
    """Show whom it is about, and ask; what is shown is audited as shown, whatever the answer."""
    if yes:
        return
    with opened(url) as register, register.writing() as writing:
        found = [_present(writing.learners.get(uln), uln) for uln in ulns]
        writing.audit.add(act(f"{command}: asked", shown=ulns))
    for each in found:
        output.say(f"{each.uln}  {each.given_name} {each.family_name}, born {each.date_of_birth}, {_status(each)}")
    require_consent(question)


def _present(found: Learner | None, uln: str) -> Learner:
    if found is None:
        raise Problem(f"The register has no ULN {uln}.", "Check the number.", ends_with=Exit.USAGE)
    return found


def _status(learner: Learner) -> str:
    if learner.status is Status.MERGED:
        return f"merged into {learner.master_uln}"
    return learner.status.name.lower()


def _as_data(learner: Learner, linked: tuple[str, ...]) -> dict[str, Any]:
    data = {name: _plain(value) for name, value in asdict(learner).items()}
    return {**data, "status": learner.status.name.lower(), "linked_ulns": list(linked)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _as_words(learner: Learner, linked: tuple[str, ...]) -> dict[str, str]:
    data = {**_as_data(learner, linked), "status": _status(learner), "linked_ulns": ", ".join(linked)}
    return {name.replace("_", " "): str(value) for name, value in data.items() if value not in (None, "")}
