"""The options that every command shares; they may stand before the command's name or after it."""
# ruff: noqa: ARG001, FBT002, PLR0913, PLR0917  # typer reads the options off a signature, the context holds their values

import sys
from copy import copy
from dataclasses import dataclass, field
from importlib.metadata import version as distribution_version
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uln_client.errors import UsageError

if TYPE_CHECKING:
    from uln_client.settings import Options

_PANEL = "Connection (also before the command)"


@dataclass(slots=True)
class Choices:
    """What the command line chose: ``values`` by option name, those after the command over those before it."""

    values: dict[str, Any] = field(default_factory=dict)

    def take(self, name: str, value: object) -> None:
        """Keep a value that was given."""
        if value is not None:
            self.values[name] = value

    @property
    def json(self) -> bool:
        """Whether the answer is wanted as one JSON document."""
        return bool(self.values.get("json"))

    @property
    def debug(self) -> bool:
        """Whether the calls are wanted on stderr."""
        return bool(self.values.get("debug"))

    def settings(self) -> "Options":
        """Give the chosen settings, the password read from its file."""
        options = {name: value for name, value in self.values.items() if name not in _NO_SETTINGS}
        if "password_file" in self.values:
            options["password"] = _first_line(self.values["password_file"])
        return options  # type: ignore[return-value]  # the names are those of the parameters below


_NO_SETTINGS = frozenset({"json", "debug", "password_file"})


def _first_line(file: str) -> str:
    """Read a password file, ``-`` for stdin: its first line, without the line's end."""
    try:
        text = sys.stdin.readline() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"The password file {file} cannot be read.", "Give a text file that you may read."
        ) from None
    return text.partition("\n")[0].rstrip("\r")


def _version(wanted: bool) -> None:  # noqa: FBT001  # the signature is the library's
    if wanted:
        typer.echo(f"uln {distribution_version('uln-interchange')}")
        raise typer.Exit


def shared(
    context: typer.Context,
    url: Annotated[str | None, typer.Option(help="Address of the service.", rich_help_panel=_PANEL)] = None,
    path: Annotated[
        str | None, typer.Option(help="Path of LearnerService under it.", rich_help_panel=_PANEL)
    ] = None,
    generation: Annotated[
        str | None,
        typer.Option(help="Generation of the contract.", metavar="today|2014", rich_help_panel=_PANEL),
    ] = None,
    wsdl: Annotated[
        str | None,
        typer.Option(help="WSDL to build calls from.", metavar="bundled|server", rich_help_panel=_PANEL),
    ] = None,
    ukprn: Annotated[str | None, typer.Option(help="UKPRN of your organisation.", rich_help_panel=_PANEL)] = None,
    orgref: Annotated[
        str | None, typer.Option(help="OrganisationRef of your organisation.", rich_help_panel=_PANEL)
    ] = None,
    password_file: Annotated[
        str | None,
        typer.Option(help="File whose first line is OrgPassword; - reads stdin.", rich_help_panel=_PANEL),
    ] = None,
    username: Annotated[str | None, typer.Option(help="Person who calls.", rich_help_panel=_PANEL)] = None,
    cert: Annotated[
        str | None, typer.Option(help="Client certificate, PEM.", metavar="PATH", rich_help_panel=_PANEL)
    ] = None,
    key: Annotated[str | None, typer.Option(help="Its key, PEM.", metavar="PATH", rich_help_panel=_PANEL)] = None,
    ca: Annotated[
        str | None,
        typer.Option(help="CAs to trust instead of the usual ones, PEM.", metavar="PATH", rich_help_panel=_PANEL),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(help="Seconds to wait for a reply.", metavar="SECONDS", rich_help_panel=_PANEL),
    ] = None,
    check_digit: Annotated[
        bool | None,
        typer.Option(
            "--check-digit/--no-check-digit",
            help="Refuse a ULN whose check digit is wrong.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None,
    json: Annotated[
        bool | None, typer.Option("--json", help="One JSON document on stdout.", rich_help_panel=_PANEL)
    ] = None,
    debug: Annotated[
        bool | None,
        typer.Option("--debug", help="Say on stderr what is called; no contents.", rich_help_panel=_PANEL),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Say the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Keep what stands before the command's name."""
    for name, value in context.params.items():
        context.obj.take(name, value)


def share(group: Any) -> None:
    """Let every command of the group take the shared options after its name as well.

    The copies hand their values to the :class:`Choices` of the run, so that no command repeats the list.
    """
    for command in group.commands.values():
        for option in group.params:
            if option.name in _SHARED:
                after = copy(option)
                after.expose_value = False
                after.callback = _keep
                command.params.append(after)


_SHARED = frozenset(signature(shared).parameters) - {"context", "version"}


def _keep(context: typer.Context, parameter: Any, value: object) -> object:
    context.obj.take(parameter.name, value)
    return value
