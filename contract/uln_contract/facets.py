"""The contract's strict simple types as Python checks a million values by: read from the schema, not retyped."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from uln_contract import files
from uln_contract.reading import Element

_XS = "{http://www.w3.org/2001/XMLSchema}"
_MEANING = re.compile(r"(.*?)\s*\bExamples?: (.+?)(?:, .*?)?\.(?:\s|\Z)")
_NO_LIMIT = 2**31


@dataclass(frozen=True, slots=True)
class Facets:
    """What a simple type asks of a text.

    ``minimum`` and ``maximum`` count characters; ``pattern`` is ``None`` where any text of that length fits.
    ``meaning`` is the schema's own description of the type, ``example`` a text that fits.
    """

    meaning: str
    example: str
    minimum: int = 0
    maximum: int = _NO_LIMIT
    pattern: re.Pattern[str] | None = None
    fits: Callable[[str], object] = field(init=False, repr=False, compare=False)
    """Tells whether a text is of the type: the one question that is asked of every value."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fits", self._match())

    def _match(self) -> Callable[[str], object]:
        if self.pattern is not None:
            length = f"(?=[\\s\\S]{{{self.minimum},{self.maximum}}}\\Z)" if self.maximum < _NO_LIMIT else ""
            return re.compile(f"{length}(?:{self.pattern.pattern})", re.ASCII).fullmatch
        minimum, maximum = self.minimum, self.maximum
        return lambda text: minimum <= len(text) <= maximum


@cache
def facets_of(element: str, complex_type: str = "Learner") -> Facets:
    """Give the facets of a child of a complex type of ``learner.xsd`` (2014); ``KeyError`` for no such child."""
    return named_facets(_types_of(complex_type)[element])


@cache
def named_facets(name: str) -> Facets:
    """Give the facets of a simple type of ``learner.xsd``; ``KeyError`` when there is none of that name."""
    found = next((each for each in _schema().iter(f"{_XS}simpleType") if each.get("name") == name), None)
    if found is None:
        raise KeyError(name)
    values = {local: [str(each.get("value")) for each in found.iter(f"{_XS}{local}")] for local in _FACETS}
    meaning, example = _documentation(found)
    return Facets(
        meaning=meaning,
        example=example,
        minimum=int(values["minLength"][0]) if values["minLength"] else 0,
        maximum=int(values["maxLength"][0]) if values["maxLength"] else _NO_LIMIT,
        pattern=_pattern(values["pattern"]),
    )


_FACETS = ("minLength", "maxLength", "pattern")


def _pattern(given: list[str]) -> re.Pattern[str] | None:
    """One expression for patterns of which any may fit; the schema's stay within what both languages share."""
    return re.compile("|".join(f"(?:{each})" for each in given), re.ASCII) if given else None


@cache
def _schema() -> Element:
    root: Element = etree.fromstring(files.read("xsd/2014/learner.xsd"))
    return root


@cache
def _types_of(complex_type: str) -> dict[str, str]:
    found = next(each for each in _schema().iter(f"{_XS}complexType") if each.get("name") == complex_type)
    children = found.iter(f"{_XS}element")
    return {str(each.get("name")): str(each.get("type")).rpartition(":")[2] for each in children}


def _documentation(simple_type: Element) -> tuple[str, str]:
    text = " ".join("".join(simple_type.itertext()).split())
    found = _MEANING.match(text)
    return (found[1], found[2]) if found else (text, "")
