"""Messages of many learners as text: the same as zeep's, element by element, and as strict."""

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree
from tests.unit.client.organisation import SOAP, organisation, values
from tests.unit.client.replaying import Replaying

from uln_client import AwardingOrganisation, BatchLearner, InvalidValue, MIAPBatchLearnerToVerify
from uln_client.jobs import JobKind
from uln_client.service import ADDRESSING
from uln_contract import schema

TO_REGISTER = BatchLearner(
    given_name="Siân <&>", family_name="O'Brien-Łukasz", mis_identifier="A&B", gender="2", notes="one\rtwo"
)
TO_VERIFY = MIAPBatchLearnerToVerify(uln="1026893096", given_name="Siân", family_name="O'Brien", gender="2")


@pytest.fixture
def caller(service: Replaying) -> Any:
    with organisation(service.url) as made:
        yield made


def read(message: bytes, kind: JobKind) -> etree._Element:
    envelope = etree.fromstring(message)
    (body,) = envelope.findall("soap:Body/*", SOAP)
    assert schema.is_valid(body)
    assert body.tag == {
        JobKind.REGISTRATION: "{http://api.lrs.miap.gov.uk/batchmsg}SubmitBatch",
        JobKind.VERIFICATION: "{http://api.lrs.miap.gov.uk/vldmsg}SubmitVerifyBatch",
    }.get(kind)
    assert envelope.findtext(f"soap:Header/{{{ADDRESSING}}}MessageID", None, SOAP) == "urn:uuid:1&2"
    return body


def test_learners_to_register_come_out_as_they_went_in(caller: AwardingOrganisation) -> None:
    message = caller.desk.registration([TO_REGISTER, replace(TO_REGISTER, notes=None)], "urn:uuid:1&2")
    body = read(message, JobKind.REGISTRATION)
    assert (body.findtext("JobType"), body.findtext("LearnerRecordCount")) == ("FUL", "2")
    first, second = body.findall("Learner")
    assert values(first) == {
        "MISIdentifier": "A&B",
        "GivenName": "Siân <&>",
        "FamilyName": "O'Brien-Łukasz",
        "Gender": "2",
        "Notes": "one\rtwo",
    }
    assert second.find("Notes") is None


def test_learners_to_verify_carry_an_address_if_there_is_one(caller: AwardingOrganisation) -> None:
    message = caller.desk.verification([TO_VERIFY] * 3, "urn:uuid:1&2", email="pat@example.com")
    body = read(message, JobKind.VERIFICATION)
    assert (body.findtext("OrgEmail"), body.findtext("LearnerRecordCount")) == ("pat@example.com", "3")
    assert [values(each)["GivenName"] for each in body.findall("Learner")] == ["Siân"] * 3


@pytest.mark.parametrize(
    ("learner", "field"),
    [
        (replace(TO_VERIFY, given_name=""), "GivenName"),
        (replace(TO_VERIFY, uln="102689309"), "ULN"),
        (replace(TO_VERIFY, family_name="a\x00b"), "FamilyName"),
        (replace(TO_VERIFY, date_of_birth="16/08/1976"), "DateOfBirth"),
    ],
)
def test_what_breaks_the_contract_is_named(
    caller: AwardingOrganisation, learner: MIAPBatchLearnerToVerify, field: str
) -> None:
    with pytest.raises(InvalidValue) as raised:
        caller.desk.verification([TO_VERIFY, learner], "urn:uuid:1")
    assert raised.value.field == field


def test_the_same_learners_under_the_same_name_are_the_same_message(caller: AwardingOrganisation) -> None:
    first, second = (caller.desk.verification([TO_VERIFY], "urn:uuid:1") for _ in range(2))
    assert first == second
