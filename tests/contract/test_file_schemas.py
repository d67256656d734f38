"""The schemas of batch files in XML say what the layouts say (domain §8)."""

from collections.abc import Iterable

import pytest
from lxml import etree
from tests.contract.test_facets import TEXTS

from uln_contract import files
from uln_contract.layouts import LAYOUTS, NAMESPACE, Column, Layout

XS = "{http://www.w3.org/2001/XMLSchema}"
SCHEMAS = {
    "3A": "xsd/files/registration-3A.xsd",
    "2A": "xsd/files/registration-2A.xsd",
    "verify": "xsd/files/verification.xsd",
    "achievement": "xsd/files/achievements.xsd",
}
PAIRS = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def declared(elements: Iterable[etree._Element]) -> list[tuple[str, bool]]:
    return [(str(each.get("name")), each.get("minOccurs") != "0") for each in elements]


def columns(of: Iterable[Column]) -> list[tuple[str, bool]]:
    return [(each.name, each.required) for each in of]


@PAIRS
def test_elements_are_the_columns_in_their_order(layout: Layout) -> None:
    schema = etree.fromstring(files.read(SCHEMAS[layout.name]))
    (root,) = schema.findall(f"{XS}element")
    (record,) = schema.findall(f"{XS}complexType")
    assert (schema.get("targetNamespace"), root.get("name"), record.get("name")) == (
        NAMESPACE,
        layout.root,
        layout.record,
    )
    *of_file, records = root.findall(f"{XS}complexType/{XS}sequence/{XS}element")
    assert (records.get("name"), records.get("maxOccurs")) == (layout.record, "unbounded")
    assert declared(of_file) == columns(layout.of_file)
    assert declared(record.findall(f"{XS}sequence/{XS}element")) == columns(layout.of_record)


@PAIRS
def test_values_are_those_of_the_layout(layout: Layout) -> None:
    parsed = etree.parse(files.path(SCHEMAS[layout.name]))
    # Whether the contract's own types say what Python checks by, test_facets asks.
    ours = {str(each.get("name")) for each in parsed.iter(f"{XS}element") if each.get("type") is None}
    schema = etree.XMLSchema(parsed)
    assert schema.validate(document(layout, {})), schema.error_log
    texts = [each for each in TEXTS if not set(each) & set("\r\n\t")]
    for column in layout.columns:
        empty_fits = column.name in ours and not column.required and not column.of_file
        for text in texts if column.name in ours else ("", "x" * 4_001, column.type.example):
            fits = bool(column.type.fits(text)) or (not text and empty_fits)
            assert schema.validate(document(layout, {column.name: text})) is fits, (column.name, text)


def document(layout: Layout, given: dict[str, str]) -> etree._Element:
    """One record of the columns' examples, but for what is given."""
    root = etree.Element(f"{{{NAMESPACE}}}{layout.root}", nsmap={None: NAMESPACE})
    record = etree.Element(f"{{{NAMESPACE}}}{layout.record}")
    for column in layout.columns:
        home = root if column.of_file else record
        etree.SubElement(home, f"{{{NAMESPACE}}}{column.name}").text = given.get(column.name, column.type.example)
    root.append(record)
    return root


def test_every_schema_of_files_is_one_of_these() -> None:
    assert set(files.schemas("files")) == set(SCHEMAS.values())
