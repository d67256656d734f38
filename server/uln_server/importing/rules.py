"""What a row may break: a name for each rule, its words and the way out [O]."""

from dataclasses import dataclass
from enum import StrEnum

_SHOWN = 40  # characters of a value that the report repeats


class Rule(StrEnum):
    """The rules, by the names that reports carry; ``docs/importing.md`` lists them."""

    CELLS = "cells"
    QUOTES = "quotes"
    ELEMENT = "element"
    CHARACTERS = "characters"
    MISSING = "missing"
    LENGTH = "length"
    FORM = "form"
    CHECK_DIGIT = "check-digit"
    UNKNOWN_ULN = "unknown-uln"
    NO_LETTER = "no-letter"
    DESCRIPTION = "description"
    DATE = "date"
    STATUS = "status"
    OWN_MASTER = "own-master"
    SANDBOX = "sandbox"
    DUPLICATE = "duplicate"
    HELD = "held"
    MASTER_UNKNOWN = "master-unknown"
    MASTER_DELETED = "master-deleted"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a row. ``words`` continue a sentence that starts with the column's name."""

    rule: StrEnum
    column: str
    value: str
    words: str
    remedy: str

    @property
    def shown(self) -> str:
        """The value, cut short."""
        return self.value if len(self.value) <= _SHOWN else f"{self.value[:_SHOWN]}…"
