"""``uln-server key``: what ULNs are made of, kept safe and taken on, so that no number is given twice."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.asking import require_consent
from uln_server.cli.configuration import Database
from uln_server.cli.key_file import KeyFile, fingerprint, read, write
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.cli.problems import Exit, Problem
from uln_server.register.issuing import PREFIXES
from uln_server.store.registers import RegisterKind
from uln_server.store.uln_numbers import Numbering
from uln_server.store.units import Reading, Writing

commands = typer.Typer(
    help="Back up and restore the key that ULNs are made with, and move its counter on. The key is never shown.",
    no_args_is_help=True,
)

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Next = Callable[[Numbering], Numbering]


@commands.command()
def show(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False, database: Database = None
) -> None:
    """Say which key it is, by a fingerprint, and how many numbers are left; never the key."""
    with opened(database) as register, register.reading() as reading:
        kind, held = _kind(reading), reading.numbering.get()
    found = {
        "register": kind,
        "fingerprint": fingerprint(held.key),
        "next_counter": held.counter,
        "numbers_left": _left(held),
    }
    if as_json:
        output.document(found)
    else:
        output.pairs({name.replace("_", " "): str(value) for name, value in found.items()})


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    database: Database = None,
) -> None:
    """Write key and counter to a new file that only you can read. Keep it as safe as the register."""
    with opened(database) as register, register.writing() as writing:
        held = writing.numbering.get()
        kept = KeyFile(kind=_kind(writing), key=held.key, next_counter=held.counter, written_at=datetime.now(UTC))
        writing.audit.add(replace(act("key backup"), reason=_words(held)))
        write(file, kept)
    output.say(
        f"Wrote {file}: {_words(held)}.", "It holds a secret: keep it where you keep backups, and nowhere else."
    )


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `key backup` wrote.")],
    yes: Yes = False,
    database: Database = None,
) -> None:
    """Give a register the key of a file, and move its counter to the file's, unless it is further on already."""
    given = read(file)

    def following(held: Numbering) -> Numbering:
        return Numbering(given.key, max(held.counter, given.next_counter))

    _take_on(database, "key restore", following, kind=given.kind, yes=yes)


@commands.command()
def skip(
    count: Annotated[int, typer.Argument(metavar="N", min=1, help="How many numbers are left out.")],
    yes: Yes = False,
    database: Database = None,
) -> None:
    """Move the counter on, past numbers that went out after the copy that the register was restored from."""

    def following(held: Numbering) -> Numbering:
        if held.counter + count > PREFIXES:
            raise Problem(
                f"The counter stands at {held.counter} and ends at {PREFIXES}: {count} cannot be left out.",
                "Give a smaller number; docs/operating.md says how to choose it.",
                ends_with=Exit.USAGE,
            )
        return replace(held, counter=held.counter + count)

    _take_on(database, "key skip", following, yes=yes)


def _take_on(
    url: str | None, command: str, following: Next, *, kind: RegisterKind | None = None, yes: bool
) -> None:
    """Say what would change and ask, then change it; nobody draws a number meanwhile."""
    with opened(url) as register:
        with register.reading() as reading:
            _require(kind, _kind(reading))
            held = reading.numbering.get()
            wanted = following(held)
        if wanted == held:
            output.say(f"Nothing to change: {_words(held)}.")
            return
        if not yes:
            require_consent(f"{register.url}: {_change(held, wanted)}. Go on?")
        with register.writing() as writing:
            held = writing.numbering.locked()
            wanted = following(held)
            writing.numbering.set(held, wanted)
            writing.audit.add(replace(act(command), reason=_change(held, wanted)))
    output.say(f"Done: {_words(wanted)}.")


def _require(wanted: RegisterKind | None, held: RegisterKind) -> None:
    if wanted not in (None, held):
        raise Problem(
            f"The file holds the key of a {wanted} register, and this is a {held} one.",
            "Name another file, or another register with --database or ULN_SERVER_DATABASE.",
        )


def _kind(reading: Reading | Writing) -> RegisterKind:
    kind = reading.register.kind
    if kind is None:  # `opened` saw one
        raise RuntimeError("The register lost its kind.")
    return kind


def _change(held: Numbering, wanted: Numbering) -> str:
    key = f"key {fingerprint(held.key)}"
    if held.key != wanted.key:
        key = f"{key} -> {fingerprint(wanted.key)}"
    return f"{key}, next counter {held.counter} -> {wanted.counter}, {_left(wanted)} numbers left"


def _words(held: Numbering) -> str:
    return f"key {fingerprint(held.key)}, next counter {held.counter}, {_left(held)} numbers left"


def _left(held: Numbering) -> int:
    """How many ULNs the rest of the counter makes, near enough: one prefix in eleven has no check digit."""
    return (PREFIXES - held.counter) * 10 // 11
