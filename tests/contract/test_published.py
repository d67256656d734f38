"""Our WSDLs and schemas say what is published: nothing missing, nothing extra, but the exceptions stated here."""

from dataclasses import dataclass

import pytest
from tests.contract.ours import ours, schema_files, wsdl
from tests.contract.published import XS, Fact, Facts, published

API = "http://api.lrs.miap.gov.uk"
DAY = (
    "(((18|19|20)[0-9]{2})-(((01|03|05|07|08|10|12)-(0[1-9]|[1-2][0-9]|3[0-1]))|((04|06|09|11)-(0[1-9]|[1-2][0-9]|30))"
    "|(02-(0[1-9]|1[0-9]|2[0-8]))))|(((18|19|20)([02468][048]|[13579][26]))-02-29)"
)
TIME = " ([0-1][0-9]|[2][0-3]):[0-5][0-9]:[0-5][0-9]"
VERIFY_COUNT = f"{{{API}/learner}}MIAPVerifyRecordCount"
LARGE_VERIFY_BATCH = (
    "the published count type stops at 200, yet the published output holds 5,000 learners; "
    "a job of verifications takes 5,000 (domain §7)"
)
NO_TIME_YET = "a job that is unknown or has not finished has no such time to give (domain §7)"


@dataclass(frozen=True)
class Departure:
    """One fact in which our schemas differ from the published ones on purpose."""

    fact: str
    published: Fact | None
    ours: Fact | None
    reason: str


DEPARTURES = (
    Departure(
        f"simple type {{{API}/learner}}MIAPDateTime/pattern",
        (DAY + TIME,),
        (f"({DAY}){TIME}",),
        "without brackets the time belongs to 29 February alone: '2024-01-31 10:00:00' is refused (domain §7)",
    ),
    Departure(
        f"type {{{API}/vldmsg}}VerifyBatchRqst/LearnerRecordCount/type",
        f"{{{API}/learner}}MIAPLearnerRecordCount",
        VERIFY_COUNT,
        LARGE_VERIFY_BATCH,
    ),
    Departure(f"simple type {VERIFY_COUNT}/base", None, f"{{{XS}}}int", LARGE_VERIFY_BATCH),
    Departure(f"simple type {VERIFY_COUNT}/minInclusive", None, "1", LARGE_VERIFY_BATCH),
    Departure(f"simple type {VERIFY_COUNT}/maxInclusive", None, "5000", LARGE_VERIFY_BATCH),
    Departure(f"type {{{API}/batchmsg}}BatchOutputResp/JobStartedDateTime/occurs", "1..1", "0..1", NO_TIME_YET),
    Departure(f"type {{{API}/batchmsg}}BatchOutputResp/JobFinishedDateTime/occurs", "1..1", "0..1", NO_TIME_YET),
)

QCF = "http://api.lrs.qcf.gov.uk"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"
CHARACTER = "the published facts use the type and leave out the well-known schema that it comes from"
R9_DEPARTURES = (Departure(f"simple type {{{SERIALIZATION}}}char/base", None, f"{{{XS}}}int", CHARACTER),)


def differences(stated: Facts, written: Facts) -> dict[str, tuple[Fact | None, Fact | None]]:
    """Give each fact on which the two disagree; ``None`` stands for a fact that one side does not know."""
    return {
        fact: (stated.get(fact), written.get(fact))
        for fact in sorted(stated.keys() | written.keys())
        if stated.get(fact) != written.get(fact)
    }


def test_2014_is_as_published_but_for_the_stated_departures() -> None:
    expected = {departure.fact: (departure.published, departure.ours) for departure in DEPARTURES}
    assert differences(published("2014"), ours("2014")) == expected


@pytest.mark.parametrize("contract", ["today", "external", "reconciliation"])
def test_the_others_are_as_published(contract: str) -> None:
    assert differences(published(contract), ours(contract)) == {}


def test_r9_is_as_published_but_for_the_schema_of_a_character() -> None:
    stated, written = published("r9"), ours("r9")
    departures = {each.fact: (each.published, each.ours) for each in R9_DEPARTURES}
    namespaces = stated["namespaces"]
    assert isinstance(namespaces, tuple)
    departures["namespaces"] = (namespaces, tuple(sorted((*namespaces, SERIALIZATION))))
    assert differences(stated, written) == departures


@pytest.mark.parametrize(
    ("contract", "operations", "messages"),
    [("2014", 13, 27), ("today", 10, 21), ("external", 2, 5), ("r9", 5, 11), ("reconciliation", 1, 3)],
)
def test_the_whole_service_is_compared(contract: str, operations: int, messages: int) -> None:
    facts = ours(contract)
    assert len(facts["operations"] if isinstance(facts["operations"], tuple) else ()) == operations
    assert len(wsdl(contract).findall("{http://schemas.xmlsoap.org/wsdl/}message")) == messages


@pytest.mark.parametrize(
    ("contract", "fact"),
    [
        ("2014", f"type {{{API}/findmsg}}FindLearnerResp/Learner/occurs"),
        ("2014", f"type {{{API}/learner}}Learner/order"),
        ("2014", f"simple type {{{API}/learner}}MIAPPostCode/pattern"),
        ("2014", "operation verifyLearner/soap_action"),
        ("external", f"element {{{QCF}/services}}GetAchievementBatchJob/jobId/nillable"),
        ("external", f"simple type {{{QCF}/model}}AchievementBatchJobStatus/enumeration"),
        ("external", f"type {{{QCF}/model}}User/OrgPassword/qualified"),
        ("r9", "element {http://tempuri.org/}GetLearnerLearningEvents/order"),
        ("r9", f"type {{{QCF}/model}}LearnerByUlnResponse/extends"),
    ],
)
def test_a_single_changed_fact_is_noticed(contract: str, fact: str) -> None:
    written = ours(contract)
    assert differences(written | {fact: "something else"}, written).keys() == {fact}
    assert differences({name: value for name, value in written.items() if name != fact}, written).keys() == {fact}


@pytest.mark.parametrize("contract", ["2014", "today", "external", "r9", "reconciliation"])
def test_each_wsdl_imports_exactly_its_own_schemas(contract: str) -> None:
    imports = wsdl(contract).findall(f".//{{{XS}}}import")
    locations = {node.attrib["namespace"]: node.attrib["schemaLocation"] for node in imports}
    assert locations == {namespace: f"../../{name}" for namespace, name in schema_files(contract).items()}
