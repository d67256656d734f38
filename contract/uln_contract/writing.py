"""Record to XML: text in contract order, no tree in between."""

import re
from collections.abc import Mapping

from uln_contract.shape import Record

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
    """Write a record as the global element ``{namespace}name``; its children as :func:`write_children` says."""
    namespace, name = element[1:].split("}")
    parts = [f'<ns1:{name} xmlns:ns1="{namespace}">']
    write_children(record, parts, qualified)
    parts.append(f"</ns1:{name}>")
    return "".join(parts)
