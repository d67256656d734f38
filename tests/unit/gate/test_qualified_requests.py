"""A message of ExternalService or LearnerServiceR9, in whatever form it comes, is read as what it means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from lxml import etree
from tests.soap.services import (
    ACHIEVEMENT,
    R9_FIELDS,
    XSI,
    invoking_organisation,
    job_body,
    r9_body,
    submission_body,
)

from uln_contract import external_records, r9_records, schema
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9
from uln_contract.reading import read
from uln_contract.shape import Record
from uln_server.gate.request import read_request
from uln_server.soap.faults import ContractFault

OPERATIONS = {each.name: each for each in (*EXTERNAL_SERVICE, *LEARNER_SERVICE_R9)}
BODIES: Mapping[str, str] = {
    "SubmitAchievementBatchJob": submission_body(),
    "GetAchievementBatchJob": job_body(),
    **{name: r9_body(name) for name in R9_FIELDS},
}
operations = pytest.mark.parametrize("operation", BODIES)


def taken(operation: str, body: str, *, strict: bool = False) -> tuple[Record, bool]:
    return read_request(etree.fromstring(body), OPERATIONS[operation], body.encode(), strict=strict)


def refused(operation: str, body: str, *, strict: bool = False) -> str:
    with pytest.raises(ContractFault) as fault:
        taken(operation, body, strict=strict)
    assert fault.value.code == "WSEC0001"
    return fault.value.text


def as_written(operation: str) -> Record:
    return read(etree.fromstring(BODIES[operation]), OPERATIONS[operation].request_record)


def without_namespaces(body: str) -> str:
    return re.sub(r' xmlns="[^"]*"', "", body)


def unqualified_children(body: str) -> str:
    """The body element alone is qualified, as in LearnerService."""
    name, namespace = re.findall(r'^<(\w+) xmlns="([^"]*)"', body)[0]
    inner = without_namespaces(body).removeprefix(f"<{name}>").removesuffix(f"</{name}>")
    return f'<q:{name} xmlns:q="{namespace}">{inner}</q:{name}>'


FORMS: Mapping[str, Callable[[str], str]] = {
    "no namespace at all": without_namespaces,
    "children without a namespace": unqualified_children,
    "all in the body element's": lambda body: re.sub(
        r'(?<!^)(?<=\w) xmlns="[^"]*"', "", body.replace("<", "\n<", 1)
    ),
    "all in one of nobody's": lambda body: re.sub(r'xmlns="[^"]*"', 'xmlns="urn:x"', body),
    "pretty": lambda body: re.sub(r"><(?!/)", ">\n  <", body),
    "typed": lambda body: body.replace("<userType", f'<userType xmlns:i="{XSI}" i:type="string"', 1),
}


@operations
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_form_is_read_alike(operation: str, form: Callable[[str], str]) -> None:
    assert taken(operation, form(BODIES[operation]).strip())[0] == as_written(operation)


@operations
def test_contract_form_is_read_as_it_stands(operation: str) -> None:
    assert taken(operation, BODIES[operation], strict=True) == (as_written(operation), False)


def test_other_forms_are_refused_where_the_settings_say_so() -> None:
    body = BODIES["LearnerByUln"].replace("http://tempuri.org/", "urn:x")
    assert "LearnerByUln" in refused("LearnerByUln", body, strict=True)


NOT_GIVEN = {
    "missing": "",
    "empty": "<{0}/>",
    "blank": "<{0}>  \n</{0}>",
    "nil": '<{0} xmlns:i="' + XSI + '" i:nil="true"/>',
    "nil by number, with content": '<{0} xmlns:i="' + XSI + '" i:nil="1">x</{0}>',
}


@pytest.mark.parametrize("written", NOT_GIVEN.values(), ids=NOT_GIVEN.keys())
@pytest.mark.parametrize("operation", R9_FIELDS)
def test_not_given_is_not_given_however_it_is_written(operation: str, written: str) -> None:
    """For each field by itself, first, last and in the middle, that may be nil; namespaces lost."""
    contract = OPERATIONS[operation]
    for field in contract.request_record.FIELDS:
        if not field.nillable:
            continue
        body = without_namespaces(r9_body(operation, **{field.name: "GONE"}))
        request, kindly = taken(
            operation, body.replace(f"<{field.name}>GONE</{field.name}>", written.format(field.name))
        )
        assert request == replace(as_written(operation), **{field.attribute: None})  # type: ignore[type-var]  # a dataclass
        assert kindly


@pytest.mark.parametrize("written", NOT_GIVEN.values(), ids=NOT_GIVEN.keys())
def test_nothing_given_at_all(written: str) -> None:
    fields = "".join(
        written.format(name) for name in ("invokingUser", "emailAddress", "submissionType", "achievements")
    )
    request, _ = taken(
        "SubmitAchievementBatchJob", f"<SubmitAchievementBatchJob>{fields}</SubmitAchievementBatchJob>"
    )
    assert request == external_records.SubmitAchievementBatchJob()
    number = "<vendorId>7</vendorId>"
    events, _ = taken("LearnerByUln", f"<LearnerByUln>{number}</LearnerByUln>")
    assert events == r9_records.LearnerByUln(
        invoking_organisation=None,
        user_type=None,
        vendor_id=7,
        language=None,
        uln=None,
        given_name=None,
        family_name=None,
        find_type=None,
    )


@pytest.mark.parametrize("written", NOT_GIVEN.values(), ids=NOT_GIVEN.keys())
def test_a_name_that_an_achievement_lacks_is_for_its_rules_to_refuse(written: str) -> None:
    second = without_namespaces(submission_body(ACHIEVEMENT, ACHIEVEMENT)).replace(
        "<GivenName>Darcie</GivenName>", "!", 1
    )
    body = second.replace("<GivenName>Darcie</GivenName>", written.format("GivenName")).replace(
        "!", "<GivenName>D</GivenName>"
    )
    request, _ = taken("SubmitAchievementBatchJob", body)
    assert isinstance(request, external_records.SubmitAchievementBatchJob)
    assert request.achievements
    first, last = request.achievements.achievement
    assert (first.given_name, last.given_name, last.family_name) == ("D", None, "Tucker")


MISSING = "is required, and is missing or empty."
# operation, what is replaced, by what, the place, the rule
BAD = {
    "wrong order": (
        "LearnerByUln",
        "<uln>1026893096</uln><givenName>Darcie</givenName>",
        "<givenName>Darcie</givenName><uln>1026893096</uln>",
        "LearnerByUln/givenName",
        "is not expected here: uln must stand in its place",
    ),
    "wrong order, and one missing": (
        "LearnerByUln",
        "<language>ENG</language><uln>1026893096</uln><givenName>Darcie</givenName>",
        "<givenName>Darcie</givenName><uln>1026893096</uln>",
        "LearnerByUln/givenName",
        "is not expected here: uln must stand in its place",
    ),
    "unknown": ("LearnerByUln", "<uln>", "<ulm>1</ulm><uln>", "LearnerByUln/ulm", "uln must stand in its place"),
    "unknown within": (
        "ViewAudit",
        "<Ukprn>",
        "<x><y/></x><Ukprn>",
        "ViewAudit/invokingOrganisation/x",
        "not expected",
    ),
    "a number left out": ("ViewAudit", "<page>1</page>", "<page/>", "ViewAudit/page", MISSING),
    "a choice left out": (
        "GetOrganisation",
        "<userType>ORG</userType>",
        "",
        "GetOrganisation/vendorId",
        "userType must",
    ),
    "a choice of none": ("GetOrganisation", ">ORG<", ">AO<", "GetOrganisation/userType", "AO"),
    "no number": ("GetAchievementBatchJob", ">100001<", ">one<", "GetAchievementBatchJob/jobId", "'one'"),
    "text between": ("LearnerByUln", "<uln>", "oops<uln>", "LearnerByUln", "holds text beside its elements"),
    "elements in a value": ("LearnerByUln", ">Darcie<", "><b>D</b><", "LearnerByUln/givenName", "text alone"),
    "a time left out": (
        "SubmitAchievementBatchJob",
        "<ActionDate>2024-02-05T09:30:00Z</ActionDate>",
        "<ActionDate/>",
        "SubmitAchievementBatchJob/achievements/Achievement/FamilyName",
        "ActionDate must stand in its place",
    ),
}


@pytest.mark.parametrize(("operation", "old", "new", "place", "rule"), BAD.values(), ids=BAD.keys())
def test_the_first_bad_place_is_named(operation: str, old: str, new: str, place: str, rule: str) -> None:
    body = without_namespaces(BODIES[operation])
    assert body.count(old) == 1
    text = refused(operation, body.replace(old, new))
    assert text.startswith((f"{place}: ", f"{place} (line 1): ")), text
    assert rule in text
    assert text.endswith("Correct it and send the message again.")


@pytest.mark.parametrize("field", ["ChannelCode", "Estab", "LaNumber"])
def test_a_password_in_another_field_of_the_caller_is_not_shown(field: str) -> None:
    """Not even where none stands in its own."""
    password = "SandboxAO-000001"
    caller = {"ChannelCode": "", "Estab": "", "LaNumber": "", field: password}
    content = "".join(f"<{name}>{value}</{name}>" for name, value in caller.items())
    body = without_namespaces(r9_body("ViewAudit", invokingOrganisation=content))
    text = refused("ViewAudit", body)
    assert f"ViewAudit/invokingOrganisation/{field}" in text
    assert password not in text
    shown = refused("ViewAudit", body.replace(password, "SandboxAO"))
    assert "'SandboxAO'" in shown


def test_what_is_put_in_is_valid_for_a_caller_with_another_prefix() -> None:
    body = r9_body("ViewAudit", invokingOrganisation=invoking_organisation(user=""), language=None)
    assert not schema.is_valid(etree.fromstring(body), "r9")
    request, _ = taken("ViewAudit", body)
    assert isinstance(request, r9_records.ViewAudit)
    assert request.language is None
    assert request.invoking_organisation
    assert request.invoking_organisation.username is None
