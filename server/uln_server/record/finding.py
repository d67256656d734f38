"""What is found about one achievement: a code, and the field that it is about (domain §9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from uln_contract.codes import AchievementCode, FindingClass


@dataclass(frozen=True, slots=True)
class Finding:
    """One code, and the field of the achievement that it is about, by its name in the contract."""

    code: AchievementCode
    field: str

    @property
    def refuses(self) -> bool:
        """Whether the achievement is refused for it; a warning refuses nothing."""
        return self.code.finding_class is not FindingClass.WARNING


Findings = tuple[Finding, ...]


def as_text(findings: Iterable[Finding]) -> str:
    """Write findings as they are kept with a row: ``BR005:Grade W001:LearnerPostcode``."""
    return " ".join(f"{each.code}:{each.field}" for each in findings)


@lru_cache(maxsize=1_024)  # the records of a submission have the same few findings again and again
def from_text(text: str) -> Findings:
    """Read what ``as_text`` wrote."""
    parts = (each.partition(":") for each in text.split())
    return tuple(Finding(AchievementCode(code), field) for code, _, field in parts)
