"""The name criteria's measured check, on the very pairs that the benchmark reports on (domain §5)."""

from collections import Counter

import pytest
from benchmarks import name_criteria
from benchmarks.labelled_pairs import Label, pairs, typos_in_any_name


def test_there_are_ten_thousand_pairs() -> None:
    assert Counter(pair.label for pair in pairs()) == {
        Label.STRANGERS: 5000,
        Label.TWINS: 1500,
        Label.ONE_TYPO: 1500,
        Label.EARLIER_NAME: 1000,
        Label.SHORT_NAME: 1000,
    }


def test_every_criterion_is_met_on_them_and_the_report_says_its_figure(capsys: pytest.CaptureFixture[str]) -> None:
    met = name_criteria.report()
    printed = capsys.readouterr().out
    assert met, printed
    assert all(criterion.name in printed for criterion in name_criteria.CRITERIA)
    assert printed.count(" met") == len(name_criteria.CRITERIA)


def test_the_same_seed_gives_the_same_pairs() -> None:
    assert pairs(7, 100) == pairs(7, 100) != pairs(8, 100)


def test_a_typo_may_fall_into_any_name_for_information() -> None:
    assert any(len(pair.learner.given_name) < 5 for pair in typos_in_any_name(count=200))
