"""The name criteria: the golden table, the properties every rule keeps, and the tables behind them."""

import csv
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from faker.providers.person.en_GB import Provider as BritishNames
from faker.providers.person.en_IE import Provider as IrishNames
from hypothesis import example, given
from hypothesis import strategies as st

from uln_contract import name_tables
from uln_contract.names import Likeness, compare_family, compare_given, has_letters, normalise

PAGE = Path(__file__).parents[2] / "docs" / "names.md"
Compare = Callable[[str, str], Likeness]
COMPARE: dict[str, Compare] = {"given": compare_given, "family": compare_family}
RULES = (
    "equal",
    "variant",
    "short form",
    "double-barrelled",
    "initial",
    "one edit",
    "gendered pair",
    "different",
    "no letters",
)


def golden() -> list[dict[str, str]]:
    return list(csv.DictReader(name_tables.text("golden.csv").splitlines()))


@pytest.mark.parametrize("row", golden(), ids=lambda row: f"{row['kind']}: {row['a']} / {row['b']}")
def test_golden_pair(row: dict[str, str]) -> None:
    compare = COMPARE[row["kind"]]
    assert compare(row["a"], row["b"]).name.lower() == row["expected"]
    assert compare(row["b"], row["a"]).name.lower() == row["expected"]


def test_the_golden_table_covers_every_rule_for_both_kinds_of_name() -> None:
    rows = golden()
    assert len(rows) >= 220
    assert list(dict.fromkeys(row["rule"] for row in rows)) == list(RULES)
    assert {(row["rule"], row["kind"]) for row in rows} >= set(product(RULES, COMPARE)) - {
        ("gendered pair", "family")
    }
    assert all(row["why"] for row in rows)


def test_no_golden_pair_stands_twice() -> None:
    counted = Counter((row["kind"], frozenset((row["a"], row["b"]))) for row in golden())
    assert [pair for pair, times in counted.items() if times > 1] == []


names = st.one_of(
    st.text(max_size=35),
    st.text(alphabet="abcdeABCDE -'\N{RIGHT SINGLE QUOTATION MARK}éŁ", max_size=12),
    st.sampled_from([row[side] for row in golden() for side in ("a", "b")]),
)


@given(names)
@example("😀")
def test_a_normalised_name_is_ascii_and_normalises_to_itself(name: str) -> None:
    normalised = normalise(name)
    assert normalised == "" or (normalised.isascii() and normalised.isalnum() and normalised == normalised.lower())
    assert normalise(normalised) == normalised


@given(names, names, st.sampled_from(list(COMPARE.values())))
def test_the_order_of_two_names_does_not_matter(a: str, b: str, compare: Compare) -> None:
    assert compare(a, b) is compare(b, a)


@given(names, names, st.sampled_from(list(COMPARE.values())))
def test_exact_is_equal_normalised_and_not_empty(a: str, b: str, compare: Compare) -> None:
    assert (compare(a, b) is Likeness.EXACT) == (normalise(a) == normalise(b) != "")


@given(st.text(alphabet=" -'.,()", max_size=5), names, st.sampled_from(list(COMPARE.values())))
def test_a_name_without_letters_is_different_from_every_name(empty: str, name: str, compare: Compare) -> None:
    assert compare(empty, name) is Likeness.DIFFERENT
    assert compare(empty, empty) is Likeness.DIFFERENT


def within_one_edit(one: str, other: str) -> bool:
    letters = set(other)
    places = range(len(one) + 1)
    return other in {
        *(one[:place] + letter + one[place:] for place in places for letter in letters),
        *(one[:place] + one[place + 1 :] for place in places),
        *(one[:place] + letter + one[place + 1 :] for place in places for letter in letters),
        *(one[:place] + one[place : place + 2][::-1] + one[place + 2 :] for place in places),
    }


invented = st.text(alphabet="qxz", min_size=1, max_size=8)


@given(invented, invented)
@example("qqqqx", "qqqxq")
@example("qxzqx", "qxzqxz")
@example("qxzqx", "zqxqx")
def test_the_one_edit_rule_is_the_textbook_one(one: str, other: str) -> None:
    similar = len(one) >= 5 and len(other) >= 5 and one != other and within_one_edit(one, other)
    assert (compare_family(one, other) is Likeness.SIMILAR) == similar


@pytest.mark.parametrize("ending", ["", "o", "u", "s", "as", "an"])
@given(st.text(alphabet="qxz", min_size=5, max_size=8))
def test_a_final_a_alone_tells_given_names_apart(ending: str, stem: str) -> None:
    assert compare_given(stem + ending, stem + "a") is Likeness.DIFFERENT
    assert compare_family(stem + ending, stem + "a") is Likeness.SIMILAR


@pytest.mark.parametrize("ending", ["aa", "e", "ae", "h", "oa", "n"])
@given(st.text(alphabet="qxz", min_size=5, max_size=8))
def test_any_other_slip_at_the_end_is_forgiven(ending: str, stem: str) -> None:
    assert compare_given(stem + ending, stem + "a") is Likeness.SIMILAR


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Darcie", True), ("Ł", True), ("王", True), ("007", False), ("😀", False), ("-", False), ("", False)],
)
def test_a_name_can_be_compared_when_it_has_a_letter(name: str, *, expected: bool) -> None:
    assert has_letters(name) is expected


def test_likeness_reads_as_at_least_similar() -> None:
    assert Likeness.EXACT >= Likeness.SIMILAR > Likeness.DIFFERENT


@pytest.mark.parametrize("file", ["spellings.txt", "short_forms.txt"])
def test_no_table_calls_a_gendered_pair_similar(file: str) -> None:
    listed = (
        {pair for line in name_tables.lines(file) for pair in product(map(normalise, line.split()), repeat=2)}
        if file == "spellings.txt"
        else set(name_tables.listed(file))
    )
    assert sorted(listed & name_tables.gendered()) == []


def test_a_refused_short_form_is_not_taken_over() -> None:
    held = name_tables.nicknames(refused=frozenset())
    refused = frozenset(name_tables.listed("refused_short_forms.txt"))
    assert held - name_tables.nicknames(refused=refused) == held & refused != frozenset()


def test_a_gendered_pair_is_similar_by_no_rule() -> None:
    assert [pair for pair in name_tables.gendered() if compare_given(*pair) is not Likeness.DIFFERENT] == []


# Short forms and names that both sexes bear match each (domain §5): these may not be told apart by name.
BRITISH_BOTH = {"Alex", "Ashley", "Charlie", "Lee", "Leigh", "Sam", "Terry"}
IRISH_BOTH = {"Alexander", "Chris", "Christie", "Christy", "Jude", "Lee", "Robbie", "Robin", "Sam", "Shay"}


@pytest.mark.parametrize(
    ("pool", "borne_by_both"), [(BritishNames, BRITISH_BOTH), (IrishNames, IRISH_BOTH)], ids=["British", "Irish"]
)
def test_no_man_s_name_is_similar_to_a_woman_s(
    pool: type[BritishNames | IrishNames], borne_by_both: set[str]
) -> None:
    men, women = set(pool.first_names_male), set(pool.first_names_female)
    joined = {man for man, woman in product(men - women, women - men) if compare_given(man, woman)}
    assert joined == borne_by_both


def test_the_page_lists_the_rules_in_the_order_of_the_golden_table() -> None:
    page = PAGE.read_text("utf-8")
    headings = [line.removeprefix("### ").lower() for line in page.splitlines() if line.startswith("### ")]
    assert [rule for rule in headings if rule in RULES] == list(RULES)


def test_every_example_on_the_page_is_a_golden_pair() -> None:
    rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in PAGE.read_text("utf-8").splitlines()]
    examples = [row for row in rows if row and row[0] in COMPARE]
    defined = {(row["kind"], row["a"], row["b"], row["expected"]) for row in golden()}
    assert len(examples) >= 2 * len(RULES)
    assert [row for row in examples if row not in defined] == []
