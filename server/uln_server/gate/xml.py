"""From bytes to a tree that is safe to look at: charset, raw scan, bounded parse."""

import codecs
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from encodings.aliases import aliases
from typing import Any

from lxml import etree

from uln_contract.codes import FaultCode
from uln_contract.reading import Element
from uln_server.soap.faults import ContractFault, HttpRefusal, UnreadableXml

# An allow-list, since some of Python's codecs (punycode) take quadratic time; and never a look-up in Python's own
# registry, which keeps every name that it was ever asked for.
_CODECS = {
    "utf_8": "utf-8",
    "ascii": "ascii",
    "utf_16": "utf-16",
    "utf_16_le": "utf-16-le",
    "utf_16_be": "utf-16-be",
    "latin_1": "iso8859-1",
    "cp1252": "cp1252",
}
_CHARSETS = _CODECS | {alias: _CODECS[codec] for alias, codec in aliases.items() if codec in _CODECS}
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BIG_ENDIAN_TAG = "<".encode("utf-16-be")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")

# Below this many equals signs nobody counts attributes: an ordinary batch has fewer than one a row.
_FEW_ATTRIBUTES = 500
_ATTRIBUTES_OF_ONE = 64
DOCUMENT_TYPE = b"<!DOCTYPE"
PARSING: Mapping[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}
"""How a document is parsed that nobody vouches for, already in UTF-8."""
_count_elements = etree.XPath("count(//*)")
_count_attributes = etree.XPath("count(//@*)")
_most_attributes = etree.XPath(f"boolean(//*[count(@*) > {_ATTRIBUTES_OF_ONE}])")
_local = threading.local()


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """What one document may hold. ``elements`` also bounds its attributes; libxml2 itself stops at depth 256."""

    elements: int


def known_charset(name: str) -> str:
    """Give Python's name of an allowed charset, or refuse it with HTTP 415."""
    found = _CHARSETS.get(_SEPARATORS.sub("_", name.lower()))
    if found is None:
        raise HttpRefusal(
            415,
            f"Charset '{name[:40]}' is not read here. Send UTF-8 and say so in Content-Type.",
        )
    return found


def parse(body: bytes, charset: str | None, limits: XmlLimits) -> Element:
    """Parse a request body of the charset that its Content-Type names (``None``: not named).

    Gives the root element, without comments and processing instructions, entities never expanded. Raises
    ``UnreadableXml`` for what is no well-formed XML in its charset, ``ContractFault`` WSEC0001 for a document
    type and for more content than ``limits`` allow.
    """
    text = _as_utf8(body, charset)
    if DOCUMENT_TYPE in text:
        raise document_type()
    _scan(text, limits)
    root = _parsed(text)
    _count(root, text, limits)
    return root


def encoding_of(start: bytes, charset: str | None) -> tuple[str, int]:
    """Give Python's name of the encoding of a body that begins so, and how many bytes its byte-order mark takes.

    The mark says more than Content-Type (``charset``), which says more than the XML does.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    if charset is None:
        declared = _DECLARED.match(start[:400])
        charset = _declared_charset(declared.group(1).decode("ascii")) if declared else "utf-8"
    if charset in {"utf-8", "ascii"}:
        return "utf-8", 0
    if charset == "utf-16":
        charset = "utf-16-be" if start.startswith(_BIG_ENDIAN_TAG) else "utf-16-le"
    return charset, 0


def undecoded(encoding: str, byte: int) -> UnreadableXml:
    """The refusal of a body whose byte, counted from 1, is not of its encoding."""
    return UnreadableXml(f"The body is not {encoding}: byte {byte} does not decode. Send what Content-Type says.")


def without_declaration(text: str) -> str:
    """Give the start of a document without its XML declaration, whose encoding is no longer true."""
    return _DECLARATION.sub("", text, count=1)


def _as_utf8(body: bytes, charset: str | None) -> bytes:
    encoding, mark = encoding_of(body[:400], charset)
    return body[mark:] if encoding == "utf-8" else _transcoded(body[mark:], encoding)


def _declared_charset(name: str) -> str:
    """Charset of the XML declaration. UTF-16 there is a lie: the declaration was just read byte by byte."""
    charset = known_charset(name)
    return "utf-8" if charset.startswith("utf-16") else charset


def _transcoded(body: bytes, encoding: str) -> bytes:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecoded(encoding, error.start + 1) from None
    return without_declaration(text).encode()


def _scan(text: bytes, limits: XmlLimits) -> None:
    """Refuse by byte counts, before a tree is built, what could not possibly pass the exact counts after it."""
    if text.count(b"<") > 2 * limits.elements + 100:
        raise _too_many("elements", limits.elements)
    # Some toolkits write xmlns="" on each row of a batch.
    if text.count(b"xmlns") > limits.elements // 4:
        raise _too_many("namespace declarations", limits.elements // 4)


def _parsed(text: bytes) -> Element:
    parser = getattr(_local, "parser", None)
    if parser is None:
        parser = _local.parser = etree.XMLParser(**PARSING)
    try:
        root: Element = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise unreadable(error) from None
    return root


def unreadable(error: etree.XMLSyntaxError) -> UnreadableXml:
    """Say what libxml2 said by number only: its own words can quote the document, a password included."""
    line, column = error.position
    reason = _REASONS.get(error.code, "it is not well-formed")
    return UnreadableXml(
        f"The body cannot be read as XML: {reason} (line {line}, column {column}). Send well-formed XML 1.0."
    )


def document_type() -> ContractFault:
    """The refusal of a document type."""
    return ContractFault(
        FaultCode.WSEC0001, "A document type (<!DOCTYPE …>) is not accepted in a SOAP message. Leave it out."
    )


_REASONS: Mapping[Any, str] = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "there is no element in it",
    etree.ErrorTypes.ERR_DOCUMENT_END: "something follows the end of the root element, or it ends too early",
    etree.ErrorTypes.ERR_INVALID_CHAR: "it holds a character that XML does not allow",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "its bytes are not UTF-8",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "an end tag does not match its start tag",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "an element is not closed",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "it uses an entity that XML does not define",
    etree.ErrorTypes.ERR_NAME_REQUIRED: "an & or < stands for itself, where &amp; or &lt; is meant",
    etree.ErrorTypes.ERR_LT_IN_ATTRIBUTE: "a < stands for itself in an attribute, where &lt; is meant",
    etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED: "an attribute stands twice on one element",
    etree.ErrorTypes.ERR_NAME_TOO_LONG: "a name is too long",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "it uses a prefix that it does not declare",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "it is nested too deeply, or one text in it is too long",
}


def _count(root: Element, text: bytes, limits: XmlLimits) -> None:
    if text.count(b"<") > limits.elements and _count_elements(root) > limits.elements:
        raise _too_many("elements", limits.elements)
    if text.count(b"=") <= _FEW_ATTRIBUTES:
        return
    if _most_attributes(root):
        raise _too_many("attributes on one element", _ATTRIBUTES_OF_ONE)
    if _count_attributes(root) > limits.elements:
        raise _too_many("attributes", limits.elements)


def _too_many(what: str, limit: int) -> ContractFault:
    return ContractFault(
        FaultCode.WSEC0001, f"The message has too many {what} (limit {limit}). Split it into several messages."
    )
