"""The contract over HTTP: WSDLs and schemas, carrying the address that the client used."""

import re
from functools import cache
from html import escape

from uln_contract import files
from uln_server.gate.endpoints import Endpoint

_ADDRESS = re.compile(rb'(<soap:address\s+location=)"[^"]*"')
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>\s*")
_TYPES_SCHEMA = re.compile(rb"<xs:schema\b.*?</xs:schema>", re.DOTALL)
_LOCATION = re.compile(rb'(schemaLocation=)"[^"]*/([A-Za-z0-9._-]+)"')
_ANY_LOCATION = re.compile(rb'\s+schemaLocation="[^"]*"')


def wsdl(endpoint: Endpoint, address: str) -> bytes:
    """The endpoint's WSDL; it imports its schemas from ``?xsd=``. ``address`` is the endpoint's own URL."""
    beside = _attribute(address)
    imported = _LOCATION.sub(
        lambda found: b'%b"%b?xsd=%b"' % (found[1], beside, found[2]), files.read(endpoint.wsdl)
    )
    return _addressed(imported, address)


def single_wsdl(endpoint: Endpoint, address: str) -> bytes:
    """The endpoint's WSDL with every schema in it, importing nothing."""
    return _addressed(_spliced(endpoint.wsdl, endpoint.generation), address)


def schema(endpoint: Endpoint, name: str) -> bytes | None:
    """The schema file called ``name`` (case ignored), as written, or ``None``. ``/./x.xsd`` finds it too."""
    wanted = f"xsd/{endpoint.generation}/{name.strip('./').lower()}"
    found = next((each for each in files.names() if each.lower() == wanted), None)
    return None if found is None else files.read(found)


def _addressed(text: bytes, address: str) -> bytes:
    own = _attribute(address)
    return _ADDRESS.sub(lambda found: b'%b"%b"' % (found[1], own), text)


def _attribute(address: str) -> bytes:
    """The address as it may stand between the quotes of an attribute."""
    return escape(address, quote=True).encode()


@cache
def _spliced(name: str, generation: str) -> bytes:
    """Splice the schemas in as text: moving parsed nodes loses the default namespace."""
    schemas = [
        _ANY_LOCATION.sub(b"", _DECLARATION.sub(b"", files.read(each)))
        for each in files.names()
        if each.startswith(f"xsd/{generation}/")
    ]
    return _TYPES_SCHEMA.sub(lambda _: b"\n".join(schemas), files.read(name), count=1)
