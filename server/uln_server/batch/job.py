"""A job: what was submitted, how far it has come, and what works its rows off (domain §7, §9)."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

FIRST_JOB_ID = 100_001
"""Where the one sequence of JobIDs begins; it stays within a 32-bit integer (domain §7) [O]."""

JobId = int
Written = str
"""A row's fields as the text that is kept of them: a JSON object on one line."""
Fields = Mapping[str, str | None]
Counts = Mapping[str, int]

U_contra = TypeVar("U_contra", contravariant=True)


class JobKind(StrEnum):
    """What is done with a job's rows."""

    REGISTRATION = "registration"
    VERIFICATION = "verification"
    ACHIEVEMENTS = "achievements"


class JobStatus(StrEnum):
    """Where a job stands, in the words of ExternalService's AchievementBatchJobStatus, for all services [O]."""

    WAITING = "Waiting"
    IN_PROGRESS = "InProgress"
    SUCCESSFUL = "Successful"
    FAILED = "Failed"
    CANCELLED = "Cancelled"

    @property
    def finished(self) -> bool:
        """Whether nothing more is done unless an operator says so."""
        return self not in UNFINISHED


UNFINISHED = frozenset({JobStatus.WAITING, JobStatus.IN_PROGRESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A message that asks for a job, without its rows.

    ``form`` is the JobType of a registration, FUL or CHK, or the submission type of achievements, Final or
    Provisional; empty where the kind has none. ``given`` are fields of the message that its output or its
    completion needs, such as an e-mail address. ``message_id`` is the audit's name of the message,
    ``wsa_message_id`` the client's own, from WS-Addressing, if it sent one. ``digest`` tells one content from
    another: see ``ContentDigest``. ``at`` is aware, UTC.
    """

    kind: JobKind
    form: str = ""
    organisation_id: int
    ukprn: str
    user: str
    message_id: str
    wsa_message_id: str | None = None
    digest: str
    at: datetime
    given: Fields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stands.

    ``rows`` is the number of its rows, ``done`` how many of them have their result: the first ones, in their
    order. ``counts`` says how many results have each code, ``done`` in all. ``rejection`` says why a failed job
    failed. Times are aware, UTC; the rest is the submission's.
    """

    id: JobId
    kind: JobKind
    form: str = ""
    organisation_id: int
    ukprn: str
    user: str
    message_id: str
    submitted_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    status: JobStatus = JobStatus.WAITING
    rows: int
    done: int = 0
    counts: Counts = field(default_factory=dict)
    rejection: str | None = None
    given: Fields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a job as it was submitted; ``position`` counts from 1."""

    position: int
    given: Fields = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: a code of the job's kind, and whatever else its output shows."""

    position: int
    code: str
    values: Fields = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is ours until its claim ends, as it was when we took it.

    ``claim`` is a random text that only its holder knows. ``attempts`` counts the claims since a chunk was
    committed, ours too.
    """

    job: Job
    claim: str = field(repr=False)
    attempts: int


class WrittenRows(Protocol):
    """Rows that were read one by one, and wait outside the memory; to be gone through again and again."""

    @property
    def digest(self) -> str:
        """What tells these rows from others."""

    def __iter__(self) -> Iterator[Written]:
        """Give the rows in their order."""

    def __len__(self) -> int:
        """How many were sent; over the most that a job takes, not all of them are kept."""


class Processor(Protocol[U_contra]):
    """What works the rows of one kind of job off, a chunk in one transaction.

    Everything that it does it does through ``unit``, the store's writing unit: its effects, the results that it
    gives and the job's place are committed together or not at all, and a chunk may be tried again after it was
    undone. Called from any thread, and from several at once.
    """

    def process(self, job: Job, rows: Sequence[Row], unit: U_contra) -> Sequence[RowResult]:
        """Give one result for each row, in their order.

        ``job`` is the job as it stood before this chunk. What raises undoes the chunk; a row that cannot be
        worked off is no exception but a result.
        """


Processors = Mapping[JobKind, Processor[Any]]
"""What this release can work off: a job of another kind waits for one that can."""


# json.dumps would make an encoder for each row.
_IN_ORDER = json.JSONEncoder(sort_keys=True).encode


class ContentDigest:
    """Tells one job's content from another's, read row by row: a repeated submission is recognised by it."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=32)

    def add(self, given: Fields) -> None:
        """Take the next row in; the order of its fields does not matter, a field without value does not count."""
        present = {name: value for name, value in given.items() if value is not None}
        self._hash.update(_IN_ORDER(present).encode() + b"\n")

    def hexdigest(self) -> str:
        """64 hexadecimal characters for what was added so far."""
        return self._hash.hexdigest()


def with_results(counts: Counts, results: Sequence[RowResult]) -> dict[str, int]:
    """Give the counts with these results counted as well."""
    sums = dict(counts)
    for each in results:
        sums[each.code] = sums.get(each.code, 0) + 1
    return sums


def in_step(rows: Sequence[Row], results: Sequence[RowResult]) -> bool:
    """Tell whether there is one result for each row, in their order."""
    return [each.position for each in rows] == [each.position for each in results]
