"""What importing a list takes, whatever it lists: an order, a file that is opened, rows by chunks.

A list is small beside a file of learners, and importing it again changes nothing that is as the list says: there
is no place to go on from.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from uln_server.importing.csv_rows import CsvRows
from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Headed
from uln_server.importing.rules import Finding

CHUNK = 1_000
"""Rows a transaction [O]."""

L = TypeVar("L", bound=Headed)
T = TypeVar("T")


class ListRule(StrEnum):
    """What a row of a list may break, by the names that reports carry; ``docs/catalogue.md`` lists them [O]."""

    CELLS = "cells"
    QUOTES = "quotes"
    CHARACTERS = "characters"
    MISSING = "missing"
    LENGTH = "length"
    FORM = "form"
    REFERENCE = "reference"
    DATE = "date"
    OWNER = "owner"
    AVAILABILITY = "availability"
    SANDBOX = "sandbox"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrder:
    """What is wanted: the file, how it is read, where its errors go, and whether to check only."""

    path: Path
    errors: Path
    encoding: str | None = None
    delimiter: str | None = None
    check: bool = False


class Watcher(Protocol):
    """Whoever is told how it goes."""

    def note(self, text: str) -> None:
        """Hear something worth knowing, once."""


@contextmanager
def opened(order: ListOrder, layout_of: Callable[[Sequence[str]], L]) -> Iterator[CsvRows[L]]:
    """Open the file of a list; ``Unusable`` when it cannot be read, or its heading row is wrong."""
    try:
        source = CsvRows(order.path, order.encoding, order.delimiter, layout_of)
    except OSError as error:
        raise Unusable(
            f"{order.path} cannot be read: {error.strerror}.", "Name a file that this user may read."
        ) from None
    try:
        yield source
    finally:
        source.close()


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Give items by so many at a time."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def duplicate(column: str, value: str, row: int) -> Finding:
    """Say that an earlier row is about the same."""
    words = f"stands in row {row} already."
    return Finding(ListRule.DUPLICATE, column, value, words, "Keep the row that is right, and take the other out.")


def missing(column: str) -> Finding:
    """Say that a cell is empty which every row needs."""
    return Finding(ListRule.MISSING, column, "", "is empty, and every row needs it.", "Fill it in.")


def unfit(column: str, value: str) -> Finding:
    """Say that a cell holds what no text holds."""
    words = "holds bytes that are no text of the file's encoding, or a control character."
    remedy = "Save the file as UTF-8; or name its encoding, such as --encoding windows-1252."
    return Finding(ListRule.CHARACTERS, column, value, words, remedy)


def is_fit(text: str) -> bool:
    """Tell whether a cell holds text, and no mark of bytes that are none; a line may be broken."""
    return "\ufffd" not in text and (text.isprintable() or all(map(_fit, text)))


def _fit(character: str) -> bool:
    return character in "\t\n\r\u00a0" or not (character < " " or "\x7f" <= character <= "\x9f")
