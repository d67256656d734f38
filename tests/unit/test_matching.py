"""Find by demographics: which records match, which is answered, and in what order (domain §5)."""

from dataclasses import replace
from itertools import permutations

import pytest
from tests.unit.learners import DARCIE, SIAN
from tests.unit.searches import WED, answer, into, numbered, search

# ---- Equal in all five ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"given_name": "SIAN"},
        {"family_name": "OBRIEN LUKASZ"},
        {"given_name": " Sian ", "family_name": "O`Brien Lukasz"},
        {"last_known_post_code": "cv49ee"},
        {"last_known_post_code": "CV4 9EE  "},
    ],
)
def test_one_record_equal_in_all_five_is_the_exact_match(otherwise: dict[str, str]) -> None:
    assert answer(search(SIAN, **otherwise), SIAN) == "0004 86"


def test_an_exact_match_is_answered_whatever_else_is_similar() -> None:
    mover = numbered(SIAN, 1, last_known_post_code="M1 2WD")
    swapped = numbered(SIAN, 2, given_name=SIAN.family_name, family_name=SIAN.given_name)
    unspecified = numbered(SIAN, 3, gender="9")
    assert answer(search(SIAN), mover, swapped, unspecified, SIAN) == "0004 86"
    assert answer(search(SIAN), *(numbered(SIAN, n, gender="9") for n in range(30)), SIAN) == "0004 86"


@pytest.mark.parametrize("gender", ["0", "9"])
def test_a_gender_that_is_not_known_is_never_equal(gender: str) -> None:
    unknown = replace(DARCIE, gender=gender)
    assert answer(search(DARCIE, gender=gender), DARCIE) == "0003 96"
    assert answer(search(DARCIE), unknown) == "0003 96"
    assert answer(search(unknown), unknown) == "0003 96"
    assert answer(search(DARCIE, gender={"0": "9", "9": "0"}[gender]), unknown) == "0003 96"


@pytest.mark.parametrize("code", ["ZZ99 9ZZ", "zz999zz"])
def test_the_unknown_postcode_never_makes_a_postcode_match(code: str) -> None:
    unknown = replace(DARCIE, last_known_post_code="ZZ99 9ZZ")
    assert answer(search(DARCIE, last_known_post_code=code), DARCIE) == "0003 96"
    assert answer(search(DARCIE), unknown) == "0003 96"
    assert answer(search(unknown, last_known_post_code=code), unknown) == "0003 96"
    # It is the one difference, so that nothing else may differ.
    assert answer(search(unknown, given_name="Darcy"), unknown) == "0001"


def test_names_without_letters_are_equal_to_nothing() -> None:
    nameless = replace(DARCIE, given_name="-", family_name="...")
    assert answer(search(nameless), nameless) == "0001"


# ---- Possible: at most one difference -------------------------------------------------------------------------


# To Siân O'Brien-Łukasz: preferred Nell, previously Evans, Pritchard at 16, born 2001-02-28, 2, CV4 9EE.
ONE_DIFFERENCE = {
    "another postcode": {"last_known_post_code": "M1 2WD"},
    "names swapped": {"given_name": "O'Brien-Lukasz", "family_name": "Sian"},
    "given name similar: a variant": {"given_name": "Shân"},
    "given name similar: an initial": {"given_name": "S"},
    "family name similar: one part": {"family_name": "O'Brien"},
    "family name similar: one edit": {"family_name": "O'Brien-Lukacz"},
    "the preferred given name": {"given_name": "NELL"},
    "the previous family name": {"family_name": "evans"},
    "the family name at 16": {"family_name": "Pritchard"},
}
TOO_MUCH = {
    "date of birth": {"date_of_birth": "2001-02-27"},
    "day and month of birth swapped": {"date_of_birth": "2001-12-08"},
    "gender": {"gender": "1"},
    "given name": {"given_name": "Nia"},
    "family name": {"family_name": "Featherstone"},
    "both names similar": {"given_name": "Shân", "family_name": "O'Brien"},
    "similar to the preferred name: an initial": {"given_name": "N"},
    "similar to the preferred name: its long form": {"given_name": "Eleanor"},
    "similar to the previous family name": {"family_name": "Evanss"},
    "similar to the name at 16": {"family_name": "Prichard"},
    "preferred and previous name": {"given_name": "Nell", "family_name": "Evans"},
    "preferred name, family name similar": {"given_name": "Nell", "family_name": "O'Brien"},
    "previous family name, given name similar": {"given_name": "S", "family_name": "Evans"},
    "previous family name, another given name": {"given_name": "Nia", "family_name": "Evans"},
    "preferred name, another family name": {"given_name": "Nell", "family_name": "Featherstone"},
    "given and previous family name swapped": {"given_name": "Evans", "family_name": "Siân"},
    "preferred and family name swapped": {"given_name": "O'Brien-Łukasz", "family_name": "Nell"},
    "swapped, and one similar": {"given_name": "O'Brien", "family_name": "Siân"},
    "swapped, and the other similar": {"given_name": "O'Brien-Łukasz", "family_name": "Shân"},
    "half swapped": {"given_name": "O'Brien-Łukasz", "family_name": "Featherstone"},
    "previous family name as given name": {"given_name": "Evans"},
    "preferred given name as family name": {"family_name": "Nell"},
    "an initial as family name": {"family_name": "O"},
}


@pytest.mark.parametrize("otherwise", ONE_DIFFERENCE.values(), ids=list(ONE_DIFFERENCE))
def test_one_difference_is_a_possible_match(otherwise: dict[str, str]) -> None:
    assert answer(search(SIAN, **otherwise), SIAN) == "0003 86"


@pytest.mark.parametrize("gender", ["0", "9"])
@pytest.mark.parametrize("otherwise", ONE_DIFFERENCE.values(), ids=list(ONE_DIFFERENCE))
def test_a_gender_that_is_not_known_is_no_difference_of_its_own(otherwise: dict[str, str], gender: str) -> None:
    assert answer(search(SIAN, **otherwise, gender=gender), SIAN) == "0003 86"
    assert answer(search(SIAN, **otherwise), replace(SIAN, gender=gender)) == "0003 86"


@pytest.mark.parametrize("otherwise", list(ONE_DIFFERENCE.values())[1:], ids=list(ONE_DIFFERENCE)[1:])
@pytest.mark.parametrize("code", ["M1 2WD", "ZZ99 9ZZ"])
def test_two_differences_are_no_match(otherwise: dict[str, str], code: str) -> None:
    assert answer(search(SIAN, **otherwise, last_known_post_code=code), SIAN) == "0001"


@pytest.mark.parametrize("gender", ["2", "9"])
@pytest.mark.parametrize("otherwise", TOO_MUCH.values(), ids=list(TOO_MUCH))
def test_more_than_one_difference_is_no_match(otherwise: dict[str, str], gender: str) -> None:
    held = replace(SIAN, gender=gender)
    expected = "0003 86" if gender == "9" and "gender" in otherwise else "0001"
    assert answer(search(SIAN, **otherwise), held) == expected


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ("Mohammed", "Muhammad"),
        ("Stephen", "Steven"),
        ("Seán", "Shaun"),
        ("Bob", "Robert"),
        ("Małgorzata", "Gosia"),
        ("Jonahtan", "Jonathan"),
    ],
)
def test_similar_is_what_the_name_criteria_call_so(sent: str, held: str) -> None:
    assert answer(search(DARCIE, given_name=sent), replace(DARCIE, given_name=held)) == "0003 96"
    assert answer(search(DARCIE, given_name=held), replace(DARCIE, given_name=sent)) == "0003 96"


@pytest.mark.parametrize(("one", "other"), [("Paul", "Paula"), ("Louis", "Louise"), ("Karim", "Karima")])
def test_twins_are_not_taken_for_each_other(one: str, other: str) -> None:
    brother, sister = (
        replace(DARCIE, given_name=one, gender="1"),
        replace(DARCIE, given_name=other, gender="2"),
    )
    assert answer(search(brother), sister) == "0001"
    assert answer(search(sister), brother) == "0001"
    # Not even when a gender is not known.
    assert answer(search(brother, gender="9"), sister) == "0001"


def test_names_in_each_other_s_field_are_equal_when_they_are_the_same_name() -> None:
    james = replace(DARCIE, given_name="James", family_name="James", gender="1")
    assert answer(search(james), james) == "0004 96"


def test_an_earlier_name_that_the_search_knows_does_not_widen_it() -> None:
    # The caller's learner is a Wood who was a Tucker; the register knows the Tucker: two family names, one record.
    married = search(DARCIE, family_name="Wood")
    assert answer(married, DARCIE) == "0001"
    assert answer(replace(married, previous_family_name="Tucker"), DARCIE) == "0001"


def test_nothing_is_equal_to_a_name_that_the_register_does_not_hold() -> None:
    for sent in ("None", "-", "Nell"):
        assert answer(search(DARCIE, given_name=sent), DARCIE) == "0001"
        assert answer(search(DARCIE, family_name=sent), DARCIE) == "0001"


# ---- None, several, too many; the order -----------------------------------------------------------------------


def test_no_record_is_no_match() -> None:
    assert answer(search(DARCIE)) == "0001"


def test_several_records_equal_in_all_five_are_possible_matches_and_stand_in_front() -> None:
    first, second = numbered(DARCIE, 50), numbered(DARCIE, 60)
    unknown = numbered(DARCIE, 10, gender="9")
    mover = numbered(DARCIE, 20, last_known_post_code="M1 2WD")
    assert answer(search(DARCIE), mover, second, unknown, first) == "0003 50 60 10 20"


def test_fewest_differences_come_first_and_then_the_uln() -> None:
    unknown = [numbered(DARCIE, number, gender="0") for number in (90, 80)]
    one_each = [
        numbered(DARCIE, 14, last_known_post_code="M1 2WD"),
        numbered(DARCIE, 13, given_name="Darcy"),
        numbered(DARCIE, 12, given_name="Tucker", family_name="Darcie", gender="9"),
        numbered(DARCIE, 11, family_name="Wood", previous_family_name="Tucker"),
    ]
    expected = "0003 80 90 11 12 13 14"
    assert {answer(search(DARCIE), *order) for order in permutations(unknown + one_each)} == {expected}


def test_ten_learners_are_returned_and_eleven_are_too_many() -> None:
    movers = [numbered(DARCIE, number, last_known_post_code="M1 2WD") for number in range(11)]
    assert answer(search(DARCIE), *movers[:10]) == "0003 00 01 02 03 04 05 06 07 08 09"
    assert answer(search(DARCIE), *movers) == "0002"


def test_eleven_records_equal_in_all_five_are_too_many() -> None:
    namesakes = [numbered(DARCIE, number) for number in range(11)]
    assert answer(search(DARCIE), *namesakes) == "0002"
    assert answer(search(DARCIE), *namesakes[:10]).startswith("0003 00 01")


def test_who_does_not_match_is_not_counted() -> None:
    strangers = [numbered(DARCIE, number, date_of_birth="1976-08-17") for number in range(50)]
    assert answer(search(DARCIE, last_known_post_code="M1 2WD"), *strangers, DARCIE) == "0003 96"


# ---- When the store stopped reading ---------------------------------------------------------------------------


def test_an_exact_match_is_one_though_not_everything_was_read() -> None:
    mover = numbered(DARCIE, 1, last_known_post_code="M1 2WD")
    assert answer(search(DARCIE), mover, DARCIE, complete=False) == "0004 96"
    assert answer(search(DARCIE), mover, into(WED, DARCIE), complete=False) == "0022 80<96"


def test_what_would_be_possible_is_too_many_when_not_everything_was_read() -> None:
    mover = numbered(DARCIE, 1, last_known_post_code="M1 2WD")
    assert answer(search(DARCIE), mover, complete=False) == "0002"
    assert answer(search(DARCIE), numbered(DARCIE, 1), numbered(DARCIE, 2), complete=False) == "0002"


def test_nobody_is_told_no_match_when_not_everything_was_read() -> None:
    assert answer(search(DARCIE, family_name="Featherstone"), DARCIE, complete=False) == "0002"
    assert answer(search(DARCIE), complete=False) == "0002"
