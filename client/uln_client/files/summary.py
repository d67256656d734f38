"""What became of a file as a whole."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from uln_client.files.outcomes import Outcome, Standing
from uln_client.files.report import Report
from uln_contract.layouts import FileKind

MERGES_KEPT = 1_000
"""How many merged ULNs a summary keeps; each stands in the file of outcomes [O]."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A ULN that was replaced in the copy of the list; ``row`` is the file's own."""

    row: int
    uln: str
    master: str


@dataclass(slots=True)
class Summary:
    """What became of a file.

    ``rows`` counts its records, ``good`` those that could be sent. ``again`` is set when an earlier run had
    finished and nothing was sent. ``counts`` count rows by standing, word and code; ``said`` gives the first
    outcome of each. ``files`` are what was written, by what it is. ``report`` holds what was found in the file.
    ``merges`` are the first merged ULNs that were replaced, ``merged`` how many there are; ``uncertain`` counts
    the merged ULNs that were left as they are, because the details are only similar. ``kept`` counts the rows with
    a UCI or UPN, which no message carries, ``protected`` the cells with an apostrophe in front, which a
    spreadsheet would compute without it.
    """

    path: Path
    kind: FileKind
    rows: int
    good: int
    again: bool = False
    jobs: list[int] = field(default_factory=list)
    counts: Counter[tuple[Standing, str, str]] = field(default_factory=Counter)
    said: dict[tuple[Standing, str, str], Outcome] = field(default_factory=dict, repr=False)
    files: dict[str, Path] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list, repr=False)
    merged: int = 0
    uncertain: int = 0
    kept: int = 0
    protected: int = 0
    report: Report = field(default_factory=lambda: Report(""), repr=False)

    def add(self, outcome: Outcome) -> None:
        """Count a row's outcome."""
        key = (outcome.standing, outcome.word, outcome.code)
        self.counts[key] += 1
        if key not in self.said:
            self.said[key] = outcome

    def replaced(self, merge: Merge) -> None:
        """Count a replaced ULN, and keep it if it is among the first."""
        self.merged += 1
        if len(self.merges) < MERGES_KEPT:
            self.merges.append(merge)

    def count(self, *standings: Standing) -> int:
        """How many rows have one of these standings."""
        return sum(number for (standing, _, _), number in self.counts.items() if standing in standings)

    @property
    def answered(self) -> bool:
        """Whether it is known what became of each row."""
        return sum(self.counts.values()) == self.rows and not self.count(Standing.OPEN)
