"""Where invented learners live: regions, who lives in them, postcodes and addresses [O]."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from random import Random

from uln_server.sandbox.drawing import Draw, between, one_of
from uln_server.sandbox.populations import Population
from uln_server.sandbox.postcode_areas import AREAS

LEARNERS_A_POST_CODE = 8
"""How many learners share a postcode on average; a real one covers about fifteen addresses."""
_FEWEST_POST_CODES, _MOST_POST_CODES = 20, 1_700_000  # as many as the country has

_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the letters of a postcode's second half (contract type MIAPPostCode)
_STREETS = """
High Street|Station Road|Church Road|Church Lane|Park Road|Victoria Road|London Road|Mill Lane|School Lane
Green Lane|The Avenue|Queens Road|Kings Road|Main Street|New Road|Manor Road|Chapel Street|Albert Road
Grange Road|Springfield Road|The Crescent|Windsor Road|West Street|North Street|Alexandra Road|York Road
Stanley Road|Highfield Road|Orchard Close|Broadway|Meadow View|Oak Avenue|Elm Grove|Cedar Drive|Bridge Street
Queensway|Hill Rise|Willow Close|Birch Walk
"""
STREETS = tuple(street for line in _STREETS.split("\n") for street in line.split("|") if street)


class Region(StrEnum):
    """Parts of the country in which about the same people live."""

    ENGLAND = "England"
    CITIES = "Cities"
    LONDON = "London"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"


INHABITANTS: Mapping[Region, Mapping[Population, float]] = {
    Region.ENGLAND: {
        Population.BRITISH: 87,
        Population.WELSH: 1,
        Population.SCOTTISH: 2,
        Population.IRISH: 2,
        Population.MUSLIM: 2,
        Population.INDIAN: 2,
        Population.POLISH: 2,
        Population.WEST_AFRICAN: 0.5,
        Population.EAST_AFRICAN: 0.2,
        Population.EUROPEAN: 1,
        Population.CHINESE: 0.3,
    },
    Region.CITIES: {
        Population.BRITISH: 64,
        Population.WELSH: 1,
        Population.SCOTTISH: 1,
        Population.IRISH: 4,
        Population.MUSLIM: 14,
        Population.INDIAN: 7,
        Population.POLISH: 3,
        Population.WEST_AFRICAN: 2,
        Population.EAST_AFRICAN: 1.5,
        Population.EUROPEAN: 1.5,
        Population.CHINESE: 1,
    },
    Region.LONDON: {
        Population.BRITISH: 51,
        Population.WELSH: 1,
        Population.SCOTTISH: 2,
        Population.IRISH: 4,
        Population.MUSLIM: 13,
        Population.INDIAN: 8,
        Population.POLISH: 4,
        Population.WEST_AFRICAN: 7,
        Population.EAST_AFRICAN: 3,
        Population.EUROPEAN: 5,
        Population.CHINESE: 2,
    },
    Region.WALES: {
        Population.BRITISH: 33,
        Population.WELSH: 60,
        Population.IRISH: 1,
        Population.MUSLIM: 2,
        Population.INDIAN: 1,
        Population.POLISH: 2,
        Population.EUROPEAN: 1,
    },
    Region.SCOTLAND: {
        Population.BRITISH: 23,
        Population.SCOTTISH: 67,
        Population.IRISH: 3,
        Population.MUSLIM: 2,
        Population.INDIAN: 1,
        Population.POLISH: 2,
        Population.WEST_AFRICAN: 1,
        Population.CHINESE: 1,
    },
    Region.NORTHERN_IRELAND: {
        Population.BRITISH: 32,
        Population.SCOTTISH: 12,
        Population.IRISH: 52,
        Population.POLISH: 2,
        Population.EUROPEAN: 1,
        Population.INDIAN: 1,
    },
}
"""Who lives where, in percent."""


@dataclass(frozen=True, slots=True)
class Area:
    """A postcode area."""

    letters: str
    town: str
    county: str
    districts: int
    region: Region


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode and the area that it lies in."""

    post_code: str
    area: Area


@dataclass(frozen=True, slots=True)
class Home:
    """An address. All who live at one have the same; its street and number are chance."""

    place: Place
    line1: str


class Places:
    """All postcodes of a register, in number as its learners want them."""

    def __init__(self, learners: int, chance: Random) -> None:
        """Draw the postcodes for so many learners; takes about 3 microseconds for each."""
        wanted = min(max(_FEWEST_POST_CODES, learners // LEARNERS_A_POST_CODE), _MOST_POST_CODES)
        self._places = tuple(_place(areas()(chance), chance) for _ in range(wanted))

    def home(self, chance: Random) -> Home:
        """Draw an address somewhere in the country."""
        return home_in(one_of(self._places, chance), chance)


def home_in(place: Place, chance: Random) -> Home:
    """Draw an address of a postcode."""
    # A postcode covers a street or part of it: the street follows from it.
    street = STREETS[hash_of(place.post_code) % len(STREETS)]
    return Home(place, f"{between(1, 60, chance)} {street}")


def hash_of(text: str) -> int:
    """Give a small number that depends on the text alone; Python's own differs from run to run."""
    return sum(place * ord(letter) for place, letter in enumerate(text, 1))


@cache
def areas() -> Draw[Area]:
    """Give the postcode areas, by how many people live there."""
    return Draw(_areas())


@cache
def inhabitants(region: Region) -> Draw[Population]:
    """Give who lives in a region."""
    return Draw(INHABITANTS[region].items())


def _areas() -> Iterator[tuple[Area, float]]:
    for line in AREAS.strip().splitlines():
        name, county, districts, weight, region = (part.strip() for part in line.split("|"))
        letters, town = name.split(maxsplit=1)
        yield Area(letters, town, county, int(districts), Region(region)), float(weight)


def _place(area: Area, chance: Random) -> Place:
    inward = f"{between(1, 9, chance)}{one_of(_INWARD, chance)}{one_of(_INWARD, chance)}"
    return Place(f"{area.letters}{between(1, area.districts, chance)} {inward}", area)
