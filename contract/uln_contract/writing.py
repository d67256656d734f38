"""Record to XML: text in contract order, no tree in between."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from uln_contract.shape import Field, Record

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TEMPLATES_AT_MOST = 256

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


def write(record: Record, element: str, qualified: Mapping[str, str]) -> str:
    """Write a record as the global element ``{namespace}name``.

    Children whose fields have a namespace stand in it (ExternalService, LearnerServiceR9); ``qualified`` is for
    the others, as :func:`write_children` says. ``None`` and empty tuples are left out, but where the contract
    asks for the element it is written as ``xsi:nil``.
    """
    namespace, name = element[1:].split("}")
    if record.FIELDS[0].namespace is not None:
        return _write_qualified(record, namespace, name)
    parts = [f'<ns1:{name} xmlns:ns1="{namespace}">']
    write_children(record, parts, qualified)
    parts.append(f"</ns1:{name}>")
    return "".join(parts)


class _Tags(NamedTuple):
    """One field with its tags ready, for a message that declares all its prefixes at the top."""

    opening: str
    closing: str
    nil: str
    integer: bool
    children: "_Layout | None"


class _Layout(NamedTuple):
    """The fields of a record type, and a getter for the values of all of them.

    ``templates`` serve a type whose children are all text and numbers, ``None`` for any other: by the types of a
    record's values, its values alone and its whole text, ready for ``%``.
    """

    values: Callable[[Record], tuple[Any, ...]]
    tags: tuple[_Tags, ...]
    templates: dict[tuple[type, ...], tuple[str, str]] | None


@cache
def _message(record: type[Record], namespace: str) -> tuple[str, _Layout]:
    """The declarations of a message's namespaces, its own first, and its layout."""
    prefixes = {namespace: "ns1"}
    layout = _layout(record, prefixes)
    return "".join(f' xmlns:{prefix}="{name}"' for name, prefix in prefixes.items()), layout


def _layout(record: type[Record], prefixes: dict[str, str]) -> _Layout:
    names = [field.attribute for field in record.FIELDS]
    # A getter of one attribute gives its value alone, not in a tuple.
    values = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)
    plain = not any(field.record or field.many for field in record.FIELDS)
    return _Layout(values, tuple(_tags(field, prefixes) for field in record.FIELDS), {} if plain else None)


def _tags(field: Field, prefixes: dict[str, str]) -> _Tags:
    prefix = prefixes.setdefault(str(field.namespace), f"ns{len(prefixes) + 1}")
    name = f"{prefix}:{field.name}"
    nil = f'<{name} xmlns:xsi="{_XSI}" xsi:nil="true"/>' if field.required and field.nillable else ""
    children = None if field.record is None else _layout(field.record, prefixes)
    return _Tags(f"<{name}>", f"</{name}>", nil, field.integer, children)


def _write_qualified(record: Record, namespace: str, name: str) -> str:
    declarations, layout = _message(type(record), namespace)
    parts = [f"<ns1:{name}{declarations}>"]
    _write_layout(record, layout, parts)
    parts.append(f"</ns1:{name}>")
    return "".join(parts)


def _write_layout(record: Record, layout: _Layout, parts: list[str]) -> None:
    values = layout.values(record)
    if layout.templates is not None:
        bare, whole = _templates(layout.templates, layout.tags, tuple(map(type, values)))
        text = bare % values
        # One look at all values together: a learner's 200 events have thousands, and hardly one to escape.
        if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
            parts.append(whole % values)
            return
    for (opening, closing, nil, integer, children), value in zip(layout.tags, values, strict=True):
        if value is None:
            parts.append(nil)
            continue
        for item in value if value.__class__ is tuple else (value,):
            if children is None:
                parts.append(f"{opening}{item if integer else escape(item)}{closing}")
            else:
                parts.append(opening)
                _write_layout(item, children, parts)
                parts.append(closing)


def _templates(
    known: dict[tuple[type, ...], tuple[str, str]], tags: tuple[_Tags, ...], kinds: tuple[type, ...]
) -> tuple[str, str]:
    """The two templates of a record whose values are of these types; ``%.0s`` writes nothing of a ``None``."""
    found = known.get(kinds)
    if found is None:
        absent = [kind is type(None) for kind in kinds]
        bare = "".join("%.0s" if gone else "%s" for gone in absent)
        whole = "".join(
            f"{each.nil}%.0s" if gone else f"{each.opening}%s{each.closing}"
            for each, gone in zip(tags, absent, strict=True)
        )
        found = bare, whole
        if len(known) < _TEMPLATES_AT_MOST:
            known[kinds] = found
    return found
