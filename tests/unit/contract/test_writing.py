"""From a record to XML in contract order, whatever the text holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from uln_contract import records
from uln_contract.operations import LEARNER_SERVICE
from uln_contract.reading import read
from uln_contract.shape import Field, Record
from uln_contract.writing import escape, write

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
    legal = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
    legal = legal.encode("utf-8", "ignore").decode()
    assert (etree.fromstring(f"<a>{escape(text)}</a>".encode()).text or "") == legal


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
    for operation in LEARNER_SERVICE
    for element, record in (
        (operation.request, operation.request_record),
        (operation.response, operation.response_record),
    )
}


@pytest.mark.parametrize("element", MESSAGES, ids=lambda name: name.rpartition("}")[2])
def test_every_message_of_the_contract_reads_back_as_written(element: str) -> None:
    record = MESSAGES[element]
    full = sample(record)
    root = etree.fromstring(write(full, element, {}))
    assert root.tag == element
    assert [child.tag for child in root] == [
        field.name for field in record.FIELDS for _ in range(2 if field.many else 1)
    ]
    assert read(root, record) == full
