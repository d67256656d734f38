"""The contract's clock: stored in UTC, written as Europe/London (domain §3)."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> str:
    """Give an aware moment as the contract's plain date, ``YYYY-MM-DD``."""
    return moment.astimezone(LONDON).date().isoformat()


def london_time(moment: datetime) -> str:
    """Give an aware moment as the contract's plain date and time, ``YYYY-MM-DD HH:MM:SS``."""
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")
