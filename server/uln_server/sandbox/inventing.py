"""Inventing learners by the hundred thousand: people with families, twins, namesakes, moves and merges [O].

The same number of learners and the same seed give the same learners, with the same version of this service and of
Faker. The first hundred of a thousand are not the hundred that are invented alone: registrations are spread over
the same years, however many there are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from uln_server.register.learner import Learner, Status
from uln_server.sandbox.details import Who, describe, e_mail
from uln_server.sandbox.drawing import Draw, one_of
from uln_server.sandbox.people import People
from uln_server.sandbox.places import Home, Places
from uln_server.sandbox.populations import names_of
from uln_server.sandbox.repeating import ended, misspelt, registered_again

FIRST_DAY: Final = date(2008, 9, 1)
LAST_DAY: Final = date(2025, 8, 31)
"""The learners were registered between these days; fixed, so that a seed means the same in every year."""

DEFAULT_SEED: Final = 2012


class Kind(StrEnum):
    """What an invented record is, seen from the ones before it."""

    NEW = "new"
    SIBLING = "sibling"
    TWIN = "twin"
    NAMESAKE = "namesake"
    MOVER = "mover"
    MERGED = "merged"
    DELETED = "deleted"


SHARES: Final[Mapping[Kind, float]] = {
    Kind.NEW: 75.5,
    Kind.SIBLING: 18,
    Kind.TWIN: 1.5,
    Kind.NAMESAKE: 1,
    Kind.MOVER: 2,
    Kind.MERGED: 1.5,
    Kind.DELETED: 0.5,
}
"""Records of each kind in percent; a kind that needs an earlier learner is a new one where there is none."""
IN_A_CHAIN: Final = 0.15
"""Of merged records those that are merged into a record which is itself merged."""
MISSPELT: Final = 0.4
"""Of merged records those that differ from their master in a spelling, and not in the address."""

_OPENED, _OPEN_FOR = timedelta(hours=8), timedelta(hours=10)  # registrations are made by day
_START = datetime.combine(FIRST_DAY, time(), UTC) + _OPENED
_UNTIL = datetime.combine(LAST_DAY, time(), UTC) + _OPENED + _OPEN_FOR
_DAYS = (LAST_DAY - FIRST_DAY).days + 1
_REMEMBERED = 4096  # earlier learners who may be met again
_REMEMBERED_MERGES = 64


@dataclass(frozen=True, slots=True)
class Invented:
    """A record and what it is; ``of`` is the ULN of the earlier record that it was made after, if any."""

    learner: Learner
    kind: Kind
    of: str | None = None


@dataclass(slots=True)
class _Known:
    """Somebody who is in the register. ``post_codes`` are all at which these names and this date are met."""

    who: Who
    record: Learner
    post_codes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.post_codes.add(self.who.home.place.post_code)


def invent(count: int, seed: int | str, ulns: Iterator[str]) -> Iterator[Invented]:
    """Invent so many learners, in the order of registration, a master before what is merged into it.

    Each takes its ULN from ``ulns``. About 40 microseconds a learner; memory for the postcodes, one to eight
    learners, and little else.
    """
    chance = Random(f"{seed}")  # noqa: S311  # people are invented here, not secrets
    return _Register(count, chance, ulns).learners()


class _Register:
    """The register under invention, and who of it may be met again."""

    def __init__(self, count: int, chance: Random, ulns: Iterator[str]) -> None:
        self._count = count
        self._chance = chance
        self._ulns = ulns
        self._people = People(Places(count, chance), chance)
        self._known: list[_Known] = []
        self._merged: list[_Known] = []
        self._newest: _Known | None = None
        # Of many learners few are remembered, so that those who are met again were registered many years ago too.
        self._remembering = min(1.0, 8 * _REMEMBERED / max(count, 1))

    def learners(self) -> Iterator[Invented]:
        kinds = Draw(SHARES.items())
        ways: Mapping[Kind, Callable[[datetime], Invented]] = {
            Kind.NEW: self._new,
            Kind.SIBLING: self._sibling,
            Kind.TWIN: self._twin,
            Kind.NAMESAKE: self._namesake,
            Kind.MOVER: self._mover,
            Kind.MERGED: self._duplicate,
            Kind.DELETED: self._deleted,
        }
        for number in range(self._count):
            way = ways[kinds(self._chance)] if self._known else self._new
            yield way(self._registered(number))

    def _registered(self, number: int) -> datetime:
        """Spread the registrations evenly over the days, each within its hours, in order."""
        day, part = divmod((number + self._chance.random()) / self._count * _DAYS, 1)
        return _START + timedelta(days=day, seconds=int(part * _OPEN_FOR.total_seconds()))

    def _new(self, registered: datetime) -> Invented:
        who = self._people.somebody(registered)
        return Invented(self._remembered(who, registered), Kind.NEW)

    def _deleted(self, registered: datetime) -> Invented:
        record = self._record(self._people.somebody(registered), registered)
        return Invented(ended(record, Status.DELETED, _UNTIL, self._chance), Kind.DELETED)

    def _sibling(self, registered: datetime) -> Invented:
        other = one_of(self._known, self._chance)
        who = self._people.sibling(other.who, registered)
        return Invented(self._remembered(who, registered), Kind.SIBLING, other.record.uln)

    def _twin(self, registered: datetime) -> Invented:
        """Give the newest learner a twin, who is registered next."""
        other, self._newest = self._newest, None
        if other is None:
            return self._new(registered)
        who = self._people.twin(other.who)
        record = self._bearing(_birth_name(who), self._record(who, registered))
        shared = replace(
            record,
            last_known_post_code=other.record.last_known_post_code,
            place_of_birth=other.record.place_of_birth,
            school_at_age16=other.record.school_at_age16,
        )
        return Invented(shared, Kind.TWIN, other.record.uln)

    def _namesake(self, registered: datetime) -> Invented:
        """Let somebody else bear an earlier learner's names and have the same date of birth, in another place."""
        other = one_of(self._known, self._chance)
        record = self._record(replace(other.who, home=self._elsewhere(other)), registered)
        named = replace(self._bearing(other.record.family_name, record), gender=other.record.gender)
        return Invented(named, Kind.NAMESAKE, other.record.uln)

    def _mover(self, registered: datetime) -> Invented:
        """Register an earlier learner once more, at another address."""
        other = one_of(self._known, self._chance)
        return Invented(self._again(other, registered), Kind.MOVER, other.record.uln)

    def _duplicate(self, registered: datetime) -> Invented:
        """Register an earlier learner once more, and merge that record into the earlier one."""
        chained = self._merged and self._chance.random() < IN_A_CHAIN
        master = one_of(self._merged if chained else self._known, self._chance)
        record = self._again(master, registered)
        if self._chance.random() < MISSPELT:
            record = misspelt(record, master.record, self._chance)
        record = ended(replace(record, master_uln=master.record.uln), Status.MERGED, _UNTIL, self._chance)
        self._merged.append(_Known(master.who, record, master.post_codes))
        del self._merged[:-_REMEMBERED_MERGES]
        return Invented(record, Kind.MERGED, master.record.uln)

    def _record(self, who: Who, registered: datetime) -> Learner:
        return describe(who, next(self._ulns), registered, _UNTIL, self._chance)

    def _remembered(self, who: Who, registered: datetime) -> Learner:
        """Make a record, and remember it by chance: longer where there are more."""
        known = _Known(who, self._record(who, registered))
        # The newest may get a twin: one who bears the name from birth, as the twin will.
        self._newest = known if known.record.previous_family_name is None else None
        if len(self._known) < _REMEMBERED:
            self._known.append(known)
        elif self._chance.random() < self._remembering:
            self._known[int(self._chance.random() * _REMEMBERED)] = known
        return known.record

    def _again(self, other: _Known, registered: datetime) -> Learner:
        home = self._elsewhere(other)
        return registered_again(other.record, next(self._ulns), registered, home, self._chance)

    def _elsewhere(self, other: _Known) -> Home:
        """Give an address at a postcode where nobody of these names and this date has been met."""
        home = self._people.home()
        while home.place.post_code in other.post_codes:
            home = self._people.home()
        other.post_codes.add(home.place.post_code)
        return home

    def _bearing(self, family_name: str, record: Learner) -> Learner:
        """Give a record that has borne this family name always."""
        return replace(
            record,
            family_name=family_name,
            previous_family_name=None,
            family_name_at_age16=None,
            email_address=record.email_address and e_mail(record.given_name, family_name, self._chance),
        )


def _birth_name(who: Who) -> str:
    return names_of(who.population).borne_by(who.sex, who.family_name)
