"""What a comparison came to as a whole."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from uln_client.achievements import Action
from uln_client.files.report import Report
from uln_client.reconciling.comparing import Kind, Remark


@dataclass(slots=True)
class Summary:
    """What a comparison came to.

    ``rows`` counts the records of the list, ``good`` those that could be read. ``awards`` counts the awards of the
    list, each once, ``held`` those of the register, withdrawn ones too. ``counts`` and ``remarks`` count awards,
    ``fields`` those that differ in a field. ``corrections`` counts the achievements that would put the register
    right, by action; ``extra_withdrawn`` of them withdraw what the list does not have. ``nameless`` counts the
    extra awards that could not be withdrawn, because no row of the list has their learner.

    ``unsure`` is set when rows were left out of which it is not known which award they are about: then no extra
    award is withdrawn. ``unasked`` is set when the service does not tell this organisation which ULNs were merged.
    ``report`` holds what was found in the list, ``files`` what was written, by what it is.
    """

    path: Path
    rows: int = 0
    good: int = 0
    awards: int = 0
    held: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    remarks: Counter[Remark] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    corrections: Counter[Action] = field(default_factory=Counter)
    extra_withdrawn: int = 0
    nameless: int = 0
    unsure: bool = False
    unasked: bool = False
    provisional: bool = False
    report: Report = field(default_factory=lambda: Report(""))
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the two sides disagree, or a row could not be compared."""
        return self.good < self.rows or any(count and kind.differs for kind, count in self.counts.items())

    @property
    def none_held(self) -> bool:
        """Whether the register holds not one award of the list."""
        return bool(self.counts[Kind.MISSING]) and not any(
            self.counts[kind] for kind in Kind if kind not in {Kind.MISSING, Kind.EXTRA}
        )
