"""A batch file as a stream of rows, whatever its form; nothing of it is kept."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from uln_contract.batch_files.findings import Finding


class FileForm(StrEnum):
    """The three forms of a batch file."""

    CSV = "csv"
    XML = "xml"
    XLSX = "xlsx"


class Written(NamedTuple):
    """How a file is written, as it was found.

    ``encoding`` is Python's name of it; ``delimiter`` and ``line_end`` are those of CSV, ``sheet`` the worksheet
    that was read; ``""`` where the form has none.
    """

    form: FileForm
    encoding: str = ""
    delimiter: str = ""
    line_end: str = ""
    sheet: str = ""


class Row(NamedTuple):
    """One record of the file.

    ``number`` as in ``Finding.row``. ``cells`` follow the source's headings, as many, an empty one being "not
    given". A row that cannot be told apart has findings that refuse it, and its cells are as far as they could
    be read.
    """

    number: int
    cells: Sequence[str]
    findings: tuple[Finding, ...] = ()


class Source(Protocol):
    """A batch file being read."""

    written: Written
    headings: Sequence[str]
    """As they stand in the file, in its order."""
    heading_row: int | None
    """Where they stand, as a spreadsheet counts; ``None`` in XML."""
    findings: list[Finding]
    """What is found of the file as a whole; what only the end shows is there once ``rows`` has ended."""

    def rows(self) -> Iterator[Row]:
        """Give every record once, in constant memory; ``UnusableFile`` where the file stops making sense."""

    def position(self) -> tuple[int, int]:
        """Give how much has been read, and how much there is, in bytes or rows."""

    def close(self) -> None:
        """Close the file."""
