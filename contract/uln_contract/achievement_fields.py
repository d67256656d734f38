"""What the fields of an achievement may hold, for the service that judges and for who checks a file (domain §9).

The contract's own types say no more than "text", "whole number" or "moment": all of this is ours [O].
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""The zone of every date and time that names none (domain §3)."""
LONGEST: Mapping[str, int] = {
    "FamilyName": 35,
    "GivenName": 35,
    "Grade": 35,
    "LanguageForAssessment": 35,
    "LearnerPostcode": 9,
    "MisIdentifier": 128,
    "ActionReason": 254,
}
"""The characters that a text takes at most."""
GENDERS = frozenset({0, 1, 2, 9})
"""The contract's genders."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What no text may hold."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
# An xs:dateTime, or a day alone, as a file may have it.
_MOMENT = re.compile(
    r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}"
    r"(?:T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?(?:Z|[+-][01][0-9]:[0-5][0-9])?)?",
    re.ASCII,
)


class Moment(NamedTuple):
    """A moment in UTC, and its day in London: a program that writes midnight in UTC means the day that begins."""

    at: datetime
    day: date
    written_day: str


@lru_cache(maxsize=16_384)  # a submission has the same dates again and again, of birth too
def moment(text: str) -> Moment | None:
    """Read a moment; without a time zone it is London's. ``None`` for a text that is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if read.tzinfo is None:
        day, read = read.date(), read.replace(tzinfo=LONDON)
    else:
        day = read.astimezone(LONDON).date()
    return Moment(read.astimezone(UTC), day, day.isoformat())


@lru_cache(maxsize=256)
def number(text: str) -> int | None:
    """Read an integer; ``None`` for a text that is none."""
    return int(text) if _INTEGER.fullmatch(text) else None
