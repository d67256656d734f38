"""The five actions over HTTP, on both databases: in any order, with credit that counts once."""

from collections.abc import Iterator
from itertools import permutations

import pytest
from tests.service import RunningService
from tests.soap.achievements import (
    FIRST_AO,
    PROMOTE,
    REINSTATE,
    SECOND_AO,
    SHARED_UNIT,
    UPDATE,
    WITHDRAW,
    Award,
    Row,
    achievement,
    awards,
    counted,
    credit,
    found,
    newcomers,
    outcome,
)

from uln_server.store.database import Database

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2024-02-{day:02}T09:30:00Z" for day in range(5, 10))


@pytest.fixture
def register(changing_service: RunningService) -> Iterator[Database]:
    with changing_service.register() as opened:
        yield opened


@pytest.fixture
def learner(register: Database) -> Row:
    """A learner who has no achievement yet."""
    return newcomers(register, 1)[0]


def state(award: Award) -> tuple[str, bool, str, str | None]:
    """Form, whether it is withdrawn, provider and language: what the actions of these tests change."""
    return (award.form, award.withdrawn, award.provider_ukprn, award.language)


def test_an_award_through_all_five_actions(
    changing_service: RunningService, register: Database, learner: Row
) -> None:
    def done(form: str = "Final", **changes: str | None) -> dict[str, int]:
        return counted(outcome(changing_service, achievement(learner, **changes), form=form))

    def held() -> tuple[str, bool, str, str | None]:
        (award,) = awards(register, learner)
        return state(award)

    assert done("Provisional", ActionDate=MONDAY) == {"created": 1, "provisional": 1}
    assert held() == ("Provisional", False, "90000004", None)
    assert credit(register, learner) == 0
    changed = {"ProviderUkprn": "90000002", "LanguageForAssessment": "Welsh"}
    assert done(Action=UPDATE, ActionDate=TUESDAY, **changed) == {"updated": 1, "provisional": 1}
    assert held() == ("Provisional", False, "90000002", "Welsh")
    assert done("Provisional", Action=PROMOTE, ActionDate=WEDNESDAY, **changed) == {"promoted": 1, "final": 1}
    assert held() == ("Final", False, "90000002", "Welsh")
    assert credit(register, learner) == 3
    withdrawal = {"Action": WITHDRAW, "ActionDate": THURSDAY, "ActionReason": "Marked again after an appeal"}
    assert done(**withdrawal) == {"withdrawn": 1, "final": 1}
    assert held() == ("Final", True, "90000002", "Welsh")
    assert credit(register, learner) == 0
    assert done(Action=REINSTATE, ActionDate=FRIDAY) == {"reinstated": 1, "final": 1}
    assert held() == ("Final", False, "90000002", "Welsh")
    assert credit(register, learner) == 3
    history = register.reading().awards.history(str(learner["Uln"]))
    assert [each.kind for each in history] == ["created", "updated", "promoted", "withdrawn", "reinstated"]
    assert {each.user for each in history} == {"tester"}
    assert history[3].reason == "Marked again after an appeal"
    assert history[1].before["provider_ukprn"] == "90000004"


def test_a_final_achievement_after_a_provisional_one_promotes_it(
    changing_service: RunningService, register: Database, learner: Row
) -> None:
    again = achievement(learner, Grade="pass")
    assert counted(outcome(changing_service, again, form="provisional")) == {"created": 1, "provisional": 1}
    refused = outcome(changing_service, again, form="Provisional")
    assert (counted(refused), found(refused)) == ({"business": 1}, [(1, "BR011")])
    assert counted(outcome(changing_service, again, form="FINAL")) == {"promoted": 1, "final": 1}
    assert found(outcome(changing_service, again)) == [(1, "BR011")]
    assert [each.form for each in awards(register, learner)] == ["Final"]
    assert credit(register, learner) == 3


def test_the_same_unit_through_two_centres_twice_in_one_batch_is_one_award(
    changing_service: RunningService, register: Database, learner: Row
) -> None:
    other = achievement(learner, ProviderUkprn="90000002", AchievementAwardDate="2024-01-30T00:00:00")
    answer = outcome(changing_service, achievement(learner), other, achievement(learner))
    assert counted(answer) == {"created": 1, "final": 1, "business": 2}
    assert found(answer) == [(2, "BR011"), (3, "BR011")]
    (award,) = awards(register, learner)
    assert (award.provider_ukprn, award.award_date) == ("90000004", "2024-01-31")
    assert credit(register, learner) == 3


def test_the_same_unit_from_two_awarding_organisations_counts_once(
    changing_service: RunningService, register: Database, learner: Row
) -> None:
    shared = achievement(learner, UnitOrQualificationReferenceNumber=SHARED_UNIT)
    assert found(outcome(changing_service, shared, by=FIRST_AO)) == []
    assert found(outcome(changing_service, shared, by=SECOND_AO)) == [(1, "W007")]
    assert {each.organisation for each in awards(register, learner)} == {"90000001", "90000006"}
    assert credit(register, learner) == 2
    withdrawn = outcome(changing_service, {**shared, "Action": WITHDRAW, "ActionDate": FRIDAY}, by=SECOND_AO)
    assert counted(withdrawn) == {"withdrawn": 1, "final": 1}
    assert [each.withdrawn for each in sorted(awards(register, learner))] == [False, True]
    assert credit(register, learner) == 2


def test_an_older_action_undoes_no_newer_one_in_whatever_order_they_arrive(
    changing_service: RunningService, register: Database
) -> None:
    """Each order with a learner of its own, all in one batch."""
    later = [
        {"Action": UPDATE, "ActionDate": TUESDAY, "LanguageForAssessment": "Irish"},
        {"Action": WITHDRAW, "ActionDate": WEDNESDAY},
        {"Action": UPDATE, "ActionDate": THURSDAY, "LanguageForAssessment": "Welsh"},
    ]
    orders = list(permutations(later))
    learners = newcomers(register, len(orders))
    rows = [
        achievement(learner, **changes)
        for learner, order in zip(learners, orders, strict=True)
        for changes in ({"ActionDate": MONDAY}, *order)
    ]
    answer = outcome(changing_service, *rows)
    assert {code for _, code in found(answer)} == {"BR013"}
    for learner in learners:
        (award,) = awards(register, learner)
        assert state(award) == ("Final", True, "90000004", "Welsh")
    undone = [achievement(each, Action=REINSTATE, ActionDate=TUESDAY) for each in learners]
    refused = outcome(changing_service, *undone)
    assert counted(refused) == {"business": len(learners)}
    assert {code for _, code in found(refused)} == {"BR013"}


def test_a_merged_learner_s_awards_are_the_master_s_until_they_are_separated(
    changing_service: RunningService, register: Database
) -> None:
    old, master = newcomers(register, 2)
    first = {"UnitOrQualificationReferenceNumber": "S/900/0002"}
    outcome(changing_service, achievement(old), achievement(master, **first))
    with register.writing() as writing:
        writing.learners.merge(str(old["Uln"]), str(master["Uln"]))
    assert credit(register, master) == 6
    assert len(awards(register, master)) == 2
    # Under either ULN: the master's unit once more, and what the old one has, now as the master's.
    rows = [
        achievement(old, **first),
        achievement(old, UnitOrQualificationReferenceNumber="S/900/0003"),
        achievement(master, Action=UPDATE, ActionDate=FRIDAY, LanguageForAssessment="Welsh"),
    ]
    answer = outcome(changing_service, *rows)
    assert found(answer) == [(1, "W004"), (1, "W007"), (2, "W004")]
    assert counted(answer) == {"created": 2, "updated": 1, "final": 3}
    assert credit(register, master) == 9
    assert credit(register, old) == 9
    with register.writing() as writing:
        writing.learners.unmerge(str(old["Uln"]))
    assert {each.reference for each in awards(register, master)} == {"S/900/0002"}
    assert credit(register, master) == 3
    separate = {each.reference: each.language for each in awards(register, old)}
    assert separate == {"S/900/0001": "Welsh", "S/900/0002": None, "S/900/0003": None}
    assert credit(register, old) == 9


def test_what_is_withdrawn_or_reinstated_needs_neither_catalogue_nor_provider(
    changing_service: RunningService, learner: Row
) -> None:
    nowhere = {"ProviderUkprn": "x", "Grade": "Merit", "AchievementAwardDate": "2001-01-01T00:00:00"}
    answer = outcome(
        changing_service,
        achievement(learner),
        achievement(learner, Action=WITHDRAW, **nowhere),
        achievement(learner, Action=REINSTATE, **nowhere),
    )
    assert (counted(answer), found(answer)) == ({"created": 1, "withdrawn": 1, "reinstated": 1, "final": 3}, [])
