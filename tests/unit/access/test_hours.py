"""Opening hours."""

from datetime import UTC, datetime, time

import pytest

from uln_server.access.hours import HoursError, is_open, of_service, parse

WINTER = datetime(2024, 1, 15, tzinfo=UTC)
SUMMER = datetime(2024, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "expected"), [("always", True), ("never", False)])
def test_words(hours: str, expected: bool) -> None:
    assert is_open(hours, WINTER) is expected


@pytest.mark.parametrize(
    ("hours", "clock", "expected"),
    [
        ("09:00-17:30", "08:59", False),
        ("09:00-17:30", "09:00", True),
        ("09:00-17:30", "17:29", True),
        ("09:00-17:30", "17:30", False),
        ("22:00-06:00", "21:59", False),
        ("22:00-06:00", "22:00", True),
        ("22:00-06:00", "00:00", True),
        ("22:00-06:00", "05:59", True),
        ("22:00-06:00", "06:00", False),
        ("00:00-23:59", "00:00", True),
        ("00:00-23:59", "23:59", False),
    ],
)
def test_a_span_holds_its_first_minute_and_not_its_last(hours: str, clock: str, expected: bool) -> None:
    now = datetime.combine(WINTER.date(), time.fromisoformat(clock), UTC)
    assert is_open(hours, now) is expected


def test_the_clock_is_london_s() -> None:
    assert not is_open("09:00-17:00", SUMMER.replace(hour=7, minute=59))
    assert is_open("09:00-17:00", SUMMER.replace(hour=8))
    assert not is_open("09:00-17:00", SUMMER.replace(hour=16))
    assert is_open("09:00-17:00", WINTER.replace(hour=16))


@pytest.mark.parametrize(
    "hours",
    ["", "Always", "9:00-17:00", "09:00/17:00", "24:00-01:00", "09:60-10:00", "09:00-17:00\n", "09:00 - 17:00"],
)
def test_a_text_that_is_no_hours_is_refused(hours: str) -> None:
    with pytest.raises(HoursError, match="HH:MM-HH:MM"):
        is_open(hours, WINTER)


def test_a_span_without_length_is_refused() -> None:
    with pytest.raises(HoursError, match="opens and closes at once"):
        parse("09:00-09:00")


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        is_open("09:00-17:00", datetime(2024, 1, 15, 12))  # noqa: DTZ001  # what is refused


@pytest.mark.parametrize("hours", ["always", "07:00-22:00", "22:00-06:00"])
def test_hours_of_a_service(hours: str) -> None:
    assert of_service(hours) == hours


@pytest.mark.parametrize("hours", ["never", "", "7-22", "09:00-09:00"])
def test_what_is_no_hours_of_a_service(hours: str) -> None:
    with pytest.raises(HoursError):
        of_service(hours)
