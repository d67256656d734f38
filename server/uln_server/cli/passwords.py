"""Getting an organisation's password: from a prompt, a file, stdin or chance; never from an argument."""

import getpass
import secrets
import string
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from uln_server.cli.problems import Exit, Problem
from uln_server.sandbox.recognising import is_sandbox_password
from uln_server.store.organisations import PASSWORD_LENGTH

Generate = Annotated[bool, typer.Option("--generate", help="Make a random password and show it once.")]
PasswordFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="File whose first line is the password; - reads stdin. Without it the password is asked for.",
    ),
]

# Nothing that looks like something else when read out or copied from paper.
_LETTERS = "".join(one for one in string.ascii_letters + string.digits if one not in "0OoIl1")


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A new password, and whether only this command knows it."""

    text: str
    generated: bool


def new_password(file: str | None, *, generate: bool) -> Password:
    """Get a new password by the one way the options name, or by asking twice.

    Raises ``Problem`` for two ways at once, for two entries that differ, and for what cannot be read.
    """
    if generate and file is not None:
        raise Problem("--generate and --password-file both name a password.", "Give one.", ends_with=Exit.USAGE)
    if generate:
        return Password("".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH)), generated=True)
    if file not in (None, "-"):
        return Password(_first_line_of(Path(str(file))), generated=False)
    if file == "-" or not sys.stdin.isatty():
        return Password(sys.stdin.readline().rstrip("\r\n"), generated=False)
    return Password(_asked_twice(), generated=False)


def refuse_sandbox_password(password: Password, kind: str) -> None:
    """Raise ``Problem`` for a password of the sandbox's documentation in a production register [O]."""
    if kind == "production" and is_sandbox_password(password.text):
        raise Problem(
            "This password is printed in the sandbox's documentation: everyone knows it.",
            "Choose another, or let --generate make one.",
            ends_with=Exit.USAGE,
        )


def _first_line_of(file: Path) -> str:
    try:
        with file.open(encoding="utf-8-sig") as stream:
            return stream.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise Problem(
            f"The password file {file} cannot be read: {reason}.", "Name another file.", ends_with=Exit.USAGE
        ) from None


def _asked_twice() -> str:
    first = getpass.getpass(f"Password ({PASSWORD_LENGTH} characters): ")
    if getpass.getpass("Again: ") != first:
        raise Problem("The two passwords differ.", "Run the command again.", ends_with=Exit.USAGE)
    return first
