"""Where rows go: into a register, or, when a file is only checked, nowhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from uln_server.access.audit import AuditEntry
from uln_server.importing.scratch import Scratch
from uln_server.register.learner import Learner, Status
from uln_server.store.bulk import HeldLearners, Progress
from uln_server.store.database import Database
from uln_server.store.drivers import Role


class Chunk(Protocol):
    """What is done with the rows of a chunk, together or not at all; ``store.bulk.Chunk`` says more."""

    def held(self, ulns: Iterable[str]) -> Mapping[str, Learner]:
        """Give the records that the register holds under these ULNs."""

    def statuses(self, ulns: Iterable[str]) -> Mapping[str, Status]:
        """Give the status of each of these ULNs that is there to be merged into."""

    def add(self, values: Sequence[Mapping[str, Any]], progress: Progress) -> None:
        """Put records in, masters first."""

    def move(self, progress: Progress, reached: Progress, ended_at: datetime | None = None) -> None:
        """Remember where the import is."""

    def audit(self, entry: AuditEntry) -> None:
        """Write an entry into the audit trail."""


class Destination(Protocol):
    """A register to import into, or one to check against."""

    def chunk(self) -> AbstractContextManager[Chunk]:
        """Open a chunk."""


class _RehearsedChunk:
    """Looks into the register, and remembers elsewhere what would be put in."""

    def __init__(self, looking: HeldLearners, scratch: Scratch) -> None:
        self._looking = looking
        self._scratch = scratch

    def held(self, ulns: Iterable[str]) -> dict[str, Learner]:
        return self._looking.held(ulns)

    def statuses(self, ulns: Iterable[str]) -> dict[str, Status]:
        asked = list(ulns)
        found = ((uln, self._scratch.accepted(uln)) for uln in asked)
        return {uln: Status(status) for uln, status in found if status is not None} | self._looking.statuses(asked)

    def add(self, values: Sequence[Mapping[str, Any]], progress: Progress) -> None:  # noqa: ARG002  # the port's
        self._scratch.accept([(int(each["status"]), each["uln"]) for each in values])

    def move(self, progress: Progress, reached: Progress, ended_at: datetime | None = None) -> None:
        """Nothing moves."""

    def audit(self, entry: AuditEntry) -> None:
        """Nothing was done that an audit could tell of."""


class Rehearsal:
    """A register that is looked into and left as it is."""

    def __init__(self, database: Database, scratch: Scratch) -> None:
        self._line = database.line(Role.READING)
        self._scratch = scratch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.close()

    @contextmanager
    def chunk(self) -> Iterator[Chunk]:
        """Open a chunk that comes to nothing."""
        yield _RehearsedChunk(HeldLearners(self._line), self._scratch)
