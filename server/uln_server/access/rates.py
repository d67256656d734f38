"""How often somebody may call: a rate such as ``600/minute``, and who has used up theirs. Pure.

The generic cell rate algorithm: one number for each caller, the moment at which all that they sent would have been
due had it come evenly. All arithmetic is in whole numbers, and therefore exact.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")
_NANOSECONDS = 1_000_000_000
# Callers that are counted at the same time; whoever was quiet for longest is forgotten first [O].
_CALLERS_AT_MOST = 50_000


class RateError(ValueError):
    """The text is no rate."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds: as many at once, and then one more each time its share has passed [O]."""

    calls: int
    seconds: int

    @classmethod
    def read(cls, text: str | None) -> "Rate | None":
        """Read ``600/minute`` (second, minute, hour or day); ``None`` for none or blank, else ``RateError``."""
        if text is None or not text.strip():
            return None
        found = _RATE.fullmatch(text.strip())
        if found is None:
            raise RateError(
                f"{text!r} is no rate: write a whole number above 0, a slash, and second, minute, hour or day,"
                " such as 600/minute; or leave it empty for none."
            )
        return cls(int(found[1]), _SECONDS[found[2]])


class Rates:
    """Counts each caller's calls against one rate; safe to use from many threads.

    Memory is bounded however many callers come. ``clock`` gives whole nanoseconds that never run backwards.
    """

    def __init__(
        self,
        rate: Rate,
        clock: Callable[[], int] = time.monotonic_ns,
        *,
        callers_at_most: int = _CALLERS_AT_MOST,
    ) -> None:
        # In units of a nanosecond divided by the number of calls: nothing is ever rounded.
        self._scale = rate.calls
        self._share = rate.seconds * _NANOSECONDS
        self._ahead = self._share * (rate.calls - 1)
        self._clock = clock
        self._limit = callers_at_most
        self._due: OrderedDict[str | int, int] = OrderedDict()
        self._lock = Lock()

    def count(self, caller: str | int) -> int:
        """Count a call: 0, or the whole seconds after which one may pass; one that may not is not counted."""
        now = self._clock() * self._scale
        with self._lock:
            due = max(self._due.get(caller, 0), now)
            late = due - now - self._ahead
            if late <= 0:
                self._keep(caller, due + self._share)
        return -(-late // (self._scale * _NANOSECONDS)) if late > 0 else 0

    def __len__(self) -> int:
        """Callers that are kept at present."""
        return len(self._due)

    def _keep(self, caller: str | int, due: int) -> None:
        self._due[caller] = due
        self._due.move_to_end(caller)
        if len(self._due) > self._limit:
            self._due.popitem(last=False)
