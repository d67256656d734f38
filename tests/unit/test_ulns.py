"""Properties of the ULN's check digit (domain §2)."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from uln_contract.ulns import check_digit, is_valid

prefixes = st.integers(min_value=100_000_000, max_value=999_999_999).map(str)


def valid_ulns() -> st.SearchStrategy[str]:
    return prefixes.filter(lambda prefix: check_digit(prefix) is not None).map(
        lambda prefix: f"{prefix}{check_digit(prefix)}"
    )


def ten_digit_remainder(uln: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), uln, strict=True)) % 11


@pytest.mark.parametrize("uln", ["9276308686", "1026893096", "4444599390", "6936002314", "1174112637"])
def test_published_examples_are_valid(uln: str) -> None:
    assert is_valid(uln)


@pytest.mark.parametrize(
    "text",
    [
        "9999999999",  # the funding return's unknown ULN
        "1026893095",
        "0026893096",
        "102689309",
        "10268930960",
        "",
        " 1026893096",
        "1026893096\n",
        "10268-93096",
        "102689309O",
        "１０２６８９３０９６",  # noqa: RUF001  # full-width digits are digits to str.isdigit, but no ULN
    ],
)
def test_anything_else_is_invalid(text: str) -> None:
    assert not is_valid(text)


@given(st.integers(min_value=1_000_000_000, max_value=9_999_999_999).map(str))
def test_both_formulations_agree(uln: str) -> None:
    assert is_valid(uln) == (ten_digit_remainder(uln) == 10)


@given(prefixes)
def test_a_prefix_has_one_check_digit_or_with_remainder_0_none(prefix: str) -> None:
    valid = [digit for digit in "0123456789" if is_valid(prefix + digit)]
    assert valid == ([] if check_digit(prefix) is None else [check_digit(prefix)])
    assert (check_digit(prefix) is None) == (ten_digit_remainder(prefix + "0") == 0)


def test_a_prefix_with_remainder_0_is_never_issued() -> None:
    assert check_digit("100000006") is None
    assert not any(is_valid(f"100000006{digit}") for digit in range(10))


def test_a_prefix_that_starts_with_0_is_never_issued() -> None:
    assert check_digit("012345678") is None


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "12345678x", "12345678９"])  # noqa: RUF001  # a full-width digit on purpose
def test_a_check_digit_needs_nine_digits(text: str) -> None:
    with pytest.raises(ValueError, match="nine digits"):
        check_digit(text)


@given(valid_ulns(), st.integers(0, 9), st.integers(0, 9))
def test_every_single_digit_change_is_caught(uln: str, place: int, digit: int) -> None:
    assume(uln[place] != str(digit))
    assert not is_valid(uln[:place] + str(digit) + uln[place + 1 :])


@given(valid_ulns(), st.integers(0, 9), st.integers(0, 9))
def test_every_swap_of_two_different_digits_is_caught(uln: str, one: int, other: int) -> None:
    assume(uln[one] != uln[other])
    digits = list(uln)
    digits[one], digits[other] = digits[other], digits[one]
    assert not is_valid("".join(digits))
