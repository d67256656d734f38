"""Delays after wrong passwords."""

import pytest

from uln_server.access.identity import Claim
from uln_server.access.wrong_passwords import Pair, WrongPasswords, pair_of

PAIR = (frozenset({"90000001"}), "192.0.2.1")
OTHERS = {
    "another address": (frozenset({"90000001"}), "192.0.2.2"),
    "another organisation": (frozenset({"90000002"}), "192.0.2.1"),
    "no organisation": (frozenset[str](), "192.0.2.1"),
}


class Clock:
    """Seconds, moved by the test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wrong(clock: Clock) -> WrongPasswords:
    return WrongPasswords(5, 300, clock)


def fail(wrong: WrongPasswords, times: int, pair: Pair = PAIR) -> None:
    for _ in range(times):
        wrong.wrong(pair)


def test_nobody_waits_before_anything_was_wrong(wrong: WrongPasswords) -> None:
    assert wrong.wait(PAIR) == 0


def test_the_first_four_cost_nothing_and_the_fifth_a_second(wrong: WrongPasswords) -> None:
    fail(wrong, 4)
    assert wrong.wait(PAIR) == 0
    fail(wrong, 1)
    assert wrong.wait(PAIR) == 1


def test_each_more_doubles_the_wait_up_to_the_longest(wrong: WrongPasswords, clock: Clock) -> None:
    fail(wrong, 4)
    waits = []
    for _ in range(12):
        fail(wrong, 1)
        waits.append(wrong.wait(PAIR))
        clock.now += waits[-1]
        assert wrong.wait(PAIR) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_any_number_of_wrong_ones_can_be_counted() -> None:
    wrong = WrongPasswords(1, 10.0**12, Clock())
    fail(wrong, 3000)
    assert wrong.wait(PAIR) == 2**30


def test_the_wait_runs_down(wrong: WrongPasswords, clock: Clock) -> None:
    fail(wrong, 7)
    clock.now += 1.5
    assert wrong.wait(PAIR) == 2.5


def test_a_right_one_starts_anew(wrong: WrongPasswords) -> None:
    fail(wrong, 8)
    wrong.right(PAIR)
    assert wrong.wait(PAIR) == 0
    assert len(wrong) == 0
    fail(wrong, 4)
    assert wrong.wait(PAIR) == 0


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_nobody_else_waits_or_is_forgiven(wrong: WrongPasswords, other: Pair) -> None:
    fail(wrong, 6)
    assert wrong.wait(other) == 0
    wrong.right(other)
    assert wrong.wait(PAIR) == 2


def test_an_hour_after_the_wait_all_is_forgotten(wrong: WrongPasswords, clock: Clock) -> None:
    fail(wrong, 6)
    clock.now += 2 + 3599
    fail(wrong, 1)
    assert wrong.wait(PAIR) == 4
    clock.now += 4 + 3600
    fail(wrong, 1)
    assert wrong.wait(PAIR) == 0


def test_what_is_forgotten_takes_no_memory(wrong: WrongPasswords, clock: Clock) -> None:
    fail(wrong, 1)
    clock.now += 3600
    assert wrong.wait(PAIR) == 0
    assert len(wrong) == 0


def test_memory_is_bounded_and_the_oldest_failure_goes_first() -> None:
    wrong = WrongPasswords(1, 300, Clock(), pairs_at_most=2)
    fail(wrong, 1)
    fail(wrong, 1, OTHERS["another address"])
    fail(wrong, 1)
    fail(wrong, 1, OTHERS["no organisation"])
    assert len(wrong) == 2
    assert wrong.wait(PAIR) == 2
    assert wrong.wait(OTHERS["another address"]) == 0


def test_without_a_longest_delay_there_is_none() -> None:
    wrong = WrongPasswords(1, 0, Clock())
    fail(wrong, 100)
    assert wrong.wait(PAIR) == 0


def test_a_pair_is_what_was_claimed_whether_anybody_knows_it() -> None:
    both = pair_of(Claim(ukprn=" 9000000a", organisation_ref="sbxao1"), "192.0.2.1")
    assert both == (frozenset({"9000000A", "SBXAO1"}), "192.0.2.1")
    assert pair_of(Claim(ukprn="SBXAO1", organisation_ref="9000000A"), "192.0.2.1") == both
    assert pair_of(Claim(ukprn="9000000a"), "192.0.2.1") != both
    assert pair_of(Claim(), "192.0.2.1") == (frozenset(), "192.0.2.1")
