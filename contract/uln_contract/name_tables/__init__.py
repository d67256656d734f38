"""The tables of the name criteria, and how they are read. The text files beside this module are ours [O].

``spellings.txt`` and ``family_spellings.txt`` list spellings of one name, ``short_forms.txt`` full names with
their short forms, ``refused_short_forms.txt`` what we do not take over from the PyPI table ``nicknames``,
``gendered_pairs.txt`` the pairs that are never similar. Each file's head says how its lines read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import permutations, product
from typing import TypeAlias

from uln_contract.normalising import normalise

Pairs: TypeAlias = frozenset[tuple[str, str]]
"""Pairs of normalised names, each in both directions."""


@cache
def gendered() -> Pairs:
    """Give the given names of opposite sexes that are never similar to each other."""
    return _both_ways(
        (male, female)
        for males, endings in _two_sided("gendered_pairs.txt")
        for male in map(normalise, males)
        for female in _with_endings(male, endings)
        if male != female
    )


@cache
def given_variants() -> Pairs:
    """Give the given names that are similar by a table: other spellings and short forms, no gendered pair."""
    spellings = _spellings("spellings.txt")
    return (spellings | _short_forms(spellings)) - gendered()


@cache
def family_variants() -> Pairs:
    """Give the family names that are similar by a table: other spellings only."""
    return _spellings("spellings.txt") | _spellings("family_spellings.txt")


def nicknames(*, refused: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Give what the PyPI table ``nicknames`` holds, as pairs of full name and short form, without the refused."""
    # Imported here because the library's own imports take as long as all the rest of reading the tables.
    from nicknames import name_triplets  # noqa: PLC0415  # as said above

    held = {
        (normalise(full), normalise(short))
        for full, relationship, short in name_triplets()
        if relationship == "has_nickname"
    }
    return frozenset(held - refused)


def listed(file: str) -> Iterator[tuple[str, str]]:
    """Give the pairs of a file whose lines read ``full names : short forms``, normalised."""
    for fulls, shorts in _two_sided(file):
        yield from product(map(normalise, fulls), map(normalise, shorts))


def lines(file: str) -> list[str]:
    """Give a table's lines without its comments."""
    return [line for line in text(file).splitlines() if line and not line.startswith("#")]


def text(file: str) -> str:
    """Give a table as it is written."""
    return files("uln_contract").joinpath("name_tables", file).read_text("utf-8")


def _spellings(file: str) -> Pairs:
    return frozenset(
        pair for line in lines(file) for pair in permutations(dict.fromkeys(map(normalise, line.split())), 2)
    )


def _short_forms(spellings: Pairs) -> Pairs:
    """Join each full name, however spelt, with each of its short forms, however spelt.

    A pair that is refused or gendered is left out before its other spellings are added, or these would stay.
    """
    taken = nicknames(refused=frozenset(listed("refused_short_forms.txt")))
    spelt = defaultdict(set)
    for one, other in spellings:
        spelt[one].add(other)
    return _both_ways(
        pair
        for full, short in {*listed("short_forms.txt"), *taken} - gendered()
        for pair in product({full, *spelt.get(full, ())}, {short, *spelt.get(short, ())})
        if pair[0] != pair[1]
    )


def _with_endings(male: str, endings: list[str]) -> Iterator[str]:
    for ending in endings:
        match ending[0]:
            case "+":
                yield male + ending[1:]
            case "~":
                yield male[:-1] + ending[1:]
            case _:
                yield normalise(ending)


def _both_ways(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return frozenset(way for one, other in pairs for way in ((one, other), (other, one)))


def _two_sided(file: str) -> Iterator[tuple[list[str], list[str]]]:
    for line in lines(file):
        left, right = line.split(":")
        yield left.split(), right.split()
