"""Field data: what is read of an achievement, and each FD code (domain §9)."""

from datetime import UTC, datetime

import pytest
from tests.unit.learners import DARCIE
from tests.unit.record.submissions import GIVEN, TODAY, submitted

from uln_server.record.action import ACTIONS, Action, Actions
from uln_server.record.award import Details
from uln_server.record.finding import Finding, as_text, from_text
from uln_server.record.submitted import Submitted, read

REQUIRED = [
    *("AchievementAwardDate", "Action", "ActionDate", "FamilyName", "GivenName"),
    *("ProviderUkprn", "Uln", "UnitOrQualificationReferenceNumber"),
]


def wrong(**fields: str | None) -> str:
    found = read({**GIVEN, **fields}, ACTIONS, TODAY)
    assert not isinstance(found, Submitted)
    assert all(each.refuses for each in found)
    return as_text(found)


def test_an_achievement_is_read() -> None:
    made = submitted(
        ActionReason=" late ",
        DateofBirth="1976-08-16T00:00:00",
        Gender="2",
        Grade="Pass",
        LanguageForAssessment="English",
        LearnerPostcode="CV4 9EE",
        MisIdentifier="MIS-0042",
    )
    assert made == Submitted(
        uln=DARCIE.uln,
        reference="K5015773",
        given_name="Darcie",
        family_name="Tucker",
        date_of_birth="1976-08-16",
        gender="2",
        post_code="CV4 9EE",
        action=Action.CREATE,
        action_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
        reason="late",
        details=Details(
            award_date="2026-06-30",
            provider_ukprn="10000001",
            grade="Pass",
            language="English",
            mis_identifier="MIS-0042",
        ),
    )


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_what_is_not_given_is_none(nothing: str | None) -> None:
    optional = ("ActionReason", "DateofBirth", "Gender", "Grade", "LanguageForAssessment", "LearnerPostcode")
    made = submitted(**dict.fromkeys((*optional, "MisIdentifier"), nothing))
    assert (made.reason, made.date_of_birth, made.gender, made.post_code) == (None,) * 4
    assert (made.details.grade, made.details.language, made.details.mis_identifier) == (None,) * 3


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("nothing", [None, " "])
def test_what_must_be_given_is_missed(name: str, nothing: str | None) -> None:
    assert wrong(**{name: nothing}) == f"FD001:{name}"


@pytest.mark.parametrize("name", ["GivenName", "FamilyName"])
def test_a_name_needs_a_letter(name: str) -> None:
    assert wrong(**{name: "-"}) == f"FD001:{name}"


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("FamilyName", 35),
        ("GivenName", 35),
        ("Grade", 35),
        ("LanguageForAssessment", 35),
        ("LearnerPostcode", 9),
        ("MisIdentifier", 128),
        ("ActionReason", 254),
    ],
)
def test_texts_have_a_length_and_no_control_characters(name: str, most: int) -> None:
    submitted(**{name: "x" * most})
    assert wrong(**{name: "x" * (most + 1)}) == f"FD002:{name}"
    assert wrong(**{name: "a\nb"}) == f"FD002:{name}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-30T00:00:00", "2026-06-30"),
        ("2026-06-30", "2026-06-30"),
        ("2026-06-30T23:59:59.9999999", "2026-06-30"),
        ("2026-06-29T23:00:00Z", "2026-06-30"),
        ("2026-06-30T00:00:00+01:00", "2026-06-30"),
        ("2026-01-15T23:30:00Z", "2026-01-15"),
        ("1900-01-01T00:00:00+14:00", "1899-12-31"),
    ],
)
def test_a_moment_belongs_to_a_day_in_london(text: str, day: str) -> None:
    assert submitted(AchievementAwardDate=text).details.award_date == day


@pytest.mark.parametrize("name", ["AchievementAwardDate", "ActionDate", "DateofBirth"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "0001-01-01T00:00:00",
            "1899-12-31T00:00:00",
            "2026-02-30T00:00:00",
            "2026-06-30T24:00:00",
            "30/06/2026",
        ),
        *("2026-06-30T10:00", "20260630", "x2026-06-30T10:00:00", "2026-06-30T10:00:00+99:00", "٢٠٢٦-06-30"),
    ],
)
def test_what_is_no_date_is_refused(name: str, text: str) -> None:
    assert wrong(**{name: text}) == f"FD003:{name}"


@pytest.mark.parametrize("name", ["AchievementAwardDate", "ActionDate", "DateofBirth"])
def test_no_date_lies_in_the_future(name: str) -> None:
    submitted(**{name: "2026-09-01T23:59:59"})
    assert wrong(**{name: "2026-09-02T00:00:00"}) == f"FD004:{name}"
    assert wrong(**{name: "2026-09-01T23:00:00Z"}) == f"FD004:{name}"
    assert wrong(**{name: "2999-12-31T23:59:59-14:00"}) == f"FD004:{name}"


@pytest.mark.parametrize("text", ["0", "6", "-1", "one", "1.0", "99999999999"])
def test_an_unknown_action_is_refused(text: str) -> None:
    assert wrong(Action=text) == "FD005:Action"


@pytest.mark.parametrize("text", ["1", "01", "+1"])
def test_an_action_is_an_integer_however_it_is_written(text: str) -> None:
    assert submitted(Action=text).action is Action.CREATE


@pytest.mark.parametrize("text", ["1026893097", "9999999999", "0026893096", "102689309", "\uff11026893096"])
def test_a_uln_needs_its_form_and_its_check_digit(text: str) -> None:
    assert wrong(Uln=text) == "FD006:Uln"


@pytest.mark.parametrize("text", ["3", "F", "-1"])
def test_a_gender_is_one_of_four(text: str) -> None:
    assert wrong(Gender=text) == "FD007:Gender"
    assert [submitted(Gender=each).gender for each in ("0", "1", "2", "9")] == ["0", "1", "2", "9"]


@pytest.mark.parametrize("text", ["K/501", "Wiring", "60/1166/XX"])
def test_a_reference_has_a_shape(text: str) -> None:
    assert wrong(UnitOrQualificationReferenceNumber=text) == "FD008:UnitOrQualificationReferenceNumber"


@pytest.mark.parametrize("text", ["600/1166/X", "6001166x", "600/1166/x"])
def test_a_reference_is_compared_without_strokes(text: str) -> None:
    assert submitted(UnitOrQualificationReferenceNumber=text).reference == "6001166X"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert wrong(Action="0", Uln="1", Gender="x", Grade="g" * 36) == (
        "FD005:Action FD007:Gender FD002:Grade FD006:Uln"
    )
    assert len(read({}, ACTIONS, TODAY)) == len(REQUIRED)  # type: ignore[arg-type]  # findings, then


def test_a_row_keeps_its_findings_as_a_text() -> None:
    found = read({**GIVEN, "Action": "0", "Gender": "x"}, ACTIONS, TODAY)
    assert not isinstance(found, Submitted)
    assert from_text(as_text(found)) == found
    assert from_text("") == ()


def test_the_numbers_of_the_actions_are_a_setting() -> None:
    other = Actions({each: 10 + number for number, each in enumerate(Action)})
    assert other.of(10) is Action.CREATE
    assert other.of(1) is None
    assert [ACTIONS.of(number) for number in range(7)] == [None, *Action, None]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({Action.CREATE: 1}, "without one: update, withdraw, reinstate, promote"),
        ({each: number for number, each in enumerate(Action)}, "0 means no action"),
        (dict.fromkeys(Action, 1), "the same number"),
    ],
)
def test_numbers_that_cannot_be_told_apart_are_refused(numbers: dict[Action, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Actions(numbers)


def test_a_repr_shows_no_learner() -> None:
    assert "Darcie" not in repr(submitted())


def test_a_finding_is_a_code_and_a_field() -> None:
    assert from_text("W001:LearnerPostcode") == (Finding(from_text("W001:x")[0].code, "LearnerPostcode"),)
    assert not from_text("W001:LearnerPostcode")[0].refuses
