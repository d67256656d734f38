"""Jobs of achievements for tests: rows as they are sent, and a record in memory that they are worked off on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.unit.batch.test_batch_verifying import Register
from tests.unit.record.submissions import AO, GIVEN, UNIT

from uln_server.batch.job import Fields, Job, JobKind, Row
from uln_server.catalogue import entry as catalogue
from uln_server.catalogue.provider import Provider
from uln_server.record.award import Award
from uln_server.record.recorded import AwardChange
from uln_server.register.authorship import Author

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
JOB = Job(
    id=100_001,
    kind=JobKind.ACHIEVEMENTS,
    form="Final",
    organisation_id=1,
    ukprn=AO,
    user="Someone",
    message_id="message-1",
    submitted_at=NOW,
    rows=1,
)


def sent(**fields: str | None) -> Fields:
    """An achievement of Darcie's, created, as the fields of a row."""
    return {**GIVEN, **fields}


def rows(*given: Fields) -> list[Row]:
    return [Row(position, each) for position, each in enumerate(given, 1)]


@dataclass
class Catalogue:
    held: tuple[catalogue.Entry, ...] = (UNIT,)

    def entries(self, keys: Iterable[str]) -> dict[str, catalogue.Entry]:
        asked = set(keys)
        return {each.key: each for each in self.held if each.key in asked}


@dataclass
class Providers:
    held: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        return bool(self.held)

    def known(self, ukprns: Iterable[str]) -> dict[str, Provider]:
        return {ukprn: Provider(ukprn, "A provider") for ukprn in ukprns if ukprn in self.held}


@dataclass
class Awards:
    """Awards in memory, with what was done to them."""

    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: dict[Any, Award] = field(default_factory=dict)
    changes: list[AwardChange] = field(default_factory=list)
    authors: list[tuple[int, Author]] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)

    def hold(self, organisation: str) -> None:
        self.holders.append(organisation)

    def merged_into(self, masters: Iterable[str]) -> dict[str, tuple[str, ...]]:
        return {master: self.merged[master] for master in masters if master in self.merged}

    def of(self, pairs: Iterable[tuple[str, str]]) -> list[Award]:
        asked = set(pairs)
        return [each for key, each in self.held.items() if (key.uln, key.reference) in asked]

    def keep(self, changes: Sequence[AwardChange], job_id: int, by: Author) -> None:
        self.changes += changes
        self.authors.append((job_id, by))
        self.held |= {each.after.key: each.after for each in changes}


@dataclass
class Unit:
    learners: Register = field(default_factory=Register)
    catalogue: Catalogue = field(default_factory=Catalogue)
    providers: Providers = field(default_factory=Providers)
    awards: Awards = field(default_factory=Awards)
