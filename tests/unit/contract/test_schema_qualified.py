"""How the refusal of an ExternalService or LearnerServiceR9 message names the place, the value and the rule."""

import time

import pytest
from lxml import etree

from uln_contract import schema
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9
from uln_contract.schema import Violation
from uln_contract.shape import OperationContract

QCF = "http://api.lrs.qcf.gov.uk"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
NAMESPACES = f'xmlns:s="{QCF}/services" xmlns:m="{QCF}/model" {XSI}'
ROW = (
    "<s:Achievement><s:AchievementAwardDate>2024-01-31T00:00:00</s:AchievementAwardDate><s:Action>1</s:Action>"
    "<s:ActionDate>2024-02-05T09:30:00Z</s:ActionDate><s:FamilyName>Tucker</s:FamilyName>"
    "<s:GivenName>Darcie</s:GivenName><s:ProviderUkprn>90000004</s:ProviderUkprn><s:Uln>1026893096</s:Uln>"
    "<s:UnitOrQualificationReferenceNumber>K/501/5773</s:UnitOrQualificationReferenceNumber></s:Achievement>"
)
PASSWORD = "<m:OrgPassword>SandboxAO-000001</m:OrgPassword>"
USER = f"<s:invokingUser>{PASSWORD}<m:UserName>Pat Clerk</m:UserName></s:invokingUser>"
FIELDS = [
    "invokingOrganisation",
    "userType",
    "vendorID",
    "language",
    "uln",
    "givenName",
    "familyName",
    "dateOfBirth",
    "gender",
    "getType",
]


def submission(*rows: str, user: str = USER) -> str:
    achievements = f"<s:achievements>{''.join(rows)}</s:achievements>"
    return f"<s:SubmitAchievementBatchJob {NAMESPACES}>{user}{achievements}</s:SubmitAchievementBatchJob>"


def row_but(old: str, new: str) -> str:
    """A submission of two achievements, the second with one thing changed."""
    assert ROW.count(old) == 1
    return submission(ROW, ROW.replace(old, new))


def events_but(name: str, field: str) -> str:
    """A GetLearnerLearningEvents with nothing given, but one field changed."""
    fields = {each: f'<{each} xsi:nil="true"/>' for each in FIELDS} | {"vendorID": "<vendorID>1</vendorID>"}
    content = "".join((fields | {name: field}).values())
    return f'<GetLearnerLearningEvents xmlns="http://tempuri.org/" {XSI}>{content}</GetLearnerLearningEvents>'


def update(share: str) -> str:
    fields = ["emailAddress", "telephoneNumber", "abilityToShare", "schoolAtAge16", "preferredGivenName"]
    given = {each: f"<{each}/>" for each in fields} | {
        "abilityToShare": f"<abilityToShare>{share}</abilityToShare>"
    }
    return (
        f'<UpdateLearnerSubsetFields xmlns="http://tempuri.org/" {XSI}><invokingOrganisation/><userType/>'
        "<vendorId>1</vendorId><language/><uln>1026893096</uln><versionNumber>3</versionNumber>"
        f"{''.join(given.values())}</UpdateLearnerSubsetFields>"
    )


def violation(contract: str, message: str) -> Violation:
    element = etree.fromstring(message)
    assert not schema.is_valid(element, contract)
    return schema.first_violation(element, contract)


GOOD = {
    "achievements": ("external", submission(ROW, ROW)),
    "a nil achievement": ("external", submission(ROW, '<s:Achievement xsi:nil="true"/>')),
    "nobody and nothing": ("external", f"<s:SubmitAchievementBatchJob {NAMESPACES}/>"),
    "a name that is nil": (
        "external",
        row_but("<s:GivenName>Darcie</s:GivenName>", '<s:GivenName xsi:nil="true"/>'),
    ),
    "nothing given": ("r9", events_but("uln", "<uln/>")),
    "a caller": (
        "r9",
        events_but(
            "invokingOrganisation",
            "<invokingOrganisation><Ukprn "
            'xmlns="http://schemas.datacontract.org/2004/07/Amor.Qcf.Service.Interface">90000001</Ukprn>'
            "</invokingOrganisation>",
        ),
    ),
    "a choice": ("r9", update("FPNSeenShareData")),
}


@pytest.mark.parametrize(("contract", "message"), GOOD.values(), ids=GOOD.keys())
def test_what_holds_to_the_contract_is_valid(contract: str, message: str) -> None:
    assert schema.is_valid(etree.fromstring(message), contract)


SECOND = "SubmitAchievementBatchJob/achievements/Achievement[2]"
# contract, message, place, value shown, what the rule says
BAD = {
    "no time": (
        "external",
        row_but("2024-01-31T00:00:00", "2024-01-31"),
        f"{SECOND}/AchievementAwardDate",
        "2024-01-31",
        "is no date with a time, like 2026-06-30T00:00:00.",
    ),
    "no number": ("external", row_but(">1<", ">one<"), f"{SECOND}/Action", "one", "is no whole number"),
    "nil where a value must be": (
        "external",
        row_but("<s:Action>1</s:Action>", '<s:Action xsi:nil="true"/>'),
        f"{SECOND}/Action",
        None,
        "must have a value: xsi:nil is not allowed here.",
    ),
    "missing in the middle": (
        "external",
        row_but("<s:FamilyName>Tucker</s:FamilyName>", ""),
        f"{SECOND}/GivenName",
        None,
        "FamilyName must stand in its place.",
    ),
    "missing at the end": (
        "external",
        row_but("<s:UnitOrQualificationReferenceNumber>K/501/5773</s:UnitOrQualificationReferenceNumber>", ""),
        f"{SECOND}/UnitOrQualificationReferenceNumber",
        None,
        "is required, and is missing or empty.",
    ),
    "wrong order": (
        "external",
        row_but(
            "<s:ProviderUkprn>90000004</s:ProviderUkprn><s:Uln>1026893096</s:Uln>",
            "<s:Uln>1026893096</s:Uln><s:ProviderUkprn>90000004</s:ProviderUkprn>",
        ),
        f"{SECOND}/Uln",
        None,
        (
            "ProviderUkprn must stand in its place. "
            "Elements keep the order of the contract; an empty one may count as missing."
        ),
    ),
    "another namespace": (
        "external",
        submission(ROW, user=USER.replace("m:UserName", "s:UserName")),
        "SubmitAchievementBatchJob/invokingUser/UserName",
        None,
        f"must be in the namespace '{QCF}/model' here.",
    ),
    "no namespace": (
        "external",
        row_but("<s:Uln>1026893096</s:Uln>", "<Uln>1026893096</Uln>"),
        f"{SECOND}/Uln",
        None,
        f"must be in the namespace '{QCF}/services' here.",
    ),
    "unknown": (
        "external",
        row_but("<s:Action>", "<s:Colour/><s:Action>"),
        f"{SECOND}/Colour",
        None,
        "is not expected here: Action must stand in its place.",
    ),
    "twice": (
        "external",
        submission(ROW, user=USER * 2),
        "SubmitAchievementBatchJob/invokingUser[2]",
        None,
        "is not expected here",
    ),
    "a choice that is none": (
        "r9",
        update("Maybe"),
        "UpdateLearnerSubsetFields/abilityToShare",
        "Maybe",
        "FPNSeenShareData seen and shared.",
    ),
    "the number of the supplier is empty": (
        "r9",
        events_but("vendorID", "<vendorID/>"),
        "GetLearnerLearningEvents/vendorID",
        "",
        "is no whole number from -2147483648 to 2147483647.",
    ),
    "what may be nil but not left out": (
        "r9",
        events_but("getType", ""),
        "GetLearnerLearningEvents/getType",
        None,
        "is required, and is missing or empty.",
    ),
    "an element of another contract": (
        "r9",
        submission(ROW),
        "SubmitAchievementBatchJob",
        None,
        "is no element of the contract, or not in this namespace.",
    ),
}


@pytest.mark.parametrize(("contract", "message", "place", "value", "rule"), BAD.values(), ids=BAD.keys())
def test_a_refusal_names_place_value_and_rule(
    contract: str, message: str, place: str, value: str | None, rule: str
) -> None:
    found = violation(contract, message)
    assert (found.place, found.value) == (place, value)
    assert rule in found.rule


def test_a_password_is_never_shown() -> None:
    strayed = ROW.replace(">1<", ">SandboxAO-000001<")
    for user in (USER, USER.replace(PASSWORD, PASSWORD.replace("SandboxAO", "<m:b/>SandboxAO"))):
        found = violation("external", submission(strayed, user=user))
        assert found.value is None
        assert "SandboxAO" not in str(found)


@pytest.mark.parametrize("operation", [*EXTERNAL_SERVICE, *LEARNER_SERVICE_R9], ids=lambda each: each.name)
def test_an_empty_request_misses_its_first_required_field(operation: OperationContract) -> None:
    namespace, name = operation.request[1:].split("}")
    (contract,) = operation.generations
    required = [each.name for each in operation.request_record.FIELDS if each.required]
    message = f'<{name} xmlns="{namespace}"/>'
    if not required:
        assert schema.is_valid(etree.fromstring(message), contract)
    else:
        assert violation(contract, message).place == f"{name}/{required[0]}"


@pytest.mark.parametrize("row", [ROW.replace(">1<", "><"), ROW.replace("Uln>", "a>")], ids=["value", "name"])
def test_the_reason_is_found_soon_however_many_the_achievements(row: str) -> None:
    schema.prepare_explanations("external")
    element = etree.fromstring(submission(*[row] * 5_000), etree.XMLParser(huge_tree=True))
    started = time.process_time()
    schema.first_violation(element, "external")
    assert time.process_time() - started < 2.0
