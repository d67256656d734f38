"""Following jobs on the command line: a bar at a terminal, and what is said when somebody stops waiting."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uln_client.cli.output import note, printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from uln_client.jobs import Job


class Watching:
    """Keeps every job as it was seen last, and shows the one that is under way."""

    def __init__(self, bar: "Progress | None" = None) -> None:
        self.jobs: dict[int, Job] = {}
        self._bar = bar
        self._shown: dict[int, TaskID] = {}

    def __call__(self, job: "Job") -> None:
        """Take note of how a job stands."""
        self.jobs[job.job_id] = job
        if self._bar is not None and job.known:
            self._show(self._bar, job)

    def _show(self, bar: "Progress", job: "Job") -> None:
        from uln_client.jobs import progress  # noqa: PLC0415  # slow; --help has no need

        done, of = progress(job)
        said = printable(f"Job {job.job_id}: {job.status or 'submitted'}")
        if job.job_id not in self._shown:
            self._shown[job.job_id] = bar.add_task(said, total=None)
        shown = self._shown[job.job_id]
        bar.update(shown, description=said, completed=done, total=of, visible=not job.finished, refresh=True)

    def say_unfinished(self) -> None:
        """Say that the jobs go on without anybody waiting."""
        for job_id, job in self.jobs.items():
            if job.known and not job.finished:
                note(f"Job {job_id} goes on. uln job {job_id} shows what became of it.")


@contextmanager
def watching() -> Iterator[Watching]:
    """Follow jobs; at a terminal with a bar on stderr, which is gone afterwards."""
    if not sys.stderr.isatty():
        yield from _until_stopped(Watching())
        return
    from rich.console import Console  # noqa: PLC0415  # slow; --help has no need
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415  # as above

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from _until_stopped(Watching(bar))


def _until_stopped(watch: Watching) -> Iterator[Watching]:
    try:
        yield watch
    except KeyboardInterrupt:
        note("Interrupted.")
        watch.say_unfinished()
        raise
