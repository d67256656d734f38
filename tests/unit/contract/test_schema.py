"""What the strict schemas refuse, and how the refusal names the place, the value and the rule."""

import threading
import time

import pytest
from lxml import etree
from tests.soap.wire import CREDENTIALS, find_body, verify_body

from uln_contract import schema
from uln_contract.operations import LEARNER_SERVICE
from uln_contract.schema import Violation
from uln_contract.shape import OperationContract

API = "http://api.lrs.miap.gov.uk"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
ULN = "<ULN>1026893096</ULN>"
PASSWORD = "SandboxAO-000001"
ROW = "<Learner><GivenName>Darcie</GivenName><FamilyName>Tucker</FamilyName></Learner>"
BLANK_ROW = ROW.replace("Darcie", "")


def violation(message: str) -> Violation:
    element = etree.fromstring(message)
    assert not schema.is_valid(element)
    return schema.first_violation(element)


def verify_but(old: str, new: str) -> str:
    """A VerifyLearner with one thing changed."""
    message = verify_body()
    assert message.count(old) == 1
    return message.replace(old, new)


def batch(*rows: str, count: str = "", password: str = PASSWORD, job: str = "FUL") -> str:
    caller = CREDENTIALS.replace(PASSWORD, password)
    count = count or str(min(len(rows), 200))
    header = f"{caller}<JobType>{job}</JobType><LearnerRecordCount>{count}</LearnerRecordCount>"
    return f'<b:SubmitBatch xmlns:b="{API}/batchmsg">{header}{"".join(rows)}</b:SubmitBatch>'


def output_of_job(job: str) -> str:
    name = "GetSubmitBatchOutput"
    return f'<b:{name} xmlns:b="{API}/batchmsg">{CREDENTIALS}<JobID>{job}</JobID></b:{name}>'


@pytest.mark.parametrize("message", [verify_body(), find_body(), batch(ROW, ROW)])
def test_what_holds_to_the_contract_is_valid(message: str) -> None:
    assert schema.is_valid(etree.fromstring(message))


def test_a_generation_has_its_own_schemas() -> None:
    reply = (
        f'<m:MIAPAPIException xmlns:m="{API}/exceptions"><ErrorCode>x</ErrorCode><ErrorActor>x</ErrorActor>'
        "<Description>x</Description><FurtherDetails/><ErrorTimestamp>x</ErrorTimestamp></m:MIAPAPIException>"
    )
    assert schema.is_valid(etree.fromstring(reply), "2014")
    assert not schema.is_valid(etree.fromstring(reply), "today")


# message, place, value shown, what the rule says
TABLE = {
    "pattern": (
        verify_body(uln="123"),
        "VerifyLearner/LearnerToVerify/ULN",
        "123",
        "ten digits, the first not 0, the last a check digit",
    ),
    "pattern in the schema's words": (
        batch(ROW, job="FULL"),
        "SubmitBatch/JobType",
        "FULL",
        "(value doesn't match any pattern of ['FUL|CHK'])",
    ),
    "too long": (
        verify_body(given="x" * 36),
        "VerifyLearner/LearnerToVerify/GivenName",
        "x" * 36,
        "(value length cannot be greater than 35)",
    ),
    "value cut at 40": (
        verify_body(family="é" * 1000),
        "VerifyLearner/LearnerToVerify/FamilyName",
        "é" * 40,
        "(value length cannot be greater than 35)",
    ),
    "empty": (
        verify_body(given=""),
        "VerifyLearner/LearnerToVerify/GivenName",
        "",
        "A name of 1 to 35 characters, not white space alone",
    ),
    "too great": (
        batch(ROW, count="201"),
        "SubmitBatch/LearnerRecordCount",
        "201",
        "(value has to be less than or equal than 200)",
    ),
    "no number": (
        batch(ROW, count="twenty" * 10),
        "SubmitBatch/LearnerRecordCount",
        ("twenty" * 7)[:40],
        "How many learners a batch registration holds: 1 to 200",
    ),
    "more digits than Python reads": (
        batch(ROW, count="9" * 5000),
        "SubmitBatch/LearnerRecordCount",
        "9" * 40,
        "How many learners a batch registration holds: 1 to 200",
    ),
    "no documented type": (
        output_of_job("one"),
        "GetSubmitBatchOutput/JobID",
        "one",
        "is no whole number, or too large a one.",
    ),
    "missing in the middle": (
        verify_but(ULN, ""),
        "VerifyLearner/LearnerToVerify/FamilyName",
        None,
        (
            "is not expected here: ULN must stand in its place. "
            "Elements keep the order of the contract; an empty one may count as missing."
        ),
    ),
    "missing at the end": (
        verify_but("<GivenName>Darcie</GivenName>", ""),
        "VerifyLearner/LearnerToVerify/GivenName",
        None,
        "is required, and is missing or empty.",
    ),
    "nothing at all": (
        f'<r:VerifyLearner xmlns:r="{API}/reportmsg"/>',
        "VerifyLearner/OrgPassword",
        None,
        "is required, and is missing or empty.",
    ),
    "unknown": (
        verify_body(extra="<Colour>red</Colour>"),
        "VerifyLearner/LearnerToVerify/Colour",
        None,
        "is not expected here: DateOfBirth or Gender must stand in its place.",
    ),
    "unknown where nothing may follow": (
        batch(*[ROW] * 200, "<Colour/>"),
        "SubmitBatch/Colour",
        None,
        "is not expected here. Elements keep the order of the contract; an empty one may count as missing.",
    ),
    "unknown with a name as long as it likes": (
        verify_body(extra=f"<{'C' * 200}/>"),
        f"VerifyLearner/LearnerToVerify/{'C' * 40}",
        None,
        "is not expected here",
    ),
    "wrong order": (
        verify_but(f"{ULN}<FamilyName>Tucker</FamilyName>", f"<FamilyName>Tucker</FamilyName>{ULN}"),
        "VerifyLearner/LearnerToVerify/FamilyName",
        None,
        "is not expected here: ULN must stand in its place.",
    ),
    "twice": (
        verify_body(extra="<Gender>1</Gender><Gender>2</Gender>"),
        "VerifyLearner/LearnerToVerify/Gender[2]",
        None,
        "is one too many: at most 1 may stand here.",
    ),
    "too many rows": (
        batch(*[ROW] * 201),
        "SubmitBatch/Learner[201]",
        None,
        "is one too many: at most 200 may stand here.",
    ),
    "one row of many": (
        batch(*[ROW] * 49, BLANK_ROW, *[ROW] * 50),
        "SubmitBatch/Learner[50]/GivenName",
        "",
        "A name of 1 to 35 characters",
    ),
    "one row of few": (
        batch(ROW, ROW.replace("</FamilyName>", f"</FamilyName>{ULN}")),
        "SubmitBatch/Learner[2]/ULN",
        None,
        "is not expected here: PreviousFamilyName or ",
    ),
    "text between elements": (
        verify_but("<LearnerToVerify>", "stray<LearnerToVerify>"),
        "VerifyLearner",
        None,
        "holds text beside its elements. Leave the text out.",
    ),
    "an element in a value": (
        verify_but("Darcie", "<b>Darcie</b>"),
        "VerifyLearner/LearnerToVerify/GivenName",
        None,
        "holds other elements, and must hold text alone.",
    ),
    "attribute": (
        verify_but("<ULN>", '<ULN check="yes">'),
        "VerifyLearner/LearnerToVerify/ULN",
        None,
        "carries the attribute 'check', which does not fit. Leave it out.",
    ),
    "nil where a value must stand": (
        verify_but("<ULN>", f'<ULN {XSI} xsi:nil="true">'),
        "VerifyLearner/LearnerToVerify/ULN",
        None,
        "must have a value: xsi:nil is not allowed here.",
    ),
    "nil with a value": (
        verify_but("<UKPRN>", f'<UKPRN {XSI} xsi:nil="true">'),
        "VerifyLearner/UKPRN",
        None,
        "has content although its xsi:nil says that it has none.",
    ),
    "nil that is no boolean": (
        verify_but("<UKPRN>", f'<UKPRN {XSI} xsi:nil="maybe">'),
        "VerifyLearner/UKPRN",
        None,
        "carries the attribute 'xsi:nil', which does not fit.",
    ),
    "another xsi:type": (
        verify_but("<ULN>", f'<ULN {XSI} {XS} xsi:type="xs:string">'),
        "VerifyLearner/LearnerToVerify/ULN",
        None,
        "carries the attribute 'xsi:type', which does not fit.",
    ),
    "an xsi:type of nowhere": (
        verify_but("<ULN>", f'<ULN {XSI} xsi:type="zz:string">'),
        "VerifyLearner/LearnerToVerify/ULN",
        None,
        "carries the attribute 'xsi:type', which does not fit.",
    ),
    "a value in a derived type": (
        batch(
            ROW.replace("<Learner>", f'<Learner {XSI} xmlns:l="{API}/learner" xsi:type="l:OutputBatchLearner">')
        ).replace("</FamilyName>", "</FamilyName><DateOfBirth>16.8.76</DateOfBirth>"),
        "SubmitBatch/Learner/DateOfBirth",
        "16.8.76",
        "A date as in MIAPDate",
    ),
    "a field of a derived type": (
        batch(
            ROW.replace("<Learner>", f'<Learner {XSI} xmlns:l="{API}/learner" xsi:type="l:OutputBatchLearner">')
        ).replace("</FamilyName>", "</FamilyName><ReturnCode>RC001<b/></ReturnCode>"),
        "SubmitBatch/Learner/ReturnCode",
        None,
        "holds other elements, and must hold text alone.",
    ),
    "qualified child": (
        verify_but(ULN, "<r:ULN>1026893096</r:ULN>"),
        "VerifyLearner/LearnerToVerify/ULN",
        None,
        "carries a namespace, and must be without one here.",
    ),
    "no element of the contract": (
        "<VerifyLearner/>",
        "VerifyLearner",
        None,
        "is no element of the contract, or not in this namespace.",
    ),
}


@pytest.mark.parametrize(("message", "place", "value", "rule"), TABLE.values(), ids=TABLE.keys())
def test_a_refusal_names_place_value_and_rule(message: str, place: str, value: str | None, rule: str) -> None:
    found = violation(message)
    assert (found.place, found.value) == (place, value)
    assert rule in found.rule
    assert found.line == 1


PASSWORD_ELEMENT = f"<OrgPassword>{PASSWORD}</OrgPassword>"
BROKEN_CREDENTIALS = {
    "too short": f"<OrgPassword>{PASSWORD[:-1]}</OrgPassword>",
    "too long": f"<OrgPassword>{PASSWORD}+</OrgPassword>",
    "an element in it": f"<OrgPassword>{PASSWORD[:8]}<b/>{PASSWORD[8:]}</OrgPassword>",
    "an element around it": f"<OrgPassword><b>{PASSWORD}</b></OrgPassword>",
    "an attribute on it": f'<OrgPassword was="{PASSWORD}">{PASSWORD}</OrgPassword>',
    "nil": f'<OrgPassword {XSI} xsi:nil="true">{PASSWORD}</OrgPassword>',
    "another type": f'<OrgPassword {XSI} {XS} xsi:type="xs:string">{PASSWORD}</OrgPassword>',
    "twice": PASSWORD_ELEMENT * 2,
    "misspelt": f"<OrgPasswort>{PASSWORD}</OrgPasswort>",
    "its text beside it": f"<OrgPassword/>{PASSWORD}",
    "text after it": f"{PASSWORD_ELEMENT}{PASSWORD}",
    "qualified": f'<q:OrgPassword xmlns:q="urn:q">{PASSWORD}</q:OrgPassword>',
    "in another field too": f"<OrgPassword>{PASSWORD}</OrgPassword><UserName>{PASSWORD * 3}</UserName>",
}


@pytest.mark.parametrize("credential", BROKEN_CREDENTIALS.values(), ids=BROKEN_CREDENTIALS.keys())
def test_a_credential_is_never_shown(credential: str) -> None:
    message = verify_but(PASSWORD_ELEMENT, credential).replace("</UserName><UserName>tester", "")
    found = violation(message)
    assert found.value is None
    assert PASSWORD[:8] not in str(found)


def test_a_credential_at_the_wrong_place_is_never_shown() -> None:
    message = verify_but(CREDENTIALS, f"{PASSWORD_ELEMENT}<UKPRN>90000001</UKPRN><UserName>tester</UserName>")
    found = violation(message)
    assert found.place == "VerifyLearner/UKPRN"
    assert PASSWORD not in str(found)


def test_a_password_that_strayed_into_another_field_is_not_shown_there() -> None:
    found = violation(verify_but("<UKPRN>90000001</UKPRN>", f"<UKPRN>{PASSWORD}</UKPRN>"))
    assert (found.place, found.value) == ("VerifyLearner/UKPRN", None)


def test_the_text_names_the_line_where_it_is_known() -> None:
    message = verify_body(uln="123").replace("<LearnerToVerify>", "\n\n<LearnerToVerify>")
    assert str(violation(message)).startswith("VerifyLearner/LearnerToVerify/ULN (line 3): '123' does not fit: ")
    assert str(Violation("A/B", None, "is wrong.", 0)) == "A/B: is wrong."


def test_an_element_deep_in_a_document_is_named_from_itself_down() -> None:
    """Where the default namespace is used libxml2's path has positions instead of names."""
    fields = verify_body(uln="123").partition(">")[2].rpartition("</")[0]
    document = etree.fromstring(
        f'<Envelope xmlns="urn:e"><Header/><Body><VerifyLearner xmlns="{API}/reportmsg">{fields}</VerifyLearner>'
        "</Body></Envelope>"
    )
    body = document[1][0]
    assert not schema.is_valid(body)
    found = schema.first_violation(body)
    assert (found.place, found.rule) == (
        "VerifyLearner/OrganisationRef",
        "carries a namespace, and must be without one here.",
    )


HOSTILE = {
    "unknown elements": verify_body(extra="<a>x</a>" * 59_000),
    "elements of many names": verify_body(extra="".join(f"<a{number}/>" for number in range(59_000))),
    "one element again and again": verify_body(
        credentials="<OrganisationRef>SBXAO1</OrganisationRef>" * 59_000 + CREDENTIALS
    ),
    "rows after a bad credential": batch(*[ROW] * 19_000, password="short"),
    "bad rows": batch(*[BLANK_ROW] * 19_000),
    "a long value": verify_body(given="x" * 7_000_000),
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_reason_is_found_soon_however_large_the_message(message: str) -> None:
    schema.prepare_explanations()
    element = etree.fromstring(message, etree.XMLParser(huge_tree=True))
    started = time.process_time()
    schema.first_violation(element)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("operation", LEARNER_SERVICE, ids=lambda each: each.name)
def test_an_empty_request_misses_its_first_required_field(operation: OperationContract) -> None:
    namespace, name = operation.request[1:].split("}")
    required = next(each.name for each in operation.request_record.FIELDS if each.required)
    assert violation(f'<m:{name} xmlns:m="{namespace}"/>').place == f"{name}/{required}"


def test_threads_do_not_read_each_others_errors() -> None:
    """Each thread refuses its own value many times; a shared error log would show another's."""
    wrong: list[str] = []

    def refuse(value: str) -> None:
        element = etree.fromstring(verify_body(uln=value))
        wrong.extend(str(found) for _ in range(100) if (found := schema.first_violation(element)).value != value)

    threads = [threading.Thread(target=refuse, args=(str(number),)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []
