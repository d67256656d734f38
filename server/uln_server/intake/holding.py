"""A file that is worked on: ours, and looked after while a step takes long."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from uln_server.access.audit import AuditEntry
from uln_server.batch.intake_file import Held, IntakeFile, IntakeState
from uln_server.store.database import Database
from uln_server.store.units import Writing

T = TypeVar("T")
USER = "intake"
"""Who hands a file in, for the audit and the jobs: a file does not say which person it was [O]."""
_ROWS_BETWEEN = 500  # that are read between two looks at the clock


def message_id() -> str:
    """Give a name that no other message has, in order of time, as the service gives those that it is sent."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"


class NoLongerOurs(Exception):  # noqa: N818  # what happened, and no error: another process goes on with it
    """The claim has ended, and another process has the file."""


class Stopped(Exception):  # noqa: N818  # as above
    """The operator ends the intake; the file is taken up later."""


class Holding:
    """A file under our claim. Whatever is changed is changed under it, or ``NoLongerOurs`` is raised."""

    def __init__(
        self, database: Database, held: Held, lease: timedelta, *, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        self._database = database
        self._held = held
        self._lease = lease
        self._stopped = stopped
        self._renewed = time.monotonic()

    @property
    def file(self) -> IntakeFile:
        """The file as it was when it was last looked at."""
        return self._held.file

    @property
    def mark(self) -> str:
        """What tells files of this claim from those of an earlier one."""
        return self._held.claim[:12]

    def renew(self) -> None:
        """See that the file is still ours, and keep it so."""
        self.change(lambda *_: None)

    def change(self, work: Callable[[Writing, Held], T]) -> T:
        """Carry something out in one transaction, if the file is still ours."""

        def under_claim(writing: Writing) -> tuple[IntakeFile, T]:
            if writing.intake.hold(self._held, self._lease) is None:
                raise NoLongerOurs
            done = work(writing, self._held)
            now = writing.intake.by_token(self.file.token)
            return now or self.file, done

        file, done = self._database.change(under_claim)
        self._held = Held(file, self._held.claim)
        self._renewed = time.monotonic()
        return done

    def end(self, state: IntakeState, *entries: AuditEntry) -> None:
        """Keep that the file has ended so."""

        def ended(writing: Writing, held: Held) -> None:
            for each in entries:
                writing.audit.add(each)
            writing.intake.end(held, state)

        self.change(ended)

    def release(self) -> None:
        """Let others take it up at once."""
        self._database.change(lambda writing: writing.intake.release(self._held))

    def watched(self, rows: Iterable[T]) -> Iterator[T]:
        """Give rows on, and renew the claim meanwhile; raise ``Stopped`` when the intake is to end."""
        for count, each in enumerate(rows, 1):
            yield each
            if count % _ROWS_BETWEEN == 0:
                self._look()

    def _look(self) -> None:
        if self._stopped():
            raise Stopped
        if time.monotonic() - self._renewed > self._lease.total_seconds() / 3:
            self.renew()

    def entry(
        self, operation: str | None, code: str, *, disclosed: tuple[str, ...] = (), reason: str | None = None
    ) -> AuditEntry:
        """Give an entry of the audit about the file, as the operation that does the same over SOAP has it."""
        return AuditEntry(
            at=datetime.now(UTC),
            message_id=message_id(),
            organisation_id=self.file.organisation_id,
            organisation=self.file.ukprn,
            user=USER,
            operation=operation,
            code=code,
            disclosed=disclosed,
            reason=reason,
        )
