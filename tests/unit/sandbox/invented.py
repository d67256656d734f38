"""A register of invented learners in memory, and looking people up in it as the service does."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from uln_contract.codes import ResponseCode
from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status
from uln_server.register.matching import Match, Search, match
from uln_server.sandbox.inventing import DEFAULT_SEED, Invented, Kind, invent


def ulns() -> Iterator[str]:
    """Numbers in a row: nothing here asks for a check digit."""
    return map(str, itertools.count(1_000_000_000))


def some(count: int, seed: int | str = DEFAULT_SEED) -> list[Invented]:
    return list(invent(count, seed, ulns()))


@dataclass(frozen=True)
class InMemory:
    """All records by ULN and by date of birth."""

    invented: list[Invented]
    by_uln: dict[str, Learner] = field(default_factory=dict)
    by_birth: dict[str, list[Learner]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in self.invented:
            self.by_uln[each.learner.uln] = each.learner
            if each.learner.status is not Status.DELETED:
                self.by_birth[each.learner.date_of_birth].append(each.learner)

    @property
    def learners(self) -> list[Learner]:
        return [each.learner for each in self.invented]

    def of(self, kind: Kind) -> list[tuple[Learner, Learner]]:
        """The records of a kind, each with the one that it was made after."""
        return [(each.learner, self.by_uln[each.of]) for each in self.invented if each.kind is kind and each.of]

    def current(self, learner: Learner) -> Learner:
        while learner.master_uln is not None:
            learner = self.by_uln[learner.master_uln]
        return learner

    def find(self, learner: Learner, **changes: str) -> Match:
        """Look for a learner by these details, some of them changed."""
        candidates = self.by_birth[learner.date_of_birth]
        entries = [Entry(asked=each, current=self.current(each)) for each in candidates]
        return match(Search(demographics=replace(learner.demographics, **changes)), entries)

    def found(self, learner: Learner, **changes: str) -> tuple[ResponseCode, set[str]]:
        """The code, and the ULNs that stand for those who were found."""
        answer = self.find(learner, **changes)
        return answer.code, {each.current.uln for each in answer.entries}
