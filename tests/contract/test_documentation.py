"""A supplier finds everything explained in the contract itself, and what is explained there is true."""

import re
from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

import pytest
import xmlschema
from lxml import etree
from tests.contract.ours import name_of, schema_files, schemas, wsdl
from tests.contract.published import XS
from tests.contract.test_values import UNBOUNDED, accepted

from uln_contract import codes, files

GENERATIONS = ["2014", "today"]
DATA_CONTRACTS = ["external", "r9", "reconciliation"]
CONTRACTS = [*GENERATIONS, *DATA_CONTRACTS]
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
DEFINED = {f"{{{XS}}}{name}" for name in ("element", "complexType", "simpleType")}
OURS = "this service's rule"
CODE = re.compile(r"\b(?:WSRC\d+|WSEC\d+|WSVRC\d+|VRF\d+|RC\d+)\b")
EXAMPLES = re.compile(r"Examples?: (.+?)\.(?= |$)")
RETURN_CODES = {f"RC{number:03}" for number in range(1, 14)}
PUBLISHED_RETURN_CODES = {"RC006", "RC011", "RC012", "RC013"}
CODES = {*codes.ResponseCode, *codes.FaultCode, *codes.VerifyCode, *codes.FailureFlag}


def _text(node: etree._Element, path: str) -> str:
    texts = ["".join(found.itertext()) for found in node.findall(path)]
    assert len(texts) == 1, f"{node.get('name')}, line {node.sourceline}: {len(texts)} documentations"
    return " ".join(texts[0].split())


def _schema_texts(generation: str) -> Iterator[tuple[etree._Element, str]]:
    for tree in schemas(generation).values():
        yield tree, _text(tree, f"{{{XS}}}annotation/{{{XS}}}documentation")
        for node in tree.iter(*DEFINED):
            if node.get("name") is None:
                continue  # an element's own type: the element speaks for it
            yield node, _text(node, f"{{{XS}}}annotation/{{{XS}}}documentation")


def _wsdl_texts(generation: str) -> Iterator[tuple[etree._Element, str]]:
    tree = wsdl(generation)
    operations = tree.findall(f"{WSDL}portType/{WSDL}operation")
    for node in (
        tree,
        *operations,
        *tree.iterchildren(*(WSDL + part for part in ("message", "portType", "service"))),
    ):
        yield node, _text(node, f"{WSDL}documentation")


def _all_texts(generation: str) -> Iterator[tuple[etree._Element, str]]:
    yield from _schema_texts(generation)
    yield from _wsdl_texts(generation)


@pytest.mark.parametrize(
    ("generation", "least"), [("2014", 400), ("today", 270), ("external", 80), ("r9", 240), ("reconciliation", 48)]
)
def test_everything_is_documented_in_sentences(generation: str, least: int) -> None:
    texts = list(_all_texts(generation))
    assert len(texts) >= least
    for node, text in texts:
        where = f"{node.get('name')}, line {node.sourceline}: {text}"
        assert len(text.split()) >= 4, where
        assert text.endswith("."), where
        assert text[0].isupper(), where
        assert len(text) <= 480, where


SOME_CODES = {
    "2014": {"WSEC0001", "WSEC0003", "WSEC0005", "WSRC0015", "WSVRC006", "VRF8"},
    "today": {"WSEC0001", "WSEC0003", "WSEC0005", "WSRC0015", "WSVRC006", "VRF8"},
    "external": {
        "WSRC0018",
        *(f"WSRC004{last}" for last in range(4)),
        *(f"WSEC004{last}" for last in range(4, 8)),
    },
    "r9": {"WSRC0004", "WSRC0022", "WSRC0013", "WSEC0136", "WSEC0206", "WSEC0208"},
    "reconciliation": {"WSRC0043", "WSRC0050", "WSRC0051", "WSEC0001"},
}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_code_that_is_named_exists(contract: str) -> None:
    named = {code for _node, text in _all_texts(contract) for code in CODE.findall(text)}
    assert named <= CODES | RETURN_CODES
    assert SOME_CODES[contract] <= named


@pytest.mark.parametrize("generation", CONTRACTS)
def test_our_own_rules_are_never_shown_as_published(generation: str) -> None:
    for node, text in _all_texts(generation):
        ours = {code for code in CODE.findall(text) if _is_ours(code)}
        assert not ours or OURS in text.lower(), f"{node.get('name')}, line {node.sourceline}: {ours}"


def _is_ours(code: str) -> bool:
    if code in RETURN_CODES:
        return code not in PUBLISHED_RETURN_CODES
    return codes.explain(code).origin is codes.Origin.OURS


def test_every_operation_names_a_code_that_it_answers() -> None:
    for generation in CONTRACTS:
        for node in wsdl(generation).findall(f"{WSDL}portType/{WSDL}operation"):
            assert CODE.search(_text(node, f"{WSDL}documentation")), node.get("name")


def test_the_port_type_names_every_fault() -> None:
    for generation in CONTRACTS:
        (port_type,) = wsdl(generation).findall(f"{WSDL}portType")
        assert set(CODE.findall(_text(port_type, f"{WSDL}documentation"))) == {
            str(code) for code in codes.FaultCode
        }


def test_every_strict_type_gives_an_example_and_a_code() -> None:
    for node, text in _schema_texts("2014"):
        if node.tag == f"{{{XS}}}simpleType":
            assert "xample" in text, node.get("name")
            assert CODE.search(text) or node.get("name") in REPLIES, node.get("name")


# Only the service writes these, so no request can be wrong in them.
REPLIES = {"MIAPDateTime", "MIAPTierLevel", "MIAPLearnerStatus", "ErrorActor", "ErrorDescription"}


def _examples() -> Iterator[tuple[str, str]]:
    """Give each example of the 2014 schemas with the name of the strict type that it illustrates."""
    for node, text in _schema_texts("2014"):
        for examples in EXAMPLES.findall(text):
            strict = node.get("name", "") if node.tag == f"{{{XS}}}simpleType" else _type(node)
            if strict and strict not in UNBOUNDED:
                yield from ((strict, example) for example in examples.split(", "))


def _type(node: etree._Element) -> str:
    name = name_of(node, node.get("type", "xs:none"))
    return (
        "" if name.startswith(f"{{{XS}}}") or name.endswith(("}Learner", "Rqst", "Resp")) else name.split("}")[1]
    )


def test_every_example_is_a_good_value() -> None:
    examples = [pair for pair in _examples() if pair[0].startswith("MIAP") and not _is_complex(pair[0])]
    assert len(examples) > 150
    for strict, example in examples:
        assert accepted(strict, example), f"{strict}: {example}"


@cache
def _probe(contract: str) -> xmlschema.XMLSchema:
    """A schema with an element for each simple type that a contract uses, called as the type."""
    kinds = {
        name_of(node, node.attrib["type"])
        for tree in schemas(contract).values()
        for node in tree.iter(f"{{{XS}}}element")
        if node.get("type")
    }
    complex_types = {
        f"{{{home}}}{name}" for home, tree in schemas(contract).items() for name in _complex_types(tree)
    }
    prefixes = {home: f"t{number}" for number, home in enumerate([XS, *schema_files(contract)])}
    declared = "".join(f' xmlns:{prefix}="{home}"' for home, prefix in prefixes.items())
    imports = "".join(
        f'<xs:import namespace="{home}" schemaLocation="{files.path(name).as_uri()}"/>'
        for home, name in schema_files(contract).items()
    )
    elements = "".join(
        f'<xs:element name="{name}" type="{prefixes[home]}:{name}"/>'
        for home, _, name in (kind[1:].partition("}") for kind in sorted(kinds - complex_types))
    )
    source = f'<xs:schema xmlns:xs="{XS}"{declared}>{imports}{elements}</xs:schema>'
    return xmlschema.XMLSchema(source, allow="local")


@pytest.mark.parametrize(("contract", "least"), [("external", 45), ("r9", 160), ("reconciliation", 28)])
def test_every_example_of_a_data_contract_is_a_good_value(contract: str, least: int) -> None:
    found = [
        (name_of(node, node.attrib["type"]).rpartition("}")[2], example)
        for node, text in _schema_texts(contract)
        for examples in EXAMPLES.findall(text)
        if node.get("type")
        for example in examples.split(", ")
    ]
    assert len(found) >= least
    for kind, example in found:
        assert kind in _probe(contract).elements, kind
        assert _probe(contract).is_valid(f"<{kind}>{escape(example)}</{kind}>"), f"{kind}: {example}"


@pytest.mark.parametrize("contract", DATA_CONTRACTS)
def test_every_value_of_a_data_contract_has_an_example(contract: str) -> None:
    secret = {"OrgPassword", "Password", "SecurityAnswer"}
    long = {"AchievementBatchErrorFile"}
    written = {namespace: set(_complex_types(tree)) for namespace, tree in schemas(contract).items()}
    for node, text in _schema_texts(contract):
        if node.get("type") is None or node.getparent() in schemas(contract).values():
            continue
        namespace, _, local = name_of(node, node.attrib["type"])[1:].partition("}")
        assert local in written.get(namespace, ()) or node.get("name") in secret | long or EXAMPLES.search(text), (
            node.get("name")
        )


def _complex_types(tree: etree._Element) -> Iterator[str]:
    return (str(node.get("name")) for node in tree.findall(f"{{{XS}}}complexType"))


def _is_complex(name: str) -> bool:
    return any(tree.find(f"{{{XS}}}complexType[@name='{name}']") is not None for tree in schemas("2014").values())


def _field_examples(generation: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for node, text in _schema_texts(generation):
        parents = [parent.get("name", "") for parent in node.iterancestors(f"{{{XS}}}complexType")]
        examples = EXAMPLES.findall(text)
        if parents and examples:
            found[parents[0], node.get("name", "")] = examples[0]
    return found


def test_both_generations_give_the_same_examples() -> None:
    strict, plain = _field_examples("2014"), _field_examples("today")
    shared = strict.keys() & plain.keys()
    assert len(shared) > 120
    assert {key: plain[key] for key in shared} == {key: strict[key] for key in shared}


def test_what_surprises_is_said_where_it_is_defined() -> None:
    said = {node.get("name"): text for node, text in _schema_texts("2014") if node.tag == f"{{{XS}}}simpleType"}
    assert "29 February of 1800 and of 1900" in said["MIAPDate"]
    assert all(accepted("MIAPDate", day) for day in ("1800-02-29", "1900-02-29"))
    assert not any(accepted("MIAPDate", day) for day in ("2001-02-29", "1900-04-31"))
    assert "remove spaces" in said["MIAPULN"]
    assert not any(accepted("MIAPULN", uln) for uln in (" 1026893096", "1026893096 ", "1026893096\n"))
