"""Synthetic pairs of a caller's names and a register entry, each labelled with what the pair is.

The pairs are not tuned to the criteria: short forms and twins named alike come from lists of their own, only a
third of the twins comes from the table of gendered pairs, and a typo falls where chance puts it.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from string import ascii_lowercase

from benchmarks.name_pools import BORNE_BY_BOTH, LOCALES, SHORT_FORMS, TWINS_NAMED_ALIKE
from faker import Faker

from uln_contract import name_tables
from uln_contract.names import normalise
from uln_server.register.learner import Learner, Status


class Label(StrEnum):
    """What a pair is."""

    STRANGERS = "strangers"
    TWINS = "opposite-sex twins"
    ONE_TYPO = "one typo"
    EARLIER_NAME = "earlier family name"
    SHORT_NAME = "short name"


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """The names that a caller sends with the ULN of ``learner``."""

    label: Label
    given_name: str
    family_name: str
    learner: Learner


@dataclass(frozen=True, slots=True)
class Person:
    """A person drawn from the pools."""

    given_name: str
    family_name: str
    female: bool


SEED = 20_250
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# Of 20 pairs: 10 strangers, 3 twins, 3 typos, 2 earlier and 2 short names.
_SHARES = {
    Label.STRANGERS: 10,
    Label.TWINS: 3,
    Label.ONE_TYPO: 3,
    Label.EARLIER_NAME: 2,
    Label.SHORT_NAME: 2,
}


def pairs(seed: int = SEED, count: int = 10_000) -> list[LabelledPair]:
    """Give ``count`` labelled pairs (a multiple of 20); the same seed always gives the same ones."""
    crowd = _Crowd(seed)
    makers = {
        Label.STRANGERS: crowd.strangers,
        Label.TWINS: crowd.twins,
        Label.ONE_TYPO: crowd.one_typo,
        Label.EARLIER_NAME: crowd.earlier_name,
        Label.SHORT_NAME: crowd.short_name,
    }
    shares = sum(_SHARES.values())
    return [makers[label]() for label, share in _SHARES.items() for _ in range(count * share // shares)]


def typos_in_any_name(seed: int = SEED, count: int = 1_500) -> list[LabelledPair]:
    """Give pairs with one typo in a name of any length, as information beside the criterion."""
    crowd = _Crowd(seed)
    return [crowd.one_typo(shortest=1) for _ in range(count)]


class _Crowd:
    """Makes one labelled pair after another from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._fakers = {locale: Faker(locale) for locale in LOCALES}
        for faker in self._fakers.values():
            faker.seed_instance(self._random.randrange(2**32))
        self._gendered = [line.split(":") for line in name_tables.lines("gendered_pairs.txt")]

    def strangers(self) -> LabelledPair:
        one, other = self._person(), self._person()
        while (one.given_name, one.family_name) == (other.given_name, other.family_name):
            other = self._person()
        return _pair(Label.STRANGERS, one, other)

    def twins(self) -> LabelledPair:
        """Brother and sister with one family name: named alike, from the gendered table, or anyhow."""
        brother, sister = self._random.choice((self._alike, self._listed, self._unlike))()
        if normalise(brother) == normalise(sister):
            return self.twins()
        family = self._person().family_name
        twins = [Person(brother, family, female=False), Person(sister, family, female=True)]
        self._random.shuffle(twins)
        return _pair(Label.TWINS, *twins)

    def one_typo(self, shortest: int = 5) -> LabelledPair:
        """One slip in one of the two names; both spellings at least ``shortest`` letters, as domain §5 says."""
        while True:
            person = self._person()
            in_given = self._random.random() < 0.5
            right = person.given_name if in_given else person.family_name
            wrong = self._slip(right)
            before, after = normalise(right), normalise(wrong)
            if before != after and min(len(before), len(after)) >= shortest:
                caller = replace(person, given_name=wrong) if in_given else replace(person, family_name=wrong)
                return _pair(Label.ONE_TYPO, caller, person)

    def earlier_name(self) -> LabelledPair:
        """A caller who knows the name before a marriage: held as previous, held as at 16, or now one part."""
        person = self._person()
        earlier = self._person().family_name
        caller = replace(person, family_name=earlier)
        learner = _registered(person)
        match self._random.randrange(3):
            case 0:
                learner = replace(learner, previous_family_name=earlier)
            case 1:
                learner = replace(learner, family_name_at_age16=earlier)
            case _:
                learner = replace(learner, family_name=f"{earlier}-{person.family_name}")
        return LabelledPair(Label.EARLIER_NAME, caller.given_name, caller.family_name, learner)

    def short_name(self) -> LabelledPair:
        full, shorts = self._random.choice(list(SHORT_FORMS.items()))
        family = self._person().family_name
        names = [Person(name, family, female=False) for name in (full, self._random.choice(shorts.split()))]
        self._random.shuffle(names)
        return _pair(Label.SHORT_NAME, *names)

    def _person(self) -> Person:
        (locale,) = self._random.choices(list(LOCALES), list(LOCALES.values()))
        faker = self._fakers[locale]
        female = self._random.random() < 0.5
        given = faker.first_name_female() if female else faker.first_name_male()
        family = faker.last_name_female() if female else faker.last_name_male()
        return Person(given, family, female=female)

    def _alike(self) -> tuple[str, str]:
        brother, sisters = self._random.choice(list(TWINS_NAMED_ALIKE.items()))
        return brother, self._random.choice(sisters.split())

    def _listed(self) -> tuple[str, str]:
        males, females = self._random.choice(self._gendered)
        brother, sister = self._random.choice(males.split()), self._random.choice(females.split())
        return brother, {"+": brother, "~": brother[:-1]}.get(sister[0], "") + sister.lstrip("+~")

    def _unlike(self) -> tuple[str, str]:
        return self._name_of_one_sex(female=False), self._name_of_one_sex(female=True)

    def _name_of_one_sex(self, *, female: bool) -> str:
        while (person := self._person()).female != female or person.given_name in BORNE_BY_BOTH:
            pass
        return person.given_name

    def _slip(self, name: str) -> str:
        """One insertion, deletion, replacement or swap of neighbours, each as likely, anywhere in the name."""
        place, gap = self._random.randrange(len(name)), self._random.randrange(len(name) + 1)
        letter = self._random.choice(ascii_lowercase)
        return self._random.choice(
            (
                name[:gap] + letter + name[gap:],
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place + 1 :],
                name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
            )
        )


def _pair(label: Label, caller: Person, holder: Person) -> LabelledPair:
    return LabelledPair(label, caller.given_name, caller.family_name, _registered(holder))


def _registered(person: Person) -> Learner:
    return Learner(
        uln="1026893096",
        status=Status.ACTIVE,
        version=1,
        created_at=_LONG_AGO,
        updated_at=_LONG_AGO,
        given_name=person.given_name,
        family_name=person.family_name,
        date_of_birth="2000-01-01",
        gender="2" if person.female else "1",
        last_known_post_code="ZZ99 9ZZ",
        ability_to_share="1",
        verification_type="1",
    )
