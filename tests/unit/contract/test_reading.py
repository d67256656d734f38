"""From a valid element to its record."""

import pytest
from lxml import etree
from tests.soap.wire import verify_body

from uln_contract import external_records, r9_records, records
from uln_contract.reading import local_name, read

API = "http://api.lrs.miap.gov.uk"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
LEARNER = (
    "<CreatedDate>2013-09-02</CreatedDate><LastUpdatedDate>2013-09-02</LastUpdatedDate><ULN>6936002314</ULN>"
    "<GivenName>Jordan</GivenName><FamilyName>Reed</FamilyName><LastKnownPostCode>AB12 3EQ</LastKnownPostCode>"
    "<DateOfBirth>1985-03-27</DateOfBirth><Gender>1</Gender><AbilityToShare>1</AbilityToShare>"
    "<LearnerStatus>1</LearnerStatus>{}<Notes/><VersionNumber> 7 </VersionNumber>"
)


def verification(extra: str = "") -> records.VerifyLearnerRqst:
    return read(etree.fromstring(verify_body(extra=extra)), records.VerifyLearnerRqst)


def learner(links: str) -> records.Learner:
    return read(etree.fromstring(f"<Learner>{LEARNER.format(links)}</Learner>"), records.Learner)


def test_fields_come_by_name_and_nested_types_as_their_records() -> None:
    assert verification() == records.VerifyLearnerRqst(
        organisation_ref="SBXAO1",
        ukprn="90000001",
        org_password="SandboxAO-000001",
        user_name="tester",
        learner_to_verify=records.MIAPLearnerToVerify(uln="1026893096", family_name="Tucker", given_name="Darcie"),
    )


@pytest.mark.parametrize("given", ["", "<DateOfBirth/>", f'<DateOfBirth {XSI} xsi:nil="true"/>'])
def test_missing_empty_and_nil_are_all_not_given(given: str) -> None:
    assert verification(given).learner_to_verify.date_of_birth is None


def test_text_is_kept_as_sent() -> None:
    element = etree.fromstring(verify_body(given="  Zoë & <Ann>\n", family="O\u2019Brien 🙂"))
    read_back = read(element, records.VerifyLearnerRqst).learner_to_verify
    assert (read_back.given_name, read_back.family_name) == ("  Zoë & <Ann>\n", "O\u2019Brien 🙂")


def test_comments_and_instructions_in_a_value_do_not_cut_it() -> None:
    text = (
        verify_body()
        .replace("Darcie", "<!-- a -->Dar<!-- b --><![CDATA[c]]><?p i?>ie")
        .replace("<ULN>", "<!-- c --><ULN>")
    )
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    assert read(etree.fromstring(text, parser), records.VerifyLearnerRqst).learner_to_verify.given_name == "Darcie"


def test_numbers_come_as_numbers_and_repeated_elements_as_tuples() -> None:
    found = learner("<LinkedULNs><ULN>4444599390</ULN><ULN>1174112637</ULN></LinkedULNs>")
    assert found.version_number == 7
    assert found.linked_ulns == records.MIAPLinkedULN(uln=("4444599390", "1174112637"))


def test_an_empty_nested_element_is_an_empty_record() -> None:
    assert learner("<LinkedULNs/>").linked_ulns == records.MIAPLinkedULN()
    assert learner("").linked_ulns is None


def test_a_namespace_on_a_child_does_not_matter() -> None:
    links = f'<l:LinkedULNs xmlns:l="{API}/learner"><ULN>4444599390</ULN></l:LinkedULNs>'
    assert learner(links).linked_ulns == records.MIAPLinkedULN(uln=("4444599390",))


def test_an_unknown_child_is_no_valid_element() -> None:
    element = etree.fromstring(verify_body(extra="<Colour/>"))
    with pytest.raises(KeyError, match="Colour"):
        read(element, records.VerifyLearnerRqst)


def test_the_password_is_not_in_the_repr() -> None:
    assert "SandboxAO" not in repr(verification())


@pytest.mark.parametrize(("name", "local"), [("a", "a"), ("{urn:x}a", "a")])
def test_local_name(name: str, local: str) -> None:
    assert local_name(etree.Element(name)) == local


SERVICES = 'xmlns="http://api.lrs.qcf.gov.uk/services" xmlns:m="http://api.lrs.qcf.gov.uk/model"'


def submission(content: str) -> external_records.SubmitAchievementBatchJob:
    message = f"<SubmitAchievementBatchJob {SERVICES} {XSI}>{content}</SubmitAchievementBatchJob>"
    return read(etree.fromstring(message), external_records.SubmitAchievementBatchJob)


def test_children_of_another_namespace_are_read() -> None:
    user = (
        "<invokingUser><m:OrgPassword>SandboxAO-000001</m:OrgPassword><m:UserName>Pat</m:UserName></invokingUser>"
    )
    assert submission(user) == external_records.SubmitAchievementBatchJob(
        invoking_user=external_records.User(org_password="SandboxAO-000001", user_name="Pat")
    )


@pytest.mark.parametrize("nil", ["true", "1", " true "])
def test_a_nil_record_is_not_given_and_an_empty_one_is_empty(nil: str) -> None:
    assert submission(f'<achievements xsi:nil="{nil}"/>').achievements is None
    assert submission("<achievements/>").achievements == external_records.ArrayOfAchievement()
    assert submission('<achievements xsi:nil="false"/>').achievements == external_records.ArrayOfAchievement()


def test_a_nil_one_of_many_is_left_out() -> None:
    events = "<LearningEvent><ID>7</ID></LearningEvent>" + f'<LearningEvent {XSI} xsi:nil="true"/>'
    found = read(etree.fromstring(f"<a>{events}{events}</a>"), r9_records.ArrayOfLearningEvent)
    assert [event.id for event in found.learning_event] == [7, 7]


def test_dates_and_other_values_are_kept_as_sent() -> None:
    text = (
        "<a><AtsLearnerPreference>89</AtsLearnerPreference><DateOfBirth>1976-08-16T00:00:00Z</DateOfBirth>"
        "<ManualUpdate>true</ManualUpdate></a>"
    )
    found = read(etree.fromstring(text), r9_records.Learner)
    assert (found.ats_learner_preference, found.date_of_birth, found.manual_update) == (
        89,
        "1976-08-16T00:00:00Z",
        "true",
    )
