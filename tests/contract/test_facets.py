"""What Python checks by must say yes and no to the same texts as the schema itself."""

import re

import pytest
from lxml import etree

from uln_contract import files
from uln_contract.facets import Facets, facets_of, named_facets
from uln_server.importing.layout import COLUMNS

_XS = "http://www.w3.org/2001/XMLSchema"
# Texts at the edges of every type, and texts of one type where another is wanted.
TEXTS = (
    *("", " ", "x", "\t", "\n", "-1", "00", "0", "1", "2", "3", "7", "8", "9", "12", "99", "999", "9999"),
    *("1026893096", "0026893096", "102689309", "10268930961", "102689309X", "１０２６８９３０９６", " 1026893096"),  # noqa: RUF001  # digits that are none of ours
    *(
        "1976-08-16",
        "2001-02-29",
        "2000-02-29",
        "1900-02-29",
        "1799-12-31",
        "2100-01-01",
        "2024-04-31",
        "16/08/1976",
    ),
    *("2024-13-01", "2024-1-1", "1976-08-16 ", "1976-08-16Z", "2012-12-31\n"),
    *(
        "CV4 9EE",
        "cv49ee",
        "CV4  9EE",
        "BFPO 12",
        "bfpo1",
        "BFPO12345",
        "CV4 9EC",
        "ZZ99 9ZZ",
        "SW1A 1AA",
        "W1A 1AA    ",
    ),
    *("a@b.com", "a@bb.com", "darcie@example.com", "o'brien+x@mail.example.co.uk", "a@b", "a b@example.com"),
    *("a@-x.example.com", "a@example.museumx", "x" * 243 + "@example.com", "x" * 242 + "@example.com"),
    *("Darcie", "Siân", "O’Brien-Łukasz", "名字", "\u00a0", "x\ny"),  # noqa: RUF001  # as people write them
    *("x" * 35, "x" * 36, "é" * 35, "é" * 36, " " * 35, " " * 36, "x" * 50, "x" * 51, "GBR", "GBRX"),
    *("x" * 254, "x" * 255, "x" * 256, "x" * 4000, "x" * 4001, "\U0001f600" * 35, "\U0001f600" * 36),
    *("123456789", "12345678", "12345678a", "2147483647", "01"),
)


def _types() -> list[str]:
    schema = etree.fromstring(files.read("xsd/2014/learner.xsd"))
    return sorted(
        str(each.get("name")) for each in schema.iter(f"{{{_XS}}}simpleType") if each[1].get("base") == "xs:string"
    )


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    tree = etree.fromstring(files.read("xsd/2014/learner.xsd"))
    for name in _types():
        etree.SubElement(tree, f"{{{_XS}}}element", {"name": f"a-{name}", "type": f"learner:{name}"})
    return etree.XMLSchema(tree)


@pytest.mark.parametrize("name", _types())
def test_a_type_fits_what_the_schema_fits(schema: etree.XMLSchema, name: str) -> None:
    facets = named_facets(name)
    for text in TEXTS:
        element = etree.Element(f"{{http://api.lrs.miap.gov.uk/learner}}a-{name}")
        element.text = text
        assert bool(facets.fits(text)) == schema.validate(element), (name, text)


def test_every_type_tells_its_meaning_and_an_example_that_fits() -> None:
    for column in COLUMNS.values():
        assert column.type.fits(column.type.example), column.name
        assert re.fullmatch(r"[A-Z].*\.", column.type.meaning), column.name
        assert "WSEC" not in column.type.meaning, column.name


def test_a_child_of_the_contract_has_its_type() -> None:
    assert facets_of("ULN") is named_facets("MIAPULN")
    assert (facets_of("FamilyName").minimum, facets_of("FamilyName").maximum) == (1, 35)


@pytest.mark.parametrize("name", ["Surname", "MasterULN"])
def test_what_the_contract_s_learner_has_not_is_not_made_up(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        facets_of(name)


def test_a_type_that_is_not_there_is_not_made_up() -> None:
    with pytest.raises(KeyError, match="MIAPNothing"):
        named_facets("MIAPNothing")


def test_a_type_without_patterns_is_its_length() -> None:
    facets = Facets("Any.", "x", 1, 2)
    assert [bool(facets.fits(text)) for text in ("", "x", "xx", "xxx")] == [False, True, True, False]
