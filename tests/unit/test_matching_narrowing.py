"""Find by demographics: the four fields that narrow, and merged records (domain §5)."""

from dataclasses import replace
from itertools import permutations

import pytest
from tests.unit.learners import DARCIE, alone
from tests.unit.searches import HELD, MASTER, MOVER, WED, answer, into, narrowed, numbered, search, told

from uln_server.register.matching import match

# ---- The narrowing fields -------------------------------------------------------------------------------------


SAME = [
    ("previous_family_name", "WOOD"),
    ("school_at_age16", "St Marys RC School"),
    ("place_of_birth", "llandudno"),
    ("email_address", "darcie@example.COM"),
]
NOTHING_TO_COMPARE = [
    ("previous_family_name", "-"),
    ("school_at_age16", "?"),
    ("place_of_birth", "..."),
    *((field, "") for field in HELD),
]
ANOTHER = [
    ("previous_family_name", "Woods"),  # too short for one edit
    ("previous_family_name", "Featherstone"),
    ("school_at_age16", "St Mary's School"),
    ("place_of_birth", "Llandudno Junction"),
    ("email_address", "darcie.tucker@example.com"),
    ("email_address", "dar.cie@example.com"),
]


@pytest.mark.parametrize(("field", "sent"), SAME + NOTHING_TO_COMPARE)
def test_a_record_that_holds_no_other_value_than_the_one_sent_stays(field: str, sent: str) -> None:
    assert answer(narrowed(DARCIE, **{field: sent}), MOVER) == "0003 07"


@pytest.mark.parametrize(("field", "sent"), ANOTHER)
def test_a_record_that_holds_another_value_is_left_out(field: str, sent: str) -> None:
    other = numbered(MOVER, 8, **{field: sent})
    assert answer(narrowed(DARCIE, **{field: sent}), MOVER, other) == "0003 08"
    assert answer(narrowed(DARCIE, **{field: sent}), MOVER) == "0001"


@pytest.mark.parametrize(("field", "held"), [*((field, None) for field in HELD), *NOTHING_TO_COMPARE])
def test_a_record_that_holds_none_stays(field: str, held: str | None) -> None:
    assert answer(narrowed(DARCIE, **HELD), numbered(MOVER, 7, **{field: held})) == "0003 07"


@pytest.mark.parametrize(
    ("sent", "held"), [("Reid", "Reed"), ("Wood", "Wood-Evans"), ("McKenzie", "MacKenzie"), ("Łukasz", "Lukasz")]
)
def test_a_similar_previous_family_name_is_no_other_one(sent: str, held: str) -> None:
    found = numbered(MOVER, 7, previous_family_name=held)
    assert answer(narrowed(DARCIE, previous_family_name=sent), found) == "0003 07"


def test_every_narrowing_field_sent_must_be_passed() -> None:
    assert answer(narrowed(DARCIE, **HELD), MOVER) == "0003 07"
    for field, sent in ANOTHER:
        assert answer(narrowed(DARCIE, **{**HELD, field: sent}), MOVER) == "0001"


def test_narrowing_never_makes_a_record_match() -> None:
    stranger = numbered(MOVER, 7, given_name="Darcy")
    assert answer(narrowed(DARCIE, **HELD), stranger) == "0001"


@pytest.mark.parametrize(("field", "sent"), ANOTHER)
def test_narrowing_never_removes_the_only_record_equal_in_all_five(field: str, sent: str) -> None:
    equal = numbered(DARCIE, 1, **HELD)
    agreeing_mover = numbered(MOVER, 2, **{field: sent})
    assert answer(narrowed(DARCIE, **{field: sent}), equal, agreeing_mover) == "0004 01"


def test_narrowing_decides_between_records_equal_in_all_five() -> None:
    llandudno = numbered(DARCIE, 1, place_of_birth="Llandudno")
    leeds = numbered(DARCIE, 2, place_of_birth="Leeds")
    silent = numbered(DARCIE, 3)
    asked = narrowed(DARCIE, place_of_birth="Leeds")
    assert answer(asked, llandudno, leeds) == "0004 02"
    assert answer(asked, llandudno, silent) == "0004 03"
    assert answer(asked, llandudno, leeds, silent) == "0003 02 03"


def test_when_narrowing_would_leave_none_of_them_all_stay() -> None:
    namesakes = [numbered(DARCIE, number, place_of_birth="Llandudno") for number in (2, 1)]
    asked = narrowed(DARCIE, place_of_birth="Leeds")
    assert answer(asked, *namesakes) == "0003 01 02"
    # The possible ones beside them are narrowed all the same.
    movers = [
        numbered(MOVER, 4, place_of_birth="Leeds"),
        numbered(MOVER, 3, place_of_birth="Llandudno"),
    ]
    assert answer(asked, *movers, *namesakes) == "0003 01 02 04"


def test_too_many_are_counted_after_narrowing() -> None:
    crowd = [numbered(MOVER, number, place_of_birth="Leeds" if number % 2 else "Poole") for number in range(20)]
    assert answer(search(DARCIE), *crowd) == "0002"
    assert answer(narrowed(DARCIE, place_of_birth="Leeds"), *crowd) == "0003 01 03 05 07 09 11 13 15 17 19"


# ---- Merged records -------------------------------------------------------------------------------------------


def test_an_exact_match_through_a_merged_record_returns_its_master() -> None:
    found = match(search(DARCIE), [into(WED, DARCIE)])
    assert told(found) == "0022 80<96"
    assert found.entries == (into(WED, DARCIE),)
    assert found.entries[0].current == WED


def test_a_possible_match_through_a_merged_record_stays_one_and_returns_the_master() -> None:
    assert answer(search(DARCIE, given_name="Darcy"), into(WED, DARCIE)) == "0003 80<96"
    assert answer(search(DARCIE, gender="9"), into(WED, DARCIE)) == "0003 80<96"


def test_the_master_of_a_record_that_does_not_match_is_not_returned() -> None:
    assert answer(search(DARCIE), into(DARCIE, WED)) == "0001"


@pytest.mark.parametrize("number", [1, 99])
def test_a_merged_record_and_its_master_count_once_as_the_master_if_it_is_as_good(number: int) -> None:
    as_good = into(MASTER, numbered(DARCIE, number))
    for entries in permutations([as_good, alone(MASTER)]):
        assert answer(search(DARCIE), *entries) == "0004 40"
        assert answer(search(DARCIE, given_name="Darcy"), *entries) == "0003 40"
        assert answer(search(DARCIE, gender="0"), *entries) == "0003 40"


@pytest.mark.parametrize("number", [1, 99])
def test_else_the_better_one_counts(number: int) -> None:
    moved = replace(MASTER, last_known_post_code="M1 2WD")
    unspecified = replace(MASTER, gender="9")
    for master in (moved, unspecified):
        old = into(master, numbered(DARCIE, number))
        for entries in permutations([old, alone(master)]):
            assert answer(search(DARCIE), *entries) == f"0022 40<{number:02}"
    old = into(moved, numbered(DARCIE, number, gender="9"))
    for entries in permutations([old, alone(moved)]):
        assert answer(search(DARCIE), *entries) == f"0003 40<{number:02}"
    old = into(MASTER, numbered(DARCIE, number, given_name="Darcy"))
    for entries in permutations([old, alone(MASTER)]):
        assert answer(search(DARCIE), *entries) == "0004 40"


def test_several_records_of_one_learner_are_one_exact_match() -> None:
    entries = [into(WED, numbered(DARCIE, number)) for number in (3, 1, 2)]
    assert {answer(search(DARCIE), *order) for order in permutations(entries)} == {"0022 80<01"}


def test_the_order_goes_by_the_uln_of_the_record_returned() -> None:
    late_master = into(WED, numbered(DARCIE, 1))
    early_master = into(numbered(WED, 5), numbered(DARCIE, 99))
    own = numbered(DARCIE, 50)
    assert answer(search(DARCIE), late_master, own, early_master) == "0003 05<99 50 80<01"


def test_learners_are_counted_not_records() -> None:
    movers = [numbered(DARCIE, number, last_known_post_code="M1 2WD") for number in range(10)]
    again = [into(mover, numbered(mover, 10 + place)) for place, mover in enumerate(movers)]
    assert answer(search(DARCIE), *again, *movers) == "0003 00 01 02 03 04 05 06 07 08 09"
    eleventh = into(WED, numbered(movers[0], 90))
    assert answer(search(DARCIE), *again, *movers, eleventh) == "0002"


def test_narrowing_looks_at_the_record_that_matches() -> None:
    master = replace(WED, email_address="new@example.com")
    old = replace(MOVER, email_address="old@example.com")
    assert answer(narrowed(DARCIE, email_address="old@example.com"), into(master, old)) == "0003 80<07"
    assert answer(narrowed(DARCIE, email_address="new@example.com"), into(master, old)) == "0001"


def test_narrowing_decides_between_learners_not_between_the_records_of_one() -> None:
    master = replace(MASTER, email_address="new@example.com")
    old = into(master, numbered(DARCIE, 1, email_address="old@example.com"))
    other = numbered(DARCIE, 20, email_address="other@example.com")
    asked = narrowed(DARCIE, email_address="old@example.com")
    assert answer(asked, old, master) == "0004 40"
    assert answer(asked, old, master, other) == "0004 40"
    assert answer(narrowed(DARCIE, email_address="nobody@example.com"), old, master, other) == "0003 20 40"


def test_a_learner_left_out_by_an_equal_record_may_still_be_possible_by_the_other() -> None:
    master = replace(MASTER, email_address="new@example.com")
    old = into(master, numbered(MOVER, 1, email_address="old@example.com"))
    namesakes = [numbered(DARCIE, number) for number in (60, 70)]
    asked = narrowed(DARCIE, email_address="old@example.com")
    assert answer(asked, old, master, *namesakes) == "0003 60 70 40<01"


def test_a_better_record_that_is_left_out_does_not_hide_the_other() -> None:
    master = replace(MASTER, gender="9", email_address="new@example.com")
    old = into(master, numbered(MOVER, 1, email_address="old@example.com"))
    assert answer(search(DARCIE), old, master) == "0003 40"
    assert answer(narrowed(DARCIE, email_address="old@example.com"), old, master) == "0003 40<01"
    assert answer(narrowed(DARCIE, email_address="new@example.com"), old, master) == "0003 40"
