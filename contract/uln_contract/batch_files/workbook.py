"""An Excel workbook as what it is packed as: whether it may be unpacked, and which part is which sheet."""

import copy
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.reading import Element

_CHUNK = 2**18  # bytes
_LARGE = 16 * 2**20  # bytes; below, how well a part is packed does not matter
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_PADDED = re.compile(r"(00+)(?:;|\Z)")
_OTHERS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file, such as LibreOffice writes",
}
_SIGNED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Workbook:
    """The parts of a workbook, each known to be as large as it says.

    Raises ``UnusableFile`` for what is no workbook (F002, F003), encrypted (F004), damaged (F031) or too large
    (F032). What libraries do with it afterwards is bounded by what was looked at here.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnusableFile(_damaged(str(error))) from None
        try:
            self._judge()
        except BaseException:
            self._zip.close()
            raise

    @property
    def has_macros(self) -> bool:
        """Whether it holds macros."""
        return any(name.casefold().endswith("vbaproject.bin") for name in self._zip.namelist())

    def sheets(self) -> dict[str, str]:
        """Give the part of each worksheet by the sheet's name."""
        targets = {str(each.get("Id")): str(each.get("Target")) for each in self._tree(_RELATIONS)}
        found = {}
        for each in self._tree(_WORKBOOK).iter("{*}sheet"):
            target = targets.get(str(each.get(_SIGNED) or each.get(_STRICT)), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[str(each.get("name"))] = part
        return found

    def padded_styles(self) -> dict[str, int]:
        """Give the styles that show numbers with zeros in front, and to how many digits each fills them up."""
        if not self.size(_STYLES):
            return {}
        styles = self._tree(_STYLES)
        formats = {str(each.get("numFmtId")): str(each.get("formatCode")) for each in styles.iter("{*}numFmt")}
        used = [formats.get(str(each.get("numFmtId")), "") for each in styles.iterfind("{*}cellXfs/{*}xf")]
        found = ((number, _PADDED.match(each)) for number, each in enumerate(used))
        return {str(number): len(match[1]) for number, match in found if match}

    def open(self, part: str) -> BinaryIO:
        """Open a part; ``UnusableFile`` (F031) when there is none of that name."""
        try:
            return self._zip.open(part)  # type: ignore[return-value]  # it reads bytes, and is not asked for more
        except KeyError:
            raise UnusableFile(_damaged(f"the part {part[:40]} is missing")) from None

    def size(self, part: str) -> int:
        """Give how large a part is, in bytes; 0 when there is none."""
        return self._zip.getinfo(part).file_size if part in self._zip.namelist() else 0

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _judge(self) -> None:
        parts = self._zip.infolist()
        names = [each.filename for each in parts]
        if _WORKBOOK not in names:
            raise UnusableFile(_no_workbook(names))
        if len(set(names)) < len(names):
            raise UnusableFile(_damaged("it holds a part twice"))
        if any(each.flag_bits & _ENCRYPTED for each in parts):
            raise UnusableFile(structural(StructureCode.F004, "The workbook is protected by a password."))
        if any(each.compress_type not in _METHODS for each in parts):
            raise UnusableFile(_damaged("it is packed in a way that no spreadsheet program uses"))
        self._judge_sizes(parts)
        for each in parts:
            self._unpack(each)

    def _judge_sizes(self, parts: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(parts) > limits.parts:
            raise UnusableFile(_too_large(f"The workbook has {len(parts):,} parts, more than {limits.parts:,}."))
        whole = sum(each.file_size for each in parts)
        if whole > limits.unpacked:
            raise UnusableFile(
                _too_large(f"Unpacked the workbook has {whole:,} bytes, more than {limits.unpacked:,}.")
            )
        for each in parts:
            if each.file_size > max(_LARGE, each.compress_size * limits.part_ratio):
                words = (
                    f"The part {each.filename[:40]} is {each.file_size // max(each.compress_size, 1):,} times "
                    f"larger unpacked, more than {limits.part_ratio}."
                )
                raise UnusableFile(_too_large(words))

    def _unpack(self, part: zipfile.ZipInfo) -> None:
        """Unpack a part and forget it: it must have its check sum, and no byte more than it says.

        Others that read it do not stop where it says that it ends.
        """
        longer = copy.copy(part)
        longer.file_size += 1
        size = 0
        try:
            with self._zip.open(longer) as unpacked:
                while chunk := unpacked.read(_CHUNK):
                    size += len(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnusableFile(_damaged(f"{part.filename[:40]}: {error}")) from None
        if size != part.file_size:
            raise UnusableFile(_damaged(f"{part.filename[:40]} is not as large as it says"))

    def _tree(self, part: str) -> Element:
        if self.size(part) > _LARGE:
            raise UnusableFile(_too_large(f"The part {part} is larger than any workbook's."))
        with self.open(part) as content:
            return next(root_of(content))


def root_of(content: BinaryIO) -> Iterator[Element]:
    """Give the root of a small part; ``UnusableFile`` (F031) when it is no XML or has a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content.read(), parser)
    except etree.XMLSyntaxError as error:
        raise UnusableFile(_damaged(str(error.msg))) from None
    if root.getroottree().docinfo.doctype:
        raise UnusableFile(_damaged("a part has a document type"))
    yield root


def _no_workbook(names: list[str]) -> Finding:
    if "xl/workbook.bin" in names:
        return structural(StructureCode.F003, "The file is an Excel workbook in binary form (.xlsb).")
    what = next((name for part, name in _OTHERS.items() if part in names), None)
    if what is None:
        what = f"a packed file (zip) with {len(names)} files in it"
    return structural(StructureCode.F002, f"The file is {what}; it is no CSV, no XML and no Excel workbook.")


def _damaged(reason: str) -> Finding:
    return structural(StructureCode.F031, f"The workbook cannot be unpacked or read: {reason}.")


def _too_large(words: str) -> Finding:
    return structural(StructureCode.F032, words)


damaged, too_large = _damaged, _too_large
