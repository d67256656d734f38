"""Records that were shown not long ago, kept as they were written, for as long as nothing in them has changed."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from uln_contract.writing import Ready
from uln_server.record.learning_events import GetType

_BESIDES = 1_000
"""Bytes that a kept record takes besides its content, about."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a caller sees of a learner's record, written, and the ULNs of its awards, each once."""

    events: Ready
    ulns: tuple[str, ...] = field(repr=False)


class View(NamedTuple):
    """Whose record it is, and how much of it: all that stands, or one organisation's own (by its UKPRN)."""

    uln: str
    get_type: GetType
    organisation: str | None


class KeptRecords:
    """The records that were asked for last, in at most so many bytes. One a process; safe to use from any thread.

    A record is given only to whoever names the state of the register in which it was written: two equal states
    mean that the same would be written again (``recorded.Awards.state``).
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[View, tuple[Hashable, Shown]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, view: View, state: Hashable) -> Shown | None:
        """Give what was written in this very state; ``None`` when nothing was, or something else since."""
        with self._lock:
            kept = self._kept.get(view)
            if kept is None or kept[0] != state:
                return None
            self._kept.move_to_end(view)
            return kept[1]

    def put(self, view: View, state: Hashable, shown: Shown) -> None:
        """Keep what was written in this state; those that nobody has asked for the longest go for it."""
        with self._lock:
            self._forget(view)
            self._kept[view] = (state, shown)
            self._room -= _size(shown)
            while self._room < 0:
                self._forget(next(iter(self._kept)))

    def _forget(self, view: View) -> None:
        kept = self._kept.pop(view, None)
        if kept is not None:
            self._room += _size(kept[1])


def _size(shown: Shown) -> int:
    return _BESIDES + len(shown.events.content)
