"""Who lives in the United Kingdom, as far as names tell: which names, and how common each is [O].

Faker's lists, in the order of how common the names are where it knows, and ``name_lists.py`` before them where it
does not. Which population lives where is said in ``places.py``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Literal

from uln_server.sandbox import name_lists as lists
from uln_server.sandbox.drawing import Draw, by_rank

Sex = Literal["1", "2"]
MALE: Sex = "1"
FEMALE: Sex = "2"

YOUNG_SINCE = 1990
"""Year of birth from which on the newer given names are in use [O]."""
LONGEST = 35
"""Characters of a name (contract type MIAPName)."""
_GIVEN_HEAD, _FAMILY_HEAD = 8, 14


class Population(StrEnum):
    """Where a learner's names come from."""

    BRITISH = "British"
    WELSH = "Welsh"
    SCOTTISH = "Scottish"
    IRISH = "Irish"
    MUSLIM = "Pakistani and Bangladeshi"
    INDIAN = "Indian"
    POLISH = "Polish"
    WEST_AFRICAN = "West African"
    EAST_AFRICAN = "East African"
    EUROPEAN = "Romanian, Portuguese and Italian"
    CHINESE = "Chinese"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of a population, each drawn by how common it is.

    ``given`` and ``older`` hold given names by sex, those in use since ``YOUNG_SINCE`` and those before.
    ``family`` holds family names as a man bears them; ``feminine`` says how a woman bears some of them.
    """

    given: Mapping[Sex, Draw[str]]
    older: Mapping[Sex, Draw[str]]
    family: Draw[str]
    feminine: Mapping[str, str]

    def given_names(self, sex: Sex, born: int) -> Draw[str]:
        """Give the given names of a sex in a year of birth."""
        return (self.given if born >= YOUNG_SINCE else self.older)[sex]

    def borne_by(self, sex: Sex, family_name: str) -> str:
        """Give a family name as this sex bears it: Kowalska where he is Kowalski, Kaur where he is Singh."""
        return self.feminine.get(family_name, family_name) if sex == FEMALE else family_name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    """What names a population has: the commonest, then the lists of Faker's locales."""

    male: str = ""
    female: str = ""
    family: str = ""
    given_locales: tuple[str, ...] = ()
    family_locales: tuple[str, ...] = ()
    feminine: tuple[tuple[str, str], ...] = ()


_SOURCES = {
    Population.BRITISH: _Sources(
        male=lists.YOUNG_MALE,
        female=lists.YOUNG_FEMALE,
        given_locales=("en_GB", "en_IE"),
        family_locales=("en_GB", "en_IE"),
    ),
    Population.WELSH: _Sources(
        male=lists.WELSH_MALE,
        female=lists.WELSH_FEMALE,
        family=lists.WELSH_FAMILY,
        given_locales=("en_GB",),
        family_locales=("en_GB",),
    ),
    Population.SCOTTISH: _Sources(
        male=lists.SCOTTISH_MALE,
        female=lists.SCOTTISH_FEMALE,
        family=lists.SCOTTISH_FAMILY,
        given_locales=("en_GB",),
        family_locales=("en_GB",),
    ),
    Population.IRISH: _Sources(
        male=lists.IRISH_MALE,
        female=lists.IRISH_FEMALE,
        family=lists.IRISH_FAMILY,
        given_locales=("en_IE",),
        family_locales=("en_IE",),
    ),
    Population.MUSLIM: _Sources(male=lists.MUSLIM_MALE, female=lists.MUSLIM_FEMALE, family=lists.MUSLIM_FAMILY),
    Population.INDIAN: _Sources(
        family=lists.INDIAN_FAMILY,
        given_locales=("en_IN",),
        family_locales=("en_IN",),
        feminine=(("Singh", "Kaur"),),
    ),
    Population.POLISH: _Sources(
        given_locales=("pl_PL",),
        family_locales=("pl_PL",),
        feminine=(("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")),
    ),
    Population.WEST_AFRICAN: _Sources(
        given_locales=("en_NG", "ig_NG", "yo_NG", "tw_GH"), family_locales=("en_NG", "ig_NG", "yo_NG", "tw_GH")
    ),
    Population.EAST_AFRICAN: _Sources(
        male=lists.EAST_AFRICAN_MALE,
        female=lists.EAST_AFRICAN_FEMALE,
        family=lists.EAST_AFRICAN_FAMILY,
        family_locales=("en_KE",),
    ),
    Population.EUROPEAN: _Sources(
        given_locales=("ro_RO", "pt_PT", "it_IT"), family_locales=("ro_RO", "pt_PT", "it_IT")
    ),
    Population.CHINESE: _Sources(
        male=lists.CHINESE_MALE, female=lists.CHINESE_FEMALE, family=lists.CHINESE_FAMILY
    ),
}


@cache
def names_of(population: Population) -> Names:
    """Give a population's names. The first call reads Faker's lists, which takes about 0.2 s for all of them."""
    sources = _SOURCES[population]
    families = _names(sources.family, sources.family_locales, "male_last_names", "last_names", "unisex_last_names")
    given = {
        MALE: by_rank(_names(sources.male, sources.given_locales, "first_names_male"), _GIVEN_HEAD),
        FEMALE: by_rank(_names(sources.female, sources.given_locales, "first_names_female"), _GIVEN_HEAD),
    }
    older = _older() if population is Population.BRITISH else given
    return Names(
        given=given,
        older=older,
        family=by_rank(families, _FAMILY_HEAD),
        feminine=dict(_feminine(families, sources.feminine)),
    )


def _older() -> Mapping[Sex, Draw[str]]:
    return {
        MALE: by_rank(_names("", ("en_GB",), "first_names_male"), _GIVEN_HEAD),
        FEMALE: by_rank(_names("", ("en_GB",), "first_names_female"), _GIVEN_HEAD),
    }


def _names(commonest: str, locales: Iterable[str], *attributes: str) -> tuple[str, ...]:
    """Give names by rank: the commonest as listed, then those of Faker's locales, each once."""
    listed = chain(
        commonest.split(), *(_fakers(locale, attribute) for locale in locales for attribute in attributes)
    )
    return tuple(dict.fromkeys(name for name in listed if len(name) <= LONGEST))


def _fakers(locale: str, attribute: str) -> tuple[str, ...]:
    """Read one of Faker's lists; the commonest first where it gives weights, nothing where there is no such list.

    Faker is imported here alone, when names are needed: no other command waits for it.
    """
    provider = import_module(f"faker.providers.person.{locale}").Provider
    found: Mapping[str, float] | Sequence[str] = vars(provider).get(attribute, ())
    if found == ("Doe",):  # pl_PL leaves the default of all providers in this place
        return ()
    if isinstance(found, Mapping):
        return tuple(sorted(found, key=lambda name: -found[name]))
    return tuple(found)


def _feminine(families: Iterable[str], endings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for masculine, feminine in endings:
        for name in families:
            if name.endswith(masculine):
                yield name, name.removesuffix(masculine) + feminine
