"""Reading one cell of a list: from what is written to what an entry holds."""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from uln_server.catalogue.entry import Availability, ComponentRole, Country, EntryKind
from uln_server.catalogue.grading import same_grade
from uln_server.catalogue.provider import is_ukprn
from uln_server.importing.lists import ListRule

MOST = 4_000
"""Characters of a text [O]."""

Reading = Callable[[str], object]
E = TypeVar("E", bound=StrEnum)

_WHOLE = re.compile(r"([0-9]{1,6})(?:\.0+)?", re.ASCII)
# As we write them, or as an export does: a time of day behind the date says nothing.
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+Z?)?", re.ASCII)
_UK_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9:]+)?", re.ASCII)
_RECOGNITION = re.compile(r"[A-Za-z0-9]{2,20}", re.ASCII)
_YES, _NO = frozenset({"yes", "true", "y", "1"}), frozenset({"no", "false", "n", "0"})
_COUNTRIES = {
    **{each.value.casefold(): each for each in Country},
    **{each.name.replace("_", " ").casefold(): each for each in Country},
}


class Misfit(ValueError):  # noqa: N818  # said of the cell
    """A cell that cannot be read: ``words`` continue a sentence that starts with the column's name."""

    def __init__(self, words: str, remedy: str, rule: ListRule = ListRule.FORM) -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy
        self.rule = rule


def text(cell: str) -> str:
    """Take a text as it is."""
    if len(cell) > MOST:
        raise Misfit(f"has {len(cell)} characters, and at most {MOST:,} fit.", "Shorten it.", ListRule.LENGTH)
    return cell


def whole(cell: str) -> int:
    """Read hours or credits: a whole number."""
    found = _WHOLE.fullmatch(cell)
    if found is None:
        raise Misfit("is no whole number up to 999999.", "Write it like 120, or leave it empty.")
    return int(found[1])


def credit(cell: str) -> int | None:
    """Read a credit value; 0 means that there is none [O]."""
    return whole(cell) or None


def day(cell: str) -> str:
    """Read a date, ``YYYY-MM-DD`` or ``DD/MM/YYYY``; a time of day behind it is not read [O]."""
    iso, british = _ISO_DATE.fullmatch(cell), _UK_DATE.fullmatch(cell)
    if iso is None and british is None:
        raise Misfit("is no date.", "Write it like 2024-08-31, or leave it empty.", ListRule.DATE)
    year, month, of_month = iso.groups() if iso else reversed(british.groups() if british else ())
    try:
        return date(int(year), int(month), int(of_month)).isoformat()
    except ValueError:
        raise Misfit("is no day of the calendar.", "Correct the date.", ListRule.DATE) from None


def ukprn(cell: str) -> str:
    """Read a UKPRN."""
    if not is_ukprn(cell):
        raise Misfit("is no UKPRN.", "Write its eight digits, like 10001234.")
    return cell


def ukprns(cell: str) -> tuple[str, ...]:
    """Read several UKPRNs."""
    return tuple(sorted({ukprn(each) for each in _several(cell)}))


def recognition_number(cell: str) -> str:
    """Read a regulator's number of an awarding organisation."""
    if _RECOGNITION.fullmatch(cell) is None:
        raise Misfit("is no recognition number.", "Write it like RN5133.")
    return cell.upper()


def grades(cell: str) -> tuple[str, ...]:
    """Read a grading structure, its grades in their order."""
    spelt: dict[str, str] = {}
    for each in re.split("[;|]", cell):
        spelt.setdefault(same_grade(each), " ".join(each.split()))
    found = tuple(grade for grade in spelt.values() if grade)
    if not found:
        raise Misfit("names no grade.", "Write the grades like Pass;Merit;Distinction.")
    return found


def countries(cell: str) -> tuple[Country, ...]:
    """Read where an entry is offered, by code or by name."""
    found = set()
    for each in re.split("[;,|]", cell):
        name = " ".join(each.split()).casefold()
        if name and name not in _COUNTRIES:
            known = ", ".join(Country)
            raise Misfit("names something else than a country of the UK.", f"Write {known}, with ; between them.")
        if name:
            found.add(_COUNTRIES[name])
    return tuple(country for country in Country if country in found)


def yes_or_no(cell: str) -> bool:
    """Read whether something is so."""
    given = cell.casefold()
    if given not in _YES | _NO:
        raise Misfit("is neither yes nor no.", "Write Yes or No.")
    return given in _YES


def kind(cell: str) -> EntryKind:
    """Read what an entry is."""
    return _member(EntryKind, cell)


def availability(cell: str) -> Availability:
    """Read who may award a unit."""
    return _member(Availability, cell)


def role(cell: str) -> ComponentRole:
    """Read what an entry is within a Diploma."""
    return _member(ComponentRole, cell)


def _member(members: type[E], cell: str) -> E:
    try:
        return members("-".join(cell.casefold().split()))
    except ValueError:
        raise Misfit("is none of the words that are known here.", f"Write {' or '.join(members)}.") from None


def _several(cell: str) -> list[str]:
    return [each for each in re.split(r"[;,|\s]+", cell) if each]
