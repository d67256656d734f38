"""Importing files into a register of the test's own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from uln_server.access.audit import AuditEntry
from uln_server.importing.file_import import Order, Outcome, carry_out
from uln_server.store.bulk import Progress
from uln_server.store.database import Database

_made = iter(range(1, 1_000_000))


def act(command: str) -> AuditEntry:
    """As ``cli.operator.act`` does."""
    return AuditEntry(
        at=datetime.now(UTC),
        message_id=f"act-{next(_made)}",
        user="operator:kim",
        operation=command,
        code="OPERATOR",
    )


class Stopped(Exception):  # noqa: N818  # what the watcher raises in place of a kill
    """The watcher has seen enough."""


@dataclass
class Watcher:
    """Keeps what it is told; stops the import after so many chunks."""

    stop_after: int | None = None
    notes: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def moved(self, position: int, progress: Progress) -> None:
        del progress
        self.positions.append(position)
        if len(self.positions) == self.stop_after:
            raise Stopped


def errors_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.errors.csv")


def imported(
    database: Database, path: Path, watcher: Watcher | None = None, *, check: bool = False, chunk: int = 3
) -> Outcome:
    order = Order(path=path, errors=errors_of(path), check=check, chunk=chunk)
    return carry_out(database, order, act, watcher or Watcher())


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """Added, there already, refused."""
    return outcome.progress.added, outcome.progress.held, outcome.progress.refused
