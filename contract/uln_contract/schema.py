"""The strict (2014) schemas: does an element hold to the contract, and if not, where and why not (domain §12)."""

import re
import threading
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from uln_contract import files
from uln_contract.reading import Element, local_name

_XS = "http://www.w3.org/2001/XMLSchema"
_lock = threading.Lock()
_local = threading.local()

# Their values are never shown, whatever is wrong with them.
CREDENTIALS = frozenset({"OrgPassword", "Password"})
_SHOWN = 40
_STEP = re.compile(r"(?<=/)([^/\[*]+)")


@dataclass(frozen=True, slots=True)
class Violation:
    """The first place where an element breaks its type.

    ``place`` is the path of local names from the element down, rows counted from 1; ``value`` is what stood
    there, at most 40 characters, ``None`` where there is none to show or it may not be shown; ``rule`` says what
    the schema asks for; ``line`` is the line in the document as parsed, 0 when it is not known.
    """

    place: str
    value: str | None
    rule: str
    line: int

    def __str__(self) -> str:
        value = "" if self.value is None else f" '{self.value}'"
        where = f"{self.place} (line {self.line})" if self.line else self.place
        return f"{where}:{value} {self.rule}"


def _imports(generation: str) -> bytes:
    names = [name for name in files.names() if name.startswith(f"xsd/{generation}/")]
    imports = (
        f'<xs:import namespace="{etree.fromstring(files.read(name)).get("targetNamespace")}"'
        f' schemaLocation="{files.path(name).as_uri()}"/>'
        for name in names
    )
    return f'<xs:schema xmlns:xs="{_XS}">{"".join(imports)}</xs:schema>'.encode()


def compiled(generation: str = "2014") -> etree.XMLSchema:
    """Give this thread's own compiled schemas of a generation (``2014`` or ``today``).

    A compiled schema keeps its error log, so that two threads with one would read each other's callers; and
    libxml2 cannot compile two at once, hence the lock.
    """
    schemas: dict[str, etree.XMLSchema] = _local.__dict__.setdefault("schemas", {})
    if generation not in schemas:
        with _lock:
            schemas[generation] = etree.XMLSchema(etree.fromstring(_imports(generation)))
    return schemas[generation]


def is_valid(element: Element, generation: str = "2014") -> bool:
    """Whether a body element holds to the contract."""
    return compiled(generation).validate(element)


def first_violation(element: Element) -> Violation:
    """Say where and why an element that :func:`is_valid` refused breaks the strict schemas.

    xmlschema gives the readable reason, and it is slow: it is shown only the row that libxml2 refused.
    """
    compiled().validate(element)
    bad, line = _refused(element)
    pruned, row = _only_row(element, bad)
    for error in _explaining().iter_errors(pruned):
        return _violation(error, pruned, row, line)
    name = local_name(element)  # pragma: no cover  # the two validators disagree: say what is certain
    return Violation(place=name, value=None, rule="does not hold to the schema.", line=line)  # pragma: no cover


@cache
def _explaining() -> Any:
    import xmlschema  # noqa: PLC0415  # half a second, and only a refusal needs it

    with _lock:
        return xmlschema.XMLSchema10(_imports("2014").decode())


def prepare_explanations() -> None:
    """Build now what the first refusal would otherwise wait for."""
    _explaining()


def _refused(element: Element) -> tuple[Element, int]:
    """The element that libxml2 names in its first error, and its line."""
    entry = compiled().error_log[0]
    # The path has the document's own prefixes, which XPath would need declared: compare names as written.
    path = _STEP.sub(r"*[name()='\1']", entry.path or "/*")
    found = element.getroottree().xpath(path)
    bad = found[0] if isinstance(found, list) and found else element
    return bad, entry.line


def _only_row(element: Element, bad: Element) -> tuple[Element, tuple[str, int] | None]:
    """A copy of the element that keeps, of many equal children, only the one that ``bad`` lies in."""
    path = [bad, *bad.iterancestors()]
    inside = next((child for child in element if child in path), None)
    if inside is None or len(element) < 20:  # noqa: PLR2004  # small enough to be shown whole
        return deepcopy(element), None
    index = [child for child in element if child.tag == inside.tag].index(inside) + 1
    pruned = etree.Element(element.tag, nsmap=element.nsmap)
    pruned.extend(deepcopy(child) for child in element if child is inside or child.tag != inside.tag)
    return pruned, (local_name(inside), index)


def _violation(error: Any, root: Element, row: tuple[str, int] | None, line: int) -> Violation:
    bad = root if error.elem is None else error.elem
    if type(error).__name__ == "XMLSchemaChildrenValidationError":
        return _content_violation(error, bad, row, line)
    shown = len(bad) == 0 and local_name(bad) not in CREDENTIALS
    value = (bad.text or "")[:_SHOWN] if shown else None
    return Violation(place=_place(bad, row), value=value, rule=_value_rule(error), line=line)


def _content_violation(error: Any, parent: Element, row: tuple[str, int] | None, line: int) -> Violation:
    """A child that is missing, unknown, out of order or one too many."""
    expected = [str(item.local_name) for item in error.expected or () if getattr(item, "local_name", None)]
    wanted = " or ".join(expected)
    if error.index >= len(parent):
        place = f"{_place(parent, row)}/{expected[0]}" if expected else _place(parent, row)
        return Violation(place=place, value=None, rule="is required, and is missing or empty.", line=line)
    place = _place(parent[error.index], row)
    rule = "is not expected here" + (f": {wanted} must stand in its place." if wanted else ".")
    return Violation(place=place, value=None, rule=f"{rule} Elements keep the order of the contract.", line=line)


def _value_rule(error: Any) -> str:
    """The type's own documentation, and the broken facet in xmlschema's words, which never quote the value."""
    facet = error.validator
    kind = getattr(facet, "parent", None)
    annotation = getattr(kind, "annotation", None)
    if annotation is None:
        return f"is not of type {getattr(facet, 'local_name', None) or 'xs:string'}."
    meaning = " ".join(str(annotation).split())
    return f"does not fit: {meaning} ({error.reason})"


def _place(bad: Element, row: tuple[str, int] | None) -> str:
    names = []
    for step in [bad, *bad.iterancestors()]:
        name = local_name(step)
        names.append(f"{name}[{row[1]}]" if row is not None and name == row[0] else name)
    return "/".join(reversed(names))
