from collections import Counter
from random import Random

import pytest

from uln_contract.names import has_letters
from uln_server.sandbox.drawing import Draw, between, by_rank
from uln_server.sandbox.places import INHABITANTS, Places, Region, areas
from uln_server.sandbox.populations import FEMALE, LONGEST, MALE, Population, names_of

DRAWS = 20_000


@pytest.fixture
def chance() -> Random:
    return Random("any")


def test_a_draw_follows_the_weights(chance: Random) -> None:
    draw = Draw((("often", 3.0), ("seldom", 1.0)))
    assert Counter(draw(chance) for _ in range(DRAWS))["seldom"] == pytest.approx(DRAWS / 4, rel=0.05)


def test_there_must_be_something_to_draw() -> None:
    with pytest.raises(ValueError, match="something to draw"):
        Draw[str](())


def test_a_rank_is_worth_less_the_further_down_it_is(chance: Random) -> None:
    drawn = Counter(by_rank("abcdefghij", 1)(chance) for _ in range(DRAWS))
    assert "".join(name for name, _ in drawn.most_common(4)) == "abcd"
    assert drawn["a"] == pytest.approx(drawn["d"] * 5 / 2, rel=0.1)


def test_a_number_lies_between_both_ends(chance: Random) -> None:
    assert {between(3, 5, chance) for _ in range(100)} == {3, 4, 5}


@pytest.mark.parametrize("population", Population)
def test_every_population_has_names_for_both_sexes(population: Population, chance: Random) -> None:
    names = names_of(population)
    for sex in (MALE, FEMALE):
        for born in (1960, 2005):
            drawn = {names.given_names(sex, born)(chance) for _ in range(500)}
            assert len(drawn) > 15
            assert all(has_letters(name) and len(name) <= LONGEST for name in drawn)
    families = {names.family(chance) for _ in range(500)}
    assert len(families) > 40
    assert all(has_letters(name) and len(name) <= LONGEST for name in families)


def test_who_was_born_earlier_bears_older_names(chance: Random) -> None:
    given = names_of(Population.BRITISH)
    older, younger = (Counter(given.given_names(MALE, born)(chance) for _ in range(2000)) for born in (1955, 2005))
    assert older["David"] > 5 * younger["David"]
    assert younger["Alfie"] > 5 * older["Alfie"]


@pytest.mark.parametrize(
    ("population", "his", "hers"),
    [
        (Population.POLISH, "Kowalski", "Kowalska"),
        (Population.POLISH, "Nowak", "Nowak"),
        (Population.INDIAN, "Singh", "Kaur"),
        (Population.BRITISH, "Smith", "Smith"),
    ],
)
def test_a_woman_bears_her_form_of_the_name(population: Population, his: str, hers: str) -> None:
    names = names_of(population)
    assert (names.borne_by(MALE, his), names.borne_by(FEMALE, his)) == (his, hers)


@pytest.mark.parametrize("region", Region)
def test_who_lives_in_a_region_adds_up(region: Region) -> None:
    assert sum(INHABITANTS[region].values()) == pytest.approx(100)
    assert any(areas()(Random(seed)).region is region for seed in range(200))


def test_all_who_live_at_a_postcode_live_in_one_street(chance: Random) -> None:
    places = Places(400, chance)
    homes = [places.home(chance) for _ in range(2000)]
    streets = {(home.place.post_code, home.line1.split(" ", 1)[1]) for home in homes}
    assert len(streets) == len({home.place.post_code for home in homes}) == 50
