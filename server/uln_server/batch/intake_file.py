"""A file that was handed in through a folder, as the register keeps it: how far it has come (domain §8) [O]."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from uln_server.batch.job import JobId


class IntakeState(StrEnum):
    """How far a file has come.

    ``TAKEN``: it is checked, and its rows become jobs. ``WAITING``: all jobs are made. ``REPORTING``: they have
    ended, and what they came to is being written. ``FAILING``: why nothing of it is done has been written.
    ``DONE`` and ``FAILED`` say in which folder it lies.
    """

    TAKEN = "taken"
    WAITING = "waiting"
    REPORTING = "reporting"
    FAILING = "failing"
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more is done with it."""
        return self in {IntakeState.DONE, IntakeState.FAILED}


class Part(NamedTuple):
    """A job that was made of a file, and how many of its rows it has."""

    job_id: JobId
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFile:
    """One file.

    ``token`` names the folder in which it lies while it is worked on, under ``name``; once it has ended it lies
    there as ``filed_as``, which no other file of the organisation's is. ``digest`` is the SHA-256 of its content,
    once that is known. ``parts`` are the jobs that were made of its first good rows. Times are aware, UTC.
    """

    id: int
    token: str
    organisation_id: int
    ukprn: str
    name: str = field(repr=False)
    filed_as: str = field(repr=False)
    state: IntakeState
    digest: str | None = None
    parts: tuple[Part, ...] = ()
    taken_at: datetime
    ended_at: datetime | None = None

    @property
    def rows(self) -> int:
        """How many of its rows are those of jobs."""
        return sum(each.rows for each in self.parts)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that is ours until its claim ends; ``claim`` is a random text that only its holder knows."""

    file: IntakeFile
    claim: str
