"""What a check of a batch file found: all is counted, and a few of each kind kept (domain §8)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.rows import Written
from uln_contract.layouts import Layout

FIRST = 5
"""How many findings of a kind a report shows unless all are wanted [O]."""


_GROUPS = 1_000  # from here on columns are no longer told apart: XML may have any number of unknown elements


@dataclass(slots=True)
class Group:
    """The findings of one code in one column: how many, and the first of them."""

    severity: Severity
    code: str
    column: str | None
    count: int = 0
    first: list[Finding] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """How many are counted and not kept."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that the corrected copy has otherwise than the file; ``row`` is the file's own."""

    row: int
    column: str
    before: str
    after: str
    words: str


@dataclass(slots=True)
class Report:
    """One file's report. ``most`` is how many findings of a group are kept, ``None`` for all.

    ``rows`` counts the records that were read, ``refused`` those of them that cannot be sent. ``unusable`` is set
    when no record can be sent. ``ukprn`` is the one that the first row says. ``copy`` names the corrected copy
    once it stands; ``no_copy`` says why there is none.
    """

    file: str
    most: int | None = FIRST
    layout: Layout | None = None
    written: Written | None = None
    rows: int = 0
    refused: int = 0
    unusable: bool = False
    ukprn: str | None = None
    copy: str | None = None
    no_copy: str | None = None
    changes: int = 0
    first_changes: list[Change] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0
    _groups: dict[tuple[Severity, str, str | None], Group] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if it is among the first of its group."""
        key = (finding.severity, finding.code, finding.column)
        if key not in self._groups and len(self._groups) >= _GROUPS:
            key = (finding.severity, finding.code, None)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(*key)
        group.count += 1
        if self.most is None or len(group.first) < self.most:
            group.first.append(finding)

    def changed(self, change: Change) -> None:
        """Count a change of the corrected copy, and keep it if it is among the first."""
        self.changes += 1
        if self.most is None or len(self.first_changes) < self.most:
            self.first_changes.append(change)

    def groups(self, severity: Severity) -> Iterator[Group]:
        """Give the groups of a severity: those of the file as a whole first, then as they were met."""
        own = [each for each in self._groups.values() if each.severity is severity]
        return iter(sorted(own, key=lambda each: each.first[0].row is not None))

    def by_code(self) -> dict[str, int]:
        """How many findings there are of each code, whatever their column and severity."""
        counts: dict[str, int] = {}
        for each in self._groups.values():
            counts[each.code] = counts.get(each.code, 0) + each.count
        return dict(sorted(counts.items()))

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(each.count for each in self._groups.values() if each.severity is severity)

    @property
    def good(self) -> int:
        """How many records can be sent."""
        return 0 if self.unusable else self.rows - self.refused

    @property
    def clean(self) -> bool:
        """Whether every record can be sent."""
        return not self.unusable and not self.refused
