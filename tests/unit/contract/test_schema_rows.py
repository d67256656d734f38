"""Messages of many rows: the first bad one is named, wherever it stands, and soon however many are bad."""

import time

import pytest
from lxml import etree
from tests.soap.wire import batch_body, verify_batch_body

from uln_contract import schema

GOOD = {"ULN": "1026893096", "FamilyName": "Tucker", "GivenName": "Darcie"}
BAD = {"ULN": "1", "FamilyName": "", "GivenName": "x" * 50, "DateOfBirth": "yesterday", "Gender": "f"}
MANY = 5_000


def element(body: str) -> etree._Element:
    return etree.fromstring(body.replace("<Learner>", "\n<Learner>"))


def test_a_message_of_many_good_rows_is_valid() -> None:
    assert schema.is_valid(element(verify_batch_body(*[GOOD] * MANY)))


@pytest.mark.parametrize("place", [1, 500, 501, 4_321, MANY])
def test_the_first_bad_row_is_named_with_its_number_and_line(place: int) -> None:
    rows = [GOOD] * (place - 1) + [BAD] * (MANY - place + 1)
    message = element(verify_batch_body(*rows))
    assert not schema.is_valid(message)
    violation = schema.first_violation(message)
    assert violation.place == f"SubmitVerifyBatch/Learner[{place}]/ULN"
    assert (violation.value, violation.line) == ("1", place + 1)


def test_what_is_wrong_before_the_rows_comes_first() -> None:
    message = element(verify_batch_body(*[BAD] * MANY, count=9_999))
    assert schema.first_violation(message).place == "SubmitVerifyBatch/LearnerRecordCount"


def test_what_is_wrong_with_no_row_by_itself_is_found_as_well() -> None:
    body = verify_batch_body(*[GOOD] * MANY)
    behind = element(body.replace("</Learner></v:", "</Learner><Extra/></v:"))
    assert not schema.is_valid(behind)
    assert schema.first_violation(behind).place == "SubmitVerifyBatch/Extra"
    between = element(body.replace("\n<Learner>", "<Extra/>", 1))
    between.insert(2_000, between.makeelement("Extra"))
    assert not schema.is_valid(between)
    assert schema.first_violation(between).place == "SubmitVerifyBatch/Extra"
    text = element(body)
    text[3_000].tail = "stray"
    assert not schema.is_valid(text)
    assert "text beside its elements" in schema.first_violation(text).rule


def test_too_many_rows_are_one_too_many() -> None:
    rows = [{"FamilyName": "Tucker", "GivenName": "Darcie"}] * 700
    message = element(batch_body(*rows, count=200))
    assert not schema.is_valid(message)
    assert schema.first_violation(message).place == "SubmitBatch/Learner[201]"


def test_many_bad_rows_are_refused_as_soon_as_one() -> None:
    """Looked at as a whole, this message takes libxml2 half a minute."""
    message = element(verify_batch_body(*[BAD] * 50_000, count=5_000))
    began = time.perf_counter()
    assert not schema.is_valid(message)
    assert schema.first_violation(message).place == "SubmitVerifyBatch/Learner[1]/ULN"
    assert time.perf_counter() - began < 5
