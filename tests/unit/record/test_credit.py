"""Credit counts once, whoever awarded a unit, under whichever of a learner's ULNs (domain §1, §9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.learners import DARCIE, SIAN
from tests.unit.record.recordings import Shown, recorded
from tests.unit.record.submissions import AO, OTHER_AO

from uln_server.record.action import Form
from uln_server.record.credit import counting, credits_of

WORTH = {"K/501/5773": 10, "H/600/1234": 3, "600/1166/X": None, "S/900/0403": 0}
AWARDS = st.builds(
    lambda organisation, uln, reference, form, withdrawn, day: Shown(
        organisation=organisation,
        uln=uln,
        reference=reference,
        credit=WORTH[reference],
        form=form,
        withdrawn=withdrawn,
        award_date=f"2026-06-{day}",
    ),
    st.sampled_from([AO, OTHER_AO]),
    st.sampled_from([DARCIE.uln, SIAN.uln]),
    st.sampled_from(sorted(WORTH)),
    st.sampled_from([str(each) for each in Form]),
    st.booleans(),
    st.integers(10, 30),
)


def key(each: Shown) -> tuple[str, str, str]:
    return each.organisation, each.uln, each.reference


def counted_in(awards: list[Shown]) -> dict[str, Shown]:
    return {reference: awards[place] for reference, place in counting(recorded(awards)).items()}


@given(st.lists(AWARDS, unique_by=key), st.data())
def test_each_unit_counts_once_whoever_awarded_it(awards: list[Shown], data: st.DataObject) -> None:
    counted = counted_in(awards)
    live = [each for each in awards if not each.withdrawn]
    assert set(counted) == {each.reference for each in live}
    assert counted_in(data.draw(st.permutations(awards))) == counted
    final = {each.reference for each in live if each.form == Form.FINAL}
    assert {name for name, each in counted.items() if each.form == Form.FINAL} == final
    added = credits_of(recorded(awards))
    assert sum(each or 0 for each in added) == sum(WORTH[name] or 0 for name in final)
    assert [each is None for each in added] == [each.credit is None for each in awards]


def test_the_earliest_final_award_is_the_one_that_counts() -> None:
    late = Shown(award_date="2026-07-01")
    other = Shown(organisation=OTHER_AO, uln=SIAN.uln)
    early = other._replace(organisation="90000003", form=Form.PROVISIONAL, award_date="2026-01-01")
    assert counted_in([late, other, early]) == {"K/501/5773": other}
    assert credits_of(recorded([late, other, early])) == [0, 10, 0]


@pytest.mark.parametrize("award", [Shown(form="Provisional"), Shown(withdrawn=True)])
def test_what_is_not_final_or_not_standing_adds_nothing(award: Shown) -> None:
    assert credits_of(recorded([award, award._replace(credit=None)])) == [0, None]
