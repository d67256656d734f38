"""Kind reading: bring a request to contract form, as the toolkits of the field write it (interop)."""

from collections.abc import Mapping
from functools import cache

from lxml import etree

from uln_contract.reading import Element, local_name
from uln_contract.shape import Field, OperationContract, Record

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{_XSI}}}nil"


def conformed(body: Element, operation: OperationContract) -> Element:
    """Give a copy of a body element in contract form.

    The root becomes the operation's request; children are known by local name whatever their namespace, and get
    the contract's, or none; attributes go (xsi:type, encodingStyle, id); nil, empty and blank children are
    dropped, since missing, empty and nil all mean "not given" (domain §12), and stand as nil where the contract
    wants the element in any case. Order, values and stray text stay as sent: what somebody wrote between or beside
    elements is for the schema to refuse, never lost on the way.
    """
    namespace = operation.request[1:].partition("}")[0]
    root = etree.Element(operation.request, nsmap={"c": namespace})
    _copy_children(body, root, operation.request_record)
    return root


def _copy_children(source: Element, target: Element, record: type[Record] | None) -> None:
    beside_text = bool((source.text or "").strip())
    if len(source) == 0 or beside_text:
        target.text = source.text
    for child in source:
        stray = (child.tail or "").strip()
        if _not_given(child) and not stray and not beside_text:
            continue
        name = local_name(child)
        field = record.BY_NAME.get(name) if record else None
        copy = etree.SubElement(target, _tag(field, name))
        copy.sourceline = child.sourceline  # type: ignore[misc]  # lxml lets it be set, its types do not
        _copy_children(child, copy, field.record if field else None)
        if stray:
            copy.tail = child.tail
    if record is not None:
        _keep_required(source, target, record)


def _tag(field: Field | None, name: str) -> str:
    """The element's name in the contract; one that no type has is for the schema to refuse."""
    return name if field is None or field.namespace is None else f"{{{field.namespace}}}{name}"


def _keep_required(source: Element, target: Element, record: type[Record]) -> None:
    """Put nil, each in its place, for what was not given and must be there all the same."""
    order, wanted = _required(record)
    if not wanted:
        return
    present = {local_name(child) for child in target}
    for field in wanted:
        if field.name in present:
            continue
        nil = etree.Element(_tag(field, field.name), {_NIL: "true"}, nsmap={"xsi": _XSI})
        nil.sourceline = source.sourceline  # type: ignore[misc]  # as above
        # Before the first that the contract puts after it.
        later = (at for at, child in enumerate(target) if order.get(local_name(child), -1) > order[field.name])
        target.insert(next(later, len(target)), nil)


@cache
def _required(record: type[Record]) -> tuple[Mapping[str, int], tuple[Field, ...]]:
    """The places of a record's fields, and those of them that must be there but may be nil."""
    order = {field.name: place for place, field in enumerate(record.FIELDS)}
    return order, tuple(field for field in record.FIELDS if field.required and field.nillable)


def _not_given(child: Element) -> bool:
    if child.get(_NIL, "false").strip() in {"true", "1"}:
        return True
    return len(child) == 0 and not (child.text or "").strip()
