"""Every form in which the toolkits of the field write a request: each must be read as what it means.

One table a part of the request, each row sent over HTTP as verifyLearner and as learnerByULN, on both paths.
"""

import gzip
import re
from collections.abc import Callable, Mapping

import pytest
from tests.service import RunningService
from tests.soap.wire import (
    GENERATION_2014,
    SOAP,
    TODAY,
    XML_TYPE,
    Answer,
    envelope,
    find_body,
    send,
    verify_body,
)

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
ADDRESSING_2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
PATHS = [TODAY, GENERATION_2014]

# Siân O'Brien-Łukasz: a name that shows at once when the characters were read wrongly.
SIAN = ("9276308686", "Si\u00e2n", "O\u2019Brien-\u0141ukasz")
GOOD: Mapping[str, tuple[Callable[..., str], str]] = {
    "verifyLearner": (verify_body, "WSVRC001"),
    "learnerByULN": (find_body, "WSRC0004"),
}
operations = pytest.mark.parametrize("operation", GOOD)
paths = pytest.mark.parametrize("path", PATHS)


def assert_good(answer: Answer, operation: str) -> None:
    assert answer.status == 200, answer.body.decode()
    assert answer.text("ResponseCode") == GOOD[operation][1]


def body_of(operation: str, *values: str) -> str:
    return GOOD[operation][0](*values)


# What may be done to the body element. Its children carry no prefix, its own name does.
Change = Callable[[str], str]


def on(element: str, attributes: str) -> Change:
    """Put attributes on an element."""
    return lambda body: body.replace(f"<{element}>", f"<{element} {attributes}>")


def on_root(attributes: str) -> Change:
    return lambda body: body.replace(">", f" {attributes}>", 1)


def instead(element: str, other: str) -> Change:
    """Write another element in the place of one."""
    return lambda body: re.sub(rf"<{element}>[^<]*</{element}>", other, body)


def before(element: str, text: str) -> Change:
    return lambda body: body.replace(f"<{element}>", f"{text}<{element}>")


def prefixed(namespace: str) -> Change:
    """Qualify every child with a prefix."""
    return lambda body: on_root(f'xmlns:q="{namespace}"')(re.sub(r"<(/?)(\w+)(?=[ >])", r"<\1q:\2", body))


def in_default_namespace(namespace: str) -> Change:
    """Qualify every child by a default namespace that the body element declares."""
    return on_root(f'xmlns="{namespace}"')


def all_in_default_namespace(body: str) -> str:
    """Qualify body element and children alike, as a client does that takes the schema's form for qualified."""
    return (
        re.sub(r"(</?)\w:", r"\1", body)
        .replace("xmlns:", "xmlns_", 1)
        .replace("xmlns_r=", "xmlns=")
        .replace("xmlns_f=", "xmlns=")
    )


def root_in(namespace: str) -> Change:
    return lambda body: re.sub(r'="http://api[^"]*"', f'="{namespace}"', body)


def root_without_namespace(body: str) -> str:
    return re.sub(r' xmlns:\w="[^"]*"', "", re.sub(r"(</?)\w:", r"\1", body))


def spaced(body: str) -> str:
    """Indent every element, as pretty printers do."""
    return re.sub(r"><(?!/)", ">\n\t  <", body).replace("></", ">\r\n</")


BODIES: Mapping[str, Change] = {
    "as the contract says": lambda body: body,
    "children in the element's namespace": prefixed("http://api.lrs.miap.gov.uk/reportmsg"),
    "children in the learner namespace": prefixed("http://api.lrs.miap.gov.uk/learner"),
    "children in a namespace of nobody": prefixed("urn:example:anything"),
    "children in a default namespace": in_default_namespace("http://tempuri.org/"),
    "everything in the default namespace": all_in_default_namespace,
    "one child qualified": lambda body: re.sub(r"<(/?)ULN>", r"<\1q:ULN>", on_root('xmlns:q="urn:q"')(body)),
    "body element without a namespace": root_without_namespace,
    "body element in today's WSDL namespace": root_in("http://tempuri.org/"),
    "body element in the 2014 WSDL namespace": root_in("http://learner.webservice.miap.gov.uk"),
    "an odd prefix": lambda body: re.sub(r"(</?|xmlns:)[rf](?=[:=])", "\\g<1>_-9.\u00e9", body),
    "nil reference": instead("OrganisationRef", f'<OrganisationRef {XSI} xsi:nil="true"/>'),
    "nil by number": instead("OrganisationRef", f'<OrganisationRef {XSI} xsi:nil="1"/>'),
    "nil with space around it": instead("OrganisationRef", f'<OrganisationRef {XSI} xsi:nil=" true "/>'),
    "nil with an end tag": instead("UKPRN", f'<UKPRN {XSI} xsi:nil="true"></UKPRN>'),
    "nil and a value all the same": on("OrganisationRef", f'{XSI} xsi:nil="true"'),
    "nil false and a value": on("OrganisationRef", f'{XSI} xsi:nil="false"'),
    "nil zero and a value": on("OrganisationRef", f'{XSI} xsi:nil="0"'),
    "nil false where nil is not allowed": on("ULN", f'{XSI} xsi:nil="false"'),
    "empty reference": instead("OrganisationRef", "<OrganisationRef/>"),
    "empty UKPRN": instead("UKPRN", "<UKPRN></UKPRN>"),
    "blank reference": instead("OrganisationRef", "<OrganisationRef>\n   </OrganisationRef>"),
    "no reference": instead("OrganisationRef", ""),
    "no UKPRN": instead("UKPRN", ""),
    "identifiers in lower case": instead("OrganisationRef", "<OrganisationRef>sbxao1</OrganisationRef>"),
    "xsi:type that is right": on_root(f'{XSI} xsi:type="q:X"'),
    "xsi:type of the schema": on(
        "ULN", f'{XSI} xmlns:l="http://api.lrs.miap.gov.uk/learner" xsi:type="l:MIAPULN"'
    ),
    "xsi:type string": on("ULN", f'{XSI} {XS} xsi:type="xs:string"'),
    "xsi:type string on the password": on("OrgPassword", f'{XSI} {XS} xsi:type="xs:string"'),
    "xsi:type with a prefix of nowhere": on("ULN", f'{XSI} xsi:type="nowhere:string"'),
    "xsi:type of another message": on_root(
        f'{XSI} xmlns:m="http://api.lrs.miap.gov.uk/reportmsg" xsi:type="m:ULNReportRqst"'
    ),
    "xsi:schemaLocation": on_root(f'{XSI} xsi:schemaLocation="urn:x http://127.0.0.1:1/nothing.xsd"'),
    "an attribute called type": on("ULN", 'type="number"'),
    "an id on every element": lambda body: re.sub(r"<(\w+)>", r'<\1 id="i">', body),
    "encodingStyle on a child": on("ULN", f'xmlns:s="{SOAP}" s:encodingStyle="{ENCODING}"'),
    "encodingStyle on the body element": on_root(f'xmlns:s="{SOAP}" s:encodingStyle="{ENCODING}"'),
    "comments between elements": before("ULN", "<!-- who --><!-- & <what> -->"),
    "a comment in a value": lambda body: body.replace("1026893096", "10268<!-- 0 -->93096"),
    "a comment around a value": lambda body: body.replace("Darcie", "<!-- a -->Darcie<!-- b -->"),
    "processing instructions": lambda body: body.replace("Darcie", "Dar<?a b?>cie").replace("<ULN>", "<?c?><ULN>"),
    "CDATA": lambda body: body.replace("Tucker", "<![CDATA[Tucker]]>"),
    "CDATA for a part": lambda body: body.replace("Tucker", "Tu<![CDATA[ck]]>er"),
    "character references": lambda body: body.replace("Tucker", "&#84;&#x75;cker"),
    "white space between elements": spaced,
    "an empty element that nobody knows": before("ULN", "<Reserved/>"),
}


@paths
@operations
@pytest.mark.parametrize("change", BODIES.values(), ids=BODIES.keys())
def test_body(service: RunningService, change: Change, operation: str, path: str) -> None:
    changed = change(body_of(operation))
    assert changed != body_of(operation) or change is BODIES["as the contract says"]
    assert_good(send(service, changed, path=path), operation)


OPTIONALS = {
    "left out": "",
    "empty": "<DateOfBirth/><Gender></Gender>",
    "nil": f'<DateOfBirth {XSI} xsi:nil="true"/><Gender {XSI} xsi:nil="1"/>',
    "one of them": "<Gender>2</Gender>",
    "blank and nil": f'<DateOfBirth> </DateOfBirth><Gender {XSI} xsi:nil="true"> </Gender>',
    "given, and not nil": f'<DateOfBirth {XSI} xsi:nil="false">1976-08-16</DateOfBirth><Gender>9</Gender>',
    "typed": on("DateOfBirth", f'{XSI} {XS} xsi:type="xs:date"')("<DateOfBirth>1976-08-16</DateOfBirth>"),
}


@paths
@pytest.mark.parametrize("extra", OPTIONALS.values(), ids=OPTIONALS.keys())
def test_optional_fields(service: RunningService, extra: str, path: str) -> None:
    answer = send(service, verify_body(extra=extra), path=path)
    assert_good(answer, "verifyLearner")
    given = "1976-08-16" in extra
    assert answer.text("SearchedDateOfBirth") == ("1976-08-16" if given else None)


# The envelope around a body.
def named(prefix: str) -> Callable[[str], str]:
    return lambda body: envelope(body).decode().replace("soapenv", prefix)


def with_header(header: str) -> Callable[[str], str]:
    return lambda body: envelope(body, header).decode()


def addressing(namespace: str, must: str = "") -> str:
    understand = f' soapenv:mustUnderstand="{must}"' if must else ""
    return (
        f'<soapenv:Header xmlns:a="{namespace}"><a:Action{understand}>urn:verify</a:Action>'
        f"<a:MessageID>urn:uuid:1</a:MessageID><a:ReplyTo><a:Address>urn:anonymous</a:Address></a:ReplyTo>"
        f"<a:To{understand}>http://example.com/</a:To></soapenv:Header>"
    )


def in_default_soap_namespace(body: str) -> str:
    return f'<Envelope xmlns="{SOAP}"><Body>{in_default_namespace("")(body)}</Body></Envelope>'


ENVELOPES: Mapping[str, Callable[[str], str]] = {
    "the usual prefix": named("soap"),
    "an odd prefix": named("SOAP-ENV"),
    "a prefix of one letter": named("_"),
    "the default namespace": in_default_soap_namespace,
    "the default namespace, and children in it": lambda body: (
        f'<Envelope xmlns="{SOAP}"><Body>{body}</Body></Envelope>'
    ),
    "an XML declaration": lambda body: f'<?xml version="1.0" encoding="utf-8"?>{envelope(body).decode()}',
    "a standalone declaration": lambda body: (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n{envelope(body).decode()}\r\n"
    ),
    "comments around it": lambda body: f"<!-- a -->\n{envelope(body).decode()}<!-- b --><?c?>\n",
    "space around the body element": lambda body: envelope(f"\n  {body}\n  ").decode(),
    "namespaces declared on the Envelope": lambda body: (
        envelope(body)
        .decode()
        .replace("<soapenv:Envelope ", f"<soapenv:Envelope {XSI} {XS} xmlns:e='{ENCODING}' ")
    ),
    "encodingStyle that says nothing": lambda body: (
        envelope(body).decode().replace("<soapenv:Body>", '<soapenv:Body soapenv:encodingStyle="">')
    ),
    "an empty Header": with_header("<soapenv:Header/>"),
    "a Header with space in it": with_header("<soapenv:Header>\n</soapenv:Header>"),
    "WS-Addressing": with_header(addressing(ADDRESSING)),
    "WS-Addressing that must be understood": with_header(addressing(ADDRESSING, "1")),
    "WS-Addressing of 2004": with_header(addressing(ADDRESSING_2004)),
    "WS-Addressing of 2004 that must be understood": with_header(addressing(ADDRESSING_2004, "1")),
    "an unknown header": with_header('<soapenv:Header><x:Trace xmlns:x="urn:x">1</x:Trace></soapenv:Header>'),
    "a header that need not be understood": with_header(
        '<soapenv:Header><x:T xmlns:x="urn:x" soapenv:mustUnderstand="0"/></soapenv:Header>'
    ),
    "a header for somebody else": with_header(
        '<soapenv:Header xmlns:x="urn:x"><x:T soapenv:mustUnderstand="1" soapenv:actor="urn:p"/></soapenv:Header>'
    ),
}


@paths
@operations
@pytest.mark.parametrize("wrap", ENVELOPES.values(), ids=ENVELOPES.keys())
def test_envelope(service: RunningService, wrap: Callable[[str], str], operation: str, path: str) -> None:
    assert_good(send(service, wrap(body_of(operation)).encode(), path=path), operation)


UTF8, LATIN1, UTF16 = "utf-8", "latin-1", "utf-16"
BOM = "\ufeff"
PLAIN, DECLARED_UTF8, DECLARED_UTF16, DECLARED_LATIN1 = (
    "",
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<?xml version="1.0" encoding="utf-16"?>',
    "<?xml version='1.0' encoding='ISO-8859-1'?>",
)
# Content-Type, what stands before the envelope, Python's codec
CHARSETS = {
    "none named": ("text/xml", PLAIN, UTF8),
    "utf-8": ("text/xml; charset=utf-8", PLAIN, UTF8),
    "UTF-8": ("text/xml; charset=UTF-8", PLAIN, UTF8),
    "quoted": ('text/xml; charset="utf-8"', PLAIN, UTF8),
    "quoted, upper case": ('text/xml;charset="UTF-8"', PLAIN, UTF8),
    "in single quotes": ("text/xml; charset='utf-8'", PLAIN, UTF8),
    "utf8": ("text/xml; charset=utf8", PLAIN, UTF8),
    "the type in capitals": ("Text/XML; Charset=utf-8", PLAIN, UTF8),
    "no space, more parameters": ('text/xml;charset=utf-8;action="urn:x"', PLAIN, UTF8),
    "another parameter first": ('text/xml; action="a;b=c"; charset=utf-8', PLAIN, UTF8),
    "a semicolon at the end": ("text/xml; charset=utf-8;", PLAIN, UTF8),
    "UTF-8 by the declaration": ("text/xml", DECLARED_UTF8, UTF8),
    "UTF-8 with a byte-order mark": ("text/xml; charset=utf-8", BOM, UTF8),
    "a byte-order mark and a declaration": ("text/xml", BOM + DECLARED_UTF8, UTF8),
    "UTF-8 that declares itself UTF-16": ("text/xml; charset=utf-8", DECLARED_UTF16, UTF8),
    "the same, no charset named": ("text/xml", DECLARED_UTF16, UTF8),
    "UTF-8 that declares itself ISO-8859-1": ("text/xml; charset=utf-8", DECLARED_LATIN1, UTF8),
    "ISO-8859-1": ("text/xml; charset=ISO-8859-1", PLAIN, LATIN1),
    "latin1": ("text/xml; charset=latin1", PLAIN, LATIN1),
    "ISO-8859-1 by the declaration": ("text/xml", DECLARED_LATIN1, LATIN1),
    "ISO-8859-1 said twice": ("text/xml; charset=iso-8859-1", DECLARED_LATIN1, LATIN1),
    "windows-1252": ("text/xml; charset=windows-1252", PLAIN, "cp1252"),
    "windows-1252 by the declaration": ("text/xml", '<?xml version="1.0" encoding="Windows-1252"?>', "cp1252"),
    "ASCII": ("text/xml; charset=us-ascii", PLAIN, "ascii"),
    "UTF-16, little endian": ("text/xml; charset=utf-16", BOM, "utf-16-le"),
    "UTF-16, big endian": ("text/xml; charset=UTF-16", BOM, "utf-16-be"),
    "UTF-16, declared": ("text/xml; charset=utf-16", BOM + DECLARED_UTF16, "utf-16-be"),
    "UTF-16, no charset named": ("text/xml", BOM + DECLARED_UTF16, "utf-16-le"),
    "UTF-16LE without a mark": ("text/xml; charset=utf-16le", DECLARED_UTF16, "utf-16-le"),
    "UTF-16BE without a mark": ("text/xml; charset=utf-16be", PLAIN, "utf-16-be"),
    "UTF-16 without a mark, as .NET sends it": ("text/xml; charset=utf-16", PLAIN, "utf-16-le"),
}


@operations
@pytest.mark.parametrize(("content_type", "start", "codec"), CHARSETS.values(), ids=CHARSETS.keys())
def test_charset(service: RunningService, content_type: str, start: str, codec: str, operation: str) -> None:
    document = start + envelope(body_of(operation, *SIAN)).decode()
    data = document.encode(codec, "xmlcharrefreplace")
    answer = send(service, data, headers={**XML_TYPE, "Content-Type": content_type})
    assert_good(answer, operation)
    echoed = answer.text("SearchedGivenName") or answer.text("GivenName")
    assert echoed == SIAN[1]


# {0}: the operation's name, {1}: its body element
ACTIONS = {
    "absent": None,
    "empty": "",
    "quotes around nothing": '""',
    "single quotes around nothing": "''",
    "the operation": '"{0}"',
    "the operation, unquoted": "{0}",
    "the body element": '"{1}"',
    "as the WSDL has it": '"http://tempuri.org/LearnerPortType/{0}"',
    "the same, unquoted": "http://tempuri.org/LearnerPortType/{0}",
    "generated from the message": '"http://tempuri.org/LearnerPortType/{0}Request"',
    "in capitals": '"HTTP://TEMPURI.ORG/LEARNERPORTTYPE/{0}"',
    "any other address": '"https://example.com/services/anything"',
    "a URN": '"urn:example:call"',
}
ELEMENTS = {"verifyLearner": "VerifyLearner", "learnerByULN": "FindLearnerByULN"}


@paths
@operations
@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS.keys())
def test_soap_action(service: RunningService, action: str | None, operation: str, path: str) -> None:
    headers = {"Content-Type": XML_TYPE["Content-Type"]}
    if action is not None:
        headers["SOAPAction"] = action.format(operation, ELEMENTS[operation])
    assert_good(send(service, body_of(operation), headers=headers, path=path), operation)


ADDRESSES = {
    "as the WSDL has it": TODAY,
    "in lower case": "/learnerservice.svc",
    "in capitals": "/LEARNERSERVICE.SVC",
    "with a slash at the end": "/LearnerService.svc/",
    "the WSDL's own address": "/LearnerService.svc?wsdl",
    "the one-file WSDL's": "/LearnerService.svc?singleWsdl",
    "the WSDL's, after a slash": "/LearnerService.svc/?WSDL",
    "with a step that goes nowhere": "/./LearnerService.svc",
    "percent-encoded": "/Learner%53ervice.svc",
    "2014, in lower case": "/2014/learnerservice.svc",
    "2014, with a slash at the end": "/2014/LearnerService.svc/",
    "2014, the WSDL's own": "/2014/LearnerService.svc?wsdl",
    "2014, with a step that goes nowhere": "/2014/./LearnerService.svc",
}


@operations
@pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_address(service: RunningService, path: str, operation: str) -> None:
    assert_good(send(service, body_of(operation), path=path), operation)


CODINGS = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "GZIP": ("GZIP", lambda data: gzip.compress(data, 1)),
    "identity": ("identity", bytes),
}


@operations
@pytest.mark.parametrize(("name", "code"), CODINGS.values(), ids=CODINGS.keys())
def test_content_encoding(
    service: RunningService, name: str, code: Callable[[bytes], bytes], operation: str
) -> None:
    data = code(envelope(body_of(operation)))
    assert_good(send(service, data, headers={**XML_TYPE, "Content-Encoding": name}), operation)
