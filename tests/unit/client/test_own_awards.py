"""An organisation's own awards in Python, against a service that replays: what is asked, and what comes of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.unit.client.answering import answer, body, names
from tests.unit.client.organisation import SECRET, organisation, values
from tests.unit.client.replaying import Answer, Replaying

from uln_client import AwardingOrganisation, OwnAward, SubmissionRefused
from uln_client.errors import InvalidReply, InvalidValue
from uln_contract import schema
from uln_contract.reconciliation_records import GetOwnAwardsResponse
from uln_contract.reconciliation_records import OwnAward as Told

TOLD = Told(
    uln="4444599390",
    current_uln="6936002314",
    unit_or_qualification_reference_number="S/900/0202",
    achievement_award_date="2012-11-30",
    provider_ukprn="90000002",
    grade="Pass",
    language_for_assessment="English",
    mis_identifier="MIS-1",
    submission_type="Final",
    withdrawn="false",
    version=3,
    details_action_date="2012-11-30T00:00:00Z",
    withdrawal_action_date="2012-12-01T00:00:00Z",
    last_changed="2013-08-22T08:15:00.250417Z",
)
BARE = replace(
    TOLD, uln="1026893096", current_uln=None, grade=None, language_for_assessment=None, mis_identifier=None
)


@pytest.fixture
def caller(service: Replaying) -> Iterator[AwardingOrganisation]:
    with organisation(service.url) as made:
        yield made


def page(*told: Told, code: str = "WSRC0050", token: str | None = None) -> Answer:
    return answer("GetOwnAwards", GetOwnAwardsResponse(response_code=code, award=told, next_page_token=token))


def test_awards_are_read_page_by_page(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(page(TOLD, token="first"), page(token="second"), page(BARE))
    walk = caller.own_awards(page_size=1)
    assert service.requests == []
    assert next(walk).uln == "4444599390"
    assert len(service.requests) == 1
    assert [each.uln for each in walk] == ["1026893096"]
    assert names(service) == ["GetOwnAwards"] * 3
    assert {each.path for each in service.requests} == {"/ReconciliationService.svc"}
    asked = [values(body(service, place)) for place in range(3)]
    assert [each.get("pageToken") for each in asked] == [None, "first", "second"]
    assert all(schema.is_valid(body(service, place), "reconciliation") for place in range(3))


def test_an_award_is_read_as_it_is_told(service: Replaying, caller: AwardingOrganisation) -> None:
    withdrawn = replace(BARE, withdrawn="1", submission_type="Provisional")
    odd = replace(BARE, achievement_award_date="2012-11-30Z", last_changed="2013-08-22T09:15:00.250417+01:00")
    service.answer(page(TOLD, withdrawn, odd))
    first, second, third = caller.own_awards()
    assert first == OwnAward(
        uln="4444599390",
        current_uln="6936002314",
        reference="S/900/0202",
        award_date=date(2012, 11, 30),
        provider_ukprn="90000002",
        grade="Pass",
        language="English",
        mis_identifier="MIS-1",
        final=True,
        withdrawn=False,
        version=3,
        details_action_date=datetime(2012, 11, 30, tzinfo=UTC),
        withdrawal_action_date=datetime(2012, 12, 1, tzinfo=UTC),
        last_changed=datetime(2013, 8, 22, 8, 15, 0, 250_417, tzinfo=UTC),
    )
    assert first.merged
    assert (second.merged, second.final, second.withdrawn, second.grade) == (False, False, True, None)
    assert (third.award_date, third.last_changed) == (first.award_date, first.last_changed)


def test_what_is_asked_for_goes_out_as_the_contract_has_it(
    service: Replaying, caller: AwardingOrganisation
) -> None:
    service.answer(page(code="WSRC0051"))
    since = datetime(2024, 2, 5, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    found = caller.own_awards(
        from_date=date(2024, 1, 1),
        to_date="2024-12-31",
        provider_ukprn="90000004",
        updated_since=since,
    )
    assert list(found) == []
    assert values(body(service)) == {
        "OrgPassword": SECRET,
        "OrganisationRef": "ABCDEF",
        "UserName": "Pat",
        "fromDate": "2024-01-01",
        "toDate": "2024-12-31",
        "providerUkprn": "90000004",
        "updatedSince": "2024-02-05T09:30:00+01:00",
        "pageSize": "1000",
    }


def test_what_is_empty_narrows_nothing(service: Replaying) -> None:
    service.answer(page(BARE))
    with organisation(service.url, orgref=None) as made:
        list(made.own_awards(from_date="", to_date="", provider_ukprn="", updated_since=""))
    given = {name: text for name, text in values(body(service)).items() if text}
    assert given == {
        "OrgPassword": SECRET,
        "OrganisationRef": "12345678",
        "UserName": "Pat",
        "pageSize": "1000",
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"from_date": "01/02/2024"}, "fromDate"),
        ({"to_date": "2024-02-30"}, "toDate"),
        ({"from_date": "2024-02-01", "to_date": date(2024, 1, 31)}, "ToDate"),
        ({"provider_ukprn": "9000000"}, "providerUkprn"),
        ({"provider_ukprn": "9000000\x00"}, "providerUkprn"),
        ({"updated_since": "2024-02-05"}, "updatedSince"),
        ({"page_size": 1001}, "pageSize"),
        ({"page_size": 0}, "pageSize"),
    ],
)
def test_a_question_that_is_of_no_use_is_not_sent(
    service: Replaying, caller: AwardingOrganisation, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValue) as raised:
        caller.own_awards(**given)
    assert raised.value.field == field
    assert "what the contract asks for" not in str(raised.value)
    assert service.requests == []


def test_without_the_agreement_nothing_is_shown(service: Replaying, caller: AwardingOrganisation) -> None:
    service.answer(page(code="WSRC0043"))
    with pytest.raises(SubmissionRefused) as raised:
        next(caller.own_awards())
    assert raised.value.code == "WSRC0043"


@pytest.mark.parametrize(
    "replies",
    [
        [page(code="WSRC0004")],
        [page(BARE, code="WSRC0051")],
        [page(code="WSRC0051", token="more")],
        [page(BARE, token="same"), page(BARE, token="same")],
        [page(replace(BARE, achievement_award_date="0000-01-01"))],
        [page(replace(BARE, achievement_award_date="-0044-03-15"))],
        [page(replace(BARE, last_changed="2024-02-05T24:00:00.5Z"))],
        [page(replace(BARE, last_changed="0001-01-01T00:00:00+14:00"))],
        [page(replace(BARE, version="one"))],  # type: ignore[arg-type]  # what a service should not send
    ],
)
def test_a_reply_without_sense(service: Replaying, caller: AwardingOrganisation, replies: list[Answer]) -> None:
    service.answer(*replies)
    with pytest.raises(InvalidReply) as raised:
        list(caller.own_awards())
    assert "1026893096" not in str(raised.value)


@pytest.mark.parametrize("url", ["/ws/LearnerService.svc", "/ws/reconciliationservice.svc"])
def test_the_service_stands_beside_the_others(service: Replaying, url: str) -> None:
    service.answer(page())
    with organisation(f"{service.url}{url}") as made:
        assert list(made.own_awards()) == []
        assert made.address.endswith("/ws/LearnerService.svc")
    assert [each.path for each in service.requests] == ["/ws/ReconciliationService.svc"]
