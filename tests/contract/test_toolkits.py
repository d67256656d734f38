"""Both generations load from disk in the libraries that read, check and call by them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema
import zeep
from lxml import etree
from suds.client import Client as SudsClient
from tests.contract.ours import ours, schemas
from tests.contract.published import XS

from uln_contract import files

GENERATIONS = ["2014", "today"]
SOAP12 = (b"schemas.xmlsoap.org/wsdl/soap12", b"www.w3.org/2003/05/soap-envelope", b"soap12")


def everything(generation: str) -> str:
    """Write a schema that imports every schema of ``generation``."""
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{location.as_uri()}"/>'
        for namespace, location in _locations(generation)
    )
    return f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'


def _locations(generation: str) -> Iterator[tuple[str, Path]]:
    for namespace in schemas(generation):
        yield namespace, files.path(f"xsd/{generation}/{namespace.rpartition('/')[2]}.xsd")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_lxml_compiles_all_schemas_together(generation: str) -> None:
    etree.XMLSchema(etree.fromstring(everything(generation)))


@pytest.mark.parametrize("name", [name for name in files.names() if name.endswith(".xsd")])
def test_lxml_compiles_each_schema_alone(name: str) -> None:
    etree.XMLSchema(etree.parse(files.path(name)))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_xmlschema_compiles_all_schemas_together(generation: str) -> None:
    schema = xmlschema.XMLSchema(everything(generation), allow="local")
    written = {fact.split(" ", 1)[1].split("/type")[0] for fact in ours(generation) if fact.startswith("element ")}
    assert written <= set(schema.maps.elements)


def _operations(generation: str) -> list[str]:
    names = ours(generation)["operations"]
    assert isinstance(names, tuple)
    return sorted(names)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_zeep_lists_every_operation(generation: str) -> None:
    location = files.path(f"wsdl/{generation}/LearnerService.wsdl")
    client = zeep.Client(str(location))  # type: ignore[no-untyped-call]  # zeep marks itself typed, but is not
    (service,) = client.wsdl.services.values()
    (port,) = service.ports.values()
    assert sorted(port.binding.all()) == _operations(generation)
    for operation in port.binding.all().values():
        assert operation.input.signature()
        assert list(operation.faults) == ["MIAPAPIException"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_suds_lists_every_operation(generation: str) -> None:
    location = files.path(f"wsdl/{generation}/LearnerService.wsdl").as_uri()
    client = SudsClient(location, cache=None)
    (definition,) = client.sd
    ((_port, methods),) = definition.ports
    assert sorted(name for name, _parameters in methods) == _operations(generation)


@pytest.mark.parametrize("name", files.names())
def test_no_file_names_soap_1_2(name: str) -> None:
    assert not [word for word in SOAP12 if word in files.read(name)]


@pytest.mark.parametrize("name", files.names())
def test_every_file_is_plain_text_that_any_generator_copies_into_its_comments(name: str) -> None:
    text = files.read(name)
    assert text.isascii()
    assert b"\r" not in text
    assert b"\t" not in text
    assert text.endswith(b">\n")
    assert text.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
