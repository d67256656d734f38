from collections.abc import Iterator

import pytest
from lxml import etree

from uln_client import rules
from uln_client.checking import check_request, check_text, check_uln, leaves
from uln_client.errors import InvalidValue
from uln_client.identity import SANDBOX
from uln_contract.operations import LEARNER_SERVICE
from uln_contract.records import (
    LearnerByULNRqst,
    MIAPLearnerToVerify,
    MIAPULNsToRetrieve,
    RetrieveULNsRqst,
    VerifyLearnerRqst,
)
from uln_contract.shape import Record
from uln_contract.writing import write

FIND = "{http://api.lrs.miap.gov.uk/findmsg}FindLearnerByULN"
VERIFY = "{http://api.lrs.miap.gov.uk/reportmsg}VerifyLearner"
GOOD = {"ULN": "1026893096", "FamilyName": "Tucker", "GivenName": "Darcie"}


def find(**changed: str) -> LearnerByULNRqst:
    values = {
        "find_type": "FUL",
        "ukprn": "90000001",
        "org_password": SANDBOX.password.get_secret_value(),
        "user_name": "Pat",
        "uln": "1026893096",
        "family_name": "Tucker",
        "given_name": "Darcie",
    }
    return LearnerByULNRqst(**{**values, **changed})


def element(record: Record, name: str) -> etree._Element:
    return etree.fromstring(write(record, name, {}))


def verify(**claimed: str) -> etree._Element:
    learner = {"uln": "1026893096", "family_name": "Tucker", "given_name": "Darcie", **claimed}
    request = VerifyLearnerRqst(
        ukprn="90000001",
        org_password=SANDBOX.password.get_secret_value(),
        user_name="Pat",
        learner_to_verify=MIAPLearnerToVerify(**learner),
    )
    return element(request, VERIFY)


def test_good_values_pass() -> None:
    check_request(element(find(), FIND))
    check_request(verify(date_of_birth="2000-02-29", gender="9"))
    check_text(find(given_name="Siân", family_name="Łukasz 𐐷"))


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("uln", "102689309", "ULN"),
        ("uln", "0026893096", "ULN"),
        ("uln", "1026 893096", "ULN"),
        ("given_name", "", "GivenName"),
        ("given_name", "  ", "GivenName"),
        ("family_name", "x" * 36, "FamilyName"),
        ("ukprn", "9000001", "UKPRN"),
        ("organisation_ref", "SBXAO", "OrganisationRef"),
        ("user_name", "x" * 36, "UserName"),
        ("find_type", "ALL", "FindType"),
    ],
)
def test_a_value_that_breaks_its_type_is_named_with_its_rule(field: str, value: str, name: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        check_request(element(find(**{field: value}), FIND))
    rule = rules.rule_of(name)
    assert (raised.value.field, raised.value.value) == (name, value)
    assert (raised.value.rule, raised.value.remedy) == (rule.words, rule.remedy)
    assert str(raised.value) == f"{name} {rule.words} {rule.remedy}"


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("date_of_birth", "1976-8-16", "DateOfBirth"),
        ("date_of_birth", "16/08/1976", "DateOfBirth"),
        ("date_of_birth", "2001-02-29", "DateOfBirth"),
        ("date_of_birth", "1776-08-16", "DateOfBirth"),
        ("gender", "3", "Gender"),
        ("gender", "F", "Gender"),
    ],
)
def test_a_nested_value_is_found_too(field: str, value: str, name: str) -> None:
    with pytest.raises(InvalidValue, match=name):
        check_request(verify(**{field: value}))


def test_an_element_inside_an_envelope_is_checked_where_it_stands() -> None:
    envelope = etree.Element("Envelope")
    envelope.append(element(find(uln="1"), FIND))
    with pytest.raises(InvalidValue, match="ULN"):
        check_request(envelope[0])
    assert envelope[0].getparent() is envelope


def test_a_password_that_breaks_its_type_is_not_echoed() -> None:
    with pytest.raises(InvalidValue) as raised:
        check_request(element(find(org_password="SHORT-SECRET"), FIND))
    assert raised.value.field == "OrgPassword"
    assert raised.value.value is None
    assert "SECRET" not in f"{raised.value} {vars(raised.value)}"
    with pytest.raises(InvalidValue) as illegal:
        check_text(find(org_password="SECRET\x00SECRET"))
    assert illegal.value.value is None


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\udcff", "\ufffe"])
def test_text_that_xml_cannot_carry_is_refused(character: str) -> None:
    with pytest.raises(InvalidValue, match="GivenName holds a character") as raised:
        check_text(find(given_name=f"Dar{character}cie"))
    assert "Dar" not in str(raised.value)


@pytest.mark.parametrize("uln", ["1026893097", "9999999999", "1026893069"])
def test_a_wrong_check_digit_is_refused(uln: str) -> None:
    with pytest.raises(InvalidValue, match="check digit") as raised:
        check_uln(uln)
    assert raised.value.value == uln


def test_the_unknown_uln_of_the_funding_return_is_explained() -> None:
    with pytest.raises(InvalidValue, match="funding return"):
        check_uln("9999999999")


@pytest.mark.parametrize("uln", ["1026893096", "9276308686", "not a ULN"])
def test_a_right_check_digit_passes_and_the_form_is_the_schema_s_affair(uln: str) -> None:
    check_uln(uln)


def test_lists_and_nested_records_are_walked() -> None:
    request = RetrieveULNsRqst(
        org_password="p", user_name="u", ulns_to_retrieve=MIAPULNsToRetrieve(uln=("1", "2"))
    )
    assert list(leaves(request)) == [("OrgPassword", "p"), ("UserName", "u"), ("ULN", "1"), ("ULN", "2")]


def request_leaves(record: type[Record]) -> Iterator[str]:
    for field in record.FIELDS:
        if field.record is None:
            yield field.name
        else:
            yield from request_leaves(field.record)


def test_every_field_of_every_request_has_its_rule_in_words() -> None:
    fields = {name for operation in LEARNER_SERVICE for name in request_leaves(operation.request_record)}
    assert fields - rules.names() - {"JobID", "VersionNumber"} == set()
