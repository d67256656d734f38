"""Whether an earlier row of the file is about the same, in bounded memory (domain §7, §8).

Of each key a number of 64 bits is kept, and the row where it stood: at half a million rows 12 MB together. Two
different keys share a number once in some hundred million files of that size [O].
"""

from array import array

_SLOTS = 2**12
_FILLED = 0.6  # of the slots, before there are twice as many
_WORD = 2**64 - 1


class Rows:
    """Remembers in which row each key came first: a hash table with open addressing in two flat arrays."""

    def __init__(self) -> None:
        self._make(_SLOTS)
        self._filled = 0

    def first(self, key: object, row: int) -> int | None:
        """Give the row that had the key before; the first time, remember ``row`` and give ``None``."""
        number = hash(key) & _WORD or 1
        place = self._place(number)
        if self._numbers[place]:
            return self._rows[place]
        self._numbers[place], self._rows[place] = number, row
        self._filled += 1
        if self._filled > self._most:
            self._grow()
        return None

    def _place(self, number: int) -> int:
        """Find where a number stands, or the free slot where it belongs."""
        numbers, mask = self._numbers, self._mask
        place = number & mask
        while numbers[place] not in (0, number):
            place = (place + 1) & mask
        return place

    def _make(self, slots: int) -> None:
        self._numbers = array("Q", bytes(8 * slots))
        self._rows = array("I", bytes(array("I").itemsize * slots))
        self._mask = slots - 1
        self._most = int(slots * _FILLED)

    def _grow(self) -> None:
        numbers, rows = self._numbers, self._rows
        self._make(2 * len(numbers))
        for number, row in zip(numbers, rows, strict=True):
            if number:
                place = self._place(number)
                self._numbers[place], self._rows[place] = number, row
