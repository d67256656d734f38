"""What is found in a batch file: where, what stands there, which rule it breaks, and the way out (domain §8)."""

from dataclasses import dataclass
from enum import StrEnum

_SHOWN = 40  # characters of a value that a report repeats


class Severity(StrEnum):
    """What a finding means for what it is about.

    ``ERROR``: the record is not sent; of the file as a whole: no record is. ``WARNING``: it is read all the
    same, and the finding says what to fix; a strict check takes it for an error.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a file.

    ``row`` is the row as a spreadsheet counts it, the heading row being 1; in XML the record's place, from 1;
    ``None`` for the file as a whole. ``column`` is the layout's name of the column, or the heading where it has
    none; ``None`` for the row as a whole. ``value`` is what stands there, at most 40 characters. ``words`` are
    whole sentences that say what is wrong and by which rule, ``remedy`` what to do. ``fixed`` is what stands
    there once it has been put right, where that is safe; then the record is sent so. ``sheet`` is the
    worksheet's name.
    """

    code: str
    severity: Severity
    words: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    fixed: str | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        if self.value is not None and len(self.value) > _SHOWN:
            object.__setattr__(self, "value", f"{self.value[: _SHOWN - 1]}…")

    @property
    def refuses(self) -> bool:
        """Whether what it is about is not sent."""
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """Where it is, in words: ``row 7, DateOfBirth``; ``""`` for the file as a whole."""
        row = "" if self.row is None else f"row {self.row}"
        sheet = f"sheet {self.sheet}" if self.sheet else ""
        return ", ".join(each for each in (sheet, row, self.column) if each)


class UnusableFile(Exception):  # noqa: N818  # the user's word for it
    """No record can be read, or none from some place on; ``findings`` say why, the deciding one last."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[-1].words)
        self.findings = findings
