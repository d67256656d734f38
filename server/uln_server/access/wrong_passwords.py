"""Delays after wrong passwords, for an organisation and an address together (domain §11). Pure.

UKPRNs are public: were an organisation locked out by itself, anyone could lock it out. What is counted is whom a
message claims to come from, known or not, so that nobody learns from a delay which organisations there are.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from uln_server.access.identity import Claim

# After the last delay has ended; nobody then remembers what went wrong [O].
_FORGOTTEN_AFTER = 3600.0
# Each of them took a password check of a twentieth of a second [O].
_PAIRS_AT_MOST = 10_000
_LONGEST_POWER = 30

Pair = tuple[frozenset[str], str]
"""Whom a message claims to come from, and from which address it came."""


def pair_of(claim: Claim, address: str) -> Pair:
    """Give the pair that a claim is counted under: by the identifiers that it sent, whether known or not [O].

    Counted by the organisation that they name, a delay under its UKPRN would show under its OrganisationRef, and
    tell that both are one organisation's.
    """
    return frozenset(each.upper() for each in claim.identifiers()), address


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    until: float


class WrongPasswords:
    """How long a pair waits before its next password is looked at; safe to use from many threads.

    ``tries`` wrong ones in a row are free. From then on each buys a delay, in seconds 1, 2, 4 and so on up to
    ``longest``; with 0 there are none. Memory is bounded: the pair that was wrong longest ago is forgotten first.
    """

    def __init__(
        self,
        tries: int,
        longest: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        pairs_at_most: int = _PAIRS_AT_MOST,
    ) -> None:
        self._tries = tries
        self._longest = longest
        self._clock = clock
        self._limit = pairs_at_most
        self._failures: OrderedDict[Pair, _Failures] = OrderedDict()
        self._lock = Lock()

    def wait(self, pair: Pair) -> float:
        """Give the seconds until this pair's next password may be checked; 0 when it may be now."""
        with self._lock:
            failures = self._current(pair)
        return 0.0 if failures is None else max(0.0, failures.until - self._clock())

    def wrong(self, pair: Pair) -> None:
        """Note that a password was checked and was wrong."""
        with self._lock:
            before = self._current(pair)
            count = 1 if before is None else before.count + 1
            self._failures[pair] = _Failures(count, self._clock() + self._delay(count))
            self._failures.move_to_end(pair)
            if len(self._failures) > self._limit:
                self._failures.popitem(last=False)

    def right(self, pair: Pair) -> None:
        """Note that a password was right: the pair starts anew."""
        with self._lock:
            self._failures.pop(pair, None)

    def __len__(self) -> int:
        """Pairs that are kept at present."""
        return len(self._failures)

    def _current(self, pair: Pair) -> _Failures | None:
        failures = self._failures.get(pair)
        if failures is not None and self._clock() >= failures.until + _FORGOTTEN_AFTER:
            del self._failures[pair]
            return None
        return failures

    def _delay(self, count: int) -> float:
        if count < self._tries:
            return 0.0
        return min(self._longest, float(2 ** min(count - self._tries, _LONGEST_POWER)))
