"""When two names are the same, similar, or different people's (domain §5).

All of it is ours [O]: no name criteria of the Learning Records Service are published. The rules stand here in the
order of ``docs/names.md``; ``name_tables/golden.csv`` is their definition by example, and
``docs/adr/0001-name-criteria.md`` says why there are no similarity scores.
"""

from enum import IntEnum

from uln_contract import name_tables
from uln_contract.normalising import normalise, parts

__all__ = ["Likeness", "compare_family", "compare_given", "has_letters", "normalise"]

_SHORTEST_EDITED = 5
# What stands in a man's name where a woman's has the final -a: Zoran(a), Mario, Liviu, Raimonds, Evaldas, Julian.
_BESIDE_FINAL_A = ("", "o", "u", "s", "as", "an")


class Likeness(IntEnum):
    """How much two names agree; ordered, so that ``>= Likeness.SIMILAR`` reads "at least similar"."""

    DIFFERENT = 0
    SIMILAR = 1
    EXACT = 2


def compare_given(a: str, b: str) -> Likeness:
    """Compare two given names, in either order.

    A name that normalises to nothing is different from every name, itself included. The first call reads the
    tables (well under 0.1 s); any later one takes a few microseconds.
    """
    one, other = normalise(a), normalise(b)
    if not one or not other:
        return Likeness.DIFFERENT
    if one == other:
        return Likeness.EXACT
    if (one, other) in name_tables.gendered():
        return Likeness.DIFFERENT
    similar = (
        (one, other) in name_tables.given_variants()
        or _is_part(one, b)
        or _is_part(other, a)
        or _is_initial(one, other)
        or _is_initial(other, one)
        or (_one_edit(one, other) and not _only_final_a_differs(one, other))
    )
    return Likeness.SIMILAR if similar else Likeness.DIFFERENT


def compare_family(a: str, b: str) -> Likeness:
    """Compare two family names, in either order; as given names, without short forms, initials and the sexes.

    A family name's initial would let a caller with a list of ULNs try 26 letters instead of naming the learner.
    """
    one, other = normalise(a), normalise(b)
    if not one or not other:
        return Likeness.DIFFERENT
    if one == other:
        return Likeness.EXACT
    similar = (
        (one, other) in name_tables.family_variants()
        or _is_part(one, b)
        or _is_part(other, a)
        or _one_edit(one, other)
    )
    return Likeness.SIMILAR if similar else Likeness.DIFFERENT


def has_letters(name: str) -> bool:
    """Tell whether a name can be compared at all; one without any letter cannot (WSRC0015, domain §4).

    Asked of the name as sent, because folding spells symbols out.
    """
    return normalise(name) != "" and any(map(str.isalpha, name))


def _is_part(normalised: str, double_barrelled: str) -> bool:
    return normalised in parts(double_barrelled)


def _is_initial(normalised: str, longer: str) -> bool:
    return len(normalised) == 1 and normalised.isalpha() and longer.startswith(normalised)


def _one_edit(one: str, other: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours makes the names equal.

    Only names of at least 5 letters each: in shorter ones an edit makes another name of it (Tim, Tom).
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _SHORTEST_EDITED or len(longer) - len(shorter) > 1:
        return False
    place = _first_difference(shorter, longer)
    if len(shorter) < len(longer):
        return shorter[place:] == longer[place + 1 :]
    if shorter[place + 1 :] == longer[place + 1 :]:
        return True
    swapped = shorter[place : place + 2][::-1] + shorter[place + 2 :]
    return swapped == longer[place:]


def _only_final_a_differs(one: str, other: str) -> bool:
    """Tell whether one name ends in -a and the other is the same without it, or with a man's ending in its place.

    Most languages met in Britain make a woman's name of a man's in this way, more often than anybody can list.
    Two names that both end in -a are left to the one edit (Priya, Priyaa).
    """
    woman, man = (one, other) if one.endswith("a") else (other, one)
    if not woman.endswith("a") or man.endswith("a"):
        return False
    stem = woman[:-1]
    return man.startswith(stem) and man[len(stem) :] in _BESIDE_FINAL_A


def _first_difference(shorter: str, longer: str) -> int:
    for place, (letter, its_counterpart) in enumerate(zip(shorter, longer, strict=False)):
        if letter != its_counterpart:
            return place
    return len(shorter)
