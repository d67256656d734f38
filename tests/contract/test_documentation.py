"""A supplier finds everything explained in the contract itself, and what is explained there is true."""

import re
from collections.abc import Iterator

import pytest
from lxml import etree
from tests.contract.ours import name_of, schemas, wsdl
from tests.contract.published import XS
from tests.contract.test_values import UNBOUNDED, accepted

from uln_contract import codes

GENERATIONS = ["2014", "today"]
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


@pytest.mark.parametrize(("generation", "least"), [("2014", 400), ("today", 270)])
def test_everything_is_documented_in_sentences(generation: str, least: int) -> None:
    texts = list(_all_texts(generation))
    assert len(texts) >= least
    for node, text in texts:
        where = f"{node.get('name')}, line {node.sourceline}: {text}"
        assert len(text.split()) >= 4, where
        assert text.endswith("."), where
        assert text[0].isupper(), where
        assert len(text) <= 480, where


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_code_that_is_named_exists(generation: str) -> None:
    named = {code for _node, text in _all_texts(generation) for code in CODE.findall(text)}
    assert named <= CODES | RETURN_CODES
    assert {"WSEC0001", "WSEC0003", "WSEC0005", "WSRC0015", "WSVRC006", "VRF8"} <= named


@pytest.mark.parametrize("generation", GENERATIONS)
def test_our_own_rules_are_never_shown_as_published(generation: str) -> None:
    for node, text in _all_texts(generation):
        ours = {code for code in CODE.findall(text) if _is_ours(code)}
        assert not ours or OURS in text.lower(), f"{node.get('name')}, line {node.sourceline}: {ours}"


def _is_ours(code: str) -> bool:
    if code in RETURN_CODES:
        return code not in PUBLISHED_RETURN_CODES
    return codes.explain(code).origin is codes.Origin.OURS


def test_every_operation_names_a_code_that_it_answers() -> None:
    for generation in GENERATIONS:
        for node in wsdl(generation).findall(f"{WSDL}portType/{WSDL}operation"):
            assert CODE.search(_text(node, f"{WSDL}documentation")), node.get("name")


def test_the_port_type_names_every_fault() -> None:
    for generation in GENERATIONS:
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
