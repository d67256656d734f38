"""Batches of achievements: each row judged in its order, on what the rows before it left (domain §6, §9)."""

from dataclasses import replace

import pytest
from tests.unit.batch.achievements import JOB, NOW, Awards, Providers, Unit, rows, sent
from tests.unit.learners import REED, REID
from tests.unit.record.submissions import AO

from uln_server.batch.achieving import FINDINGS, Achieving, AchievingUnit
from uln_server.batch.job import Fields, Job, Processor
from uln_server.record.action import ACTIONS, Action, Actions
from uln_server.record.award import AwardKey, Outcome
from uln_server.register.authorship import Author

PROCESSOR: Processor[AchievingUnit] = Achieving(ACTIONS, clock=lambda: NOW)
OF_JAY = {"Uln": REID.uln, "GivenName": REID.given_name, "FamilyName": REID.family_name}
OF_JORDAN = {"Uln": REED.uln, "GivenName": REED.given_name, "FamilyName": REED.family_name}


def worked_off(unit: Unit, *given: Fields, job: Job = JOB) -> list[tuple[str, str | None]]:
    """Each row's code and findings."""
    results = PROCESSOR.process(job, rows(*given), unit)
    assert [each.position for each in results] == list(range(1, len(given) + 1))
    return [(each.code, each.values.get(FINDINGS)) for each in results]


def test_a_row_is_judged_on_what_the_rows_before_it_left() -> None:
    unit = Unit()
    assert worked_off(
        unit,
        sent(),
        sent(ProviderUkprn="10000002"),
        sent(Action="3", ActionReason="sent in error"),
        sent(Action="3"),
        sent(Action="4"),
    ) == [
        ("created Final", None),
        ("Business rule", "BR011:UnitOrQualificationReferenceNumber"),
        ("withdrawn Final", None),
        ("Business rule", "BR009:Action"),
        ("reinstated Final", None),
    ]
    assert [(each.outcome, each.position, each.reason) for each in unit.awards.changes] == [
        (Outcome.CREATED, 1, None),
        (Outcome.WITHDRAWN, 3, "sent in error"),
        (Outcome.REINSTATED, 5, None),
    ]
    created, withdrawn, reinstated = unit.awards.changes
    assert (created.before, withdrawn.before, reinstated.before) == (None, created.after, withdrawn.after)
    assert created.after.key == AwardKey(AO, str(sent()["Uln"]), "K5015773")


def test_a_later_chunk_sees_what_an_earlier_one_kept() -> None:
    unit = Unit()
    assert worked_off(unit, sent()) == [("created Final", None)]
    assert worked_off(unit, sent()) == [("Business rule", "BR011:UnitOrQualificationReferenceNumber")]
    assert len(unit.awards.held) == 1


def test_errors_are_told_by_class_and_change_nothing() -> None:
    unit = Unit()
    codes = worked_off(
        unit,
        sent(Uln="1234567890", Action="0"),
        sent(Uln="1174112637"),
        sent(GivenName="Oluwaseun", FamilyName="Park"),
        sent(UnitOrQualificationReferenceNumber="A/000/0000"),
    )
    assert codes == [
        ("Field data", "FD005:Action FD006:Uln"),
        ("Learner data", "LD001:Uln"),
        ("Learner data", "LD002:FamilyName"),
        ("Business rule", "BR001:UnitOrQualificationReferenceNumber"),
    ]
    assert unit.awards.changes == []


def test_no_date_may_lie_behind_the_day_of_submission() -> None:
    late = replace(JOB, submitted_at=NOW.replace(year=2026, month=6, day=29))
    assert worked_off(Unit(), sent(), job=late) == [("Field data", "FD004:AchievementAwardDate FD004:ActionDate")]


def test_a_provisional_award_becomes_final_and_is_none_besides() -> None:
    unit = Unit()
    assert worked_off(unit, sent(), job=replace(JOB, form="Provisional")) == [("created Provisional", None)]
    assert worked_off(unit, sent()) == [("promoted Final", None)]
    assert len(unit.awards.held) == 1


def test_a_list_of_providers_that_has_not_this_one_is_a_warning() -> None:
    unlisted = Unit(providers=Providers(("10000002",)))
    assert worked_off(unlisted, sent()) == [("created Final", "W005:ProviderUkprn")]
    assert worked_off(Unit(providers=Providers(("10000001",))), sent()) == [("created Final", None)]


def test_an_award_is_kept_under_the_uln_that_was_sent_and_reached_by_the_other() -> None:
    merged = Unit(awards=Awards({REED.uln: (REID.uln,)}))
    created, warned = worked_off(merged, sent(**OF_JAY), sent(**OF_JORDAN, Action="2", ProviderUkprn="10000002"))
    assert (created, warned) == (("created Final", "W004:Uln"), ("updated Final", None))
    (award,) = merged.awards.held.values()
    assert (award.key.uln, award.version, award.details.provider_ukprn) == (REID.uln, 2, "10000002")
    again = worked_off(merged, sent(**OF_JORDAN))
    assert again == [("created Final", "W007:UnitOrQualificationReferenceNumber")]


def test_it_says_who_did_it_and_lets_the_organisations_others_wait() -> None:
    unit = Unit()
    worked_off(unit, sent())
    by = Author(at=NOW, message_id="message-1", organisation_id=1, organisation=AO, user="Someone")
    assert (unit.awards.holders, unit.awards.authors) == ([AO], [(100_001, by)])


@pytest.mark.parametrize(("number", "code"), [("7", "created Final"), ("1", "Field data")])
def test_the_numbers_of_the_actions_are_given(number: str, code: str) -> None:
    numbers = {each: place for place, each in enumerate(Action, 7)}
    (result,) = Achieving(Actions(numbers)).process(JOB, rows(sent(Action=number)), Unit())
    assert result.code == code
