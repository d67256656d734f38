"""Who invented learners are: sex, names, dates of birth, families [O]."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from uln_contract.names import Likeness, compare_given
from uln_server.register.registering import YOUNGEST
from uln_server.sandbox.details import Who
from uln_server.sandbox.drawing import Draw, between
from uln_server.sandbox.places import Home, Places, inhabitants
from uln_server.sandbox.populations import FEMALE, LONGEST, MALE, Population, Sex, names_of

OLDEST: Final = date(1945, 1, 1)
"""Nobody was born before: on the last day of the register nobody is older than 80."""
MEN: Final = 0.495
DOUBLE_BARRELLED: Final = 0.02
ON_1_JANUARY: Final = 0.004
ON_1_JANUARY_ABROAD: Final = 0.03
"""Born on 1 January besides those who were: the date of many whose date is not known, above all from abroad."""
AGES: Final = (
    *((13, 12.0), (14, 40.0), (15, 12.0), (16, 10.0), (17, 4.0), (18, 3.0), (19, 2.0)),
    *((age, 1.2) for age in range(20, 25)),
    *((age, 0.6) for age in range(25, 35)),
    *((age, 0.25) for age in range(35, 50)),
    *((age, 0.12) for age in range(50, 65)),
    *((age, 0.04) for age in range(65, 80)),
)
"""Age at registration and its weight: most get their number at school, at 14."""

_FROM_ABROAD = frozenset({Population.MUSLIM, Population.EAST_AFRICAN, Population.WEST_AFRICAN})
_YEAR = 365.2425  # days
_SPREAD = 5 * 365  # days over which those are born who would be too old
_SIBLINGS_APART = (300, 6 * 365)  # days


class People:
    """All who may be invented, drawn by chance."""

    def __init__(self, places: Places, chance: Random) -> None:
        self._places = places
        self._chance = chance
        self._ages = Draw(AGES)

    def somebody(self, registered: datetime) -> Who:
        """Give somebody who is registered then, anywhere in the country."""
        home = self.home()
        population = inhabitants(home.place.area.region)(self._chance)
        sex, born = self._sex(), self._born(population, registered)
        return Who(
            self._given_name(population, sex, born), self._family_name(population), sex, born, population, home
        )

    def sibling(self, other: Who, registered: datetime) -> Who:
        """Give a brother or sister who is registered then, at the same address."""
        sex, born = self._sex(), self._born_beside(other.born, registered)
        return replace(other, given_name=self._given_name(other.population, sex, born), sex=sex, born=born)

    def twin(self, other: Who) -> Who:
        """Give a twin, whose given name nobody takes for the other's."""
        sex, given_name = self._sex(), other.given_name
        while compare_given(given_name, other.given_name) is not Likeness.DIFFERENT:
            given_name = self._given_name(other.population, sex, other.born)
        return replace(other, given_name=given_name, sex=sex)

    def home(self) -> Home:
        """Give an address anywhere in the country."""
        return self._places.home(self._chance)

    def _sex(self) -> Sex:
        return MALE if self._chance.random() < MEN else FEMALE

    def _given_name(self, population: Population, sex: Sex, born: date) -> str:
        return names_of(population).given_names(sex, born.year)(self._chance)

    def _family_name(self, population: Population) -> str:
        family = names_of(population).family
        name = family(self._chance)
        if self._chance.random() >= DOUBLE_BARRELLED:
            return name
        double = f"{name}-{family(self._chance)}"
        return double if len(double) <= LONGEST and double.count("-") == 1 else name

    def _born(self, population: Population, registered: datetime) -> date:
        """Give a date of birth: of the age that was drawn, or of the oldest there are."""
        age = self._ages(self._chance)
        day = registered.toordinal() - int(age * _YEAR) - 1 - int(self._chance.random() * 365)
        born = date.fromordinal(max(day, OLDEST.toordinal() + between(0, _SPREAD, self._chance)))
        new_year = ON_1_JANUARY_ABROAD if population in _FROM_ABROAD else ON_1_JANUARY
        return born.replace(month=1, day=1) if self._chance.random() < new_year else born

    def _born_beside(self, other: date, registered: datetime) -> date:
        """Give the date of birth of a brother or sister: younger, or elder where that one would be too young."""
        apart = timedelta(days=between(*_SIBLINGS_APART, self._chance))
        born = other + apart
        old_enough = registered.toordinal() - born.toordinal() > YOUNGEST * _YEAR + 1
        return born if old_enough else max(other - apart, OLDEST)
