"""The options of the commands that take a whole file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from uln_client.files.runs import How

_PANEL = "File"

CheckOnly = Annotated[
    bool,
    typer.Option(
        "--check-only", help="Look what would become of each row; change nothing.", rich_help_panel=_PANEL
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Send no row that is only nearly right.", rich_help_panel=_PANEL)
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Encoding of the text, such as windows-1252; else it is found out.", rich_help_panel=_PANEL),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        help="What separates the values of a CSV; else it is found out.",
        metavar="comma|semicolon|tab|bar",
        rich_help_panel=_PANEL,
    ),
]
Sheet = Annotated[str | None, typer.Option(help="Worksheet of a workbook to read.", rich_help_panel=_PANEL)]
Output = Annotated[
    str | None,
    typer.Option(help="Folder for what is written; else that of the file.", metavar="DIR", rich_help_panel=_PANEL),
]
Restart = Annotated[
    bool,
    typer.Option("--restart", help="Forget an earlier run and send the whole file anew.", rich_help_panel=_PANEL),
]
ApplyMerges = Annotated[
    bool,
    typer.Option(
        "--apply-merges",
        help="Write a copy of the list with master ULNs in place of merged ones.",
        rich_help_panel=_PANEL,
    ),
]
NoWait = Annotated[
    bool,
    typer.Option(
        "--no-wait",
        help="Submit and leave; the same command later fetches what became of it.",
        rich_help_panel=_PANEL,
    ),
]
Email = Annotated[str | None, typer.Option(help="Whom the service tells when a job is done, if it sends mail.")]


@dataclass(frozen=True, slots=True)
class FileReading:
    """The options that are the same for every kind of file."""

    strict: bool
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    output: str | None
    no_wait: bool
    restart: bool

    def given(self) -> dict[str, object]:
        """Give what was given, by the option's name."""
        return {
            "--strict": self.strict,
            "--encoding": self.encoding,
            "--delimiter": self.delimiter,
            "--sheet": self.sheet,
            "--output": self.output,
            "--no-wait": self.no_wait,
            "--restart": self.restart,
        }

    def how(self, *, apply_merges: bool = False, **purpose: Any) -> "How":
        """Give how the file is run; ``purpose`` is what the kind's own options say."""
        from uln_client.files.runs import How, Purpose  # noqa: PLC0415  # slow; --help has no need

        return How(
            purpose=Purpose(
                strict=self.strict,
                encoding=self.encoding,
                delimiter=self.delimiter,
                sheet=self.sheet,
                **purpose,
            ),
            restart=self.restart,
            wait=not self.no_wait,
            output=Path(self.output) if self.output else None,
            apply_merges=apply_merges,
        )
