"""Grading structures: which grades an entry can be awarded with (domain §9)."""

import re

from uln_server.catalogue.entry import EntryKind

UNIT_GRADES = ("Pass",)
"""A unit is passed, and nothing else [P]."""

# What the regulator calls a structure of which it does not say the grades.
_NOT_SAID = frozenset({"graded", "other", "n/a", "not applicable"})
# Nobody is awarded with these [O].
_NO_AWARD = frozenset({"fail", "refer", "unclassified"})


def grades_in(grading_type: str) -> tuple[str, ...] | None:
    """Read the grades from the name of a structure, such as Pass/Merit/Distinction.

    ``None`` where the name does not tell them (Graded). Failing is no grade of an award [O].
    """
    if grading_type.strip().casefold() in _NOT_SAID:
        return None
    parts = [" ".join(each.split()) for each in re.split(r"[/;,]", grading_type)]
    return tuple(dict.fromkeys(each for each in parts if each and each.casefold() not in _NO_AWARD)) or None


def structure_of(grading_type: str | None, kind: EntryKind) -> tuple[str, ...] | None:
    """Give the grades where no list names them: those that the structure's name tells, else those of the kind."""
    told = None if grading_type is None else grades_in(grading_type)
    return told or (UNIT_GRADES if kind is EntryKind.UNIT else None)


def same_grade(grade: str) -> str:
    """Give what a grade is compared by: case and space do not count [O]."""
    return "".join(grade.split()).casefold()
