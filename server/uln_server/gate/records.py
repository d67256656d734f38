"""Reading a spooled message: its records one by one, forgotten as they are read, then the rest as a small tree.

A submission of 100,000 achievements has 63 MB and 1.5 million elements; of them only those of a few records are
there at the same time. Whatever is not a record in its place stays in the tree, of which little may come between
two records: so no message takes more memory than any other.
"""

import codecs
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml import etree

from uln_contract import schema
from uln_contract.codes import FaultCode
from uln_contract.external_records import SERVICES, Achievement
from uln_contract.reading import Element, local_name
from uln_server.gate.spool import Spool, SpooledRows
from uln_server.gate.xml import (
    DOCUMENT_TYPE,
    PARSING,
    document_type,
    encoding_of,
    undecoded,
    unreadable,
    without_declaration,
)
from uln_server.soap.faults import SOAP11, ContractFault

_CHUNK = 64 * 1024
# What may come before the first record, between two, or in one [O]: credentials, headers, one achievement.
_BETWEEN = 256 * 1024
# As many records are read, or ten times what a job takes [O]. Of empty ones 250 gzipped KB hold nine million,
# which would keep a processor busy for half a minute before anybody asks for the password.
_READ_AT_LEAST, _READ_AT_MOST = 10_000, 10
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{_XSI}}}nil"
_ABOVE = ("achievements", "SubmitAchievementBatchJob", f"{{{SOAP11}}}Body")
_FIELDS = {field.name for field in Achievement.FIELDS}
_BY_TAG = {name: name for name in _FIELDS} | {f"{{{SERVICES}}}{name}": name for name in _FIELDS}
# Whether a record has anything but fields with a value or none: one question to libxml2 about all of a record,
# instead of several in Python about each of its fields.
_is_odd = etree.XPath(
    "boolean(*/* | */@href | *[@xsi:nil]/text() | text()[normalize-space()])", namespaces={"xsi": _XSI}
)
_local = threading.local()
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def read_spooled(body: Spool, charset: str | None, most: int, *, strict: bool) -> tuple[Element, SpooledRows]:
    """Give the document's root without its achievements, and those; whoever asks closes them.

    Each achievement becomes the text of its fields by their names in the contract, values as sent: whether they
    fit their types is asked of each alone (domain §9). More than ``most`` are counted and not kept. ``strict``
    takes none that the schema does not. Raises as ``gate.xml.parse``, and ``ContractFault`` WSEC0001 for a record
    that has not the contract's structure, with its number.
    """
    rows = _Rows(most, strict=strict)
    try:
        return _parsed(body, charset, rows), rows.kept
    except BaseException:
        rows.kept.close()
        raise


def _parsed(body: Spool, charset: str | None, rows: "_Rows") -> Element:
    parser = _parser()
    try:
        return _fed(parser, body, charset, rows)
    except etree.XMLSyntaxError as error:
        _end(parser)
        raise unreadable(error) from None
    except BaseException:
        _end(parser)
        raise


def _parser() -> "etree.XMLPullParser[Any]":
    """Give this thread's own parser: one that looks at certain tags keeps its last document for good.

    Used again it forgets that, while a new one for each message would leave them all behind.
    """
    parser: etree.XMLPullParser[Any] | None = getattr(_local, "parser", None)
    if parser is None:
        parser = _local.parser = etree.XMLPullParser(events=("end",), tag="{*}Achievement", **PARSING)
    return parser


def _end(parser: "etree.XMLPullParser[Any]") -> None:
    """Make a parser that was stopped in its document ready for the next one."""
    with suppress(etree.XMLSyntaxError):
        parser.close()
    deque(parser.read_events(), maxlen=0)


def _fed(parser: "etree.XMLPullParser[Any]", body: Spool, charset: str | None, rows: "_Rows") -> Element:
    events = parser.read_events()
    since = 0
    before = b""
    for chunk in _as_utf8(body, charset):
        if DOCUMENT_TYPE in before + chunk:
            raise document_type()
        before = chunk[1 - len(DOCUMENT_TYPE) :]
        parser.feed(chunk)
        since = len(chunk) if rows.take(each for _, each in events) else since + len(chunk)
        if since > _BETWEEN:
            raise _bad(
                f"After achievement {rows.number} more than {_BETWEEN} bytes come without the end of another."
                " Send each achievement as an element of its own in achievements, and nothing else as large."
            )
    root: Element = parser.close()
    rows.take(each for _, each in events)
    rows.finish()
    return root


def _as_utf8(body: Spool, charset: str | None) -> Iterator[bytes]:
    """Give the body in parts, as UTF-8."""
    encoding, mark = encoding_of(body.start(400), charset)
    parts = body.parts(_CHUNK)
    if encoding == "utf-8":
        first = next(parts)[mark:]
        yield first
        yield from parts
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    for number, part in enumerate(parts):
        waiting = len(decoder.getstate()[0])
        given = part[mark:] if number == 0 else part
        try:
            text = decoder.decode(given, final=read + len(given) + mark == len(body))
        except UnicodeDecodeError as error:
            raise undecoded(encoding, read + error.start - waiting + 1) from None
        yield (without_declaration(text) if number == 0 else text).encode()
        read += len(given)


class _Rows:
    """Takes the achievements out of the tree as they come."""

    def __init__(self, most: int, *, strict: bool) -> None:
        self.kept = SpooledRows(most)
        self.number = 0
        self._read_at_most = self._left = max(_READ_AT_LEAST, _READ_AT_MOST * most)
        self._strict = strict
        self._place: Element | None = None
        self._last: Element | None = None

    def take(self, ended: Iterator[Element]) -> bool:
        """Read the records that have ended; tell whether there were any."""
        taken = False
        for element in ended:
            if self._in_place(element):
                taken = True
                self._take_one()
                self._forget(element)
                self._read(element)
        return taken

    def finish(self) -> None:
        """Take the last record out: nothing follows it any more."""
        if self._last is not None:
            behind = self._last.getnext()
            if behind is not None:
                raise _stranger(behind, self.number)
            self._remove(self._last)

    def _in_place(self, element: Element) -> bool:
        """Whether it is a record of the request, and no other element of the same name."""
        parent = element.getparent()
        if parent is not None and parent is self._place:
            return True
        above = element
        for name in _ABOVE:
            found = above.getparent()
            if found is None or name not in {local_name(found), str(found.tag)}:
                return False
            above = found
        self._place = parent
        return True

    def _take_one(self) -> None:
        if self._left == 0:
            raise _bad(
                f"More than {self._read_at_most} Achievement elements stand in achievements, nil ones included."
                " Split them into several messages."
            )
        self._left -= 1

    def _forget(self, element: Element) -> None:
        """Take the record before this one out of the tree: what comes may still write behind this one."""
        before = element.getprevious()
        if before is not None and before is not self._last:
            raise _stranger(before, self.number + 1)
        if before is not None:
            self._remove(before)
        self._last = element

    def _remove(self, element: Element) -> None:
        if (element.tail or "").strip():
            raise _bad(f"Text follows achievement {self.number} in achievements. Leave it out.")
        element.getparent().remove(element)  # type: ignore[union-attr]  # its list is around it

    def _read(self, element: Element) -> None:
        if element.attrib and element.get(_NIL, "false").strip() in {"true", "1"}:
            if len(element) or (element.text or "").strip():
                raise _bad(
                    f"After achievement {self.number} stands one with xsi:nil and with fields. Leave out either."
                )
            return  # as in every list: no item, and not counted
        self.number += 1
        if self._strict and not schema.is_valid(element, "external"):
            raise self._refused(str(schema.first_violation(element, "external")))
        if self.kept.full:
            self.kept.count()
        else:
            self.kept.add(_as_json(self._fields(element)))

    def _fields(self, element: Element) -> dict[str, str]:
        names = [_BY_TAG.get(str(child.tag)) for child in element]
        if _is_odd(element) or None in names or len(set(names)) < len(names):
            return self._one_by_one(element)
        pairs = zip(names, [child.text for child in element], strict=True)
        return {name: text for name, text in pairs if name and text and not text.isspace()}

    def _one_by_one(self, element: Element) -> dict[str, str]:
        """Read a record in an unusual form, or say what is wrong with it."""
        given: dict[str, str] = {}
        seen = set()
        if (element.text or "").strip():
            raise self._refused("holds text beside its fields. Leave it out.")
        for child in element:
            name = _BY_TAG.get(str(child.tag)) or local_name(child)
            if name not in _FIELDS:
                raise self._refused(f"'{name[:40]}' is no field of it. Leave it out, or correct its name.")
            if name in seen:
                raise self._refused(f"{name} stands there twice. Send each field once.")
            seen.add(name)
            if len(child) or (child.tail or "").strip() or child.get("href") is not None:
                raise self._refused(f"{name} has elements in it or text after it, or href. Send its value alone.")
            text = child.text
            if text and not text.isspace() and child.get(_NIL, "false").strip() not in {"true", "1"}:
                given[name] = text
        return given

    def _refused(self, why: str) -> ContractFault:
        return _bad(f"Achievement {self.number}: {why}")


def _stranger(element: Element, beside: int) -> ContractFault:
    return _bad(
        f"Beside achievement {beside} stands '{local_name(element)[:40]}'."
        " Only Achievement elements stand in achievements."
    )


def _bad(text: str) -> ContractFault:
    return ContractFault(FaultCode.WSEC0001, text)
