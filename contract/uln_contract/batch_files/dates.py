"""Dates as spreadsheets and people write them: which day is meant, where that is clear (domain §8) [O]."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from uln_contract.batch_files.value_codes import ValueCode

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
            *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
        ),
        1,
    )
    for name in names.split()
}
_TIME = re.compile(
    r"[T ]([0-9]{1,2}):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[ap]\.?m\.?)?( ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?\Z",
    re.ASCII | re.IGNORECASE,
)
_LATE = 22  # from this hour on, a moment in a zone may belong to the next day
_NUMBERS = re.compile(r"([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})", re.ASCII)
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*([A-Za-z]{3,9})\.?,?[-/. ]*([0-9]{4}|[0-9]{2})", re.ASCII)
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.?[-/. ]*([0-9]{1,2})(?:st|nd|rd|th)?,?[-/. ]+([0-9]{4})", re.ASCII)
_COMPACT = re.compile(r"[0-9]{8}", re.ASCII)
_SERIAL = re.compile(r"([0-9]{4,5})(?:\.[0-9]+)?", re.ASCII)
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+", re.IGNORECASE)
_EPOCH = date(1899, 12, 30)  # Excel's day 0, from March 1900 on
_SERIALS = range(3_654, 73_051)  # 1910 to 2099
_YEARS = range(1800, 2100)
_SHORT = 2  # digits of a year without its century
_CENTURY = 100
_LONG = 4


class Meant(NamedTuple):
    """What a text that is no ``YYYY-MM-DD`` says: why it is none, and the days that it may mean."""

    code: ValueCode
    days: tuple[str, ...] = ()


def meant(text: str, earliest: date, latest: date) -> Meant:
    """Say which day a text in another form means.

    ``earliest`` and ``latest``: between which days it lies if it can be read in several ways; two-digit years are
    taken for years between them. ``days`` has one day where it is clear, several where it is not, and none for a
    text that is no date at all or no day of the calendar.
    """
    without = _WEEKDAY.sub("", text)
    time = _TIME.search(without)
    if time is None:
        return _of_day(without, earliest, latest)
    read = _of_day(without[: time.start()], earliest, latest)
    if time[2] and int(time[1]) >= _LATE and len(read.days) == 1:
        # Midnight of a summer's day in London is 23:00 of the day before in UTC.
        return Meant(ValueCode.AMBIGUOUS_DATE, (*read.days, _next(read.days[0])))
    return read


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _of_day(day: str, earliest: date, latest: date) -> Meant:
    between = (earliest, latest)
    numbers = _NUMBERS.fullmatch(day)
    if numbers:
        return _of(_by_numbers(numbers[1], numbers[3], numbers[4]), *between)
    named = _NAMED.fullmatch(day)
    if named and named[2].lower() in _MONTHS:
        return _of(_with_century(named[3], _MONTHS[named[2].lower()], int(named[1])), *between)
    named = _NAMED_FIRST.fullmatch(day)
    if named and named[1].lower() in _MONTHS:
        return _of([(int(named[3]), _MONTHS[named[1].lower()], int(named[2]))], *between)
    if _COMPACT.fullmatch(day):
        return _of(_by_places(day), *between)
    serial = _SERIAL.fullmatch(day)
    if serial and int(serial[1]) in _SERIALS:
        return Meant(ValueCode.SERIAL_DATE, ((_EPOCH + timedelta(days=int(serial[1]))).isoformat(),))
    return Meant(ValueCode.FORM)


def _of(candidates: Iterable[tuple[int, int, int]], earliest: date, latest: date) -> Meant:
    """Keep what is a day; of several, those that lie between the two, if any does: the likeliest first."""
    read = list(candidates)
    if not read:
        return Meant(ValueCode.FORM)
    real = list(dict.fromkeys(day for each in read if (day := _day(*each))))
    likely = [each for each in real if earliest <= each <= latest] or real
    days = tuple(each.isoformat() for each in likely)
    if not days:
        return Meant(ValueCode.NO_SUCH_DAY)
    return Meant(ValueCode.OTHER_DATE if len(days) == 1 else ValueCode.AMBIGUOUS_DATE, days)


def _by_numbers(first: str, second: str, third: str) -> Iterator[tuple[int, int, int]]:
    """Read year, month, day; or day and month in either order, and a year."""
    if len(first) == _LONG:
        yield int(first), int(second), int(third)
    elif len(first) <= _SHORT and len(third) in (_SHORT, _LONG):
        yield from _with_century(third, int(second), int(first))
        yield from _with_century(third, int(first), int(second))


def _by_places(digits: str) -> Iterator[tuple[int, int, int]]:
    """Read eight digits: YYYYMMDD, or DDMMYYYY, or MMDDYYYY."""
    yield int(digits[:4]), int(digits[4:6]), int(digits[6:])
    yield int(digits[4:]), int(digits[2:4]), int(digits[:2])
    yield int(digits[4:]), int(digits[:2]), int(digits[2:4])


def _with_century(year: str, month: int, day: int) -> Iterator[tuple[int, int, int]]:
    if len(year) == _LONG:
        yield int(year), month, day
        return
    yield from ((century * _CENTURY + int(year), month, day) for century in (19, 20))


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
