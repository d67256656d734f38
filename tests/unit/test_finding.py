"""Which names are a learner's, when a caller looks the learner up by ULN (domain §5)."""

import pytest
from tests.unit.learners import DARCIE, MERGED, SIAN, alone

from uln_server.register.finding import has_letters, names_agree


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Siân", "O'Brien-Łukasz"),
        ("SIAN", "OBRIENLUKASZ"),
        ("Shan", "O'Brien-Łukasz"),  # a similar given name
        ("Siân", "OBrien-Lukacz"),  # a similar family name
        ("Siân", "O'Brien"),  # a part of the family name
        ("Nell", "O'Brien-Łukasz"),  # the preferred given name
        ("Siân", "Evans"),  # the previous family name
        ("Siân", "Pritchard"),  # the family name at 16
        ("Siân", "Prichard"),  # similar to the family name at 16
        ("Nell", "Evans"),
        ("S", "Evans"),
    ],
)
def test_these_names_are_the_learner_s(given: str, family: str) -> None:
    assert names_agree(given, family, SIAN)


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Darcie", "O'Brien-Łukasz"),
        ("Siân", "Tucker"),
        ("Evans", "Siân"),
        ("O'Brien-Łukasz", "Siân"),
        ("Evans", "Evans"),
        ("Siân", "O"),
        ("-", "Evans"),
        ("Siân", "-"),
    ],
)
def test_these_names_are_not_the_learner_s(given: str, family: str) -> None:
    assert not names_agree(given, family, SIAN)


def test_names_that_the_register_does_not_hold_agree_with_nothing() -> None:
    assert names_agree("Darcie", "Tucker", DARCIE)
    assert not names_agree("None", "None", DARCIE)
    assert not names_agree("", "", DARCIE)


def test_an_entry_is_merged_when_another_record_stands_for_it() -> None:
    assert not alone(DARCIE).merged
    assert alone(DARCIE).records == (DARCIE,)
    assert MERGED.merged
    assert MERGED.records == (MERGED.asked, MERGED.current)


def test_whether_a_name_has_letters_is_asked_here_too() -> None:
    assert has_letters("Siân")
    assert not has_letters("-")
