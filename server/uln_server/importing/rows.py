"""A file as a stream of rows, whatever its form; nothing of it is kept."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from uln_server.importing.layout import Layout
from uln_server.importing.rules import Finding


class Headed(Protocol):
    """What a heading row says, whatever the file is about."""

    @property
    def columns(self) -> Sequence[object]:
        """The columns, as many as every row has cells."""


class Row(NamedTuple):
    """One record of the file.

    ``number`` is the row as a spreadsheet counts it, the heading being 1; in XML the place of the Learner, from
    1. ``cells`` follow the layout's columns, an empty one being "not given". A row that cannot be told apart has
    a ``defect`` and no cells.
    """

    number: int
    cells: list[str]
    defect: Finding | None = None


class Source(Protocol):
    """A file of learners being read."""

    layout: Layout
    form: str
    """How it is read, in words: a file read in another way is another import."""

    def rows(self) -> Iterator[Row]:
        """Give every row once. Raises ``Unusable`` where the file stops making sense."""

    def position(self) -> int:
        """Give the bytes read so far."""

    def close(self) -> None:
        """Close the file."""
