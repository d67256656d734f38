"""Hostile SOAP: XML that is no message of this service."""

from tests.soap.hostile import GOOD, Case, changed, post
from tests.soap.services import invoking_user, job_body, r9_body
from tests.soap.wire import EXTERNAL, R9, REPORTMSG, SOAP, TODAY, envelope, find_body, verify_body

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
VERIFY = verify_body()
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
AO = "<OrganisationRef>SBXAO1</OrganisationRef><UKPRN>90000001</UKPRN>"
SUSPENDED = "<OrganisationRef>SBXSU3</OrganisationRef><UKPRN>90000003</UKPRN>"
NIGHT_SCHOOL = "<UKPRN>90000005</UKPRN>"


def header(attributes: str, name: str = "x:Security") -> bytes:
    block = f'<soapenv:Header><{name} xmlns:x="urn:x" {attributes}/></soapenv:Header>'
    return envelope(VERIFY, block)


def bodies(*contents: str, after: str = "", before: str = "") -> bytes:
    parts = "".join(f"<s:Body>{each}</s:Body>" for each in contents)
    return f'<s:Envelope xmlns:s="{SOAP}">{before}{parts}{after}</s:Envelope>'.encode()


def encoded(place: str) -> bytes:
    return changed(place, f'{place} soapenv:encodingStyle="{ENCODING}"')


def signed(identifiers: str, password: str) -> str:
    credentials = f"{identifiers}<OrgPassword>{password}</OrgPassword><UserName>tester</UserName>"
    return verify_body(credentials=credentials)


CASES = [
    *(
        Case("a SOAP 1.2 envelope", kind, post(GOOD.replace(SOAP.encode(), SOAP12.encode()), Content_Type=kind))
        for kind in ("text/xml; charset=utf-8", "application/soap+xml; charset=utf-8; action=verifyLearner")
    ),
    Case("an envelope of no known version", "another", post(GOOD.replace(SOAP.encode(), b"urn:x"))),
    Case("an envelope of no known version", "no namespace", post(b"<Envelope><Body/></Envelope>")),
    Case("another document element", "none of ours", post(b"<a/>")),
    Case("another document element", "the body element alone", post(VERIFY.encode())),
    Case("another document element", "a Body alone", post(f'<s:Body xmlns:s="{SOAP}"/>'.encode())),
    *(
        Case("an Envelope with other parts", name, post(data))
        for name, data in {
            "no Body": bodies(),
            "two Bodies": bodies(VERIFY, VERIFY),
            "an element after the Body": bodies(VERIFY, after="<x/>"),
            "a Header after the Body": bodies(VERIFY, after="<s:Header/>"),
            "two Headers": bodies(VERIFY, before="<s:Header/><s:Header/>"),
            "another first element": bodies(VERIFY, before="<x/>"),
            "a Body without a namespace": bodies(before=f"<Body>{VERIFY}</Body>"),
        }.items()
    ),
    *(
        Case("a Body that does not hold one element", name, post(data))
        for name, data in {
            "empty": bodies(""),
            "blank": bodies(" \n "),
            "text alone": bodies("hello"),
            "two requests": bodies(VERIFY + VERIFY),
            "two different requests": bodies(VERIFY + find_body()),
            "text before": bodies("hello" + VERIFY),
            "text after": bodies(VERIFY + "hello"),
            "50,000 children": bodies("<a/>" * 50_000),
        }.items()
    ),
    Case("a header block that must be understood", "1", post(header('soapenv:mustUnderstand="1"'))),
    Case("a header block that must be understood", "true", post(header('soapenv:mustUnderstand=" true "'))),
    Case(
        "a header block that must be understood",
        "for whoever comes next",
        post(header('soapenv:mustUnderstand="1" soapenv:actor="http://schemas.xmlsoap.org/soap/actor/next"')),
    ),
    *(Case("encodingStyle", place, post(encoded(place))) for place in ("<soapenv:Envelope", "<soapenv:Body")),
    Case(
        "encodingStyle",
        "Header",
        post(
            header("").replace(b"<soapenv:Header", f'<soapenv:Header soapenv:encodingStyle="{ENCODING}"'.encode())
        ),
    ),
    *(
        Case("href", name, post(data))
        for name, data in {
            "on a value": changed("<ULN>", '<ULN href="#u">'),
            "on the request": changed("<r:VerifyLearner", '<r:VerifyLearner href="#u"'),
            "to itself": changed("<LearnerToVerify>", '<LearnerToVerify id="a" href="#a">'),
            "a loop": changed("<ULN>", '<a id="a" href="#b"/><b id="b" href="#a"/><ULN>'),
            "elsewhere": changed("<ULN>", '<ULN href="http://127.0.0.1:9/x">'),
        }.items()
    ),
    *(
        Case("a body element that is no request of this service", name, post(envelope(body)))
        for name, body in {
            "unknown": "<x/>",
            "another namespace": VERIFY.replace(REPORTMSG, "urn:x"),
            "a response": f'<r:VerifyLearnerResponse xmlns:r="{REPORTMSG}"/>',
            "a fault": "<soapenv:Fault><faultcode>x</faultcode><faultstring>x</faultstring></soapenv:Fault>",
            "a very long name": f"<{'a' * 40_000}/>",
        }.items()
    ),
    *(
        Case("a request of another service", name, post(envelope(body), path=path))
        for name, (body, path) in {
            "on LearnerService": (r9_body("ViewAudit"), TODAY),
            "on ExternalService": (VERIFY, EXTERNAL),
            "on LearnerServiceR9": (job_body(), R9),
        }.items()
    ),
    Case(
        "an operation that this release does not offer",
        "getLearnerRecord",
        post(envelope('<l:GetLearnerRecord xmlns:l="http://api.lrs.miap.gov.uk/learnerrec"/>')),
    ),
    Case("the SOAPAction of another operation", "quoted", post(GOOD, SOAPAction='"learnerByULN"')),
    Case(
        "the SOAPAction of another operation",
        "generated",
        post(GOOD, SOAPAction="http://tempuri.org/LearnerPortType/learnerByULNRequest"),
    ),
    Case("the SOAPAction of another operation", "a URN", post(GOOD, SOAPAction="urn:learnerByULN")),
    Case("the SOAPAction of another operation", "a fragment", post(GOOD, SOAPAction="http://x/y#learnerByULN")),
    Case(
        "the SOAPAction of another operation",
        "one that is not offered yet",
        post(find_body(), SOAPAction="getLearnerRecord"),
    ),
    *(
        Case("a value that breaks its type", name, post(body))
        for name, body in {
            "ULN": verify_body(uln="123"),
            "7.9 MB in a name": verify_body(given="x" * 7_900_000),
            "7.9 MB in the password": signed(AO, "x" * 7_900_000),
            "a password of 15 characters": signed(AO, "SandboxAO-00001"),
            "a password as OrganisationRef": signed(AO.replace("SBXAO1", "SandboxAO-000001"), "SBXAO1"),
            "a password as UKPRN": signed(AO.replace("90000001", "SandboxAO-000001"), "SandboxAO-000001"),
            "password and OrganisationRef swapped": signed(
                "<OrganisationRef>SandboxAO-000001</OrganisationRef>", "SBXAO1"
            ),
            "a gender": verify_body(extra="<Gender>F</Gender>"),
        }.items()
    ),
    *(
        Case("an element in the wrong place", name, post(body))
        for name, body in {
            "unknown": verify_body(extra="<Colour>red</Colour>"),
            "a password twice": VERIFY.replace(
                "<UserName>", "<OrgPassword>SandboxAO-000001</OrgPassword><UserName>"
            ),
            "a password in another case": VERIFY.replace("OrgPassword", "orgPassword"),
            "40,000 of them": verify_body(extra="<x>x</x>" * 40_000),
            "25,000 different ones": verify_body(extra="".join(f"<x{i}>x</x{i}>" for i in range(25_000))),
            "200 levels": verify_body(extra="<x>" * 200 + "x" + "</x>" * 200),
        }.items()
    ),
    Case(
        "an element that is missing",
        "ULN",
        post(
            verify_body().replace(
                "<LearnerToVerify><ULN>1026893096</ULN><FamilyName>Tucker</FamilyName><GivenName>Darcie</GivenName></LearnerToVerify>",
                "",
            )
        ),
    ),
    Case("an element that is missing", "all of them", post(envelope(f'<r:VerifyLearner xmlns:r="{REPORTMSG}"/>'))),
    Case(
        "text between elements",
        "in the request",
        post(VERIFY.replace("<LearnerToVerify>", "hello<LearnerToVerify>")),
    ),
    Case("elements in a value", "in the password", post(signed(AO, "<b>SandboxAO-000001</b>"))),
    Case("no UKPRN and no OrganisationRef", "left out", post(signed("", "SandboxAO-000001"))),
    Case(
        "no UKPRN and no OrganisationRef",
        "nil",
        post(signed(f'<UKPRN {XSI} xsi:nil="true"/>', "SandboxAO-000001")),
    ),
    Case("an unknown organisation", "UKPRN", post(signed("<UKPRN>99999999</UKPRN>", "SandboxAO-000001"))),
    Case(
        "two identifiers that disagree",
        "two known ones",
        post(signed("<OrganisationRef>SBXAO1</OrganisationRef><UKPRN>90000002</UKPRN>", "SandboxAO-000001")),
    ),
    *(
        Case(
            "a UserName that names nobody, on ExternalService and LearnerServiceR9",
            name,
            post(job_body(user=invoking_user(user=user)), path=EXTERNAL),
        )
        for name, user in (("left out", None), ("blank", " "), ("too long", "x" * 36))
    ),
    Case("a wrong password", "another organisation's", post(signed(AO, "SandboxLP-000002"))),
    Case("a suspended organisation", "the sandbox's", post(signed(SUSPENDED, "SandboxSU-000003"))),
    Case("an organisation out of hours", "the sandbox's", post(signed(NIGHT_SCHOOL, "SandboxNS-000005"))),
]
