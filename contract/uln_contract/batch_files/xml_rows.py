"""A batch file in XML, as a stream of rows: a root, elements of the whole file, and records (domain §8)."""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from uln_contract.batch_files.answer_columns import ANSWER_COLUMNS
from uln_contract.batch_files.encoding import marked, python_name, unmarked_utf_16, wanted
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.headings import key, known_columns, nearest
from uln_contract.batch_files.limits import LIMITS, Limits
from uln_contract.batch_files.rows import FileForm, Row, Written
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.layouts import LAYOUTS, NAMESPACE, Layout
from uln_contract.reading import Element

_SHOWN = 40
_PLANS = 1_000  # sequences of elements that are remembered
_START = 256  # bytes that an XML declaration stands in
_ENCODING = re.compile(r"""<\?xml\s[^>]*\bencoding\s*=\s*["']([A-Za-z][\w.:-]*)""")
_FOR_XML = {
    "mac-roman": "macintosh",
    "cp1252": "windows-1252",
    "iso8859-1": "iso-8859-1",
    "iso8859-15": "iso-8859-15",
}
_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
# No entity is resolved, nothing is fetched, and no document may be deeper than libxml2 allows.
_CAREFUL: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_Tags = tuple[Any, ...]  # lxml's types allow more for a tag than its parser gives
# Whether a record holds anything but elements with a text each.
_strange_content = etree.XPath("boolean(*/*|*/@*|text()[normalize-space()])")


class XmlRows:
    """An XML file being read; its headings are the columns of the layout that its first record is of.

    Raises ``UnusableFile`` when opened, or by ``rows``, with what makes no sense. The elements of the whole file
    stand before the records, or in the first one; either way the first row has them.
    """

    heading_row: int | None = None

    def __init__(self, path: Path, *, encoding: str | None = None, limits: Limits = LIMITS) -> None:
        self.findings: list[Finding] = []
        self._size = path.stat().st_size
        self._raw = path.open("rb", buffering=0)
        self._number = 0  # of the record that was read last
        try:
            self._open(encoding, limits)
        except BaseException:
            self._raw.close()
            raise

    def rows(self) -> Iterator[Row]:
        """Give every record; each is forgotten when the next is asked for."""
        for number, record in enumerate(chain(self._first, self._records), 1):
            row = self._row(number, record)
            yield self._with_file_elements(row) if number == 1 else row

    def position(self) -> tuple[int, int]:
        """Give the bytes taken from the disk so far, and all there are."""
        return self._raw.tell(), self._size

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _open(self, encoding: str | None, limits: Limits) -> None:
        self._said = None if encoding is None else wanted(encoding)
        self._bounded = _Bounded(self._raw, limits.between)
        candidates = self._candidates()
        self._record, self._file_columns = candidates[0].record, {each.name for each in candidates[0].of_file}
        self._file_elements: dict[str, str] = {}
        self._records = self._each_record()
        self._first = [each for each in (next(self._records, None),) if each is not None]
        self._layout = self._choice(candidates)
        self.headings: Sequence[str] = self._layout.names
        self._known = known_columns(self._layout)
        self._indexes = {name: index for index, name in enumerate(self.headings)}
        self._places: dict[str, int] = {}  # by the tag, as they turn up
        self._plans: dict[_Tags, list[int]] = {}  # by the tags of a record, likewise

    def _candidates(self) -> list[Layout]:
        """Look at the root element alone: it says which layouts the file may have."""
        root = next(self._safely(self._parse(("start",))))
        name = _local(root)
        found = [each for each in LAYOUTS.values() if each.root == name]
        if root.getroottree().docinfo.doctype:
            raise UnusableFile(structural(StructureCode.F022, "The file has a document type (<!DOCTYPE …>)."))
        if not found:
            raise UnusableFile(_no_root(name))
        namespace = etree.QName(root).namespace
        if namespace != NAMESPACE:
            where = f"in the namespace {namespace[:_SHOWN]!r}" if namespace else "in no namespace"
            words = f"The elements are {where}, and not in {NAMESPACE}; they are read by their names."
            self.findings.append(structural(StructureCode.F028, words))
        self.written = Written(FileForm.XML, self._said or self._declared())
        self._raw.seek(0)
        self._bounded.begin_anew()
        return found

    def _declared(self) -> str:
        """Give Python's name of the encoding that the file says; the parser tells it at the end alone."""
        self._raw.seek(0)
        start = self._raw.read(_START)
        encoding, mark = marked(start)
        encoding = encoding or unmarked_utf_16(start)
        found = _ENCODING.match(start[mark:].decode(encoding or "latin-1", errors="replace").lstrip())
        return encoding or python_name(found[1] if found else "utf-8")

    def _choice(self, candidates: list[Layout]) -> Layout:
        """Choose among layouts with one root: by the first record's elements, else by the version that is said."""
        names = {_local(child): child.text for record in self._first for child in record}
        version = (self._file_elements.get("FileVersion") or names.get("FileVersion") or "").strip()
        known = [len(names.keys() & set(each.names)) for each in candidates]
        fitting = [each for each, count in zip(candidates, known, strict=True) if count == max(known)]
        return next((each for each in fitting if each.name == version), fitting[0])

    def _parse(self, events: Sequence[Literal["start", "end"]], **more: Any) -> Any:
        bounded: Any = self._bounded
        try:
            return etree.iterparse(
                bounded, events=events, encoding=_FOR_XML.get(str(self._said), self._said), **_CAREFUL, **more
            )
        except LookupError:
            words = f"The encoding {self._said} is not known for XML."
            raise UnusableFile(structural(StructureCode.F008, words)) from None

    def _safely(self, parsing: Any) -> Iterator[Element]:
        """Give the elements, and say where the file stops being XML."""
        try:
            for _, element in parsing:
                yield element
        except etree.XMLSyntaxError as error:
            raise UnusableFile(self._broken(error, parsing.error_log)) from None

    def _broken(self, error: etree.XMLSyntaxError, log: Any) -> Finding:
        """Say where the file stops being XML, and why; ``log`` is the parser's own."""
        (line, column), reason, remedy = error.position, str(error.msg).partition(", line ")[0], None
        entity = next((each for each in log if each.type_name == "ERR_UNDECLARED_ENTITY"), None)
        if entity is not None:  # of which the error itself does not say where it stands
            line, column, reason = entity.line, entity.column, entity.message
            remedy = "Write the character itself: XML knows &amp;, &lt;, &gt;, &quot; and &apos; alone by name."
        words = (
            f"The file is no well-formed XML from line {line}, column {column} on, behind "
            f"{self._number:,} whole records: {reason}."
        )
        return structural(StructureCode.F021, words, remedy, row=self._number + 1)

    def _each_record(self) -> Iterator[Element]:
        parsing = self._parse(("end",), tag=f"{{*}}{self._record}")
        for element in self._safely(parsing):
            root = element.getparent()
            if root is None or root.getparent() is not None:
                continue  # a record within another, which is told of with the outer one
            self._forget_before(element, root)
            self._number += 1
            yield element
            # The parser may still hold on to the element that it ended last: its content goes now, itself later.
            element.clear(keep_tail=True)
            self._bounded.begin_anew()
        self._judge_between(parsing.root)

    def _forget_before(self, element: Element, root: Element) -> None:
        """Give up what stands before a record."""
        if root.text and not root.text.isspace():
            raise UnusableFile(self._strange(root.text.strip(), root.sourceline))
        for previous in list(element.itersiblings(preceding=True)):
            self._judge(previous)
            root.remove(previous)

    def _judge_between(self, root: Element) -> None:
        """Look at what stands behind the last record, or is there without any."""
        for child in root:
            self._judge(child)

    def _judge(self, element: Element) -> None:
        name, text = _local(element), element.text or ""
        if element.tail and not element.tail.isspace():
            raise UnusableFile(self._strange(element.tail.strip(), element.sourceline))
        if name == self._record:
            return
        if name not in self._file_columns or len(element):
            raise UnusableFile(self._strange(name, element.sourceline))
        if self._number or self._file_elements.get(name, text) != text:
            words = (
                f"Line {element.sourceline} has the element {name}, for the whole file, a second time or too late."
            )
            raise UnusableFile(structural(StructureCode.F029, words, column=name, value=text))
        self._file_elements[name] = text

    def _strange(self, value: str, line: int | None) -> Finding:
        words = f"Line {line} has {value[:_SHOWN]!r} where the element {self._record} is expected."
        return structural(StructureCode.F024, words, row=self._number + 1, value=value)

    def _row(self, number: int, record: Element) -> Row:
        """Read a record; one with the same elements as an earlier one, and nothing else, at once."""
        children = list(record)
        tags = tuple([each.tag for each in children])
        plan = self._plans.get(tags)
        if plan is None or _strange_content(record):
            return self._looked_at(number, record, tags)
        cells = [""] * len(self.headings)
        for index, child in zip(plan, children, strict=True):
            cells[index] = child.text or ""
        return Row(number, cells)

    def _looked_at(self, number: int, record: Element, tags: _Tags) -> Row:
        """Read a record element by element; what is in order is remembered."""
        width, places = len(self.headings), self._places
        cells: list[Any] = [None] * width
        findings: list[Finding] = []
        last = -1
        if record.text and not record.text.isspace():
            findings.append(_text_between(number, record.text))
        for child in record:
            index = places.get(str(child.tag))
            if index is None:
                index = self._place_of(number, child)
                if index is None:
                    findings += self._unknown(number, child)
                    continue
            if cells[index] is not None:
                findings.append(_twice(number, self.headings[index], child))
                continue
            if len(child) or child.keys():
                findings += self._not_plain(number, self.headings[index], child)
            cells[index] = child.text or ""
            if index < last:
                self._tell_of_order(number, self.headings[index])
            last = index
            tail = child.tail
            if tail and not tail.isspace():
                findings.append(_text_between(number, tail))
        if not findings and len(self._plans) < _PLANS and places.keys() >= set(tags):
            self._plans[tags] = [places[each] for each in tags]
        return Row(number, [each or "" for each in cells], tuple(findings))

    def _with_file_elements(self, row: Row) -> Row:
        """Put the elements of the whole file into the first row, where it has not its own."""
        cells, findings = list(row.cells), list(row.findings)
        for name, text in self._file_elements.items():
            index = self._indexes[name]
            if cells[index].strip() not in ("", text.strip()):
                words = f"{name} stands before the records with another value: {text[:_SHOWN]!r}."
                findings.append(
                    structural(StructureCode.F029, words, row=row.number, column=name, value=cells[index])
                )
            cells[index] = text
        return Row(row.number, cells, tuple(findings))

    def _place_of(self, number: int, child: Element) -> int | None:
        """Find a tag's column the first time that it turns up; another spelling is forgiven and said."""
        local = _local(child)
        name = self._known.get(key(local))
        if name is None:
            return None
        if name != local:
            words = f"The element {local[:_SHOWN]} is read as {name}."
            remedy = f"Write {name}, letter for letter."
            self.findings.append(
                structural(StructureCode.F046, words, remedy, row=number, column=name, value=local)
            )
        index = self._places[str(child.tag)] = self._indexes[name]
        return index

    def _tell_of_order(self, number: int, name: str) -> None:
        if not any(each.code == StructureCode.F047.value for each in self.findings):
            words = f"The record's elements do not stand in the layout's order: {name} stands too late."
            remedy = f"The order is: {', '.join(self.headings)}."
            self.findings.append(structural(StructureCode.F047, words, remedy, row=number, column=name))

    def _unknown(self, number: int, child: Element) -> Iterator[Finding]:
        name = _local(child)
        if name in ANSWER_COLUMNS:
            return
        near = nearest(name, self.headings)
        remedy = f"Rename it to {near} if that is meant; otherwise take it out." if near else None
        words = f"The record has the element {name[:_SHOWN]}, which layout {self._layout.name} does not know."
        yield structural(
            StructureCode.F025, words, remedy, row=number, column=name[:_SHOWN], value=child.text or ""
        )

    def _not_plain(self, number: int, name: str, child: Element) -> Iterator[Finding]:
        """Tell of what an element holds besides a text; ``xsi:nil`` and ``xsi:type`` say nothing more."""
        attributes = [str(each) for each in child.attrib if not str(each).startswith(_SCHEMA_INSTANCE)]
        for strange in attributes[:1]:
            words = f"The element {name} has the attribute {strange[:_SHOWN]}, which is not read."
            yield structural(StructureCode.F027, words, row=number, column=name, value=child.get(strange))
        if len(child):
            words = f"The element {name} has other elements in it, and must hold a text alone."
            yield structural(StructureCode.F027, words, row=number, column=name, value=_local(child[0]))


class _Bounded:
    """The file, as long as records come: any other document would fill the memory before it is known as such."""

    def __init__(self, file: io.FileIO, most: int) -> None:
        self._file = file
        self._most = most
        self._since = 0

    def read(self, size: int) -> bytes:
        """Read on; ``UnusableFile`` when no record has come for too long."""
        self._since += size
        if self._since > self._most:
            words = f"{self._most:,} bytes of the file hold no whole record."
            raise UnusableFile(structural(StructureCode.F024, words))
        return self._file.read(size)

    def begin_anew(self) -> None:
        """Take note that a record came."""
        self._since = 0


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _no_root(name: str) -> Finding:
    words = f"The root element is {name[:_SHOWN]}, and no batch file's."
    if name == "Workbook":
        words = "The file is an XML spreadsheet of Excel (2003), which is not read."
        return structural(
            StructureCode.F023, words, "Save it as Excel workbook (.xlsx) or as CSV UTF-8.", value=name
        )
    return structural(StructureCode.F023, words, value=name)


def _twice(number: int, name: str, child: Element) -> Finding:
    words = f"The element {name} stands twice in one record."
    return structural(StructureCode.F026, words, row=number, column=name, value=child.text or "")


def _text_between(number: int, text: str) -> Finding:
    words = "Text stands between the elements of the record."
    return structural(StructureCode.F027, words, row=number, value=text.strip())
