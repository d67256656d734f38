"""Achievements on their way out: the bytes of the messages, and how they are parted."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import zeep
from lxml import etree

from uln_client.achievements import Action
from uln_client.errors import InvalidValue, UsageError
from uln_client.submitting import Part, check_submission, parts, request_of
from uln_contract import files, schema
from uln_contract.external_records import Achievement, SubmitAchievementBatchJob, User

USER = User(org_password="SECRET-SECRET-01", organisation_ref="ABCDEF", user_name="Pat & Co")
SOAP = {
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "s": "http://api.lrs.qcf.gov.uk/services",
}
FULL = Achievement(
    achievement_award_date="2024-06-28",
    action=Action.CREATE,
    action_date="2024-07-01T09:30:00Z",
    action_reason="Marked <again>",
    date_of_birth="1976-08-16",
    family_name="O'Brien-Łukasz",
    gender=2,
    given_name="Siân",
    grade="Pass",
    language_for_assessment="English",
    learner_postcode="CV4 9EE",
    mis_identifier="MIS & 1",
    provider_ukprn="90000002",
    uln="9276308686",
    unit_or_qualification_reference_number="S/900/0001",
)
SHORT = replace(
    FULL,
    action_reason=None,
    date_of_birth=None,
    gender=None,
    grade=None,
    learner_postcode=None,
    mis_identifier=None,
)


def request(**how: Any) -> SubmitAchievementBatchJob:
    return request_of(USER, **{"provisional": False, "email": None, **how})


def messages(*achievements: Achievement, **how: Any) -> list[etree._Element]:
    found = []
    for part in parts(achievements, request, **how):
        with part:
            found.append(etree.fromstring(part.message().read()))
    return found


def by_zeep(*achievements: Achievement) -> etree._Element:
    """The same message as a generated client writes it."""
    client = zeep.Client(str(files.path(files.wsdl("external"))))  # type: ignore[no-untyped-call]  # zeep's
    binding = next(iter(client.wsdl.services["ExternalServiceProxy"].ports.values())).binding
    rows = [
        {field.name: value for field in each.FIELDS if (value := getattr(each, field.attribute)) is not None}
        for each in achievements
    ]
    user = {"OrgPassword": USER.org_password, "OrganisationRef": USER.organisation_ref, "UserName": USER.user_name}
    written = binding.get("SubmitAchievementBatchJob").create(
        invokingUser=user,
        emailAddress="pat@example.com",
        submissionType="Provisional",
        achievements={"Achievement": rows},
    )
    body: etree._Element = written.content.find("soap:Body", SOAP)[0]
    return body


def test_a_message_is_the_one_that_a_generated_client_writes() -> None:
    (part,) = parts([FULL, SHORT], lambda: request(provisional=True, email="pat@example.com"))
    with part:
        envelope = etree.fromstring(part.message().read())
    timed = {"achievement_award_date": "2024-06-28T00:00:00"}
    expected = by_zeep(replace(FULL, **timed, date_of_birth="1976-08-16T00:00:00"), replace(SHORT, **timed))  # type: ignore[arg-type]  # the dates
    body = envelope.find("soap:Body", SOAP)
    assert body is not None
    assert [(each.tag, each.text) for each in body[0].iter()] == [
        (each.tag, each.text) for each in expected.iter()
    ]
    assert schema.is_valid(body[0], "external")


def test_each_message_has_a_name_of_its_own() -> None:
    names = [
        each.findtext("soap:Header/wsa:MessageID", namespaces=SOAP) for each in messages(FULL, FULL, at_once=1)
    ]
    assert all(name is not None and name.startswith("urn:uuid:") for name in names)
    assert len(set(names)) == 2


def test_the_schema_takes_a_message_with_nothing_in_it_that_is_required() -> None:
    """The service says which achievement lacks what: the others are not held up."""
    bare = Achievement(achievement_award_date="2024-06-28", action=1, action_date="2024-06-28")
    (envelope,) = messages(bare)
    body = envelope.find("soap:Body", SOAP)
    assert body is not None
    assert schema.is_valid(body[0], "external")


@pytest.mark.parametrize(
    ("count", "at_once", "sizes"), [(0, 5, []), (1, 5, [1]), (5, 5, [5]), (6, 5, [5, 1]), (3, 1, [1, 1, 1])]
)
def test_achievements_are_parted_by_number(count: int, at_once: int, sizes: list[int]) -> None:
    found = [(part.first, len(part.sent)) for part in closing(parts([SHORT] * count, request, at_once=at_once))]
    assert found == [(1 + sum(sizes[:place]), size) for place, size in enumerate(sizes)]


def test_achievements_are_parted_by_size_too() -> None:
    (whole,) = closing(parts([SHORT], request))
    (longer,) = closing(parts([SHORT] * 2, request))
    limit = longer.size
    assert longer.size < 2 * whole.size
    found = []
    for part in parts([SHORT] * 5, request, most_bytes=limit):
        with part:
            content = part.message().read()
            assert len(content) == part.size <= limit
            found.append(len(part.sent))
    assert found == [2, 2, 1]


def closing(made: Iterator[Part]) -> Iterator[Part]:
    for part in made:
        with part:
            yield part


def test_no_more_is_read_than_is_sent() -> None:
    read: list[int] = []

    def many() -> Iterator[Achievement]:
        for number in range(10):
            read.append(number)
            yield SHORT

    made = parts(many(), request, at_once=2)
    with next(made) as first:
        assert (len(first.sent), len(read)) == (2, 3)
    assert not any(name in repr(first) for name in ("Siân", "9276308686"))
    made.close()


def test_memory_does_not_grow_with_the_jobs() -> None:
    def kept(count: int) -> int:
        tracemalloc.start()
        for part in closing(parts((replace(SHORT) for _ in range(count)), request, at_once=50)):
            assert len(part.sent) == 50
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    kept(50)
    # Kept, they would take more than half a megabyte; a little is whatever else the process does meanwhile.
    assert kept(2_000) < kept(100) + 200_000


@pytest.mark.parametrize("field", ["given_name", "uln", "mis_identifier"])
def test_what_xml_cannot_carry_is_named_with_its_place(field: str) -> None:
    broken = replace(SHORT, **{field: "a\x00b"})  # type: ignore[arg-type]  # a text
    made = parts([SHORT, broken], request)
    with pytest.raises(InvalidValue, match=r"Achievement 2: \w+ holds a character") as raised:
        next(made)
    assert "a\x00b" not in str(raised.value)


def test_what_only_the_service_judges_is_sent() -> None:
    (envelope,) = messages(replace(SHORT, given_name="Line\u0085break", uln="1026893097", action=0))
    texts = [each.text for each in envelope.iter("{*}GivenName", "{*}Uln", "{*}Action")]
    assert texts == ["0", "Line\u0085break", "1026893097"]


@pytest.mark.parametrize(
    ("email", "at_once", "said"),
    [
        ("pat", 5, "emailAddress"),
        ("pat@", 5, "emailAddress"),
        (None, 0, "0 achievements"),
        (None, 100_001, "100001"),
    ],
)
def test_a_submission_that_cannot_be_made_is_refused_at_once(email: str | None, at_once: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_submission(email, at_once)
    check_submission("pat@example.com", 100_000)
