"""Which ULN comes next: a keyed permutation of a counter (domain §2) [O]; decision 7 says why."""

import re
import secrets
from array import array
from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_256
from struct import unpack

from uln_contract.ulns import check_digit

FIRST_PREFIX = 100_000_000
"""The first nine digits of a ULN, as a number, are at least this: none starts with 0."""
PREFIXES = 900_000_000
"""How many prefixes there are, and so where the counter ends. One in eleven has no check digit."""
SANDBOX_KEY = "756c6e2d696e7465726368616e67652f73616e64626f782f7075626c69632f31"
"""Every sandbox's key, public, so that after a reset the first registration gets the same ULN [O]."""
_SECRET = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_ROUNDS = 10


class NoPrefixLeftError(OverflowError):
    """The counter of a register has passed the last prefix: nothing is left to issue."""


class UlnKey:
    """The secret order in which one register issues its ULNs: the same key, the same order, for ever.

    ``secret`` is 64 hexadecimal characters, as :func:`new_key` makes them; neither ``repr`` nor an error shows it.
    Raises ``ValueError`` for any other form. Whoever knows it can tell which numbers come next.
    """

    __slots__ = ("_rounds",)

    def __init__(self, secret: str) -> None:
        if _SECRET.fullmatch(secret) is None:
            raise ValueError(
                "The register's ULN key is not 64 hexadecimal characters. Take it from the register's backup; "
                "a new one would issue numbers in another order."
            )
        self._rounds = rounds(bytes.fromhex(secret), PREFIXES)

    def __repr__(self) -> str:
        return "UlnKey(...)"

    def prefix(self, counter: int) -> str:
        """Give the nine digits that a counter stands for, each of 100000000 to 999999999 for just one counter.

        Raises ``NoPrefixLeftError`` from ``PREFIXES`` on and ``ValueError`` below 0.
        """
        if counter < 0:
            raise ValueError(f"A ULN's counter starts at 0; this is {counter}.")
        if counter >= PREFIXES:
            raise NoPrefixLeftError(
                f"The register's ULN counter has reached {counter}, and its last value is {PREFIXES - 1}: "
                "every number has been issued or skipped."
            )
        return str(FIRST_PREFIX + permuted(counter, PREFIXES, self._rounds))

    def nth(self, counter: int) -> str | None:
        """Give the ULN that a counter stands for, or ``None`` where the prefix is never issued (r = 0).

        Whether a register holds the number already is the caller's to see. Errors as of :meth:`prefix`.
        """
        prefix = self.prefix(counter)
        digit = check_digit(prefix)
        return None if digit is None else prefix + digit


def new_key() -> str:
    """Make a register's key: 64 hexadecimal characters from the system's secure random source."""
    return secrets.token_hex(32)


@lru_cache(maxsize=8)
def rounds(key: bytes, size: int) -> tuple[Sequence[int], ...]:
    """Give the ten secret round functions of a permutation of ``size`` numbers, each as the table of its values.

    SHAKE-256 draws each table from the key. Drawing takes about 10 ms, hence once a process.
    """
    values = 1 << _half(size)
    return tuple(
        array("H", unpack(f"<{values}H", shake_256(key + bytes([each])).digest(2 * values)))
        for each in range(_ROUNDS)
    )


def permuted(number: int, size: int, functions: Sequence[Sequence[int]]) -> int:
    """Map a number of ``range(size)`` to another one of it, one to one.

    A balanced Feistel network permutes the next power of four; whatever falls outside is sent through again until
    it is back inside (cycle walking), which keeps it one to one.
    """
    half = _half(size)
    mask = (1 << half) - 1
    while True:
        left, right = number >> half, number & mask
        for function in functions:
            left, right = right, (left ^ function[right]) & mask
        number = left << half | right
        if number < size:
            return number


def _half(size: int) -> int:
    """The bits of one half: two of them hold every number below ``size``."""
    return ((size - 1).bit_length() + 1) // 2
