"""Record to XML: text in contract order, no tree in between."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from uln_contract.shape import Field, OperationContract, Record, Table

_XSI = "http://www.w3.org/2001/XMLSchema-instance"

# Of ASCII, what is escaped or left out, and the control characters that are neither.
_NOT_PLAIN = bytes([*range(0x20), 0x7F, *b"&<>"])
# What XML 1.0 cannot carry at all, however escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """Make text fit for element content; characters that XML 1.0 has no way to carry are left out."""
    if text.isalnum():
        return text
    plain = text.isprintable()
    if not plain:
        text = _ILLEGAL.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if plain else text.replace("\r", "&#13;")


def write_children(record: Record, parts: list[str], qualified: Mapping[str, str]) -> None:
    """Append a record's children to ``parts``.

    ``qualified`` maps the local names of nested records that carry a namespace of their own to that namespace;
    all other children are unqualified, as LearnerService's are (domain §12). ``None`` and empty tuples are left
    out. An empty nested record is written as an empty element.
    """
    for field in record.FIELDS:
        value = getattr(record, field.attribute)
        if value is None:
            continue
        name = field.name
        for item in value if field.many else (value,):
            if field.record is not None:
                _write_record(name, item, parts, qualified)
            else:
                parts.append(f"<{name}>{item if field.integer else escape(item)}</{name}>")


def _write_record(name: str, record: Record, parts: list[str], qualified: Mapping[str, str]) -> None:
    namespace = qualified.get(name)
    opening, closing = (name, name) if namespace is None else (f'q:{name} xmlns:q="{namespace}"', f"q:{name}")
    parts.append(f"<{opening}>")
    write_children(record, parts, qualified)
    parts.append(f"</{closing}>")


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """Records that were written beforehand (:func:`ready`), to stand in several messages in place of a tuple."""

    content: bytes


def ready(records: Table, operation: OperationContract, *path: str) -> Ready:
    """Write records as they stand in a response of this operation, at the end of a path of attributes.

    Only where children have a namespace: ExternalService, LearnerServiceR9.
    """
    namespace, _ = operation.response[1:].split("}")
    _, layout = _message(operation.response_record, namespace)
    for name in path:
        tags = layout.tags[layout.names.index(name)]
        if tags.children is None:
            raise ValueError(f"{name} of {operation.name} holds text, no records.")
        layout = tags.children
    parts: list[str] = []
    _write_columns([records.columns.get(name, ()) for name in layout.names], tags, layout, parts)
    return Ready("".join(parts).encode())


def write(record: Record, element: str, qualified: Mapping[str, str]) -> str:
    """Write a record as the global element ``{namespace}name``.

    Children whose fields have a namespace stand in it (ExternalService, LearnerServiceR9); ``qualified`` is for
    the others, as :func:`write_children` says. ``None`` and empty tuples are left out, but where the contract
    asks for the element it is written as ``xsi:nil``.
    """
    return b"".join(pieces(record, element, qualified)).decode()


def pieces(record: Record, element: str, qualified: Mapping[str, str]) -> list[bytes]:
    """Write a record as ``write`` does, in UTF-8 and in several pieces: what is ready is not copied."""
    namespace, name = element[1:].split("}")
    if record.FIELDS[0].namespace is not None:
        return _write_qualified(record, namespace, name)
    parts = [f'<ns1:{name} xmlns:ns1="{namespace}">']
    write_children(record, parts, qualified)
    parts.append(f"</ns1:{name}>")
    return ["".join(parts).encode()]


class _Tags(NamedTuple):
    """One field with its tags ready, for a message that declares all its prefixes at the top."""

    opening: str
    closing: str
    nil: str
    integer: bool
    children: "_Layout | None"


class _Layout(NamedTuple):
    """The fields of a record type, and a getter for the values of all of them.

    ``plain`` is a type whose children are each one text or number: its records can be written as a table.
    """

    names: tuple[str, ...]
    values: Callable[[Record], tuple[Any, ...]]
    tags: tuple[_Tags, ...]
    plain: bool


@cache
def _message(record: type[Record], namespace: str) -> tuple[str, _Layout]:
    """The declarations of a message's namespaces, its own first, and its layout."""
    prefixes = {namespace: "ns1"}
    layout = _layout(record, prefixes)
    return "".join(f' xmlns:{prefix}="{name}"' for name, prefix in prefixes.items()), layout


def _layout(record: type[Record], prefixes: dict[str, str]) -> _Layout:
    names = tuple(field.attribute for field in record.FIELDS)
    # A getter of one attribute gives its value alone, not in a tuple.
    values = attrgetter(*names) if len(names) > 1 else lambda each: (getattr(each, names[0]),)
    plain = not any(field.record or field.many for field in record.FIELDS)
    return _Layout(names, values, tuple(_tags(field, prefixes) for field in record.FIELDS), plain)


def _tags(field: Field, prefixes: dict[str, str]) -> _Tags:
    prefix = prefixes.setdefault(str(field.namespace), f"ns{len(prefixes) + 1}")
    name = f"{prefix}:{field.name}"
    nil = f'<{name} xmlns:xsi="{_XSI}" xsi:nil="true"/>' if field.required and field.nillable else ""
    children = None if field.record is None else _layout(field.record, prefixes)
    return _Tags(f"<{name}>", f"</{name}>", nil, field.integer, children)


def _write_qualified(record: Record, namespace: str, name: str) -> list[bytes]:
    declarations, layout = _message(type(record), namespace)
    done: list[bytes] = []
    parts = [f"<ns1:{name}{declarations}>"]
    _write_layout(record, layout, parts, done)
    parts.append(f"</ns1:{name}>")
    return [*done, "".join(parts).encode()]


def _write_layout(record: Record, layout: _Layout, parts: list[str], done: list[bytes]) -> None:
    """Append a record's children to ``parts``; with what is ready, all that stands before goes to ``done``."""
    for tags, value in zip(layout.tags, layout.values(record), strict=True):
        opening, closing, nil, integer, children = tags
        if value is None:
            parts.append(nil)
            continue
        items = value if value.__class__ is tuple else (value,)
        if value.__class__ is Ready:
            done += ("".join(parts).encode(), value.content)
            parts.clear()
            continue
        if value.__class__ is Table and children is not None:
            _write_columns([value.columns.get(name, ()) for name in children.names], tags, children, parts)
            continue
        if children is not None and children.plain and len(items) > 1:
            _write_columns(list(zip(*map(children.values, items), strict=True)), tags, children, parts)
            continue
        for item in items:
            if children is None:
                parts.append(f"{opening}{item if integer else escape(item)}{closing}")
            else:
                parts.append(opening)
                _write_layout(item, children, parts, done)
                parts.append(closing)


def _write_columns(columns: Sequence[Sequence[Any]], around: _Tags, layout: _Layout, parts: list[str]) -> None:
    """Append many records of one plain type, a column at a time: a learner's 200 events have 4,400 values.

    What stands between two values is the same in every record, so that the text is laid out for all of them first,
    with places for the values, and each column is put into its places at once. An empty column is one of nothing.
    """
    row: list[str] = []
    filled: list[Sequence[str]] = []
    between = around.opening
    for tags, column in zip(layout.tags, columns, strict=True):
        texts, complete = _texts(column, tags)
        if not texts:
            between += tags.nil
            continue
        opening, closing = (tags.opening, tags.closing) if complete else ("", "")
        row += (between + opening, "")
        filled.append(texts)
        between = closing
    row.append(between + around.closing)
    laid_out = row * max(map(len, columns))
    for place, texts in enumerate(filled):
        laid_out[2 * place + 1 :: len(row)] = texts
    parts.extend(laid_out)


def _texts(column: Sequence[Any], tags: _Tags) -> tuple[Sequence[str], bool]:
    """The texts of a column, and whether it is complete; where some are absent, each text has its tags already.

    No text at all where all are absent.
    """
    if tags.integer:
        column = [each if each is None else str(each) for each in column]
    try:
        together, complete = "".join(column), True
    except TypeError:  # quicker than to look for an absent one in each column
        together, complete = "".join(filter(None, column)), False
    if not tags.integer and not _is_plain(together):
        column = [each and escape(each) for each in column]
    if complete:
        return column, True
    if not together and column.count(None) == len(column):
        return (), False
    opening, closing, nil = tags.opening, tags.closing, tags.nil
    return [nil if each is None else f"{opening}{each}{closing}" for each in column], False


def _is_plain(text: str) -> bool:
    """Tell whether nothing in a text need be escaped or left out."""
    if text.isascii():
        return len(text.encode().translate(None, _NOT_PLAIN)) == len(text)
    return text.isprintable() and "&" not in text and "<" not in text and ">" not in text
