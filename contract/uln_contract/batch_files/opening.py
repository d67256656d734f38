"""What a file is by its content, whatever its name says, and the reader for it (domain §8)."""

import re
from pathlib import Path
from typing import BinaryIO

from uln_contract.batch_files.csv_rows import DELIMITERS, CsvRows
from uln_contract.batch_files.encoding import marked, unmarked_utf_16
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.limits import LIMITS, Limits
from uln_contract.batch_files.rows import FileForm, Source
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.layouts import Layout

_START = 4096  # bytes that tell what a file is
_NULLS = 0.05  # of a text's characters: with more it is none; with fewer a row is spoilt [O]
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Microsoft's compound file: old Office, and encrypted new Office
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"Rar!", "a packed file (rar)"),
    (b"PK\x05\x06", "a packed file (zip) with nothing in it"),
    (b"SQLite format 3", "a database"),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_JSON = re.compile(r'\{\s*(?:"|\})|\[\s*[{\["\]]')
_DELIMITER_NAMES = {name: delimiter for delimiter, name in DELIMITERS.items()} | {"\\t": "\t", "pipe": "|"}
_EITHER_CASE = frozenset({FileForm.XLSX})


def open_source(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> Source:
    """Open a batch file of any form.

    ``encoding`` is one of ``encoding.NAMED``, ``delimiter`` a character or one of ``comma``, ``semicolon``,
    ``tab``, ``bar``, and ``sheet`` the name of a worksheet; each is looked for where it is not given. Raises
    ``UnusableFile`` for what is no batch file, with what it is instead, and ``OSError`` when there is no file.
    """
    with path.open("rb") as file:
        form = form_of(file)
    if form is FileForm.XLSX:
        from uln_contract.batch_files.xlsx_rows import XlsxRows  # noqa: PLC0415  # loads a library of its own

        return XlsxRows(path, sheet=sheet, limits=limits)
    if form is FileForm.XML:
        from uln_contract.batch_files.xml_rows import XmlRows  # noqa: PLC0415  # as above: lxml

        return XmlRows(path, encoding=encoding, limits=limits)
    return CsvRows(path, encoding=encoding, delimiter=_delimiter(delimiter), limits=limits)


def form_of(file: BinaryIO) -> FileForm:
    """Tell a file's form by its content; the file stands at its start before and after.

    Raises ``UnusableFile`` for what is none of the three.
    """
    start = file.read(_START)
    file.seek(0)
    if start.startswith(_ZIP):
        return FileForm.XLSX
    if start.startswith(_COMPOUND):
        raise UnusableFile(_compound(file))
    other = next((name for mark, name in _OTHERS if start.startswith(mark)), None)
    if other is not None:
        raise UnusableFile(_no_form(other))
    text = _decoded(start)
    if not text.strip() and len(start) < _START:
        raise UnusableFile(structural(StructureCode.F001, "The file is empty."))
    if text.count("\0") > len(text) * _NULLS:
        raise UnusableFile(_no_form("no text: it has null characters in it"))
    if _PAGE.match(text.lstrip()):
        raise UnusableFile(_no_form("a web page, as saved when a download asks to sign in first"))
    if _JSON.match(text.lstrip()):
        raise UnusableFile(_no_form("JSON"))
    return FileForm.XML if text.lstrip().startswith("<") else FileForm.CSV


def name_findings(path: Path, layout: Layout, form: FileForm | None = None) -> list[Finding]:
    """Tell how a file's name differs from its layout's form: warnings, for the file is known by its content.

    ``form`` is what the file is; without it the extension's own form counts.
    """
    found = []
    extension = path.suffix[1:]
    right = (form or extension).lower()
    if right != extension.lower():
        words = f"The file is {right.upper()}, and its name ends with {path.suffix or 'no extension'}."
        found.append(_name(StructureCode.F052, words, path, _named(path.stem, right, layout)))
    elif right not in _EITHER_CASE and extension != _cased(right, layout):
        words = f"The extension is {path.suffix}, and that of {layout.title} is written .{_cased(right, layout)}."
        found.append(_name(StructureCode.F051, words, path, _named(path.stem, right, layout)))
    if not layout.file_name.fullmatch(path.stem):
        words = f"The file's name has not the form {layout.file_name_form}, as {layout.title} have it."
        found.append(_name(StructureCode.F050, words, path, _named(layout.file_name_example, right, layout)))
    return found


def _cased(extension: str, layout: Layout) -> str:
    upper = layout.extension_upper and extension not in _EITHER_CASE
    return extension.upper() if upper else extension


def _named(stem: str, extension: str, layout: Layout) -> str:
    return f"{stem}.{_cased(extension, layout)}"


def _name(code: StructureCode, words: str, path: Path, example: str) -> Finding:
    like = "to" if code is not StructureCode.F050 else "in this way:"
    return structural(code, words, f"Rename the file {like} {example}.", value=path.name)


def _delimiter(named: str | None) -> str | None:
    if named is None:
        return None
    found = _DELIMITER_NAMES.get(named.casefold(), named)
    if len(found) != 1 or found in '"\r\n \0':
        words = f"The delimiter {named[:40]!r} is none that can separate values."
        remedy = f"Name one of {', '.join(DELIMITERS.values())}, or one character."
        raise UnusableFile(structural(StructureCode.F008, words, remedy))
    return found


def _decoded(start: bytes) -> str:
    """Give the beginning as text, as far as it has to be known to tell what it is."""
    encoding, mark = marked(start)
    encoding = encoding or unmarked_utf_16(start) or "latin-1"
    return start[mark:].decode(encoding, errors="replace")


def _no_form(what: str) -> Finding:
    return structural(StructureCode.F002, f"The file is {what}; it is no CSV, no XML and no Excel workbook.")


def _compound(file: BinaryIO) -> Finding:
    """Tell by the names in its directory what a compound file holds."""
    header = file.read(512)
    size = 1 << int.from_bytes(header[30:32], "little")
    sector = int.from_bytes(header[48:52], "little")
    # A header that makes no sense makes a place that makes none: then nothing is found there.
    file.seek(min((sector + 1) * size, 2**40))
    directory = file.read(_START)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        return structural(StructureCode.F004, "The workbook is protected by a password.")
    if any(name.encode("utf-16-le") in directory for name in ("Workbook", "Book")):
        return structural(StructureCode.F003, "The file is an Excel workbook of the form before 2007 (.xls).")
    return _no_form("an old Office document")
