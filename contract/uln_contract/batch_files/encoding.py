"""Which letters a text file's bytes are: found out, said, and never guessed silently (domain §8)."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.structure_codes import StructureCode, structural

NAMED = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "iso-8859-1": "iso8859-1",
    "iso-8859-15": "iso8859-15",
    "cp850": "cp850",
    "mac-roman": "mac-roman",
}
"""The encodings that may be named, and Python's names of them; other names of the same ones are known as well."""

UNREADABLE = "\udcff"
"""Stands in a text for bytes that are none of its encoding. No encoding makes it of bytes that are."""

UTF_16 = frozenset({"utf-16-le", "utf-16-be"})
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WINDOWS = "cp1252"
_CHUNK = 2**18  # bytes
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HANDLER = "uln-unreadable"
codecs.register_error(_HANDLER, lambda error: (UNREADABLE, getattr(error, "end", 0)))


class Letters(NamedTuple):
    """What a text file's bytes are.

    ``encoding`` is Python's name of it, ``mark`` the length of the byte-order mark in bytes. ``assumed``: nothing
    says so but that it fits, and the first place where it matters is to be told. ``spoilt``: somewhere are bytes
    that are none of the encoding's, or null characters, and every row is to be looked at.
    """

    encoding: str
    mark: int = 0
    assumed: bool = False
    spoilt: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> str:
        """How Python's decoders put ``UNREADABLE`` where something cannot be read."""
        return _HANDLER


def marked(start: bytes) -> tuple[str | None, int]:
    """Give the encoding that a byte-order mark says, and the mark's length; ``(None, 0)`` without one."""
    found = next(((encoding, len(mark)) for mark, encoding in _MARKS if start.startswith(mark)), None)
    return found or (None, 0)


def unmarked_utf_16(start: bytes) -> str | None:
    """Tell UTF-16 without a mark by its null bytes: every other byte of what is mostly ASCII."""
    half = len(start) // 2
    high, low = start[1::2].count(0), start[::2].count(0)
    if half and high > half * 0.4 and low <= half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if half and low > half * 0.4 and high <= half * 0.05 else None


def letters_of(file: BinaryIO, named: str | None = None) -> Letters:
    """Find out a text file's encoding by reading all of it; the file is at its start before and after.

    The byte-order mark decides, then what was ``named``; then UTF-16 by its null bytes, then UTF-8 if everything
    fits; else it is Windows-1252. Where valid UTF-8 and other bytes stand in one file, it is UTF-8, and the rows
    with the others are refused. Raises ``UnusableFile`` (F006, F008).
    """
    start = file.read(4096)
    file.seek(0)
    encoding, mark = marked(start)
    said = None if named is None else wanted(named)
    if encoding is not None or said is not None:
        return _said(file, start, encoding, mark, said)
    found = unmarked_utf_16(start)
    if found:
        words = "The file is UTF-16 without a byte-order mark; it is read as such."
        return Letters(found, 0, False, _spoilt(file, found), (structural(StructureCode.F009, words),))  # noqa: FBT003  # fields of a tuple
    if not _spoilt(file, "utf-8"):
        return Letters("utf-8")
    return _neither(file)


def python_name(named: str) -> str:
    """Give Python's name of an encoding, or the name itself where Python has none."""
    try:
        return codecs.lookup(named.strip()).name
    except (LookupError, ValueError):
        return named


def shown(encoding: str) -> str:
    """Give the name of an encoding as people know it: ``Windows-1252`` of ``cp1252``."""
    python = "utf-16" if encoding in UTF_16 else encoding
    found = next((name for name, each in NAMED.items() if each == python), encoding)
    return found.capitalize() if found.startswith("windows") else found.upper()


def readable(text: str) -> str:
    """Give a text as it may be shown and written: with U+FFFD for what could not be read."""
    return text.replace(UNREADABLE, "\ufffd")


def wanted(named: str) -> str:
    """Give Python's name of an encoding that somebody named; ``UnusableFile`` (F008) for one that is not known."""
    python = python_name(named)
    found = next((each for each in NAMED.values() if codecs.lookup(each).name == python), None)
    if found is None:
        words = f"The encoding {named[:40]!r} is not known."
        raise UnusableFile(structural(StructureCode.F008, words, f"Name one of {', '.join(NAMED)}."))
    return found


def _said(file: BinaryIO, start: bytes, encoding: str | None, mark: int, said: str | None) -> Letters:
    """Take the encoding that the mark or the user says."""
    if encoding == "utf-32-le":
        words = "The file is UTF-32, which is not read."
        raise UnusableFile(structural(StructureCode.F006, words))
    if encoding is None:
        named = said or ""
        python = (unmarked_utf_16(start) or "utf-16-le") if named == "utf-16" else named
        return Letters(python, spoilt=_spoilt(file, python))
    if said is not None and not encoding.startswith(said):
        words = f"The file's first bytes say {encoding}, and --encoding says {said}."
        raise UnusableFile(structural(StructureCode.F008, words, "Leave --encoding out."))
    code, words = StructureCode.F010, "The file begins with a byte-order mark; it is read."
    if encoding in UTF_16:
        code, words = StructureCode.F009, "The file is UTF-16; it is read as such."
    return Letters(encoding, mark, spoilt=_spoilt(file, encoding), findings=(structural(code, words),))


def _spoilt(file: BinaryIO, encoding: str) -> bool:
    """Tell whether anything in the file is not of the encoding, or null."""
    decoder = codecs.getincrementaldecoder(encoding)(_HANDLER)
    found = False
    while not found and (chunk := file.read(_CHUNK)):
        text = decoder.decode(chunk)
        found = UNREADABLE in text or "\0" in text
    found = found or UNREADABLE in decoder.decode(b"", final=True)
    file.seek(0)
    return found


def _neither(file: BinaryIO) -> Letters:
    """Judge a file that is not all UTF-8."""
    strange = ""
    foreign, line = False, 1
    for chunk in _whole_lines(file):
        if _SEQUENCE.search(chunk):
            file.seek(0)
            return Letters("utf-8", spoilt=True)
        foreign = foreign or not chunk.isascii()
        found = None if strange else _UNDEFINED.search(chunk)
        if found:
            place = line + chunk.count(b"\n", 0, found.start())
            strange = f"Line {place} holds the byte {found[0].hex().upper()}"
        line += chunk.count(b"\n")
    file.seek(0)
    if not foreign:
        return Letters("utf-8", spoilt=True)  # null characters alone
    if strange:
        words = f"{strange}, which is neither UTF-8 nor Windows-1252."
        raise UnusableFile(structural(StructureCode.F006, words))
    return Letters(_WINDOWS, assumed=True, spoilt=_spoilt(file, _WINDOWS))


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Give the file in pieces that end where a line does, so that no character is cut through."""
    while chunk := file.read(_CHUNK):
        yield chunk + file.readline(_CHUNK)
