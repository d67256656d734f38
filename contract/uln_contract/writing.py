"""Record to XML: text in contract order, no tree in between."""

import re
from collections.abc import Mapping

from uln_contract.shape import Record

# What XML 1.0 cannot carry at all, however escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: str) -> str:
    """Make text fit for element content; characters that XML 1.0 has no way to carry are left out."""
    plain = text.isprintable()
    if not plain:
        text = _ILLEGAL.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if plain else text.replace("\r", "&#13;")


def write_children(record: Record, parts: list[str], qualified: Mapping[str, str]) -> None:
    """Append a record's children to ``parts``.

    ``qualified`` maps the local names that carry a namespace of their own to that namespace; all other
    children are unqualified, as LearnerService's are (domain §12). ``None`` and empty tuples are left out.
    An empty nested record is written as an empty element.
    """
    for field in record.FIELDS:
        value = getattr(record, field.attribute)
        if value is None:
            continue
        for item in value if field.many else (value,):
            _write_one(field.name, item, parts, qualified)


def _write_one(name: str, item: object, parts: list[str], qualified: Mapping[str, str]) -> None:
    namespace = qualified.get(name)
    opening, closing = (name, name) if namespace is None else (f'q:{name} xmlns:q="{namespace}"', f"q:{name}")
    if isinstance(item, str):
        parts.append(f"<{opening}>{escape(item)}</{closing}>")
    elif isinstance(item, int):
        parts.append(f"<{opening}>{item}</{closing}>")
    else:
        parts.append(f"<{opening}>")
        write_children(item, parts, qualified)  # type: ignore[arg-type]  # neither text nor number: a record
        parts.append(f"</{closing}>")


def write(record: Record, element: str, qualified: Mapping[str, str]) -> str:
    """Write a record as the global element ``{namespace}name``; its children as :func:`write_children` says."""
    namespace, name = element[1:].split("}")
    parts = [f'<ns1:{name} xmlns:ns1="{namespace}">']
    write_children(record, parts, qualified)
    parts.append(f"</ns1:{name}>")
    return "".join(parts)
