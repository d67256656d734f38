"""An organisation that calls the replaying service, and what it sent there."""

from typing import Unpack

from lxml import etree
from tests.unit.client.replaying import Replaying

from uln_client import AwardingOrganisation
from uln_client.settings import Options
from uln_contract import schema

SECRET = "SECRET-SECRET-01"
SOAP = {"soap": "http://schemas.xmlsoap.org/soap/envelope/"}
CREDENTIALS = {"OrganisationRef": "ABCDEF", "UKPRN": "12345678", "OrgPassword": SECRET, "UserName": "Pat"}


def organisation(at: str, /, **options: Unpack[Options]) -> AwardingOrganisation:
    own: Options = {
        "url": at,
        "ukprn": "12345678",
        "orgref": "ABCDEF",
        "password": SECRET,
        "username": "Pat",
        "retries": 0,
    }
    own.update(options)
    return AwardingOrganisation(**own)


def sent(service: Replaying, place: int = -1) -> etree._Element:
    """The body child of a request, the last unless said, which must hold to the strict schemas."""
    body = etree.fromstring(service.requests[place].body).find("soap:Body", SOAP)
    assert body is not None
    (child,) = body
    assert schema.is_valid(child)
    return child


def values(element: etree._Element) -> dict[str, str | None]:
    return {etree.QName(leaf).localname: leaf.text for leaf in element.iter() if len(leaf) == 0}
