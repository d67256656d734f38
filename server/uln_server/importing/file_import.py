"""One command's work: a file, a register, and whoever watches."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from uln_server.access.audit import AuditEntry
from uln_server.importing.checking import Checker
from uln_server.importing.destinations import Destination, Rehearsal
from uln_server.importing.opening import Content, open_rows
from uln_server.importing.report import ErrorFile
from uln_server.importing.rows import Source
from uln_server.importing.run import Import
from uln_server.importing.scratch import Scratch
from uln_server.sandbox.content import LEARNERS
from uln_server.store.bulk import BulkImport, FileKey, Progress
from uln_server.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted: the file, how it is read, where its errors go; whether to check only; rows a transaction."""

    path: Path
    errors: Path
    encoding: str | None = None
    delimiter: str | None = None
    check: bool = False
    chunk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a file. ``after`` is the row behind which an earlier run was taken up, 0 for none."""

    progress: Progress
    after: int

    @property
    def rows(self) -> int:
        """The learners of the file."""
        return self.progress.added + self.progress.held + self.progress.refused


class Watcher(Protocol):
    """Whoever is told how it goes."""

    def note(self, text: str) -> None:
        """Hear something worth knowing, once."""

    def moved(self, position: int, progress: Progress) -> None:
        """Hear how many bytes of the file are read, and what became of its rows so far."""


Act = Callable[[str], AuditEntry]
"""Makes an audit entry of a command's name (``cli.operator.act``)."""


def carry_out(database: Database, order: Order, act: Act, watcher: Watcher) -> Outcome:
    """Import a file, or check it, from where an earlier run was interrupted; give what became of it.

    The same file, read the same way, is the same import as long as one was not finished. Raises ``Unusable`` when
    the file cannot be read, or not to its end; what came before is in, and stays.
    """
    content = Content.of(order.path)
    with ExitStack() as stack:
        source = stack.enter_context(_opened(order))
        for note in source.layout.notes:
            watcher.note(note)
        scratch = stack.enter_context(Scratch())
        destination, progress = _begin(stack, database, order, content, source, scratch, act)
        _say_where(progress, watcher)
        report = stack.enter_context(ErrorFile(order.errors, progress.errors_size))
        if report.size < progress.errors_size:
            watcher.note(f"{order.errors} of the earlier run is gone: it begins anew behind row {progress.row}.")

        def watch(reached: Progress) -> None:
            content.require_unchanged()
            watcher.moved(source.position(), reached)

        checker = Checker(source.layout, progress.started_at, _foreign(database))
        work = Import(source, checker, destination, report, scratch, watch=watch, chunk=order.chunk)
        return Outcome(progress=work.run(progress, lambda end: _ended(act, end)), after=progress.row)


@contextmanager
def _opened(order: Order) -> Iterator[Source]:
    source = open_rows(order.path, order.encoding, order.delimiter)
    try:
        yield source
    finally:
        source.close()


def _begin(  # noqa: PLR0913, PLR0917  # what a beginning is made of
    stack: ExitStack,
    database: Database,
    order: Order,
    content: Content,
    source: Source,
    scratch: Scratch,
    act: Act,
) -> tuple[Destination, Progress]:
    if order.check:
        return stack.enter_context(Rehearsal(database, scratch)), Progress(started_at=datetime.now(UTC))
    bulk = stack.enter_context(BulkImport(database))
    key = FileKey(sha256=content.sha256, size=content.size, form=source.form)
    started = replace(act("import: started"), reason=f"sha256 {content.sha256}")
    return bulk, bulk.begin(key, started)


def _say_where(progress: Progress, watcher: Watcher) -> None:
    if progress.begun:
        watcher.note(f"This import was interrupted: it goes on behind row {progress.row}.")


def _ended(act: Act, progress: Progress) -> AuditEntry:
    """Say in the audit what an import came to: counts, and nobody's data."""
    counts = (
        f"{progress.added} added ({progress.merged} merged, {progress.deleted} deleted),"
        f" {progress.held} there already, {progress.refused} refused; begun by {progress.message_id}"
    )
    return replace(act("import: ended"), reason=counts)


def _foreign(database: Database) -> frozenset[tuple[str, ...]]:
    """Give who must not come in: in a production register, the learners of the sandbox (domain §2) [O]."""
    if database.reading().register.kind != "production":
        return frozenset()
    return frozenset((each.uln, each.given_name, each.family_name, each.date_of_birth) for each in LEARNERS)
