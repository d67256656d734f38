"""Measure the name criteria on 10,000 labelled pairs: ``python benchmarks/name_criteria.py`` (domain §5 [O])."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_pairs import Label, LabelledPair, pairs, typos_in_any_name  # path set above

from uln_contract.codes import VerifyCode
from uln_server.register.entry import Entry
from uln_server.register.finding import names_agree
from uln_server.register.verifying import Claim, verify


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of some pairs were taken for the same person."""

    accepted: int
    pairs: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.accepted / self.pairs

    def __str__(self) -> str:
        return f"{self.accepted:5} of {self.pairs:5}  {self.share:8.3%}"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A bound on the rate of some labels."""

    name: str
    labels: frozenset[Label]
    at_least: float = 0.0
    at_most: float = 1.0

    def met(self, rate: Rate) -> bool:
        """Whether the rate lies within the bound."""
        return self.at_least <= rate.share <= self.at_most

    @property
    def bound(self) -> str:
        """The bound as the report prints it."""
        return f"at least {self.at_least:.0%}" if self.at_least else f"at most {self.at_most:.1%}"


CRITERIA = (
    Criterion("strangers accepted", frozenset({Label.STRANGERS}), at_most=0.001),
    Criterion("opposite-sex twins accepted", frozenset({Label.TWINS}), at_most=0.0),
    Criterion("one typo found", frozenset({Label.ONE_TYPO}), at_least=0.98),
    Criterion("earlier or short name found", frozenset({Label.EARLIER_NAME, Label.SHORT_NAME}), at_least=0.95),
)


def accepted(pair: LabelledPair) -> bool:
    """Tell whether find by ULN or verifyLearner takes the names for the learner's own.

    Date of birth and gender are not sent, so that the names alone decide: the caller with the least to show.
    """
    claim = Claim(given_name=pair.given_name, family_name=pair.family_name, date_of_birth=None, gender=None)
    entry = Entry(asked=pair.learner, current=pair.learner)
    found = names_agree(pair.given_name, pair.family_name, pair.learner)
    return found or verify(claim, entry).code is not VerifyCode.WSVRC005


def rate(measured: Iterable[LabelledPair]) -> Rate:
    """Count the accepted among some pairs."""
    outcomes = [accepted(pair) for pair in measured]
    return Rate(sum(outcomes), len(outcomes))


def rates(measured: list[LabelledPair]) -> list[tuple[Criterion, Rate]]:
    """Give each criterion with its rate."""
    return [(criterion, rate(p for p in measured if p.label in criterion.labels)) for criterion in CRITERIA]


def report() -> bool:
    """Print the figures; tell whether every criterion is met."""
    measured = pairs()
    started = perf_counter()
    results = rates(measured)
    each = (perf_counter() - started) / len(measured)
    print(f"Name criteria on {len(measured):,} labelled pairs")
    for criterion, figure in results:
        verdict = "met" if criterion.met(figure) else "MISSED"
        print(f"  {criterion.name:30} {figure}   {criterion.bound:15} {verdict}")
    print("For information")
    for label in Label:
        print(f"  {label:30} {rate(pair for pair in measured if pair.label is label)}")
    print(f"  {'one typo, name of any length':30} {rate(typos_in_any_name())}")
    print(f"  a find and a verification together take {each * 1e6:.0f} µs")
    return all(criterion.met(figure) for criterion, figure in results)


if __name__ == "__main__":
    sys.exit(not report())
