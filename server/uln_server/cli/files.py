"""The options by which every command that reads a file says where it is and how it is written."""

from pathlib import Path
from typing import Annotated

import typer

from uln_server.cli.problems import Exit, Problem
from uln_server.importing.csv_rows import ENCODINGS

Errors = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where rows that are refused are explained; otherwise beside FILE, as NAME.errors.csv.",
    ),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="utf-8 (also without saying so), utf-16 or windows-1252.")
]
Delimiter = Annotated[
    str | None, typer.Option(metavar="CHARACTER", help="What stands between cells, or the word tab.")
]


def errors_beside(file: Path, named: Path | None) -> Path:
    """Give where refused rows are explained; ``Problem`` when that is the file itself."""
    errors = file.with_name(f"{file.stem}.errors.csv") if named is None else named
    if errors.absolute() == file.absolute():
        raise Problem(
            f"{file} would be written over with its own errors.", "Name another file.", ends_with=Exit.USAGE
        )
    return errors


def encoding_named(named: str | None) -> str | None:
    """Give an encoding as ``csv_rows`` knows it; ``Problem`` for one that is not read."""
    if named is None or named.lower() in ENCODINGS:
        return named and named.lower()
    raise Problem(f"--encoding {named!r} is not read.", f"Name {', '.join(ENCODINGS)}.", ends_with=Exit.USAGE)


def delimiter_named(named: str | None) -> str | None:
    """Give the character that was meant; ``Problem`` for what cannot stand between cells."""
    character = "\t" if named == "tab" else named
    if character is None or (len(character) == 1 and character not in '"\r\n'):
        return character
    raise Problem(f"--delimiter {named!r} is no delimiter.", "Give one character, or tab.", ends_with=Exit.USAGE)
