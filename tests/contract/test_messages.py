"""Whole messages that the strict schemas must take or refuse, where a type alone does not show it."""

from functools import cache

import pytest
from lxml import etree
from tests.contract.test_toolkits import everything

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
API = "http://api.lrs.miap.gov.uk"
CALLER = "<UKPRN>90000001</UKPRN><OrgPassword>SandboxAO-000001</OrgPassword><UserName>Pat Clerk</UserName>"
SEARCH = "<ULN>1026893096</ULN><FamilyName>Tucker</FamilyName><GivenName>Darcie</GivenName>"
LEARNER = (
    "<CreatedDate>2013-09-02</CreatedDate><LastUpdatedDate>2013-09-02</LastUpdatedDate><ULN>1026893096</ULN>"
    "<GivenName>Darcie</GivenName><FamilyName>Tucker</FamilyName><LastKnownPostCode>CV4 9EE</LastKnownPostCode>"
    "<DateOfBirth>1976-08-16</DateOfBirth><Gender>2</Gender><AbilityToShare>1</AbilityToShare>"
    "<LearnerStatus>1</LearnerStatus>{}<VersionNumber>1</VersionNumber>"
)


@cache
def _schema(generation: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(everything(generation)))


def _valid(namespace: str, element: str, content: str, generation: str = "2014") -> bool:
    text = f'<m:{element} xmlns:m="{API}/{namespace}" {XSI}>{content}</m:{element}>'
    return _schema(generation).validate(etree.fromstring(text))


def _find(caller: str, search: str = SEARCH) -> bool:
    return _valid("findmsg", "FindLearnerByULN", f"<FindType>FUL</FindType>{caller}{search}")


@pytest.mark.parametrize(
    "before",
    ["", '<OrganisationRef xsi:nil="true"/>', "<OrganisationRef>SBXAO1</OrganisationRef>"],
)
def test_a_find_may_leave_out_or_nil_the_reference(before: str) -> None:
    assert _find(before + CALLER)


@pytest.mark.parametrize(
    "search",
    [
        SEARCH.replace("<ULN>1026893096</ULN>", ""),
        "<GivenName>Darcie</GivenName><FamilyName>Tucker</FamilyName><ULN>1026893096</ULN>",
        SEARCH + "<DateOfBirth>1976-08-16</DateOfBirth>",
        SEARCH.replace("Darcie", " "),
        SEARCH.replace("ULN>", "f:ULN>").replace("<f:ULN>", f'<f:ULN xmlns:f="{API}/findmsg">'),
    ],
    ids=["no ULN", "wrong order", "one field too many", "blank name", "qualified child"],
)
def test_a_find_that_breaks_the_schema_is_refused(search: str) -> None:
    assert not _find(CALLER, search)


@pytest.mark.parametrize("generation", ["2014", "today"])
def test_a_learner_may_carry_empty_links_and_notes(generation: str) -> None:
    links = "<LinkedULNs/>" if generation == "2014" else f'<l:LinkedULNs xmlns:l="{API}/learner"/>'
    learner = f"<Learner>{LEARNER.format(f'{links}<Notes/>')}</Learner>"
    reply = f"<ResponseCode>WSRC0004</ResponseCode>{SEARCH}{learner}"
    assert _valid("findmsg", "FindLearnerResponse", reply, generation)


@pytest.mark.parametrize("generation", ["2014", "today"])
def test_a_learner_with_links_of_the_other_generation_is_refused(generation: str) -> None:
    links = "<LinkedULNs/>" if generation == "today" else f'<l:LinkedULNs xmlns:l="{API}/learner"/>'
    reply = f"<ResponseCode>WSRC0004</ResponseCode><Learner>{LEARNER.format(links)}</Learner>"
    assert not _valid("findmsg", "FindLearnerResponse", reply, generation)


@pytest.mark.parametrize("code", ["WSRC0008", "WSRC0018"])
def test_a_registration_output_without_times_is_taken(code: str) -> None:
    assert _valid("batchmsg", "GetSubmitBatchOutputResponse", f"<ResponseCode>{code}</ResponseCode>")


@pytest.mark.parametrize(("learners", "taken"), [(0, False), (1, True), (201, True), (5000, True), (5001, False)])
def test_a_verify_batch_holds_up_to_5000_learners(learners: int, taken: bool) -> None:
    learner = f"<Learner>{SEARCH}<DateOfBirth xsi:nil='true'/><Gender/></Learner>"
    content = f"{CALLER}<LearnerRecordCount>{learners}</LearnerRecordCount>{learner * learners}"
    assert _valid("vldmsg", "SubmitVerifyBatch", content) is taken


@pytest.mark.parametrize(("learners", "taken"), [(0, False), (1, True), (200, True), (201, False)])
def test_a_registration_batch_holds_up_to_200_learners(learners: int, taken: bool) -> None:
    learner = "<Learner><GivenName>Darcie</GivenName><FamilyName>Tucker</FamilyName></Learner>"
    job = f"{CALLER}<JobType>FUL</JobType><LearnerRecordCount>{min(learners, 200) or 1}</LearnerRecordCount>"
    assert _valid("batchmsg", "SubmitBatch", job + learner * learners) is taken


@pytest.mark.parametrize("generation", ["2014", "today"])
def test_a_fault_detail_is_qualified_as_its_generation_says(generation: str) -> None:
    names = ("ErrorCode", "ErrorActor", "Description", "FurtherDetails", "ErrorTimestamp")
    plain = "".join(f"<{name}>x</{name}>" for name in names)
    qualified = "".join(f"<m:{name}>x</m:{name}>" for name in names)
    assert _valid("exceptions", "MIAPAPIException", plain, generation) is (generation == "2014")
    assert _valid("exceptions", "MIAPAPIException", qualified, generation) is (generation == "today")
