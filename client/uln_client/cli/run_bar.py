"""How far a file's run has come, at a terminal: a bar on stderr that is gone afterwards."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from uln_client.jobs import Job


class RunBar:
    """Shows the pass over the file, and how many rows were sent and done; without a terminal it shows nothing."""

    def __init__(self, bar: "Progress | None" = None) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._words = ""
        self._of: int | None = None
        self._sent = self._done = 0

    def stage(self, words: str) -> None:
        """Begin a pass over the file."""
        self._words, self._of, self._sent, self._done = words, None, 0, 0
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(words, total=None)

    def position(self, done: int, of: int) -> None:
        """Show how much of the file was read."""
        self._show(done, of, self._words)

    def rows(self, of: int) -> None:
        """Take note of how many rows are sent."""
        self._of = of

    def sent(self, rows: int) -> None:
        """Show that more rows were sent."""
        self._sent += rows
        self._rows()

    def done(self, rows: int) -> None:
        """Show that more rows have their result."""
        self._done += rows
        self._rows()

    def job(self, job: "Job") -> None:
        """Show nothing of one job alone."""

    def _rows(self) -> None:
        self._show(
            self._done, self._of, f"{self._words}: {self._sent:,} sent, {self._done:,} done of {self._of or 0:,}"
        )

    def _show(self, done: int, of: int | None, words: str) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=words, completed=done, total=of, refresh=True)


@contextmanager
def run_bar() -> Iterator[RunBar]:
    """Give what shows a run."""
    if not sys.stderr.isatty():
        yield RunBar()
        return
    from rich.console import Console  # noqa: PLC0415  # slow; --help has no need
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415  # as above

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield RunBar(bar)
