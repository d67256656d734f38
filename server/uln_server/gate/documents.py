"""The contract over HTTP: WSDLs and schemas, carrying the address that the client used.

A schema is given as written. What it imports lies beside it, and in LearnerService also beside the service; in the
other contracts it is named by ``?xsd=``, since two of them call a schema of their own ``model.xsd``.
"""

import re
from functools import cache
from html import escape

from uln_contract import files
from uln_server.gate.endpoints import Endpoint

_ADDRESS = re.compile(rb'(<soap:address\s+location=)"[^"]*"')
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>\s*")
_TYPES_SCHEMA = re.compile(rb"<xs:schema\b.*?</xs:schema>", re.DOTALL)
_LOCATION = re.compile(rb'(schemaLocation=)"(?:[^"]*/)?([A-Za-z0-9._-]+)"')
_ANY_LOCATION = re.compile(rb'\s+schemaLocation="[^"]*"')


def wsdl(endpoint: Endpoint, address: str) -> bytes:
    """The endpoint's WSDL; it imports its schemas from ``?xsd=``. ``address`` is the endpoint's own URL."""
    return _addressed(_imported(files.read(endpoint.wsdl), address), address)


def single_wsdl(endpoint: Endpoint, address: str) -> bytes:
    """The endpoint's WSDL with every schema in it, importing nothing."""
    return _addressed(_spliced(endpoint.wsdl, endpoint.generation), address)


def schema(endpoint: Endpoint, name: str) -> bytes | None:
    """The schema file called ``name`` (case ignored), as written, or ``None``. ``/./x.xsd`` finds it too."""
    wanted = f"xsd/{endpoint.generation}/{name.strip('./').lower()}"
    found = next((each for each in files.names() if each.lower() == wanted), None)
    return None if found is None else files.read(found)


def schema_of_service(endpoint: Endpoint, name: str, address: str) -> bytes | None:
    """The schema as ``?xsd=`` of a service gives it, whose own URL is ``address``; ``None`` as in ``schema``."""
    found = schema(endpoint, name)
    if found is None or endpoint.service == "LearnerService":
        return found
    return _imported(found, address)


def _imported(text: bytes, address: str) -> bytes:
    """Let imports name ``?xsd=`` of the service."""
    beside = _attribute(address)
    return _LOCATION.sub(lambda found: b'%b"%b?xsd=%b"' % (found[1], beside, found[2]), text)


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
