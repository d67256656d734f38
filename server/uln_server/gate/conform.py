"""Kind reading: bring a request to contract form, as the toolkits of the field write it (interop)."""

from lxml import etree

from uln_contract.reading import Element, local_name

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def conformed(body: Element, request: str) -> Element:
    """Give a copy of a body element in contract form.

    The root becomes ``request`` (``{namespace}name``); children are known by local name whatever their
    namespace, and lose it; attributes go (xsi:type, encodingStyle, id); nil and empty children are dropped, since
    missing, empty and nil all mean "not given" (domain §12). Order and values stay as sent.
    """
    namespace = request[1:].partition("}")[0]
    root = etree.Element(request, nsmap={"c": namespace})
    _copy_children(body, root)
    return root


def _copy_children(source: Element, target: Element) -> None:
    if len(source) == 0 or (source.text or "").strip():
        target.text = source.text
    for child in source:
        if _not_given(child):
            continue
        copy = etree.SubElement(target, local_name(child))
        copy.sourceline = child.sourceline
        _copy_children(child, copy)
        if (child.tail or "").strip():
            copy.tail = child.tail


def _not_given(child: Element) -> bool:
    if child.get(_NIL, "false").strip() in {"true", "1"}:
        return True
    return len(child) == 0 and not child.text
