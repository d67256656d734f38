"""The counters add up, whatever was submitted (domain §9)."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.record.submissions import AO, GIVEN, KNOWN, TODAY, known, submitted

from uln_contract.codes import AchievementCode
from uln_server.record.action import ACTIONS, Form
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.counting import Counters, counters, row_code
from uln_server.record.finding import Finding
from uln_server.record.judging import Verdict, judge
from uln_server.record.submitted import Submitted, read

FIELDS = st.fixed_dictionaries(
    {
        "Action": st.sampled_from("012345"),
        "ActionDate": st.sampled_from(["2026-07-01T00:00:00", "2026-07-02T00:00:00", "2026-07-03T00:00:00"]),
        "Grade": st.sampled_from([None, "Pass", "Merit"]),
        "ProviderUkprn": st.sampled_from(["10000001", "10000002"]),
        "GivenName": st.sampled_from(["Darcie", "Otto"]),
    }
)


def first() -> Award:
    award = judge(submitted(), KNOWN).award
    assert award is not None
    return award


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_done_counts_with_the_form_that_the_award_has(outcome: Outcome, form: Form) -> None:
    code = row_code(Verdict((), outcome, replace(first(), form=form)))
    counted = counters({code: 3})
    final = form is Form.FINAL
    assert getattr(counted, outcome) == counted.successful == counted.records == 3
    assert (counted.successful_final, counted.successful_provisional) == ((3, 0) if final else (0, 3))


@pytest.mark.parametrize(
    ("codes", "counter"),
    [
        ([AchievementCode.FD001], "field_data_errors"),
        ([AchievementCode.W001, AchievementCode.LD002, AchievementCode.LD003], "learner_data_errors"),
        ([AchievementCode.W001, AchievementCode.BR002], "business_rule_errors"),
    ],
)
def test_what_was_refused_counts_once_in_its_class(codes: list[AchievementCode], counter: str) -> None:
    verdict = Verdict(tuple(Finding(code, "Field") for code in codes))
    counted = counters({row_code(verdict): 1})
    assert getattr(counted, counter) == counted.records == 1
    assert (counted.successful, counted.percentage(1)) == (0, "0.00")


def test_of_nothing_nothing_was_carried_out() -> None:
    assert (counters({}).records, counters({}).percentage(0)) == (0, "0.00")


def test_the_percentage_is_of_the_records() -> None:
    counted = counters({"created Final": 2, "updated Provisional": 1, "Field data": 1})
    assert (counted.created, counted.updated, counted.successful_final) == (2, 1, 2)
    # Of those that are to come as well: of a job that was cancelled, most were not carried out.
    assert (counted.percentage(4), counted.percentage(40)) == ("75.00", "7.50")
    assert counters({"created Final": 99_999, "Field data": 1}).percentage(100_000) == "99.99"
    assert counters({"created Final": 100_000}).percentage(100_000) == "100.00"


@given(st.lists(st.tuples(FIELDS, st.sampled_from(Form)), max_size=12))
def test_counters_add_up_and_an_award_is_one(rows: list[tuple[dict[str, str | None], Form]]) -> None:
    """Through two providers, provisional and final, in any order."""
    awards: dict[AwardKey, Award] = {}
    codes: Counter[str] = Counter()
    for fields, form in rows:
        sent = read({**GIVEN, **fields}, ACTIONS, TODAY)
        if not isinstance(sent, Submitted):
            codes[row_code(Verdict(sent))] += 1
            continue
        key = AwardKey(AO, sent.uln, sent.reference)
        verdict = judge(sent, known(held=awards.get(key), form=form))
        codes[row_code(verdict)] += 1
        if verdict.award is not None:
            awards[verdict.award.key] = verdict.award
    counted = counters(codes)
    assert _sum(counted) == counted.records == len(rows)
    assert counted.created == len(awards) <= 1


def _sum(counted: Counters) -> int:
    outcomes: int = sum(getattr(counted, each) for each in Outcome)
    assert outcomes == counted.successful
    return outcomes + counted.field_data_errors + counted.learner_data_errors + counted.business_rule_errors
