"""Kind reading: bring a request to contract form, as the toolkits of the field write it (interop)."""

from lxml import etree

from uln_contract.reading import Element, local_name

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def conformed(body: Element, request: str) -> Element:
    """Give a copy of a body element in contract form.

    The root becomes ``request`` (``{namespace}name``); children are known by local name whatever their
    namespace, and lose it; attributes go (xsi:type, encodingStyle, id); nil, empty and blank children are dropped,
    since missing, empty and nil all mean "not given" (domain §12). Order, values and stray text stay as sent: what
    somebody wrote between or beside elements is for the schema to refuse, never lost on the way.
    """
    namespace = request[1:].partition("}")[0]
    root = etree.Element(request, nsmap={"c": namespace})
    _copy_children(body, root)
    return root


def _copy_children(source: Element, target: Element) -> None:
    beside_text = bool((source.text or "").strip())
    if len(source) == 0 or beside_text:
        target.text = source.text
    for child in source:
        stray = (child.tail or "").strip()
        if _not_given(child) and not stray and not beside_text:
            continue
        copy = etree.SubElement(target, local_name(child))
        copy.sourceline = child.sourceline  # type: ignore[misc]  # lxml lets it be set, its types do not
        _copy_children(child, copy)
        if stray:
            copy.tail = child.tail


def _not_given(child: Element) -> bool:
    if child.get(_NIL, "false").strip() in {"true", "1"}:
        return True
    return len(child) == 0 and not (child.text or "").strip()
