"""``uln check``: say, offline, what is wrong with batch files, and write corrected copies."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uln_client.cli.exits import Exit
from uln_client.cli.output import is_plain, note, say
from uln_client.cli.run_bar import run_bar
from uln_client.cli.values import one_of
from uln_client.errors import UsageError

if TYPE_CHECKING:
    from uln_client.cli.options import Choices
    from uln_client.files.report import Report
    from uln_contract.batch_files.checking import Options
    from uln_contract.batch_files.findings import Finding
    from uln_contract.layouts import FileKind

_KINDS = ("registration", "verification", "achievements")


def check(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(help="CSV, XML or .xlsx files of a published layout; - reads a pipe.", metavar="FILE..."),
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="What the records are for; else the headings say it.", metavar="|".join(_KINDS)),
    ] = None,
    strict: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--strict", help="Take warnings for errors.")
    ] = False,
    show_all: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--all", help="Show every finding, not the first five of a kind.")
    ] = False,
    fix: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool,
        typer.Option("--fix", help="Write a corrected copy into the folder corrected, and say what it changes."),
    ] = False,
    output: Annotated[
        str | None, typer.Option(help="Write the corrected copy to this file instead.", metavar="FILE")
    ] = None,
    junit: Annotated[
        str | None, typer.Option(help="Write a JUnit XML report to this file too.", metavar="FILE")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the text, such as windows-1252.")] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="What separates the values of a CSV.", metavar="comma|semicolon|tab|bar")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Worksheet of a workbook to read.")] = None,
) -> None:
    """Check batch files offline: structure, values, check digits, dates, duplicates, count.

    Nothing is sent. Ends with 0 when every row can be sent, 3 when some cannot, 2 when a file cannot be used.
    """
    from uln_contract.batch_files.checking import Options  # noqa: PLC0415  # slow; --help has no need
    from uln_contract.layouts import FileKind  # noqa: PLC0415  # as above

    if output is not None and len(files) > 1:
        raise UsageError(
            "--output names one file, and several are checked.", "Check them one by one, or use --fix."
        )
    wanted = FileKind(one_of("The kind of file", kind, _KINDS)) if kind else None
    given = Options(strict=strict, encoding=encoding, delimiter=delimiter, sheet=sheet, ukprn=_ukprn(context.obj))
    for name in files:
        _refuse_unreadable(name)
    if junit is not None and not Path(junit).parent.is_dir():
        raise _unwritable(junit, "there is no such folder")
    run = _Run(wanted, given, None if show_all else _first(), Path(output) if output else None, fix=fix)
    outcome = run.listed(files) if context.obj.json else run.told(files)
    if junit is not None:
        _write_junit(Path(junit), run.reports)
    raise typer.Exit(outcome)


def _refuse_unreadable(name: str) -> None:
    """Refuse what cannot be read before anything is said of another file."""
    try:
        if name != "-":
            Path(name).open("rb").close()
    except OSError as error:
        raise UsageError(
            f"The file {name} cannot be read: {error.strerror}.",
            "Give a file that is there and that you may read.",
        ) from None


def _first() -> int:
    from uln_client.files.report import FIRST  # noqa: PLC0415  # slow; --help has no need

    return FIRST


def _ukprn(choices: "Choices") -> str | None:
    """The organisation whose files these are, if anything says so: option, environment or file."""
    if choices.values.get("ukprn"):
        return str(choices.values["ukprn"])
    from uln_client.settings import Settings  # noqa: PLC0415  # slow; --help has no need

    return Settings.load().ukprn


@dataclass(slots=True)
class _Run:
    """What the command line asked for, and the reports so far."""

    kind: "FileKind | None"
    options: "Options"
    most: int | None
    output: Path | None
    fix: bool
    reports: "list[Report]" = field(default_factory=list)

    def told(self, names: Sequence[str]) -> Exit:
        """Check files and say in words what was found."""
        from uln_client.cli.check_words import words  # noqa: PLC0415  # slow; --help has no need

        for name in names:
            report = self._check(name, _nobody)
            say(words(report))
            if report.no_copy:
                note(report.no_copy)
        return self._worst()

    def listed(self, names: Sequence[str]) -> Exit:
        """Check files and write one JSON document meanwhile."""
        from uln_client.files.report_json import JsonReport  # noqa: PLC0415  # slow; --help has no need

        listing = JsonReport(sys.stdout, plain=is_plain())
        for name in names:
            listing.begin(name)
            report = self._check(name, listing.finding)
            listing.end(report, outcome_of(report))
        listing.close(self._worst())
        return self._worst()

    def _check(self, name: str, told: "Callable[[Finding], None]") -> "Report":
        from uln_client.files.examining import examine, readable_file  # noqa: PLC0415  # slow; --help has no need
        from uln_client.files.report import Report  # noqa: PLC0415  # as above

        report = Report(name, self.most)
        self.reports.append(report)
        with readable_file(name) as path:
            with run_bar() as bar:
                bar.stage(f"Checking {Path(name).name}")
                examine(path, report, kind=self.kind, options=self.options, told=told, position=bar.position)
            if self.fix or self.output:
                from uln_client.files.correcting import correct  # noqa: PLC0415  # as above

                correct(path, report, kind=self.kind, options=self.options, output=self.output)
        return report

    def _worst(self) -> Exit:
        return max(map(outcome_of, self.reports), key=_BEST_FIRST.index)


# With several files the worst decides.
_BEST_FIRST = (Exit.DONE, Exit.UNSURE, Exit.USAGE)


def outcome_of(report: "Report") -> Exit:
    """Give the exit code of a file by itself."""
    if report.unusable or report.no_copy:
        return Exit.USAGE
    return Exit.UNSURE if report.refused else Exit.DONE


def _nobody(finding: "Finding") -> None:
    """Take a finding; in words all is said once the file has been read."""


def _write_junit(path: Path, reports: "Sequence[Report]") -> None:
    from uln_client.files.report_junit import junit  # noqa: PLC0415  # slow; --help has no need

    mode = _mode(reports)
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:  # Path takes no mode
            file.write(junit(reports))
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from None


def _mode(reports: "Sequence[Report]") -> int:
    """Give the permissions of a report: it has values of the files in it, so nobody more may read it than they."""
    mode = _ALL
    for each in reports:
        mode &= _OWNER if each.file == "-" else Path(each.file).stat().st_mode | _OWNER
    return mode


_OWNER, _ALL = 0o600, 0o666  # who may read and write


def _unwritable(path: str | Path, why: str) -> UsageError:
    return UsageError(f"The report {path} cannot be written: {why}.", "Name another file with --junit.")
