"""Opening a file: what it is, by its content, and whether it is still the same while it is read."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from uln_server.importing.csv_rows import CsvRows
from uln_server.importing.layout import layout_of
from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Source
from uln_server.importing.xml_rows import XmlRows

_LOOKED_AT = 1024  # bytes in which a form shows itself
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_rows(path: Path, encoding: str | None, delimiter: str | None) -> Source:
    """Open a file of learners: XML when it begins as XML does, else CSV.

    ``encoding`` is one of ``csv_rows.ENCODINGS``, ``delimiter`` one character; ``None`` stands for UTF-8 and the
    comma. Raises ``Unusable`` for a file that cannot be read, and for one whose heading row is wrong.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
        if not _begins_as_xml(start):
            return CsvRows(path, encoding, delimiter, layout_of)
        if encoding or delimiter:
            raise Unusable("An XML file says itself how it is encoded.", "Leave --encoding and --delimiter out.")
        return XmlRows(path)
    except OSError as error:
        raise _unreadable(path, error) from None


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, by digest and size, and when it was last written."""

    path: Path
    sha256: str
    size: int
    written: int

    @classmethod
    def of(cls, path: Path) -> "Content":
        """Read a file once through; ``Unusable`` when that cannot be done."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found = path.stat()
        except OSError as error:
            raise _unreadable(path, error) from None
        return cls(path, digest, found.st_size, found.st_mtime_ns)

    def require_unchanged(self) -> None:
        """Raise ``Unusable`` when somebody wrote to the file since: its rows may stand elsewhere now."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise _unreadable(self.path, error) from None
        if (found.st_size, found.st_mtime_ns) != (self.size, self.written):
            raise Unusable(
                f"{self.path} was changed while it was being read.",
                "Leave it alone while it is imported, and run the command again.",
            )


def _begins_as_xml(start: bytes) -> bool:
    for mark in _MARKS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip().startswith(b"<")


def _unreadable(path: Path, error: OSError) -> Unusable:
    return Unusable(f"{path} cannot be read: {error.strerror}.", "Name a file that this user may read.")
