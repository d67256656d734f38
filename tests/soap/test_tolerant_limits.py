"""Where tolerance ends: what is refused in any service, and what a strict one refuses besides."""

import re
from collections.abc import Iterator

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.wire import (
    CREDENTIALS,
    FINDMSG,
    GENERATION_2014,
    LEARNER,
    REPORTMSG,
    TODAY,
    XML_TYPE,
    envelope,
    find_body,
    send,
    verify_body,
)

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
BODY = verify_body()
PASSWORD = "<OrgPassword>SandboxAO-000001</OrgPassword>"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with running_sandbox(tmp_path_factory.mktemp("strict"), strict_requests=True) as running:
        yield running


@pytest.fixture(params=["tolerant", "strict"])
def either(request: pytest.FixtureRequest) -> RunningService:
    running = request.getfixturevalue({"tolerant": "service", "strict": "strict"}[request.param])
    assert isinstance(running, RunningService)
    return running


def swapped(first: str, second: str, body: str = BODY) -> str:
    """Swap two neighbours of a body."""
    one, other = (re.search(rf"<{name}>.*?</{name}>", body) for name in (first, second))
    assert one is not None
    assert other is not None
    pair = one.group() + other.group()
    assert pair in body
    return body.replace(pair, other.group() + one.group())


# body, the place that FurtherDetails name
ALWAYS = {
    "names in another order": (swapped("FamilyName", "GivenName"), "LearnerToVerify/GivenName"),
    "ULN last": (swapped("ULN", "FamilyName"), "LearnerToVerify/FamilyName"),
    "identifiers in another order": (swapped("OrganisationRef", "UKPRN"), "VerifyLearner/OrganisationRef"),
    "user before password": (swapped("OrgPassword", "UserName"), "VerifyLearner/UserName"),
    "FindType last, as nobody has it": (
        find_body().replace("<FindType>FUL</FindType>", "").replace("</f:", "<FindType>FUL</FindType></f:"),
        "FindLearnerByULN/OrganisationRef",
    ),
    "gender before date": (
        verify_body(extra="<Gender>2</Gender><DateOfBirth>1976-08-16</DateOfBirth>"),
        "LearnerToVerify/DateOfBirth",
    ),
    "text before an element": (BODY.replace("<ULN>", "stray<ULN>"), "LearnerToVerify"),
    "text after an element": (BODY.replace("</ULN>", "</ULN>stray"), "LearnerToVerify"),
    "text after an empty element": (BODY.replace("<ULN>", "<Reserved/>stray<ULN>"), "LearnerToVerify/Reserved"),
    "text after a nil element": (
        BODY.replace(PASSWORD, f'{PASSWORD}<UserName {XSI} xsi:nil="true"/>stray'),
        "VerifyLearner/UserName",
    ),
    "an element within a name": (BODY.replace("Darcie", "Dar<b/>cie"), "LearnerToVerify/GivenName"),
    "an element after a name": (BODY.replace("Darcie", "Darcie<b/>"), "LearnerToVerify/GivenName"),
    "an element around a name": (BODY.replace("Darcie", "<b>Darcie</b>"), "LearnerToVerify/GivenName"),
    "an element that nobody knows": (
        BODY.replace("</LearnerToVerify>", "<Colour>red</Colour></LearnerToVerify>"),
        "LearnerToVerify/Colour",
    ),
    "a field of another message": (verify_body(extra="<FindType>FUL</FindType>"), "LearnerToVerify/FindType"),
    "a field twice": (BODY.replace("<ULN>", "<ULN>9276308686</ULN><ULN>"), "LearnerToVerify/ULN[2]"),
    "two of the password": (BODY.replace(PASSWORD, PASSWORD * 2), "VerifyLearner/OrgPassword[2]"),
    "a required field left out": (verify_body().replace("<ULN>1026893096</ULN>", ""), "ULN must stand"),
    "a required field empty": (verify_body(uln=""), "ULN"),
    "a required field nil": (BODY.replace("<ULN>", f'<ULN {XSI} xsi:nil="true">'), "ULN"),
    "a required field blank": (verify_body(given=" \t\n"), "LearnerToVerify/GivenName"),
    "no learner": (re.sub("<LearnerToVerify>.*</LearnerToVerify>", "", BODY), "VerifyLearner/LearnerToVerify"),
    "a nil learner": (
        BODY.replace("<LearnerToVerify>", f'<LearnerToVerify {XSI} xsi:nil="true">'),
        "VerifyLearner/LearnerToVerify",
    ),
    "another case in a name": (BODY.replace("GivenName", "givenName"), "LearnerToVerify/givenName"),
    "space around a ULN": (verify_body(uln=" 1026893096 "), "LearnerToVerify/ULN"),
    "a name that is too long": (verify_body(given="x" * 36), "LearnerToVerify/GivenName"),
    "a date in British order": (verify_body(extra="<DateOfBirth>16/08/1976</DateOfBirth>"), "DateOfBirth"),
    "a day that February has not": (verify_body(extra="<DateOfBirth>2023-02-29</DateOfBirth>"), "DateOfBirth"),
    "a date with a time": (
        verify_body(extra="<DateOfBirth>1976-08-16T00:00:00Z</DateOfBirth>"),
        "LearnerToVerify/DateOfBirth",
    ),
    "a gender in words": (verify_body(extra="<Gender>F</Gender>"), "LearnerToVerify/Gender"),
    "FindType in lower case": (find_body(find_type="ful"), "FindLearnerByULN/FindType"),
    "the UKPRN as OrganisationRef": (  # six characters by the published pattern, so that it can never pass here
        BODY.replace("SBXAO1", "90000001"),
        "VerifyLearner/OrganisationRef",
    ),
    "the OrganisationRef as UKPRN": (BODY.replace("90000001", "SBXAO1"), "VerifyLearner/UKPRN"),
    "a password of 15 characters": (BODY.replace("SandboxAO-000001", "SandboxAO-00001"), "OrgPassword"),
    "no user": (BODY.replace("<UserName>tester</UserName>", ""), "UserName"),
}


@pytest.mark.parametrize(("body", "place"), ALWAYS.values(), ids=ALWAYS.keys())
def test_refused_by_every_service(either: RunningService, body: str, place: str) -> None:
    fault = send(either, body).expect_fault("WSEC0001", place)
    assert "SandboxAO" not in fault.detail["FurtherDetails"]
    assert fault.detail["ErrorActor"] == "uk.gov.miap.lrs.api.learner.utils.MSGValidator.validateSOAPMSG()"
    assert fault.detail["Description"].startswith("Invalid request, The request was badly formed")


def changed(*replacements: tuple[str, str]) -> str:
    body = BODY
    for old, new in replacements:
        assert old in body
        body = body.replace(old, new)
    return body


NOT_THE_CONTRACT = {
    "a qualified child": changed(("<ULN>", "<r:ULN>"), ("</ULN>", "</r:ULN>")),
    "children in a default namespace": changed((" xmlns:r=", ' xmlns="urn:x" xmlns:r=')),
    "the body element without a namespace": re.sub(r' xmlns:r="[^"]*"', "", changed(("r:", ""))),
    "the body element in the WSDL's namespace": changed((REPORTMSG, "http://tempuri.org/")),
    "an empty reference": changed(("<OrganisationRef>SBXAO1</OrganisationRef>", "<OrganisationRef/>")),
    "nil and a value": changed(("<UKPRN>", f'<UKPRN {XSI} xsi:nil="true">')),
    "nil false where nil is not allowed": changed(("<ULN>", f'<ULN {XSI} xsi:nil="false">')),
    "another xsi:type": changed(("<ULN>", f'<ULN {XSI} {XS} xsi:type="xs:string">')),
    "an xsi:type of nowhere": changed(("<ULN>", f'<ULN {XSI} xsi:type="nowhere:x">')),
    "an attribute": changed(("<ULN>", '<ULN id="1">')),
    "an empty element that nobody knows": changed(("<ULN>", "<Reserved/><ULN>")),
}


@pytest.mark.parametrize("body", NOT_THE_CONTRACT.values(), ids=NOT_THE_CONTRACT.keys())
def test_refused_by_a_strict_service_alone(service: RunningService, strict: RunningService, body: str) -> None:
    assert send(service, body).text("ResponseCode") == "WSVRC001"
    fault = send(strict, body).expect_fault("WSEC0001", "VerifyLearner")
    assert "SandboxAO" not in fault.detail["FurtherDetails"]


THE_CONTRACT = {
    "as it stands": BODY,
    "another prefix": BODY.replace("r:Ver", "q:Ver").replace("xmlns:r", "xmlns:q"),
    "a reference left out": changed(("<OrganisationRef>SBXAO1</OrganisationRef>", "")),
    "a nil reference": changed(("<OrganisationRef>SBXAO1", f'<OrganisationRef {XSI} xsi:nil="true">')),
    "empty optionals": verify_body(extra="<DateOfBirth/><Gender/>"),
    "nil false where nil is allowed": changed(("<UKPRN>", f'<UKPRN {XSI} xsi:nil="false">')),
    "its own xsi:type": changed(("<ULN>", f'<ULN {XSI} xmlns:l="{LEARNER}" xsi:type="l:MIAPULN">')),
    "comments, CDATA and space": changed(("<ULN>", "\n <!-- a --><ULN>"), ("Darcie", "<![CDATA[Darcie]]>")),
}


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize("body", THE_CONTRACT.values(), ids=THE_CONTRACT.keys())
def test_accepted_by_a_strict_service(strict: RunningService, body: str, path: str) -> None:
    assert send(strict, body, path=path).text("ResponseCode") == "WSVRC001"
    assert send(strict, find_body(), path=path).text("ResponseCode") == "WSRC0004"


def test_what_stands_round_the_body_is_no_matter_of_strictness(strict: RunningService) -> None:
    header = '<soapenv:Header><x:T xmlns:x="urn:x">1</x:T></soapenv:Header>'
    data = ("\ufeff" + envelope(BODY, header).decode()).encode("utf-16-le")
    headers = {**XML_TYPE, "Content-Type": "text/xml; charset=utf-16", "SOAPAction": "anything"}
    assert send(strict, data, headers=headers, path=TODAY.lower()).text("ResponseCode") == "WSVRC001"


@pytest.mark.parametrize("body", [f'<f:VerifyLearner xmlns:f="{FINDMSG}">{CREDENTIALS}</f:VerifyLearner>'])
def test_a_body_element_in_the_namespace_of_another_message_is_none_of_ours(
    either: RunningService, body: str
) -> None:
    send(either, body).expect_fault("WSEC0002", FINDMSG)


UTF16 = {"what points elsewhere": ('<ULN href="#1">', "href"), "encoded messages": ("", "encodingStyle")}


@pytest.mark.parametrize(("uln", "text"), UTF16.values(), ids=UTF16.keys())
def test_utf_16_hides_nothing(service: RunningService, uln: str, text: str) -> None:
    """What is rare is looked for in the bytes first; in UTF-16 they look otherwise."""
    document = envelope(BODY.replace("<ULN>", uln or "<ULN>")).decode()
    if not uln:
        style = 'soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
        document = document.replace("<soapenv:Body>", f"<soapenv:Body {style}>")
    headers = {**XML_TYPE, "Content-Type": "text/xml; charset=utf-16"}
    send(service, ("\ufeff" + document).encode("utf-16-be"), headers=headers).expect_fault("WSEC0001", text)
