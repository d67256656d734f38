"""Rates: how often somebody may call."""

import pytest

from uln_server.access.rates import Rate, RateError, Rates

SECOND = 1_000_000_000


class Clock:
    """Nanoseconds, moved by the test."""

    def __init__(self) -> None:
        self.now = 1

    def __call__(self) -> int:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


def counting(text: str, **options: int) -> tuple[Rates, Clock]:
    rate = Rate.read(text)
    assert rate is not None
    clock = Clock()
    return Rates(rate, clock, **options), clock


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("600/minute", Rate(600, 60)),
        ("1/second", Rate(1, 1)),
        (" 20000/hour ", Rate(20_000, 3600)),
        ("999999999/day", Rate(999_999_999, 86_400)),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_rate_is_read(text: str | None, rate: Rate | None) -> None:
    assert Rate.read(text) == rate


@pytest.mark.parametrize(
    "text", ["0/minute", "600", "600/min", "600/Minute", "-1/second", "1.5/second", "600 /day"]
)
def test_what_is_no_rate_is_said_to_be_none(text: str) -> None:
    with pytest.raises(RateError, match=r"is no rate: .* such as 600/minute"):
        Rate.read(text)


def test_as_many_at_once_as_the_rate_says_and_no_more() -> None:
    rates, _ = counting("3/minute")
    assert [rates.count("a") for _ in range(5)] == [0, 0, 0, 20, 20]


def test_each_share_of_the_time_buys_one_more() -> None:
    rates, clock = counting("3/minute")
    for _ in range(3):
        rates.count("a")
    clock.pass_(19.999_999_999)
    assert rates.count("a") == 1
    clock.pass_(0.000_000_001)
    assert rates.count("a") == 0
    assert rates.count("a") == 20


def test_a_refused_call_is_not_counted() -> None:
    rates, clock = counting("1/second")
    rates.count("a")
    for _ in range(1000):
        assert rates.count("a") == 1
    clock.pass_(1)
    assert rates.count("a") == 0


def test_who_waits_as_long_as_told_may_call() -> None:
    rates, clock = counting("7/hour")
    for _ in range(50):
        seconds = rates.count("a")
        if seconds:
            clock.pass_(seconds)
            assert rates.count("a") == 0


def test_whoever_keeps_the_pace_is_never_refused() -> None:
    """Thirds of a second cannot be written down as a number of nanoseconds, and nothing adds up to a refusal."""
    rates, clock = counting("3/second")
    for number in range(30_000):
        clock.now = -(-number * SECOND // 3) + 1
        assert rates.count("a") == 0


def test_time_without_calls_buys_no_more_than_the_rate() -> None:
    rates, clock = counting("2/second")
    rates.count("a")
    clock.pass_(86_400)
    assert [rates.count("a") for _ in range(3)] == [0, 0, 1]


def test_callers_do_not_share_a_rate() -> None:
    rates, _ = counting("1/day")
    assert [rates.count(caller) for caller in ("a", "b", 1, 2, "a", 1)] == [0, 0, 0, 0, 86_400, 86_400]


def test_memory_is_bounded_and_who_was_quiet_for_longest_is_forgotten_first() -> None:
    rates, _ = counting("2/day", callers_at_most=3)
    for caller in ("busy", "quiet", "b", "busy", "c"):
        rates.count(caller)
    assert len(rates) == 3
    assert rates.count("busy") > 0
    assert rates.count("quiet") == 0
    for number in range(1000):
        rates.count(number)
    assert len(rates) == 3
