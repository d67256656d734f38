"""Which award an action is about, before and after a merge, and who else has the same unit (domain §6, §9)."""

from dataclasses import replace

import pytest
from tests.unit.record.submissions import AO, KNOWN, OTHER_AO, submitted

from uln_server.record.action import Action
from uln_server.record.award import Award, AwardKey
from uln_server.record.holdings import Holdings
from uln_server.record.judging import judge

OLD, MASTER = "4444599390", "6936002314"
LINKED = {OLD: (MASTER,), MASTER: (OLD,)}
UNIT = "K5015773"


def award(uln: str = OLD, organisation: str = AO, reference: str = UNIT) -> Award:
    made = judge(submitted(), KNOWN).award
    assert made is not None
    return replace(made, key=AwardKey(organisation, uln, reference))


def key(uln: str, organisation: str = AO) -> AwardKey:
    return AwardKey(organisation, uln, UNIT)


@pytest.mark.parametrize("action", [each for each in Action if each is not Action.CREATE])
def test_an_award_is_reached_by_either_uln_while_they_are_merged(action: Action) -> None:
    merged, apart = Holdings([award()], LINKED), Holdings([award()], {})
    assert merged.held(key(OLD), action) == merged.held(key(MASTER), action) == award()
    assert (apart.held(key(OLD), action), apart.held(key(MASTER), action)) == (award(), None)


def test_the_uln_that_was_sent_comes_first() -> None:
    both = Holdings([award(), award(MASTER)], LINKED)
    assert both.held(key(MASTER), Action.UPDATE) == award(MASTER)
    assert both.held(key(OLD), Action.UPDATE) == award(OLD)


def test_a_creation_is_about_the_uln_that_was_sent() -> None:
    holdings = Holdings([award()], LINKED)
    assert holdings.held(key(MASTER), Action.CREATE) is None
    assert holdings.held(key(OLD), Action.CREATE) == award()


def test_another_organisation_s_award_is_not_reached() -> None:
    assert Holdings([award(organisation=OTHER_AO)], LINKED).held(key(OLD), Action.UPDATE) is None


@pytest.mark.parametrize(
    ("other", "elsewhere"),
    [
        (award(), False),
        (award(MASTER), True),
        (award(organisation=OTHER_AO), True),
        (award(MASTER, OTHER_AO), True),
        (award(MASTER, reference="H6001234"), False),
        (award("9276308686"), False),
        (replace(award(MASTER), withdrawn=True), False),
    ],
)
def test_the_same_unit_may_be_held_elsewhere(other: Award, elsewhere: bool) -> None:
    assert Holdings([other], LINKED).elsewhere(key(OLD)) is elsewhere


def test_a_later_state_takes_the_place_of_an_earlier_one() -> None:
    holdings = Holdings([award()], {})
    gone = replace(award(), withdrawn=True, version=2)
    holdings.take(gone)
    assert holdings.held(key(OLD), Action.REINSTATE) == gone
