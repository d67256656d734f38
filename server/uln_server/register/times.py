"""The contract's clock: stored in UTC, written as Europe/London (domain §3)."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> str:
    """Give an aware moment as the contract's plain date, ``YYYY-MM-DD``."""
    return moment.astimezone(LONDON).date().isoformat()


def london_time(moment: datetime) -> str:
    """Give an aware moment as the contract's plain date and time, ``YYYY-MM-DD HH:MM:SS``."""
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")


@lru_cache(maxsize=4_096)
def london_time_of(written: str) -> str:
    """Give an instant, written as ISO 8601 in UTC, as ``london_time`` does, in a tenth of its time.

    Awards that were submitted together have the same one.
    """
    return _london_hour(written[:13]) + written[13:19]


@lru_cache(maxsize=4_096)
def _london_hour(hour: str) -> str:
    """Give ``YYYY-MM-DD HH`` in London; its clocks have differed from UTC by whole hours since there is UTC."""
    return london_time(datetime.fromisoformat(f"{hour}:00:00+00:00"))[:13]


def london_day(moment: datetime) -> date:
    """Give the day that an aware moment belongs to in London."""
    return moment.astimezone(LONDON).date()


def start_of_london_day(day: str) -> datetime:
    """Give the first instant, in UTC, of a London day, ``YYYY-MM-DD``; ``ValueError`` for a day that is none."""
    return _midnight(date.fromisoformat(day))


def start_of_day_after(day: str) -> datetime:
    """Give the first instant, in UTC, that no longer belongs to a day in London, which may be 25 hours long."""
    return _midnight(date.fromisoformat(day) + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
