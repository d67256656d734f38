"""The contract's messages as the tables of ``docs/operations``: a page shows these rows and no others."""

from collections.abc import Collection, Iterator
from functools import cache

from lxml import etree
from tests.contract.ours import name_of, schemas
from tests.contract.published import XS

# What a pattern asks for, in words. One that is not here fails the tables that would need it.
_PATTERNS = {
    "[0-9a-zA-Z]{6}": "6 letters or digits",
    "[0-9a-zA-Z]{8}": "8 letters or digits",
    "[1-9][0-9]{9}": "10 digits, the first not 0",
    "[0-9]{9}": "9 digits",
    "[0-9]{8}": "8 digits",
    r"[A-Za-z0-9_\-]+": "letters, digits, - and _",
}
_BEGINNINGS = {
    "(((18|19|20)": "YYYY-MM-DD",
    "(19|2[0-9])[0-9]{2}-": "YYYY-MM-DD",
    "[a-zA-Z]{1,2}[0-9rR]": "UK or BFPO postcode",
    "[a-zA-Z0-9!#": "e-mail",
}
_NOT_BLANK = r"[\s]*[\S][\s\S]*"


STRICT = "2014"
"""LearnerService's schemas that say what a field takes."""


def request_rows(element: str, contract: str = STRICT) -> list[list[str]]:
    """Field, required, form, meaning of each field of a request, in contract order; a nested one by its path."""
    return [
        [f"`{path}`", _required(node), _form(node, contract), _meaning(node)]
        for path, node in _fields(element, contract)
    ]


def reply_rows(element: str, leaving_out: Collection[str], contract: str = STRICT) -> list[list[str]]:
    """Field, whether it is there, and meaning of each field of a reply, in contract order.

    ``leaving_out`` names paths that are left out with what is below them; after a slash, what is below alone.
    """
    return [
        [f"`{path}`", _there(node), _meaning(node)]
        for path, node in _fields(element, contract)
        if not any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in leaving_out)
    ]


def type_rows(name: str) -> list[list[str]]:
    """The same for the fields of a type of the namespace ``learner``."""
    declared = _types(STRICT)[f"{{http://api.lrs.miap.gov.uk/learner}}{name}"]
    return [[f"`{path}`", _there(node), _meaning(node)] for path, node in _below(declared, "", STRICT)]


@cache
def _types(contract: str) -> dict[str, etree._Element]:
    """Every named type of a contract's schemas."""
    return {
        f"{{{namespace}}}{node.get('name')}": node
        for namespace, tree in schemas(contract).items()
        for node in tree.iterchildren(f"{{{XS}}}complexType", f"{{{XS}}}simpleType")
    }


def _fields(element: str, contract: str) -> Iterator[tuple[str, etree._Element]]:
    namespace, _, name = element[1:].partition("}")
    (node,) = schemas(contract)[namespace].iterfind(f"{{{XS}}}element[@name='{name}']")
    own = node.find(f"{{{XS}}}complexType")
    yield from _below(_types(contract)[name_of(node, node.attrib["type"])] if own is None else own, "", contract)


def _below(declared: etree._Element, above: str, contract: str) -> Iterator[tuple[str, etree._Element]]:
    """A complex type's fields, those of the type that it extends first, each followed by what it contains."""
    extension = declared.find(f".//{{{XS}}}extension")
    if extension is not None:
        yield from _below(_types(contract)[name_of(extension, extension.attrib["base"])], above, contract)
    for node in declared.iterfind(f".//{{{XS}}}element"):
        path = above + node.attrib["name"]
        yield path, node
        yield from _below_field(node, path, contract)


def _below_field(node: etree._Element, path: str, contract: str) -> Iterator[tuple[str, etree._Element]]:
    kind = _types(contract).get(name_of(node, node.attrib["type"]))
    if kind is not None and kind.tag == f"{{{XS}}}complexType":
        yield from _below(kind, f"{path}/", contract)


def _occurs(node: etree._Element) -> tuple[int, str]:
    return int(node.get("minOccurs", "1")), node.get("maxOccurs", "1")


def _required(node: etree._Element) -> str:
    least, most = _occurs(node)
    if most == "1":
        return "yes" if least else "no"
    return f"{least} or more" if most == "unbounded" else f"{least} to {most}"


def _there(node: etree._Element) -> str:
    least, most = _occurs(node)
    if most == "1":
        return "always" if least else "if any"
    return "any number" if most == "unbounded" else f"{least} to {most}"


def _meaning(node: etree._Element) -> str:
    (text,) = ("".join(each.itertext()) for each in node.iterfind(f"{{{XS}}}annotation/{{{XS}}}documentation"))
    return " ".join(text.split())


_BUILT_IN = {
    f"{{{XS}}}int": "whole number",
    f"{{{XS}}}long": "whole number",
    f"{{{XS}}}string": "text",
    f"{{{XS}}}dateTime": "YYYY-MM-DDThh:mm:ss",
}


def _form(node: etree._Element, contract: str) -> str:
    name = name_of(node, node.attrib["type"])
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    kind = _types(contract)[name]
    return "fields" if kind.tag == f"{{{XS}}}complexType" else ", ".join(_words(kind))


def _words(kind: etree._Element) -> Iterator[str]:
    """A simple type in words: a number's bounds; or its patterns, then its length where they leave it open."""
    bounds = [each.attrib["value"] for each in kind.iter(f"{{{XS}}}minInclusive", f"{{{XS}}}maxInclusive")]
    if bounds:
        yield " to ".join(f"{int(each):,}" for each in bounds)
        return
    patterns = [each.attrib["value"] for each in kind.iter(f"{{{XS}}}pattern") if each.attrib["value"]]
    said = list(dict.fromkeys(_pattern(each) for each in patterns if each != _NOT_BLANK))
    yield from (each for each in said if each)
    if not patterns or patterns == [_NOT_BLANK] or _open_ended(patterns[0]):
        yield _length(kind)
    if _NOT_BLANK in patterns:
        yield "not blank"


def _open_ended(pattern: str) -> bool:
    return any(pattern.startswith(each) for each in ("[a-zA-Z]{1,2}", "[a-zA-Z0-9!#"))


def _pattern(pattern: str) -> str:
    if pattern.startswith("[bB][fF][pP][oO]"):
        return ""  # said with the postcode before it
    for start, words in _BEGINNINGS.items():
        if pattern.startswith(start):
            return words
    if pattern.replace("|", "").isalnum():
        *first, last = pattern.split("|")
        return f"{', '.join(first)} or {last}"
    return _PATTERNS[pattern]


def _length(kind: etree._Element) -> str:
    least, most = (
        next((each.attrib["value"] for each in kind.iter(f"{{{XS}}}{name}")), "")
        for name in ("minLength", "maxLength")
    )
    if least == most:
        return f"{most} characters"
    return f"{least} to {most} characters" if least else f"up to {most} characters"


CODED = {
    "Gender": "MIAPGender",
    "AbilityToShare": "MIAPAbilityToShare",
    "VerificationType": "MIAPVerificationType",
    "TierLevel": "MIAPTierLevel",
    "LearnerStatus": "MIAPLearnerStatus",
}
"""The fields whose values stand for something, each with its type."""


def coded_rows() -> list[list[str]]:
    """Field and the type's own words of each field whose values stand for something."""
    learner = "{http://api.lrs.miap.gov.uk/learner}"
    return [[f"`{field}`", _meaning(_types(STRICT)[learner + kind])] for field, kind in CODED.items()]
