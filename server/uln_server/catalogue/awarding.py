"""Whether an entry can be awarded: the business rules that the catalogue decides (domain §9).

Each rule is a function of its own, and answers with a problem or nothing. What a caller is told about a problem is
the business of whoever asks.
"""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from uln_server.catalogue.entry import Availability, Entry, EntryKind
from uln_server.catalogue.grading import same_grade


class Problem(StrEnum):
    """What stands in the way of an award."""

    NOT_ON_CATALOGUE = "not-on-catalogue"
    WITHDRAWN = "withdrawn"
    BEFORE_START = "before-start"
    AFTER_END = "after-end"
    NOT_AVAILABLE = "not-available"
    OWNER_NOT_KNOWN = "owner-not-known"
    NO_GRADE = "no-grade"
    NOT_A_GRADE = "not-a-grade"


class Grading(NamedTuple):
    """The grade of an award as the structure spells it, or what is wrong with the one given."""

    grade: str | None
    problem: Problem | None = None


def awardable(entry: Entry | None, *, organisation: str, date: str) -> Problem | None:
    """Tell what keeps this organisation (UKPRN) from awarding an entry on a day (``YYYY-MM-DD``, UK time).

    ``entry`` is ``None`` where the catalogue has none under the reference. The first problem is given: not there,
    withdrawn, too early, too late, another's. The grade is a question of its own: ``graded``.
    """
    if entry is None:
        return Problem.NOT_ON_CATALOGUE
    return listed_on(entry, date) or in_time(entry, date) or available_to(entry, organisation)


def listed_on(entry: Entry, date: str) -> Problem | None:
    """Hold the day to the catalogue: an entry that was withdrawn later could still be awarded then [O]."""
    return Problem.WITHDRAWN if entry.withdrawn is not None and date >= entry.withdrawn else None


def in_time(entry: Entry, date: str) -> Problem | None:
    """Hold the day to operational start and certification end, both included.

    Without a start an entry always could, without an end it still can be awarded [O]. The operational end closes
    it to new learners only.
    """
    if entry.operational_start is not None and date < entry.operational_start:
        return Problem.BEFORE_START
    if entry.certification_end is not None and date > entry.certification_end:
        return Problem.AFTER_END
    return None


def available_to(entry: Entry, organisation: str) -> Problem | None:
    """Hold an organisation to who may award: the owner; of a unit also whom it lists, and all if it is shared."""
    if entry.owner == organisation:
        return None
    if entry.kind is EntryKind.UNIT and (
        entry.availability is Availability.SHARED or organisation in entry.listed
    ):
        return None
    return Problem.NOT_AVAILABLE if entry.owner else Problem.OWNER_NOT_KNOWN


def graded(entry: Entry, grade: str | None) -> Grading:
    """Find a grade in the entry's structure; case and space do not count [O].

    Where there is but one grade, it need not be named [O]; where the structure is not known, any grade is taken
    as it is [O].
    """
    return _graded(entry.grades, (grade or "").strip())


@lru_cache(maxsize=1_024)  # a submission has the same few structures and grades again and again
def _graded(grades: tuple[str, ...] | None, given: str) -> Grading:
    if grades is None:
        return Grading(given or None)
    if not given:
        return Grading(grades[0]) if len(grades) == 1 else Grading(None, Problem.NO_GRADE)
    found = next((each for each in grades if same_grade(each) == same_grade(given)), None)
    return Grading(None, Problem.NOT_A_GRADE) if found is None else Grading(found)
