"""What an action makes of an award, and that the order of arrival does not decide (domain §9)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.record.submissions import AO

from uln_contract.codes import AchievementCode
from uln_server.record.action import Action, Form
from uln_server.record.award import Award, AwardKey, Deed, Details, Outcome, Step, act

KEY = AwardKey(AO, "1026893096", "K5015773")
CREATE, UPDATE, WITHDRAW, REINSTATE, PROMOTE = Action
FINAL, PROVISIONAL = Form


def on(day: int) -> datetime:
    return datetime(2026, 7, 1, tzinfo=UTC) + timedelta(days=day)


def details(grade: str = "Pass", **fields: str | None) -> Details:
    sent: dict[str, str | None] = {
        "provider_ukprn": "10000001",
        "language": None,
        "mis_identifier": None,
        **fields,
    }
    return Details(award_date="2026-06-30", grade=grade, **sent)  # type: ignore[arg-type]  # texts, as Details wants


def deed(action: Action, day: int, grade: str = "Pass", form: Form = FINAL) -> Deed:
    return Deed(action, on(day), details(grade), form)


def after(*deeds: Deed) -> Award | None:
    """The award after deeds, those that are refused left out."""
    held: Award | None = None
    for each in deeds:
        done = act(held, KEY, each)
        held = done.award if isinstance(done, Step) else held
    return held


def held(*deeds: Deed) -> Award:
    award = after(*deeds)
    assert award is not None
    assert award.version == len(deeds)
    return award


def done(award: Award | None, what: Deed) -> Outcome | AchievementCode:
    step = act(award, KEY, what)
    return step.outcome if isinstance(step, Step) else step


LIVE = held(deed(CREATE, 1))
PROMISED = held(deed(CREATE, 1, form=PROVISIONAL))
WITHDRAWN = held(deed(CREATE, 1), deed(WITHDRAW, 3))
BACK = held(deed(CREATE, 1), deed(WITHDRAW, 3), deed(REINSTATE, 5))
UPDATED = held(deed(CREATE, 1), deed(UPDATE, 3))


def test_an_award_is_created_once() -> None:
    assert (LIVE.key, LIVE.details, LIVE.details_at, LIVE.withdrawn_at) == (KEY, details(), on(1), on(1))
    assert (LIVE.form, LIVE.withdrawn, LIVE.version) == (FINAL, False, 1)
    assert PROMISED.form is PROVISIONAL


@pytest.mark.parametrize(
    ("award", "what", "outcome"),
    [
        (None, deed(UPDATE, 1), AchievementCode.BR007),
        (None, deed(WITHDRAW, 1), AchievementCode.BR007),
        (None, deed(REINSTATE, 1), AchievementCode.BR007),
        (None, deed(PROMOTE, 1), AchievementCode.BR007),
        (LIVE, deed(CREATE, 2), AchievementCode.BR011),
        (LIVE, deed(CREATE, 2, form=PROVISIONAL), AchievementCode.BR011),
        (PROMISED, deed(CREATE, 2, form=PROVISIONAL), AchievementCode.BR011),
        (PROMISED, deed(CREATE, 2), Outcome.PROMOTED),
        (WITHDRAWN, deed(CREATE, 4), AchievementCode.BR012),
        (LIVE, deed(UPDATE, 1), Outcome.UPDATED),
        (LIVE, deed(UPDATE, 0), AchievementCode.BR013),
        (UPDATED, deed(UPDATE, 2), AchievementCode.BR013),
        (WITHDRAWN, deed(UPDATE, 2), Outcome.UPDATED),
        (LIVE, deed(WITHDRAW, 0), AchievementCode.BR013),
        (LIVE, deed(WITHDRAW, 1), Outcome.WITHDRAWN),
        (UPDATED, deed(WITHDRAW, 2), Outcome.WITHDRAWN),
        (WITHDRAWN, deed(WITHDRAW, 4), AchievementCode.BR009),
        (BACK, deed(WITHDRAW, 4), AchievementCode.BR013),
        (BACK, deed(WITHDRAW, 6), Outcome.WITHDRAWN),
        (LIVE, deed(REINSTATE, 2), AchievementCode.BR008),
        (BACK, deed(REINSTATE, 6), AchievementCode.BR008),
        (WITHDRAWN, deed(REINSTATE, 2), AchievementCode.BR013),
        (WITHDRAWN, deed(REINSTATE, 3), Outcome.REINSTATED),
        (LIVE, deed(PROMOTE, 2), AchievementCode.BR010),
        (PROMISED, deed(PROMOTE, 0), Outcome.PROMOTED),
    ],
)
def test_each_action_on_each_award(award: Award | None, what: Deed, outcome: Outcome | AchievementCode) -> None:
    assert done(award, what) is outcome


def test_an_update_replaces_the_details_as_a_whole() -> None:
    new = Deed(UPDATE, on(2), details("Merit", language="Welsh"), PROVISIONAL)
    award = held(deed(CREATE, 1, form=FINAL), new)
    assert (award.details, award.details_at, award.form) == (new.details, on(2), FINAL)


def test_a_promotion_brings_its_details_unless_newer_ones_are_held() -> None:
    newer = held(deed(CREATE, 1, "A", PROVISIONAL), deed(PROMOTE, 2, "B"))
    older = held(deed(CREATE, 1, "A", PROVISIONAL), deed(UPDATE, 3, "C"), deed(PROMOTE, 2, "B"))
    assert (newer.form, newer.details.grade) == (FINAL, "B")
    assert (older.form, older.details.grade, older.details_at) == (FINAL, "C", on(3))


def test_a_final_creation_promotes_a_provisional_award_and_makes_no_second() -> None:
    award = held(deed(CREATE, 1, "A", PROVISIONAL), deed(CREATE, 2, "B"))
    assert (award.form, award.details.grade) == (FINAL, "B")


# ---- Whatever arrives when --------------------------------------------------------------------------------------

# An award is promoted once: of two promotions the first to arrive is taken, and the other answers BR010 for good.
FOLLOWING = st.lists(st.sampled_from([UPDATE, WITHDRAW, REINSTATE, PROMOTE]), max_size=5).filter(
    lambda actions: actions.count(PROMOTE) <= 1
)


@st.composite
def stories(draw: st.DrawFn) -> list[Deed]:
    """What was done with an award, in the order in which it was decided, each on a day of its own."""
    first = deed(CREATE, draw(st.integers(0, 2)), "0", draw(st.sampled_from(Form)))
    later = [deed(each, day, str(day)) for day, each in enumerate(draw(FOLLOWING), 3)]
    return [first, *later]


def as_it_counts(award: Award | None) -> tuple[object, ...] | None:
    """Everything about an award but how often, and when, it was withdrawn."""
    return None if award is None else (award.details, award.details_at, award.form, award.withdrawn)


def sent_until_nothing_more_is_taken(deeds: Sequence[Deed]) -> Award | None:
    """Send deeds in this order, and those that were refused again, as long as any of them is carried out."""
    award: Award | None = None
    waiting, before = list(deeds), len(deeds) + 1
    while len(waiting) < before:
        before, refused = len(waiting), []
        for each in waiting:
            step = act(award, KEY, each)
            if isinstance(step, Step):
                award = step.award
            else:
                refused.append(each)
        waiting = refused
    return award


@given(stories(), st.data())
def test_the_order_of_arrival_does_not_decide(story: list[Deed], data: st.DataObject) -> None:
    """Whoever sends again what was refused ends where the actions end in the order of their dates."""
    arrived = data.draw(st.permutations(story))
    expected = as_it_counts(sent_until_nothing_more_is_taken(story))
    assert as_it_counts(sent_until_nothing_more_is_taken(arrived)) == expected


@given(stories(), st.data())
def test_an_award_is_what_its_accepted_actions_make_of_it_in_their_order(
    story: list[Deed], data: st.DataObject
) -> None:
    accepted, award = [], None
    for each in data.draw(st.permutations(story)):
        step = act(award, KEY, each)
        if isinstance(step, Step):
            accepted.append(each)
            award = step.award
    again = after(*sorted(accepted, key=lambda each: (each.action is not CREATE, each.at)))
    assert again == award


@given(st.permutations([deed(UPDATE, 2, "2"), deed(UPDATE, 3, "3"), deed(WITHDRAW, 4), deed(PROMOTE, 5, "5")]))
def test_what_needs_nothing_but_the_award_may_arrive_in_any_order(arrived: list[Deed]) -> None:
    first = deed(CREATE, 1, "1", PROVISIONAL)
    award = after(first, *arrived)
    assert as_it_counts(award) == (details("5"), on(5), FINAL, True)


def test_no_order_of_withdrawing_and_reinstating_undoes_the_newest() -> None:
    for order in permutations([deed(WITHDRAW, 2), deed(REINSTATE, 3), deed(WITHDRAW, 4), deed(REINSTATE, 5)]):
        award = sent_until_nothing_more_is_taken([deed(CREATE, 1), *order])
        assert award is not None
        assert not award.withdrawn
