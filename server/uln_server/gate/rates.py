"""Refusing who calls too often: by address before a body is read, by organisation once it is known."""

from uln_server.access.rates import Rate, Rates
from uln_server.soap.faults import HttpRefusal


class RateLimit:
    """One rate that every caller of a kind keeps to, or none."""

    def __init__(self, rate: str | None, refusal: str) -> None:
        """Take a rate as the settings have it (``RateError``), and the words for who exceeds it."""
        read = Rate.read(rate)
        self._rates = None if read is None else Rates(read)
        self._refusal = f"{refusal} ({rate}). Send the message again after the seconds that Retry-After says."

    def check(self, caller: str | int) -> None:
        """Count a call; ``HttpRefusal`` 429 with Retry-After when it is one too many."""
        if self._rates is None:
            return
        seconds = self._rates.count(caller)
        if seconds:
            raise too_often(self._refusal, seconds)


def too_often(text: str, seconds: int) -> HttpRefusal:
    """Refuse with HTTP 429, and say after how many seconds it is worth to come again (RFC 6585 §4)."""
    return HttpRefusal(429, text, {"Retry-After": str(seconds)})
