"""What becomes of an achievement: learner data, business rules and warnings, each with its code (domain §9)."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.learners import DARCIE, MERGED, REED, REID, SIAN, alone
from tests.unit.record.submissions import AO, KNOWN, OTHER_AO, UNIT, known, submitted

from uln_contract.codes import AchievementCode
from uln_server.catalogue.entry import Availability, Entry, EntryKind
from uln_server.record.action import Action, Form
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.finding import as_text
from uln_server.record.judging import Known, Verdict, judge
from uln_server.record.submitted import Submitted

REFERENCE = "UnitOrQualificationReferenceNumber"
QUALIFICATION = replace(UNIT, kind=EntryKind.QUALIFICATION, grades=("Pass", "Merit"))


def found(verdict: Verdict) -> str:
    assert (verdict.outcome is None) == (verdict.award is None) == any(each.refuses for each in verdict.findings)
    return as_text(verdict.findings)


def judged(sent: Submitted | None = None, **changes: Any) -> str:
    return found(judge(sent or submitted(), known(**changes)))


def created() -> Award:
    award = judge(submitted(), KNOWN).award
    assert award is not None
    return award


def test_an_achievement_is_created() -> None:
    verdict = judge(submitted(), KNOWN)
    assert (found(verdict), verdict.outcome) == ("", Outcome.CREATED)
    assert verdict.award == created()
    assert verdict.award.key == AwardKey(AO, DARCIE.uln, "K5015773")
    assert verdict.award.details.grade == "Pass"


def test_it_is_kept_under_the_uln_that_was_sent() -> None:
    sent = submitted(Uln=REID.uln, GivenName="Jay", FamilyName="Ainsley")
    verdict = judge(sent, known(learner=MERGED))
    assert found(verdict) == "W004:Uln"
    assert verdict.award is not None
    assert verdict.award.key.uln == REID.uln


# ---- Learner data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "learner", "findings"),
    [
        ({}, None, "LD001:Uln"),
        ({}, alone(SIAN), "LD002:FamilyName"),
        ({"GivenName": "Otto"}, alone(DARCIE), "LD002:GivenName"),
        ({"GivenName": "Otto", "FamilyName": "Baker"}, alone(DARCIE), "LD002:FamilyName"),
        ({"GivenName": "Darcy"}, alone(DARCIE), "W003:FamilyName"),
        ({"GivenName": "Tucker", "FamilyName": "Darcie"}, alone(DARCIE), "W003:FamilyName"),
        ({"GivenName": "Nell", "FamilyName": "Evans"}, alone(SIAN), "W003:FamilyName"),
        ({"DateofBirth": "1976-08-16"}, alone(DARCIE), ""),
        ({"DateofBirth": "1976-08-17"}, alone(DARCIE), "LD003:DateofBirth"),
        ({"DateofBirth": "1976-08-17", "GivenName": "Otto"}, alone(DARCIE), "LD002:GivenName LD003:DateofBirth"),
        ({"LearnerPostcode": "cv49ee"}, alone(DARCIE), ""),
        ({"LearnerPostcode": "M1 2WD"}, alone(DARCIE), "W001:LearnerPostcode"),
        ({"Gender": "2"}, alone(DARCIE), ""),
        ({"Gender": "9"}, alone(DARCIE), ""),
        ({"Gender": "1"}, alone(DARCIE), "W002:Gender"),
        (
            {"GivenName": "Jordan", "FamilyName": "Reed", "LearnerPostcode": "M1 2WD", "Gender": "2"},
            MERGED,
            "W004:Uln W001:LearnerPostcode W002:Gender",
        ),
    ],
)
def test_the_learner_must_be_the_ulns_holder(fields: dict[str, str], learner: Any, findings: str) -> None:
    assert judged(submitted(**fields), learner=learner) == findings


def test_no_business_rule_is_asked_for_somebody_else() -> None:
    assert judged(learner=None, entry=None) == "LD001:Uln"


# ---- Business rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "entry", "findings"),
    [
        ({}, None, f"BR001:{REFERENCE}"),
        ({}, replace(UNIT, withdrawn="2026-06-30"), f"BR001:{REFERENCE}"),
        ({}, replace(UNIT, withdrawn="2026-07-01"), ""),
        ({"AchievementAwardDate": "2019-12-31"}, UNIT, "BR002:AchievementAwardDate"),
        ({"AchievementAwardDate": "2020-01-01"}, UNIT, ""),
        ({"AchievementAwardDate": "2026-08-31"}, UNIT, ""),
        ({"AchievementAwardDate": "2026-09-01"}, UNIT, "BR003:AchievementAwardDate"),
        ({}, replace(UNIT, owner_ukprn=OTHER_AO), f"BR004:{REFERENCE}"),
        ({}, replace(UNIT, owner_ukprn=None, owner_recognition_number="RN1"), f"BR004:{REFERENCE}"),
        ({}, replace(UNIT, owner_ukprn=OTHER_AO, listed=(AO,)), ""),
        ({}, replace(UNIT, owner_ukprn=OTHER_AO, availability=Availability.SHARED), ""),
        ({"Grade": "pass"}, UNIT, ""),
        ({"Grade": "Merit"}, UNIT, "BR005:Grade"),
        ({"Grade": "Merit"}, QUALIFICATION, ""),
        ({}, QUALIFICATION, "BR005:Grade"),
        ({"ProviderUkprn": "01000001"}, UNIT, "BR006:ProviderUkprn"),
        ({"ProviderUkprn": "1000000"}, None, f"BR001:{REFERENCE} BR006:ProviderUkprn"),
        (
            {"AchievementAwardDate": "2019-12-31", "Grade": "Merit"},
            replace(UNIT, owner_ukprn=OTHER_AO),
            f"BR002:AchievementAwardDate BR004:{REFERENCE} BR005:Grade",
        ),
    ],
)
def test_the_catalogue_decides(fields: dict[str, str], entry: Entry | None, findings: str) -> None:
    assert judged(submitted(**fields), entry=entry) == findings


def test_the_grade_is_kept_as_the_catalogue_spells_it() -> None:
    award = judge(submitted(Grade="mErit"), known(entry=QUALIFICATION)).award
    assert award is not None
    assert award.details.grade == "Merit"


@pytest.mark.parametrize(
    ("action", "held", "findings"),
    [
        ("1", True, f"BR011:{REFERENCE}"),
        ("2", False, f"BR007:{REFERENCE}"),
        ("3", False, f"BR007:{REFERENCE}"),
        ("4", False, f"BR007:{REFERENCE}"),
        ("5", False, f"BR007:{REFERENCE}"),
        ("4", True, "BR008:Action"),
        ("5", True, "BR010:Action"),
    ],
)
def test_an_action_needs_its_award(action: str, held: bool, findings: str) -> None:
    assert judged(submitted(Action=action), held=created() if held else None) == findings


def test_what_was_withdrawn_is_withdrawn_once_and_not_created_again() -> None:
    gone = judge(submitted(Action="3"), known(held=created())).award
    assert judged(submitted(Action="3"), held=gone) == "BR009:Action"
    assert judged(held=gone) == f"BR012:{REFERENCE}"


def test_an_older_action_changes_nothing() -> None:
    older = submitted(Action="2", ActionDate="2026-07-01T09:29:59")
    assert judged(older, held=created()) == "BR013:ActionDate"
    assert judged(older, held=created(), entry=None) == f"BR001:{REFERENCE} BR013:ActionDate"


@pytest.mark.parametrize(("action", "outcome"), [("3", Outcome.WITHDRAWN), ("4", Outcome.REINSTATED)])
def test_a_mistake_can_be_withdrawn_whatever_the_catalogue_says(action: str, outcome: Outcome) -> None:
    held = replace(created(), withdrawn=action == "4")
    sent = submitted(Action=action, ProviderUkprn="x", Grade="Merit")
    verdict = judge(sent, known(held=held, entry=None, provider_unlisted=True))
    assert (found(verdict), verdict.outcome) == ("", outcome)
    assert verdict.award is not None
    assert verdict.award.details == held.details


def test_an_award_under_a_merged_uln_keeps_it_when_the_master_is_sent() -> None:
    old = judge(submitted(Uln=REID.uln, GivenName="Jay", FamilyName="Ainsley"), known(learner=MERGED)).award
    sent = submitted(
        Action="2", Uln=REED.uln, GivenName="Jordan", FamilyName="Reed", LanguageForAssessment="Welsh"
    )
    verdict = judge(sent, known(learner=alone(REED), held=old))
    assert (found(verdict), verdict.outcome) == ("", Outcome.UPDATED)
    assert verdict.award is not None
    assert (verdict.award.key.uln, verdict.award.details.language) == (REID.uln, "Welsh")


# ---- Warnings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "changes", "findings"),
    [
        ({}, {"provider_unlisted": True}, "W005:ProviderUkprn"),
        ({}, {"elsewhere": True}, f"W007:{REFERENCE}"),
        ({"Action": "2"}, {"held": created(), "elsewhere": True}, "W006:Action"),
        ({"Action": "2", "MisIdentifier": "new"}, {"held": created()}, ""),
        ({"Action": "5"}, {"held": replace(created(), form=Form.PROVISIONAL)}, ""),
    ],
)
def test_a_warning_refuses_nothing(fields: dict[str, str], changes: dict[str, Any], findings: str) -> None:
    assert judged(submitted(**fields), **changes) == findings


def test_every_code_that_is_no_field_s_is_found_somewhere() -> None:
    """The tables above hold them all; a new code belongs into one of them."""
    tables = (
        "LD001 LD002 LD003 BR001 BR002 BR003 BR004 BR005 BR006 BR007 BR008 BR009 BR010 BR011 BR012 BR013 "
        "W001 W002 W003 W004 W005 W006 W007"
    )
    assert [each.value for each in AchievementCode if not each.startswith("FD")] == tables.split()


def test_the_submission_says_which_form_a_creation_has() -> None:
    for form in Form:
        award = judge(submitted(), known(form=form)).award
        assert award is not None
        assert award.form is form
    assert isinstance(KNOWN, Known)
    assert submitted().action is Action.CREATE
