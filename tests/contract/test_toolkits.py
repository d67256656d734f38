"""Every contract loads from disk in the libraries that read, check and call by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema
import zeep
from lxml import etree
from suds.client import Client as SudsClient
from tests.contract.ours import ours, schema_files
from tests.contract.published import XS

from uln_contract import files

FAULTS = {
    "2014": "MIAPAPIException",
    "today": "MIAPAPIException",
    "external": "DomainFault",
    "r9": "DomainFault",
    "reconciliation": "DomainFault",
}
contracts = pytest.mark.parametrize("contract", FAULTS)
SOAP12 = (b"schemas.xmlsoap.org/wsdl/soap12", b"www.w3.org/2003/05/soap-envelope", b"soap12")


def everything(contract: str) -> str:
    """Write a schema that imports every schema of ``contract``."""
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{location.as_uri()}"/>'
        for namespace, location in _locations(contract)
    )
    return f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'


def _locations(contract: str) -> Iterator[tuple[str, Path]]:
    for namespace, name in schema_files(contract).items():
        yield namespace, files.path(name)


@contracts
def test_lxml_compiles_all_schemas_together(contract: str) -> None:
    etree.XMLSchema(etree.fromstring(everything(contract)))


@pytest.mark.parametrize("name", [name for name in files.names() if name.endswith(".xsd")])
def test_lxml_compiles_each_schema_alone(name: str) -> None:
    etree.XMLSchema(etree.parse(files.path(name)))


@contracts
def test_xmlschema_compiles_all_schemas_together(contract: str) -> None:
    schema = xmlschema.XMLSchema(everything(contract), allow="local")
    facts = (fact.removeprefix("element ") for fact in ours(contract) if fact.startswith("element "))
    written = {"}".join((home, rest.split("/")[0])) for home, _, rest in (fact.partition("}") for fact in facts)}
    assert written <= set(schema.maps.elements)


def _operations(contract: str) -> list[str]:
    names = ours(contract)["operations"]
    assert isinstance(names, tuple)
    return sorted(names)


@contracts
def test_zeep_lists_every_operation(contract: str) -> None:
    location = files.path(files.wsdl(contract))
    client = zeep.Client(str(location))  # type: ignore[no-untyped-call]  # zeep marks itself typed, but is not
    (service,) = client.wsdl.services.values()
    (port,) = service.ports.values()
    assert sorted(port.binding.all()) == _operations(contract)
    for operation in port.binding.all().values():
        assert operation.input.signature()
        assert list(operation.faults) == [FAULTS[contract]]


@contracts
def test_suds_lists_every_operation(contract: str) -> None:
    location = files.path(files.wsdl(contract)).as_uri()
    client = SudsClient(location, cache=None)
    (definition,) = client.sd
    ((_port, methods),) = definition.ports
    assert sorted(name for name, _parameters in methods) == _operations(contract)


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
