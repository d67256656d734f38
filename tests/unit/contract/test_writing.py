"""From a record to XML in contract order, whatever the text holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from uln_contract import external_records, r9_records, records, schema
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE, LEARNER_SERVICE_R9
from uln_contract.reading import read
from uln_contract.shape import Field, Record, Table
from uln_contract.writing import escape, pieces, ready, write

API = "http://api.lrs.miap.gov.uk"
FIND = f"{{{API}/findmsg}}FindLearnerResponse"
LEARNER = records.Learner(
    created_date="2013-09-02",
    last_updated_date="2013-09-02",
    uln="6936002314",
    given_name="Jordan",
    family_name="Reed",
    last_known_post_code="AB12 3EQ",
    date_of_birth="1985-03-27",
    gender="1",
    ability_to_share="1",
    learner_status="1",
    linked_ulns=records.MIAPLinkedULN(uln=("4444599390",)),
    notes="",
    version_number=7,
)


def found(*learners: records.Learner) -> records.FindLearnerResp:
    return records.FindLearnerResp(response_code="WSRC0004", uln="6936002314", learner=learners)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Darcie", "Darcie"),
        ("", ""),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("<b>", "&lt;b&gt;"),
        ("]]>", "]]&gt;"),
        ('O\'Brien "Bob"', 'O\'Brien "Bob"'),
        ("Siân O\u2019Brien-Łukasz 🙂", "Siân O\u2019Brien-Łukasz 🙂"),
        ("two\nlines\tand\r\nmore", "two\nlines\tand&#13;\nmore"),
        ("a\0b\x0bc\x1fd\ufffee\ud800f", "abcdef"),
        ("\x85\u2028\ue000\U0010ffff", "\x85\u2028\ue000\U0010ffff"),
    ],
)
def test_escape(text: str, written: str) -> None:
    assert escape(text) == written


@given(st.text())
def test_what_is_escaped_reads_back(text: str) -> None:
    assert (etree.fromstring(f"<a>{escape(text)}</a>".encode()).text or "") == legal(text)


def legal(text: str) -> str:
    """What XML can carry of a text."""
    carried = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
    return carried.encode("utf-8", "ignore").decode()


def test_absent_fields_are_left_out_and_empty_text_is_not() -> None:
    text = write(found(LEARNER), FIND, {})
    assert "<Title>" not in text
    assert "<DateOfBirth></DateOfBirth>" not in text
    assert "<Notes></Notes><VersionNumber>7</VersionNumber></Learner>" in text


def test_an_empty_nested_record_is_an_empty_element() -> None:
    text = write(found(replace(LEARNER, linked_ulns=records.MIAPLinkedULN())), FIND, {})
    assert "<LinkedULNs></LinkedULNs>" in text


def test_names_carry_a_namespace_where_they_are_said_to() -> None:
    text = write(found(LEARNER), FIND, {"LinkedULNs": f"{API}/learner"})
    assert f'<q:LinkedULNs xmlns:q="{API}/learner"><ULN>4444599390</ULN></q:LinkedULNs>' in text
    assert "<LinkedULNs><ULN>4444599390</ULN></LinkedULNs>" in write(found(LEARNER), FIND, {})


def test_each_of_many_records_is_an_element() -> None:
    text = write(found(LEARNER, replace(LEARNER, uln="1174112637")), FIND, {})
    assert [each.findtext("ULN") for each in etree.fromstring(text).iter("Learner")] == [
        "6936002314",
        "1174112637",
    ]


def sample(record: type[Record], depth: int = 0) -> Record:
    """A record with a value in every field, so that reading and writing meet each of them."""
    return record(**{field.attribute: _value(field, depth) for field in record.FIELDS})


def _value(field: Field, depth: int) -> object:
    one: object = sample(field.record, depth + 1) if field.record else 3 if field.integer else f"<{field.name}>"
    return (one, one) if field.many else one


MESSAGES = {
    element: record
    for operation in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9)
    for element, record in (
        (operation.request, operation.request_record),
        (operation.response, operation.response_record),
    )
}


@pytest.mark.parametrize("element", MESSAGES)
def test_every_message_of_the_contract_reads_back_as_written(element: str) -> None:
    record = MESSAGES[element]
    full = sample(record)
    root = etree.fromstring(write(full, element, {}))
    assert root.tag == element
    assert [child.tag for child in root] == [
        f"{{{field.namespace}}}{field.name}" if field.namespace else field.name
        for field in record.FIELDS
        for _ in range(2 if field.many else 1)
    ]
    assert read(root, record) == full


EVENTS = "{http://tempuri.org/}GetLearnerLearningEvents"
MODEL = "http://api.lrs.qcf.gov.uk/model"


def events(*found: r9_records.LearningEvent) -> r9_records.GetLearnerLearningEventsResponseMessage:
    return holding(r9_records.ArrayOfLearningEvent(learning_event=found))


def holding(record: r9_records.ArrayOfLearningEvent) -> r9_records.GetLearnerLearningEventsResponseMessage:
    return r9_records.GetLearnerLearningEventsResponseMessage(
        get_learner_learning_events_result=r9_records.GetLearnerLearningEventsResponse(
            response_code="WSRC0004",
            found_uln="",
            learner_record=record,
        )
    )


def test_qualified_children_stand_in_their_own_namespaces_declared_once() -> None:
    text = write(events(r9_records.LearningEvent(credits=6, grade="A & B")), f"{EVENTS}Response", {})
    assert text == (
        f'<ns1:GetLearnerLearningEventsResponse xmlns:ns1="http://tempuri.org/" xmlns:ns2="{MODEL}">'
        "<ns1:GetLearnerLearningEventsResult><ns2:ResponseCode>WSRC0004</ns2:ResponseCode><ns2:FoundULN></ns2:FoundULN>"
        "<ns2:LearnerRecord><ns2:LearningEvent><ns2:Credits>6</ns2:Credits><ns2:Grade>A &amp; B</ns2:Grade>"
        "</ns2:LearningEvent></ns2:LearnerRecord></ns1:GetLearnerLearningEventsResult>"
        "</ns1:GetLearnerLearningEventsResponse>"
    )
    assert schema.is_valid(etree.fromstring(text), "r9")


OPTIONAL = [field.attribute for field in r9_records.LearningEvent.FIELDS]


@given(st.lists(st.dictionaries(st.sampled_from(OPTIONAL), st.text()), max_size=4))
def test_whatever_events_hold_is_read_back(found: list[dict[str, str]]) -> None:
    """One or several, with any of their fields left out, and with text that needs escaping or none."""
    numbered = [{**texts, "credits": len(texts) or None, "id": number} for number, texts in enumerate(found)]
    given_events = [r9_records.LearningEvent(**each) for each in numbered]  # type: ignore[arg-type]  # as drawn
    root = etree.fromstring(write(events(*given_events), f"{EVENTS}Response", {}).encode())
    assert schema.is_valid(root, "r9")
    kept = [
        {name: legal(each) if isinstance(each, str) else each for name, each in values.items()}
        for values in numbered
    ]
    expected = [
        r9_records.LearningEvent(**{name: each for name, each in values.items() if each != ""})  # type: ignore[arg-type]  # as above
        for values in kept
    ]
    assert read_events(root) == tuple(expected)


def read_events(root: etree._Element) -> tuple[r9_records.LearningEvent, ...]:
    found = read(root, r9_records.GetLearnerLearningEventsResponseMessage).get_learner_learning_events_result
    assert found is not None
    assert found.learner_record is not None
    return found.learner_record.learning_event


@given(st.lists(st.dictionaries(st.sampled_from(OPTIONAL), st.text()), max_size=4))
def test_a_table_is_written_as_its_records_are(found: list[dict[str, str]]) -> None:
    numbered: list[dict[str, object]] = [{**texts, "credits": None, "id": 3} for texts in found]
    given_events = [r9_records.LearningEvent(**each) for each in numbered]  # type: ignore[arg-type]  # as drawn
    names = {name for each in numbered for name in each}
    table = Table({name: [each.get(name) for each in numbered] for name in names})
    as_table = r9_records.ArrayOfLearningEvent(learning_event=table)  # type: ignore[arg-type]  # in place of records
    assert write(holding(as_table), f"{EVENTS}Response", {}) == write(
        events(*given_events), f"{EVENTS}Response", {}
    )


READ_EVENTS = next(each for each in LEARNER_SERVICE_R9 if each.request == EVENTS)
PLACE = ("get_learner_learning_events_result", "learner_record", "learning_event")


@given(st.lists(st.text()))
def test_what_was_written_beforehand_stands_where_it_would_be_written(subjects: list[str]) -> None:
    table = Table({"subject": subjects, "credits": [3] * len(subjects)})
    written = r9_records.ArrayOfLearningEvent(
        learning_event=ready(table, READ_EVENTS, *PLACE)  # type: ignore[arg-type]  # in place of records
    )
    in_place = r9_records.ArrayOfLearningEvent(learning_event=table)  # type: ignore[arg-type]  # as above
    element = f"{EVENTS}Response"
    assert write(holding(written), element, {}) == write(holding(in_place), element, {})
    assert b"".join(pieces(holding(written), element, {})).decode() == write(holding(in_place), element, {})


def test_only_records_are_written_beforehand_and_no_repr_shows_them() -> None:
    with pytest.raises(ValueError, match="found_uln of GetLearnerLearningEvents holds text"):
        ready(Table({}), READ_EVENTS, "get_learner_learning_events_result", "found_uln")
    assert "Welding" not in repr(ready(Table({"subject": ["Welding"]}), READ_EVENTS, *PLACE))


def test_a_field_that_no_event_of_several_holds_is_left_out_of_all() -> None:
    text = write(events(*(r9_records.LearningEvent(grade=each) for each in "AB")), f"{EVENTS}Response", {})
    assert "<ns2:LearningEvent><ns2:Grade>A</ns2:Grade></ns2:LearningEvent><ns2:LearningEvent><ns2:Grade>B" in text


def test_an_empty_list_is_an_empty_element() -> None:
    assert "<ns2:LearnerRecord></ns2:LearnerRecord>" in write(events(), f"{EVENTS}Response", {})


def test_a_record_within_others_is_written_in_each_of_its_namespaces() -> None:
    linked = r9_records.ArrayOfstring(string=("4444599390", "1174112637"))
    found = r9_records.LearnerByUlnResponse(learner=r9_records.Learner(gender=2, linked_ulns=linked))
    text = write(
        r9_records.LearnerByUlnResponseMessage(learner_by_uln_result=found),
        "{http://tempuri.org/}LearnerByUlnResponse",
        {},
    )
    root = etree.fromstring(text)
    assert schema.is_valid(root, "r9")
    assert [each.text for each in root.iter(f"{{{r9_records.ARRAYS}}}string")] == ["4444599390", "1174112637"]


def test_what_must_be_there_and_holds_nothing_is_nil() -> None:
    request = r9_records.GetLearnerLearningEvents(vendor_id=1, uln="1026893096")
    root = etree.fromstring(write(request, EVENTS, {}))
    assert schema.is_valid(root, "r9")
    assert (
        len(root.xpath("*[@xsi:nil='true']", namespaces={"xsi": "http://www.w3.org/2001/XMLSchema-instance"})) == 8
    )
    assert read(root, r9_records.GetLearnerLearningEvents) == request


def test_a_submission_is_valid_as_written() -> None:
    one = external_records.Achievement(
        achievement_award_date="2024-01-31T00:00:00",
        action=1,
        action_date="2024-02-05T09:30:00Z",
        family_name="Tucker",
        given_name="Darcie",
        provider_ukprn="90000004",
        uln="1026893096",
        unit_or_qualification_reference_number="K/501/5773",
    )
    job = external_records.SubmitAchievementBatchJob(
        invoking_user=external_records.User(organisation_ref="SBXAO1"),
        achievements=external_records.ArrayOfAchievement(
            achievement=(replace(one, family_name=None), replace(one, given_name=None, family_name=None))
        ),
    )
    root = etree.fromstring(write(job, EXTERNAL_SERVICE[0].request, {}))
    assert schema.is_valid(root, "external")
    assert read(root, external_records.SubmitAchievementBatchJob) == job
