"""``uln-server import``: taking a file of existing learners into the register."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

import sys
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from uln_server.cli import output
from uln_server.cli.configuration import Database
from uln_server.cli.files import Delimiter, Encoding, Errors, delimiter_named, encoding_named, errors_beside
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.cli.problems import Exit, Problem
from uln_server.importing.file_import import Order, Outcome, carry_out
from uln_server.importing.problems import Unusable
from uln_server.importing.run import CHUNK
from uln_server.store.bulk import Progress


def import_learners(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with the contract's names as headings, or XML.")
    ],
    errors: Errors = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check every row, and leave the register as it is.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    database: Database = None,
) -> None:
    """Take learners and their ULNs from a file into the register. Interrupted, it goes on when it is run again.

    Ends with 0 when every row is in the register, 3 when some were refused, 2 when the file cannot be used.
    """
    order = Order(
        path=file,
        errors=errors_beside(file, errors),
        encoding=encoding_named(encoding),
        delimiter=delimiter_named(delimiter),
        check=check,
        chunk=CHUNK,
    )
    with opened(database) as register, _Watching(file) as watching:
        try:
            outcome = carry_out(register, order, act, watching)
        except Unusable as unusable:
            raise Problem(watching.so_far(unusable.text), unusable.remedy, ends_with=Exit.USAGE) from None
        except KeyboardInterrupt:
            raise Problem(watching.so_far("Interrupted."), "Run the same command again to go on.") from None
    _say(order, outcome, as_json=as_json)
    if outcome.progress.refused:
        raise typer.Exit(Exit.PARTLY)


class _Watching:
    """Shows a bar where stderr is a terminal, and remembers how far it came."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._progress: Progress | None = None
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def note(self, text: str) -> None:
        output.note(text)

    def moved(self, position: int, progress: Progress) -> None:
        self._progress = progress
        if self._task is None:
            self._task = self._bar.add_task("", total=self._file.stat().st_size)
        self._bar.update(self._task, completed=position, description=f"{progress.row:,} rows")

    def so_far(self, text: str) -> str:
        """Add to what happened how many records are in by now."""
        if self._progress is None:
            return text
        done = f"Up to row {self._progress.row} everything is dealt with: {self._progress.added} records added."
        return f"{text} {done}"


def _say(order: Order, outcome: Outcome, *, as_json: bool) -> None:
    progress = outcome.progress
    report = str(order.errors) if progress.refused else None
    if as_json:
        output.document(
            {
                "file": str(order.path),
                "check": order.check,
                "resumed_after_row": outcome.after or None,
                "rows": outcome.rows,
                "added": progress.added,
                "merged": progress.merged,
                "deleted": progress.deleted,
                "there_already": progress.held,
                "refused": progress.refused,
                "errors": report,
            }
        )
        return
    verb = "would be added" if order.check else "added"
    of_them = f" ({progress.merged} of them merged, {progress.deleted} deleted)"
    rows = f"{outcome.rows} {'row' if outcome.rows == 1 else 'rows'}"
    output.say(
        f"{rows}: {progress.added} {verb}{of_them if progress.merged or progress.deleted else ''},"
        f" {progress.held} there already, {progress.refused} refused."
    )
    if report:
        output.say(f"What is wrong with the refused rows, and what to do: {report}")
