"""Find by demographics: what holds whatever the register holds, and what the documentation shows (domain §5)."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.docs.pages import page, table
from tests.unit.learners import DARCIE, alone
from tests.unit.searches import HELD, five, into, narrowed, numbered

from uln_server.register.demographics import Demographics
from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status
from uln_server.register.matching import Search, match
from uln_server.sandbox import content as sandbox

# ---- Whatever the register holds ------------------------------------------------------------------------------


RECORDS = st.builds(
    replace,
    st.just(DARCIE),
    given_name=st.sampled_from(["Darcie", "Darcie", "Darcy", "Tucker"]),
    family_name=st.sampled_from(["Tucker", "Tucker", "Tuckér", "Darcie", "Wood"]),
    previous_family_name=st.sampled_from([None, "Tucker", "Evans"]),
    gender=st.sampled_from(["2", "2", "9", "1"]),
    last_known_post_code=st.sampled_from(["CV4 9EE", "cv49ee", "M1 2WD"]),
    place_of_birth=st.sampled_from([None, "Leeds", "Poole"]),
)


@st.composite
def candidates(draw: st.DrawFn, most: int = 16) -> list[Entry]:
    """Records with ULNs of their own, some merged into the one before."""
    records = [numbered(each, n) for n, each in enumerate(draw(st.lists(RECORDS, max_size=most)))]
    numbers = draw(st.permutations(range(len(records))))
    records = [numbered(each, number) for each, number in zip(records, numbers, strict=True)]
    entries: list[Entry] = []
    for record in records:
        merged = entries and draw(st.integers(0, 2)) == 0
        entries.append(into(entries[-1].current, record) if merged else alone(record))
    return entries


SEARCHES = st.builds(
    Search,
    demographics=st.builds(
        replace, st.just(five(DARCIE)), gender=st.sampled_from(["2", "9"]), given_name=st.sampled_from(["Darcie"])
    ),
    place_of_birth=st.sampled_from([None, "Leeds", "Hull"]),
    previous_family_name=st.sampled_from([None, "Evans"]),
)


def learners(entries: Iterable[Entry]) -> set[str]:
    return {each.current.uln for each in entries}


def equal_in_all_five(asked: Search, entry: Entry) -> bool:
    """Written anew: the five in one text, and a gender that is known."""
    return asked.demographics.gender in {"1", "2"} and five(entry.asked).key == asked.demographics.key


@given(SEARCHES, candidates(), st.data())
def test_the_order_in_which_candidates_come_and_how_often_does_not_matter(
    asked: Search, entries: list[Entry], data: st.DataObject
) -> None:
    otherwise = data.draw(st.permutations(entries + entries[:3]))
    assert match(asked, entries) == match(asked, iter(otherwise))


@given(asked=SEARCHES, entries=candidates(), complete=st.booleans())
def test_an_answer_is_one_of_five(asked: Search, entries: list[Entry], *, complete: bool) -> None:
    found = match(asked, entries, complete=complete)
    sizes = {"WSRC0004": {1}, "WSRC0022": {1}, "WSRC0003": set(range(1, 11)), "WSRC0002": {0}, "WSRC0001": {0}}
    assert len(found.entries) in sizes[found.code]
    assert len(learners(found.entries)) == len(found.entries)
    assert set(found.entries) <= set(entries)
    if len(found.entries) == 1 and found.code != "WSRC0003":
        assert found.entries[0].merged == (found.code == "WSRC0022")
    if not complete:
        assert found.code in {"WSRC0004", "WSRC0022", "WSRC0002"}


@given(SEARCHES, candidates(), RECORDS)
def test_one_learner_equal_in_all_five_beats_all_and_no_one_else_is_exact(
    asked: Search, entries: list[Entry], another: Learner
) -> None:
    equal = learners(each for each in entries if equal_in_all_five(asked, each))
    found = match(asked, entries)
    if len(equal) == 1:
        assert found.code in {"WSRC0004", "WSRC0022"}
        assert learners(found.entries) == equal
        newcomer = alone(numbered(another, 99))
        if not equal_in_all_five(asked, newcomer):
            assert match(asked, [newcomer, *entries]) == found
    elif found.code in {"WSRC0004", "WSRC0022"}:
        assert learners(found.entries) < equal  # narrowed
        assert asked.place_of_birth or asked.previous_family_name
    else:
        in_front = tuple(each for each in found.entries if equal_in_all_five(asked, each))
        assert found.entries[: len(in_front)] == in_front


@given(SEARCHES, candidates(most=10))
def test_narrowing_adds_nobody(asked: Search, entries: list[Entry]) -> None:
    wide = match(Search(demographics=asked.demographics), entries)
    assume(wide.code != "WSRC0002")
    assert learners(match(asked, entries).entries) <= learners(wide.entries)


def test_neither_a_search_nor_a_match_prints_personal_data() -> None:
    asked = narrowed(DARCIE, **HELD)
    printed = repr(asked) + repr(match(asked, [alone(DARCIE)]))
    assert not any(value in printed for value in ("Darcie", "Tucker", "1976", "CV4", "Wood", "Llandudno"))


# ---- The page for data managers -------------------------------------------------------------------------------


PAGE = page("docs/matching.md")
BY_ULN = {each.uln: each for each in sandbox.LEARNERS}
SIAN_OF_THE_PAGE = BY_ULN["9276308686"]
NARROWING = {
    "previous family name": "previous_family_name",
    "school at 16": "school_at_age16",
    "place of birth": "place_of_birth",
    "e-mail address": "email_address",
}


def sandbox_entries() -> list[Entry]:
    present = [each for each in sandbox.LEARNERS if each.status is not Status.DELETED]
    return [Entry(asked=each, current=BY_ULN[each.master_uln or each.uln]) for each in present]


@pytest.mark.parametrize("row", table(PAGE, "given name"), ids=" ".join)
def test_the_page_s_searches_find_what_it_says(row: list[str]) -> None:
    given_name, family_name, born, gender, post_code, code, found, _ = row
    demographics = Demographics(
        given_name=given_name,
        family_name=family_name,
        date_of_birth=born,
        gender=gender,
        last_known_post_code=post_code,
    )
    answered = match(Search(demographics=demographics), sandbox_entries())
    assert answered.code == code
    assert (", ".join(each.current.uln for each in answered.entries) or "nobody") == found


@pytest.mark.parametrize("row", table(PAGE, "postcode sent"), ids=" ".join)
def test_the_page_s_narrowed_searches_find_what_it_says(row: list[str]) -> None:
    post_code, besides, code, _ = row
    ((field, value),) = (
        (field, besides.removeprefix(label + " "))
        for label, field in NARROWING.items()
        if besides.startswith(label)
    )
    asked = narrowed(replace(SIAN_OF_THE_PAGE, last_known_post_code=post_code), **{field: value})
    assert match(asked, sandbox_entries()).code == code


def test_the_page_knows_every_answer() -> None:
    assert {row[0] for row in table(PAGE, "answer")} == {row[5] for row in table(PAGE, "given name")}
