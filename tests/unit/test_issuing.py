"""The order in which ULNs are issued: each once, none to be guessed, and the same for ever (domain §2)."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest

from uln_contract.ulns import is_valid
from uln_server.register.issuing import (
    PREFIXES,
    SANDBOX_KEY,
    NoPrefixLeftError,
    UlnKey,
    new_key,
    permuted,
    rounds,
)

A_KEY = "00112233445566778899aabbccddeeff" * 2
MILLION = 1_000_000


@pytest.fixture(scope="module")
def drawn() -> list[str | None]:
    """A million, drawn in a process of its own: coverage would trace each of their ten rounds."""
    program = (
        f"from uln_server.register.issuing import UlnKey\nkey = UlnKey('{A_KEY}')\n"
        f"print('\\n'.join(key.nth(counter) or '-' for counter in range({MILLION})))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True)
    return [None if line == "-" else line for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def issued(drawn: list[str | None]) -> list[str]:
    return [uln for uln in drawn if uln is not None]


# A register keeps only how far it has counted: in another order it would issue again what it has issued. If this
# fails, no expectation is wrong: the code is.
@pytest.mark.parametrize(
    ("key", "counter", "uln"),
    [
        (SANDBOX_KEY, 0, "6306835600"),
        (SANDBOX_KEY, 1, "1953250474"),
        (SANDBOX_KEY, 2, "2660928990"),
        (SANDBOX_KEY, 3, "2066862117"),
        (SANDBOX_KEY, 4, "7923174406"),
        (SANDBOX_KEY, 5, "5920814585"),
        (SANDBOX_KEY, 6, "2609875338"),
        (SANDBOX_KEY, 7, "7002287787"),
        (SANDBOX_KEY, 8, "5334902383"),
        (SANDBOX_KEY, 9, None),
        (SANDBOX_KEY, 10, "5582890156"),
        (SANDBOX_KEY, 11, "7201763848"),
        (A_KEY, 0, "1193378736"),
        (A_KEY, 1, "8140949271"),
        (A_KEY, 2, "1310811384"),
        (A_KEY, 999_999, "8698737977"),
        (A_KEY, 450_000_000, "1519598741"),
        (A_KEY, 899_999_998, "7084797229"),
        (A_KEY, 899_999_999, "4488784940"),
    ],
)
def test_the_order_never_changes(key: str, counter: int, uln: str | None) -> None:
    assert UlnKey(key).nth(counter) == uln


def test_a_million_are_distinct_ulns(issued: list[str]) -> None:
    assert len(set(issued)) == len(issued)
    assert {len(uln) for uln in issued} == {10}
    assert min(issued)[0] == "1"


def test_a_million_hold_the_check_digit_by_the_other_formula(issued: list[str]) -> None:
    """All ten digits weighted 10 to 1 sum to 10 mod 11; five digits at a time are looked up."""
    high, low = (
        [
            sum(weight * int(digit) for weight, digit in zip(weights, f"{n:05}", strict=True))
            for n in range(100_000)
        ]
        for weights in (range(10, 5, -1), range(5, 0, -1))
    )
    assert {(high[number // 100_000] + low[number % 100_000]) % 11 for number in map(int, issued)} == {10}


def test_one_prefix_in_eleven_is_never_issued(drawn: list[str | None]) -> None:
    assert len(drawn) == MILLION
    assert drawn.count(None) / MILLION == pytest.approx(1 / 11, abs=0.001)
    key = UlnKey(A_KEY)
    skipped = [key.prefix(counter) for counter in range(1_000) if drawn[counter] is None]
    assert skipped
    assert not any(is_valid(prefix + digit) for prefix in skipped for digit in "0123456789")


@pytest.mark.parametrize("digits", [slice(0, 2), slice(7, 9)])
def test_numbers_spread_evenly(issued: list[str], digits: slice) -> None:
    counts = Counter(uln[digits] for uln in issued)
    expected = len(issued) / (90 if digits.start == 0 else 100)
    assert len(counts) == round(len(issued) / expected)
    # five standard deviations of a count that is drawn at random
    assert max(abs(count - expected) for count in counts.values()) < 5 * expected**0.5


def test_neighbours_of_the_counter_are_no_neighbours(issued: list[str]) -> None:
    gaps = [int(later) - int(earlier) for earlier, later in pairwise(issued)]
    assert sum(gap > 0 for gap in gaps) / len(gaps) == pytest.approx(0.5, abs=0.002)
    near = sum(abs(gap) < 9_000_000 for gap in gaps) / len(gaps)
    assert near == pytest.approx(0.002, abs=0.0005)  # within a thousandth either way, as if drawn at random
    assert Counter(gaps).most_common(1)[0][1] <= 4


def test_each_key_has_its_own_order(issued: list[str]) -> None:
    last_bit = UlnKey(A_KEY[:-1] + "e")
    other = [uln for counter in range(10_000) if (uln := last_bit.nth(counter)) is not None]
    assert sum(one == two for one, two in zip(issued, other, strict=False)) <= 1
    # of the first ten thousand each, one in nine hundred thousand is in both by chance
    assert len(set(issued[: len(other)]) & set(other)) <= 3


@pytest.mark.parametrize("size", [2, 1_000, 4_096, 4_097, 20_000])
def test_a_small_permutation_gives_each_number_once(size: int) -> None:
    functions = rounds(bytes.fromhex(A_KEY), size)
    assert sorted(permuted(number, size, functions) for number in range(size)) == list(range(size))


def test_the_whole_one_can_be_turned_back() -> None:
    """What can be turned back gives no number twice, wherever the counter stands."""
    functions = rounds(bytes.fromhex(A_KEY), PREFIXES)
    for counter in range(0, PREFIXES, 300_007):
        assert turned_back(permuted(counter, PREFIXES, functions)) == counter


def turned_back(number: int) -> int:
    while True:
        left, right = number >> 15, number & 0x7FFF
        for function in reversed(rounds(bytes.fromhex(A_KEY), PREFIXES)):
            left, right = (right ^ function[left]) & 0x7FFF, left
        number = left << 15 | right
        if number < PREFIXES:
            return number


@pytest.mark.parametrize("counter", [PREFIXES, PREFIXES + 1, 2**40])
def test_past_the_last_prefix_nothing_is_left(counter: int) -> None:
    with pytest.raises(NoPrefixLeftError, match=rf"has reached {counter}.*last value is 899999999") as refused:
        UlnKey(A_KEY).nth(counter)
    assert isinstance(refused.value, OverflowError)


def test_a_counter_starts_at_0() -> None:
    with pytest.raises(ValueError, match="starts at 0; this is -1"):
        UlnKey(A_KEY).prefix(-1)


@pytest.mark.parametrize(
    "secret",
    ["", A_KEY[:-1], A_KEY + "0", A_KEY[:-1] + "g", A_KEY[:-2] + " 0", f"{A_KEY}\n", "٣" * 64],
)
def test_any_other_form_of_key_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ValueError, match=r"not 64 hexadecimal characters.*backup") as refused:
        UlnKey(secret)
    assert not secret or secret not in str(refused.value)


def test_a_key_is_not_shown() -> None:
    assert repr(UlnKey(A_KEY)) == "UlnKey(...)"


def test_letter_case_of_a_key_does_not_matter() -> None:
    assert UlnKey(A_KEY.upper()).nth(7) == UlnKey(A_KEY).nth(7)


def test_new_keys_are_keys_and_differ() -> None:
    one, two = new_key(), new_key()
    assert UlnKey(one).prefix(0) != UlnKey(two).prefix(0)
    assert len(one) == 64


def test_the_sandbox_key_says_what_it_is() -> None:
    assert bytes.fromhex(SANDBOX_KEY) == b"uln-interchange/sandbox/public/1"
