"""Closed for maintenance: switched in the register, so that every process of every node follows at once."""

import threading
from collections.abc import Callable
from contextlib import suppress

import structlog

from uln_server.soap.faults import HttpRefusal

log = structlog.get_logger("uln_server.maintenance")

# What live clients look for in the body of an answer, to tell maintenance from a failure (domain §12).
_SIGN = "UnsupportedHttpVerb"
# Long enough that no client of ours waits for it inside a call.
_RETRY_AFTER = 60
_LOOK_EVERY = 1.0
# A look that hangs on a lost database is not waited for.
_PATIENCE = 2.0


class Maintenance:
    """Whether the service is closed, as the register last said: looked up once a second, by a thread of its own.

    ``text`` is what the operator says to callers, empty for nothing, ``None`` while the service is open. A call
    reads no more than that. While the register cannot be read, what it said last holds.
    """

    def __init__(
        self, look: Callable[[], str | None], *, always: bool = False, look_every: float = _LOOK_EVERY
    ) -> None:
        """Take how to look the switch up; ``always`` stays closed, whatever it says. Looks once at once."""
        self._look = look
        self._always = always
        self._every = look_every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="maintenance", daemon=True)
        self.text: str | None = None
        self._turn(look())

    def start(self) -> None:
        """Begin to follow the switch."""
        self._thread.start()

    def close(self) -> None:
        """Follow it no longer; may be called again, and without ``start``."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    def check(self) -> None:
        """Raise ``ClosedForMaintenance`` while the service is."""
        if self.text is not None:
            raise ClosedForMaintenance(self.text)

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            # Whatever hinders it: maintenance may be about this very database.
            with suppress(Exception):
                self._turn(self._look())

    def _turn(self, text: str | None) -> None:
        if text is None and self._always:
            text = ""
        if text != self.text:
            # A log that has gone away must not be in the way of the switch.
            with suppress(OSError, ValueError):
                log.info("open" if text is None else "closed for maintenance")
        self.text = text


class ClosedForMaintenance(HttpRefusal):
    """HTTP 503 to every message during maintenance; ``told`` is the operator's own text."""

    def __init__(self, told: str) -> None:
        words = f" {told}" if told else ""
        super().__init__(
            503,
            f"The service is closed for maintenance ({_SIGN}).{words} Send the message again later.",
            {"Retry-After": str(_RETRY_AFTER)},
        )
