"""XML to record: a straight loop over the children of an element that the schema has already passed."""

from typing import TypeVar

from lxml import etree

from uln_contract.shape import Record

R = TypeVar("R", bound=Record)

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"

# A parsed element; lxml's own name for the type is private.
Element = etree._Element  # noqa: SLF001  # the public factory is a function, not the type


def local_name(element: Element) -> str:
    """Give an element's name without its namespace."""
    tag = str(element.tag)
    return tag[tag.index("}") + 1 :] if tag[:1] == "{" else tag


def read(element: Element, record: type[R]) -> R:
    """Read a valid element of the record's complex type; children are matched by local name.

    Missing, empty and ``xsi:nil`` optionals all come as ``None`` (domain §12); text is kept as sent. An empty
    element of a record's type is an empty record, and ``None`` where it is nil; a nil one of many is left out.
    The element must have passed the strict schema: a child that the type does not know raises ``KeyError``.
    """
    by_name = record.BY_NAME
    values: dict[str, object] = {}
    for child in element:
        field = by_name[local_name(child)]
        if field.record is not None:
            if child.get(_NIL, "false").strip() in {"true", "1"}:
                continue
            value: object = read(child, field.record)
        else:
            text = child.text
            if not text:
                continue
            value = int(text) if field.integer else text
        if field.many:
            values.setdefault(field.attribute, []).append(value)  # type: ignore[attr-defined]  # a list, by this line
        else:
            values[field.attribute] = value
    for field in record.FIELDS:
        if field.many and field.attribute in values:
            values[field.attribute] = tuple(values[field.attribute])  # type: ignore[arg-type]  # the list from above
    return record(**values)
