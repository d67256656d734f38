"""The jobs as an operation sees them: submitted with their rows, and looked at."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from uln_server.batch.job import Fields, Job, JobId, Row, RowResult, Submission, Written


class Jobs(Protocol):
    """Jobs, to be read."""

    def get(self, job_id: JobId) -> Job | None:
        """Give a job as it stands; ``None`` for an unknown one. Whose it is, is for the caller to look at."""

    def results(self, job_id: JobId) -> Iterator[tuple[Row, RowResult | None]]:
        """Give each row in its order, with its result if it has one."""

    def remarked(self, job_id: JobId) -> Iterator[tuple[Row, RowResult]]:
        """Give the rows whose result says more than its code, in their order."""


class JobSubmissions(Protocol):
    """Jobs, to be submitted."""

    def submit(self, submission: Submission, rows: Iterable[Fields | Written]) -> JobId:
        """Keep a job with its rows and give its number; a repetition gets the first one's."""
