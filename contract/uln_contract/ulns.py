"""The Unique Learner Number's form and check digit (domain §2)."""

import re
from operator import mul

_WEIGHTS = range(10, 0, -1)
_PREFIX = re.compile(r"[0-9]{9}", re.ASCII)
_ULN = re.compile(r"[1-9][0-9]{9}", re.ASCII)
_VALID = 10


def check_digit(first9: str) -> str | None:
    """Give the tenth digit that belongs to the first nine, or ``None`` for a prefix that is never issued.

    The digits weigh 10 down to 2; r is their sum modulo 11 and the check digit is 10 - r. With r = 0 there is no
    such digit, and no ULN starts with 0. Raises ``ValueError`` unless ``first9`` is nine ASCII digits.
    """
    if not _PREFIX.fullmatch(first9):
        raise ValueError("the first nine digits of a ULN are needed")
    remainder = sum(map(mul, _WEIGHTS, map(int, first9))) % 11
    if remainder == 0 or first9[0] == "0":
        return None
    return str(10 - remainder)


def is_valid(uln: str) -> bool:
    """Tell whether a text is a well-formed ULN: ten ASCII digits, the first not 0, the last the check digit.

    The funding return's "unknown ULN" 9999999999 fails, as it must. Validity says nothing about issue.
    """
    # All ten digits, weighed 10 down to 1, sum to 10 modulo 11; so do their codes, each 48 more than its digit,
    # because 48 times 55 is a multiple of 11. This is asked of every row of every batch.
    return _ULN.fullmatch(uln) is not None and sum(map(mul, _WEIGHTS, uln.encode())) % 11 == _VALID
