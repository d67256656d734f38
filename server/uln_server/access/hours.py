"""When the service, and an organisation, is open: ``always``, ``never`` or ``HH:MM-HH:MM`` in UK time."""

import re
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

ALWAYS = "always"
NEVER = "never"

_LONDON = ZoneInfo("Europe/London")
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


class HoursError(ValueError):
    """The text is no opening hours."""


def of_service(hours: str) -> str:
    """Give the hours of the service as a whole: ``always`` or a span; ``HoursError`` for another text."""
    if hours == ALWAYS:
        return hours
    try:
        parse(hours)
    except HoursError:
        raise HoursError(
            f"{hours!r} is no hours of a service: write always or HH:MM-HH:MM, such as 07:00-22:00."
        ) from None
    return hours


def is_open(hours: str, now: datetime) -> bool:
    """Tell whether ``now``, an aware time, lies within ``hours``.

    A span includes its first minute and excludes its last; one that ends before it starts runs over midnight,
    each day by the clock on the wall, summer time included [O]. Raises ``HoursError`` for a text that is none,
    ``ValueError`` for a naive time.
    """
    if hours == ALWAYS:
        return True
    if hours == NEVER:
        return False
    opens, closes = parse(hours)
    if now.tzinfo is None:
        raise ValueError("Opening hours need an aware time.")
    clock = now.astimezone(_LONDON).time()
    return opens <= clock < closes if opens < closes else clock >= opens or clock < closes


@lru_cache(maxsize=1024)
def parse(hours: str) -> tuple[time, time]:
    """Read a span's first minute and the minute it ends before.

    Raises ``HoursError`` for any other text, ``always`` and ``never`` included.
    """
    span = _SPAN.fullmatch(hours)
    if span is None:
        raise HoursError(
            f"{hours!r} is no opening hours: write always, never or HH:MM-HH:MM, such as 07:00-22:00."
        )
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in span.groups())
    opens, closes = time(first_hour, first_minute), time(last_hour, last_minute)
    if opens == closes:
        raise HoursError(f"{hours!r} opens and closes at once: write always or never instead.")
    return opens, closes
