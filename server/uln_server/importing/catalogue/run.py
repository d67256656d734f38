"""The whole import of a list: read, compare with the catalogue, write what is new or different."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from uln_server.access.audit import AuditEntry
from uln_server.catalogue.entry import Entry, EntryKind
from uln_server.catalogue.saying import Saying, entry_of
from uln_server.importing.catalogue.checking import Checker
from uln_server.importing.catalogue.layouts import Layout, layout_of
from uln_server.importing.lists import ListOrder, Watcher, chunks, duplicate, opened
from uln_server.importing.report import ErrorFile
from uln_server.importing.rows import Row
from uln_server.importing.rules import Finding
from uln_server.register.authorship import Author
from uln_server.sandbox.content import ORGANISATIONS
from uln_server.store.catalogue import Change, StoredCatalogue
from uln_server.store.database import Database


class Fate(StrEnum):
    """What becomes of a row, and of an entry that has none."""

    NEW = "new"
    CHANGED = "changed"
    RESTORED = "restored"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


Counts = Counter[Fate]
Act = Callable[[str], AuditEntry]
"""Makes an audit entry of a command's name (``cli.operator.act``)."""


_OWNER = ("owner_ukprn", "owner_recognition_number")


@dataclass(slots=True)
class _Seen:
    """What was met in the file: entries and their row, owners, kinds; rows whose entry nobody can tell."""

    rows: dict[str, int] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)
    kinds: set[EntryKind] = field(default_factory=set)
    unreadable: list[int] = field(default_factory=list)


def carry_out(
    database: Database, order: ListOrder, act: Act, watcher: Watcher, *, complete: bool = False
) -> Counts:
    """Import a list, or check it, and give what became of its rows.

    ``complete``: the file is the whole list of each owner that it names, so that entries of theirs which it lacks
    are withdrawn, of the kinds that it lists. Raises ``Unusable`` when the file cannot be read, or not to its end;
    what came before is in.
    """
    with opened(order, layout_of) as source, ErrorFile(order.errors) as report:
        for note in source.layout.notes:
            watcher.note(note)
        checker = Checker(source.layout, _foreign(database))
        work = _Work(database, order, act, checker, report)
        for rows in chunks(source.rows()):
            work.take(rows)
        if complete:
            work.withdraw(source.layout, watcher)
        work.end()
        return work.counts


class _Work:
    """One list on its way into the catalogue."""

    def __init__(
        self, database: Database, order: ListOrder, act: Act, checker: Checker, report: ErrorFile
    ) -> None:
        self.counts: Counts = Counter()
        self._database = database
        self._check = order.check
        self._act = act
        self._checker = checker
        self._report = report
        self._seen = _Seen()
        self._by = self._begin()

    def take(self, rows: Iterable[Row]) -> None:
        """Deal with a chunk of rows, in one transaction."""
        sayings: list[tuple[int, Saying]] = []
        refused: list[tuple[int, list[Finding]]] = []
        for row in rows:
            said = self._said(row)
            if isinstance(said, list):
                refused.append((row.number, said))
            else:
                sayings.append((row.number, said))
        if self._check:
            refused += self._compared(self._database.reading().catalogue, sayings)[1]
        else:
            with self._database.writing() as writing:
                writing.catalogue.alone()
                changes, contradicting = self._compared(writing.catalogue, sayings)
                writing.catalogue.put(changes, self._by)
            refused += contradicting
        self.counts[Fate.REFUSED] += len(refused)
        for number, findings in sorted(refused, key=lambda each: each[0]):
            self._report.add(number, findings)
        self._report.secure()

    def withdraw(self, layout: Layout, watcher: Watcher) -> None:
        """Withdraw what the file lacks; nothing, where a row might be about any entry [O]."""
        seen = self._seen
        if seen.unreadable:
            watcher.note(
                f"Nothing is withdrawn: nobody can tell which entry row {seen.unreadable[0]} is about."
                " Correct the row and import the file again."
            )
            return
        kinds = seen.kinds & layout.kinds
        if self._check:
            self.counts[Fate.WITHDRAWN] = len(self._lacking(self._database.reading().catalogue, kinds))
            return
        with self._database.writing() as writing:
            writing.catalogue.alone()
            lacking = self._lacking(writing.catalogue, kinds)
            writing.catalogue.withdraw(lacking, self._by)
        self.counts[Fate.WITHDRAWN] = len(lacking)

    def end(self) -> None:
        """Say in the audit what it came to."""
        counts = ", ".join(f"{self.counts[fate]} {fate}" for fate in Fate)
        self._audit(
            replace(self._act("catalogue import: ended"), reason=f"{counts}; begun by {self._by.message_id}")
        )

    def _begin(self) -> Author:
        entry = self._act("catalogue import: started")
        self._audit(entry)
        return Author(at=datetime.now(UTC), message_id=entry.message_id, user=entry.user)

    def _audit(self, entry: AuditEntry) -> None:
        if not self._check:
            with self._database.writing() as writing:
                writing.audit.add(entry)

    def _said(self, row: Row) -> Saying | list[Finding]:
        """Read a row, and remember what it is about even when it is refused."""
        if row.defect:
            self._seen.unreadable.append(row.number)
            return [row.defect]
        key = self._checker.key(row.cells)
        said = self._checker.check(row.cells)
        if key is None:
            self._seen.unreadable.append(row.number)
            return said
        first = self._seen.rows.setdefault(key, row.number)
        if first != row.number:
            repeated = duplicate(self._checker.reference, key, first)
            return [*(said if isinstance(said, list) else ()), repeated]
        return said

    def _compared(
        self, catalogue: StoredCatalogue, sayings: list[tuple[int, Saying]]
    ) -> tuple[list[Change], list[tuple[int, list[Finding]]]]:
        """Compare what rows say with what is known, count it; give what is to be written, and what cannot be."""
        held = catalogue.entries(said.key for _, said in sayings)
        changes: list[Change] = []
        refused: list[tuple[int, list[Finding]]] = []
        for number, said in sayings:
            before = held.get(said.key)
            after = entry_of(said, before)
            if findings := self._checker.contradictions(after):
                refused.append((number, findings))
                continue
            self._seen.kinds.add(after.kind)
            self._seen.owners |= {owner for name in _OWNER if (owner := said.values.get(name))}
            fate = _fate(before, after)
            self.counts[fate] += 1
            if fate is not Fate.UNCHANGED:
                changes.append(Change(before, after))
        return changes, refused

    def _lacking(self, catalogue: StoredCatalogue, kinds: set[EntryKind]) -> list[Entry]:
        keys = catalogue.listed(self._seen.owners, kinds) - self._seen.rows.keys()
        return list(catalogue.entries(sorted(keys)).values())


def _fate(before: Entry | None, after: Entry) -> Fate:
    if before is None:
        return Fate.NEW
    if before.withdrawn is not None:
        return Fate.RESTORED
    return Fate.UNCHANGED if before == after else Fate.CHANGED


def _foreign(database: Database) -> frozenset[str]:
    """Give whose entries must not come in: in a production register, the sandbox's organisations'."""
    if database.reading().register.kind != "production":
        return frozenset()
    return frozenset(each.ukprn for each in ORGANISATIONS)
