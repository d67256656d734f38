"""What makes an award of the register as the list has it: which action, which values, which ActionDate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from uln_client import OwnAward
from uln_client.achievements import Action
from uln_client.errors import UsageError
from uln_client.reconciling.comparing import Kind, Listed, Verdict, compared
from uln_client.reconciling.correcting import Correcting
from uln_client.reconciling.ledger import Ledger

AT = datetime(2024, 7, 1, 9, 30, 0, 250_000, tzinfo=UTC)
NOW = datetime(2024, 9, 1, 12, 0, 0, 999_999, tzinfo=UTC)
AWARD = OwnAward(
    uln="1026893096",
    current_uln=None,
    reference="S/900/0001",
    award_date=date(2024, 6, 28),
    provider_ukprn="90000002",
    grade="Pass",
    language="English",
    mis_identifier=None,
    final=True,
    withdrawn=False,
    version=1,
    details_action_date=AT,
    withdrawal_action_date=AT,
    last_changed=AT,
)
VALUES = {
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "S9000001",
    "GivenName": "Darcie",
    "FamilyName": "Tucker",
    "AchievementAwardDate": "2024-06-27T23:00:00Z",
    "ProviderUkprn": "90000002",
    "Action": "1",
    "ActionDate": "2024-07-02",
    "ActionReason": "Because",
}


def listed(**values: str) -> Listed:
    return Listed(place=0, number=2, uln="1026893096", key="S9000001", values={**VALUES, **values})


def corrections(row: Listed, award: OwnAward, now: datetime = NOW) -> list[dict[str, str]]:
    verdict = compared(row, award, provisional=False)
    return [dict(each) for each in Correcting(now).of(verdict, row, award)]


def fill_a_small_disk() -> None:
    with Ledger() as ledger:
        ledger._database.execute("PRAGMA max_page_count = 20")
        ledger.list_rows(replace(listed(), place=place) for place in range(1_000))


def test_a_full_disk_is_told() -> None:
    with pytest.raises(UsageError, match="full"):
        fill_a_small_disk()


def test_a_day_is_london_s_and_a_grade_has_neither_case_nor_space() -> None:
    assert compared(listed(Grade="PA SS"), AWARD, provisional=False) == Verdict(Kind.SAME)


def test_what_the_list_leaves_blank_stays_as_the_register_has_it() -> None:
    (update,) = corrections(listed(MisIdentifier="D-1"), AWARD)
    assert update.pop("ActionReason", None) is None
    kept = {"Grade": "Pass", "LanguageForAssessment": "English", "MisIdentifier": "D-1", "Action": "2"}
    assert update == {name: text for name, text in VALUES.items() if name != "ActionReason"} | kept


def test_a_reason_stays_with_its_own_action() -> None:
    (update,) = corrections(listed(MisIdentifier="D-1", Action="2"), AWARD)
    assert update["ActionReason"] == "Because"


@pytest.mark.parametrize(
    ("action_date", "later", "expected"),
    [
        ("2024-07-02", timedelta(), "2024-07-02"),
        ("2024-07-01T09:30:00.25Z", timedelta(), "2024-07-01T09:30:00.25Z"),
        ("2024-07-01", timedelta(), "2024-09-01T12:00:00Z"),
        # The service's clock is ahead of this one's.
        ("2024-07-02", timedelta(days=90), "2024-09-29T09:30:00.250000Z"),
    ],
)
def test_an_action_date_is_never_older_than_the_register_s(
    action_date: str, later: timedelta, expected: str
) -> None:
    award = replace(AWARD, details_action_date=AT + later)
    (update,) = corrections(listed(ActionDate=action_date, MisIdentifier="D-1"), award)
    assert update["ActionDate"] == expected
    award = replace(AWARD, withdrawal_action_date=AT + later)
    (withdrawal,) = corrections(listed(ActionDate=action_date, Action="3"), award)
    assert (withdrawal["Action"], withdrawal["ActionDate"]) == ("3", expected)


def test_a_withdrawn_provisional_award_is_reinstated_and_promoted() -> None:
    award = replace(AWARD, withdrawn=True, final=False)
    assert [each["Action"] for each in corrections(listed(), award)] == [
        str(int(Action.REINSTATE)),
        str(int(Action.PROMOTE)),
    ]


def test_nothing_more_is_asked_of_what_both_have_as_withdrawn() -> None:
    award = replace(AWARD, withdrawn=True, grade=None)
    assert corrections(listed(Action="3", Grade="Merit"), award) == []
