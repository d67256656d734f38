"""Does an element hold to the contract, and if not, where and why not (domain §12).

``contract`` names the schemas: ``2014``, LearnerService's strict ones, ``today``, ``external``, ``r9`` or
``reconciliation``.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile
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
_REASON_AT_MOST = 120
_LONGEST = 5_000
_ROWS_AT_ONCE = 500


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


def _imports(contract: str) -> bytes:
    imports = (
        f'<xs:import namespace="{etree.fromstring(files.read(name)).get("targetNamespace")}"'
        f' schemaLocation="{files.path(name).as_uri()}"/>'
        for name in files.schemas(contract)
    )
    return f'<xs:schema xmlns:xs="{_XS}">{"".join(imports)}</xs:schema>'.encode()


def compiled(contract: str = "2014") -> etree.XMLSchema:
    """Give this thread's own compiled schemas of a contract.

    A compiled schema keeps its error log, so that two threads with one would read each other's callers; and
    libxml2 cannot compile two at once, hence the lock.
    """
    schemas: dict[str, etree.XMLSchema] = _local.__dict__.setdefault("schemas", {})
    if contract not in schemas:
        with _lock:
            schemas[contract] = etree.XMLSchema(etree.fromstring(_imports(contract)))
    return schemas[contract]


def is_valid(element: Element, contract: str = "2014") -> bool:
    """Whether a body element holds to the contract."""
    return all(compiled(contract).validate(each) for _, each in _by_rows(element))


def _by_rows(element: Element) -> Iterator[tuple[int, Element]]:
    """Give what is to be validated one after the other: an element with some of its rows at a time, then whole.

    libxml2 looks at every row, and takes the longer over each the more of them are bad: this way it stops soon.
    The rows are the children that are named like the last one. The number is how many of them came so far.
    """
    head, rows = _parted(element)
    if len(rows) > _ROWS_AT_ONCE:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            yield start + len(some), _copied(element, head, some)
    yield len(rows), element


def _parted(element: Element) -> tuple[list[Element], list[Element]]:
    """Part an element's children into its rows, which are named like the last one, and the others."""
    last = str(element[-1].tag) if len(element) else ""
    return [each for each in element if each.tag != last], [each for each in element if each.tag == last]


def _copied(element: Element, *children: Iterable[Element]) -> Element:
    """Copy an element with these of its children only."""
    copied = etree.Element(element.tag, dict(element.attrib), nsmap=element.nsmap)
    copied.text = element.text
    copied.extend(deepcopy(each) for each in chain(*children))
    return copied


def first_violation(element: Element, contract: str = "2014") -> Violation:
    """Say where and why an element that :func:`is_valid` refused breaks the schemas of the contract.

    libxml2 knows the place at once, however large the message; xmlschema words the reason, and is asked about
    that one value only: shown a whole message it takes milliseconds an element, so that anybody could stop us.
    """
    upto, bad_part = next(each for each in _by_rows(element) if not compiled(contract).validate(each[1]))
    if bad_part is not element:
        # With the rows before it, so that the bad one keeps its number.
        head, rows = _parted(element)
        element = _copied(element, head, rows[:upto])
        compiled(contract).validate(element)
    entry = compiled(contract).error_log[0]
    bad = _located(element, entry.path or "")
    at = _Spot(bad, element, entry.line, contract)
    attribute = _ATTRIBUTE.match(entry.message)
    if attribute is not None:
        name = f"{'xsi:' if attribute[1] == _XSI else ''}{attribute[2]}"
        return at.violation(f"carries the attribute '{name[:_SHOWN]}', which does not fit. Leave it out.")
    if entry.type == etree.ErrorTypes.SCHEMAV_ELEMENT_CONTENT:
        return _content_violation(at, entry.message)
    if entry.type in _STRUCTURE:
        return at.violation(_STRUCTURE[entry.type])
    return at.violation(_value_rule(at), at.value())


@cache
def _explaining(contract: str) -> Any:
    import xmlschema  # noqa: PLC0415  # half a second, and only a refusal needs it

    with _lock:
        return xmlschema.XMLSchema10(_imports(contract).decode())


def prepare_explanations(*contracts: str) -> None:
    """Build now what the first refusal would otherwise wait for; without arguments, LearnerService's."""
    for contract in contracts or ("2014",):
        _explaining(contract)


_STEP = re.compile(r"(\A|/)([^/\[*]+)")
_ATTRIBUTE = re.compile(r"Element '[^']*', attribute '(?:\{([^}]*)\})?([^']*)'")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EXPECTED = re.compile(r"Expected is(?: one of)? \( (.*) \)\.")
# Its reason quotes the value, all of it.
_DECODE_ERROR = "XMLSchemaDecodeError"
_ORDER = "Elements keep the order of the contract; an empty one may count as missing."
# What a type of XML Schema's own means to whoever does not know it by name.
_IN_WORDS = {
    "int": "is no whole number from -2147483648 to 2147483647.",
    "long": "is no whole number, or too large a one.",
    "dateTime": "is no date with a time, like 2026-06-30T00:00:00.",
}
# What libxml2 finds wrong with an element itself, whatever its type.
_STRUCTURE: Mapping[Any, str] = {
    etree.ErrorTypes.SCHEMAV_CVC_ELT_1: "is no element of the contract, or not in this namespace.",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_3_1: "must have a value: xsi:nil is not allowed here.",
    etree.ErrorTypes.SCHEMAV_CVC_ELT_3_2_1: "has content although its xsi:nil says that it has none.",
    etree.ErrorTypes.SCHEMAV_CVC_TYPE_3_1_2: "holds other elements, and must hold text alone.",
    etree.ErrorTypes.SCHEMAV_CVC_COMPLEX_TYPE_2_3: "holds text beside its elements. Leave the text out.",
}


def _located(element: Element, path: str) -> Element:
    """The element at libxml2's path, whose first step is ``element`` itself."""
    below = path.removeprefix("/").partition("/")[2]
    if not below:
        return element
    # The path has the document's own prefixes, which XPath would need declared: compare names as written.
    found = element.xpath("./" + _STEP.sub(r"\1*[name()='\2']", below))
    return found[0] if isinstance(found, list) and found and etree.iselement(found[0]) else element


@dataclass(frozen=True, slots=True)
class _Spot:
    """An element that libxml2 refused, within the message that it stands in."""

    bad: Element
    root: Element
    line: int
    contract: str

    def violation(self, rule: str, value: str | None = None, child: str | None = None) -> Violation:
        """Say that this element breaks ``rule``, or that its ``child`` does by not being there."""
        place = "/".join([_step(each) for each in reversed(self.path())] + ([child] if child else []))
        return Violation(place=place, value=value, rule=rule, line=self.line)

    def path(self) -> list[Element]:
        """The element and its ancestors, up to the message's own."""
        above = takewhile(lambda each: each is not self.root, (self.bad, *self.bad.iterancestors()))
        return [*above, self.root]

    def value(self) -> str | None:
        """What stands there, cut short; nothing of a credential, nor one that strayed into another field."""
        text = self.bad.text or ""
        secrets = [each.text for name in CREDENTIALS for each in self.root.iter(f"{{*}}{name}")]
        if local_name(self.bad) in CREDENTIALS or any(secret and secret in text for secret in secrets):
            return None
        return text[:_SHOWN]

    def declared(self, path: list[Element]) -> Any:
        """How xmlschema knows the first element of a path that leads up to the root; ``None`` if it does not."""
        found = _explaining(self.contract).elements.get(str(path[-1].tag))
        for step in reversed(path[:-1]):
            found = _children(found).get(local_name(step))
        return found


def _children(declared: Any) -> Mapping[str, Any]:
    return {each.local_name: each for each in declared.type.content.iter_elements()}


def _step(element: Element) -> str:
    """An element's name, with its number where there are several of it."""
    name = local_name(element)[:_SHOWN]
    parent = element.getparent()
    equal = [] if parent is None else list(parent.iterchildren(str(element.tag)))
    return f"{name}[{equal.index(element) + 1}]" if len(equal) > 1 else name


def _content_violation(at: _Spot, message: str) -> Violation:
    """A child that is missing, unknown, out of order or one too many."""
    if "Missing child" in message:
        present = {local_name(child) for child in at.bad}
        required = (name for name, each in _children(at.declared(at.path())).items() if each.min_occurs)
        missing = next((name for name in required if name not in present), None)
        return at.violation("is required, and is missing or empty.", child=missing)
    name = local_name(at.bad)
    siblings = _children(at.declared(at.path()[1:]))
    expected = _EXPECTED.search(message)
    choices = expected[1].split(", ") if expected else []
    names = [each.rpartition("}")[2] for each in choices]
    if name in names:
        namespace = choices[names.index(name)][1:].rpartition("}")[0]
        if namespace:
            return at.violation(f"must be in the namespace '{namespace}' here.")
        return at.violation("carries a namespace, and must be without one here.")
    if not names and name in siblings:
        return at.violation(f"is one too many: at most {siblings[name].max_occurs} may stand here.")
    wanted = " or ".join(names)
    return at.violation(f"is not expected here{f': {wanted} must stand in its place' if wanted else ''}. {_ORDER}")


def _value_rule(at: _Spot) -> str:
    """The type's own documentation, and the broken facet in xmlschema's words, which never quote the value."""
    kind: Any = getattr(at.declared(at.path()), "type", None)
    meaning = " ".join(str(getattr(kind, "annotation", None) or "").split())
    if not meaning:
        name = getattr(kind, "local_name", "string")
        return _IN_WORDS.get(name, f"is not of type xs:{name}.")
    # No type takes as much: a longer text is refused for the same reason, and sooner.
    text = (at.bad.text or "")[:_LONGEST]
    given = (each.reason for each in kind.iter_errors(text) if type(each).__name__ != _DECODE_ERROR)
    # A pattern over a whole line helps nobody: the meaning and its example say the same.
    reasons = [reason for reason in given if len(reason) <= _REASON_AT_MOST]
    return f"does not fit: {meaning}" + (f" ({reasons[0]})" if reasons else "")
