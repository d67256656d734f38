"""Which layout a heading row is of, and where it has which column (domain §8)."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from uln_contract.batch_files.answer_columns import ANSWER_COLUMNS
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.layouts import LAYOUTS, FileKind, Layout

_IGNORED = re.compile(r"[\W_]+")
_LIKE = 0.75  # of difflib's ratio: from here on an unknown heading is taken for a misspelt one [O]
_PART = 5  # letters that must be there for one heading to be seen within another [O]
ENOUGH = 2
"""So many known headings make a row the heading row, or a sheet the list, where that is not clear [O]."""
ABOVE = 10
"""So many rows above the headings are passed over, such as a title and when the list was made [O]."""
_SHOWN = 5  # headings with another spelling that one sentence lists
_LISTED = 10  # missing ones

# What lists of learners have instead of the layouts' headings. It is proposed, never read so [O].
_COMMON = {
    "dob": "dateofbirth",
    "birthdate": "dateofbirth",
    "surname": "familyname",
    "lastname": "familyname",
    "forename": "givenname",
    "firstname": "givenname",
    "knownas": "preferredgivenname",
    "sex": "gender",
    "email": "emailaddress",
    "uniquelearnernumber": "uln",
    "learnerid": "misidentifier",
    "studentid": "misidentifier",
    "centre": "providerukprn",
    "awarddate": "achievementawarddate",
    "aim": "unitorqualificationreferencenumber",
}


class Headed(NamedTuple):
    """A heading row understood.

    ``places`` gives the index of each column that is there, by the layout's name of it, ``names`` that name by
    the heading as it stands in the file, without outer space. ``findings`` are warnings. ``alike`` are the other
    layouts that these headings fit as well.
    """

    layout: Layout
    places: Mapping[str, int]
    findings: tuple[Finding, ...]
    alike: tuple[Layout, ...]
    names: Mapping[str, str]


def headed(
    headings: Sequence[str],
    layouts: Iterable[Layout] = tuple(LAYOUTS.values()),
    *,
    row: int | None = 1,
    sheet: str | None = None,
) -> Headed:
    """Find the layout that fits best, of equal ones the first, and its columns.

    Case, white space, underscores and order are forgiven with a warning; so are missing columns that no record
    needs, and columns that no layout has. ``row`` and ``sheet`` say where the headings stand. Raises
    ``UnusableFile`` with every finding when a needed column is missing, a heading stands twice or is likely a
    misspelt one, or the headings are of no layout or of another kind than ``layouts``.
    """
    wanted = tuple(layouts)
    best = max(_fits(headings, each) for each in wanted)
    better = max(LAYOUTS.values(), key=lambda each: (_fits(headings, each), each in wanted))
    place = _Place(row, sheet)
    if not recognised(headings):
        raise UnusableFile(_none(headings, wanted, place))
    alike = [each for each in wanted if _fits(headings, each) == best]
    layout = alike[0]
    reading = _Reading(headings, layout, place)
    if better.kind is not layout.kind:
        raise UnusableFile(_other_kind(better, layout.kind, place))
    if reading.refused:
        ordered = sorted(reading.findings, key=lambda each: each.refuses)
        raise UnusableFile(*ordered)
    names = {headings[index].strip(): name for name, index in reading.places.items()}
    return Headed(layout, reading.places, tuple(reading.findings), tuple(alike[1:]), names)


def recognised(headings: Iterable[str]) -> int:
    """Count the headings that some layout knows: what a delimiter or a sheet is chosen by."""
    return len({key(each) for each in headings} & _everything())


@cache
def key(heading: str) -> str:
    """Give what headings are compared by: letters and digits alone, without their case."""
    return _IGNORED.sub("", heading).casefold()


def known_columns(layout: Layout) -> dict[str, str]:
    """Give the layout's columns by every key that is known for them; its own names win."""
    return {**_elements(layout), **_columns(layout)}


def nearest(heading: str, names: Iterable[str], like: float = _LIKE) -> str | None:
    """Give the name that a heading was probably meant to be, if there is one.

    Either one of what such lists commonly have, or a name that holds the heading or is held by it, or the one
    with most letters in the same order.
    """
    keys = {key(each): each for each in names}
    given = key(heading)
    if not given:
        return None
    common = keys.get(_COMMON.get(given, ""))
    if common:
        return common
    within = [each for each in keys if _within(given, each)]
    near = difflib.get_close_matches(given, within or keys, n=1, cutoff=0.0 if within else like)
    return keys[near[0]] if near else None


_ANSWERS = frozenset(map(key, ANSWER_COLUMNS))


class _Place(NamedTuple):
    row: int | None
    sheet: str | None

    def finding(
        self,
        code: StructureCode,
        words: str,
        remedy: str | None = None,
        *,
        column: str | None = None,
        value: str | None = None,
    ) -> Finding:
        return structural(code, words, remedy, row=self.row, column=column, value=value, sheet=self.sheet)


class _Reading:
    """A heading row, read as one of a layout."""

    def __init__(self, headings: Sequence[str], layout: Layout, place: _Place) -> None:
        self.places: dict[str, int] = {}
        self.findings: list[Finding] = []
        self._headings, self._layout, self._place = headings, layout, place
        unknown = self._take_known()
        missing = [each for each in layout.names if each not in self.places]
        meant = self._judge_unknown(unknown, missing)
        self._judge_missing([each for each in missing if each not in meant])
        self._judge_spelling()
        self._judge_order()

    @property
    def refused(self) -> bool:
        return any(each.refuses for each in self.findings)

    def _take_known(self) -> list[int]:
        """Place what the layout knows; give the indexes of the rest."""
        exact = _columns(self._layout)
        unknown = []
        for index, heading in enumerate(self._headings):
            name = exact.get(key(heading))
            if name is None:
                unknown.append(index)
            elif name in self.places:
                self._twice(index, name)
            else:
                self.places[name] = index
        return [each for each in unknown if not self._take_element(each)]

    def _take_element(self, index: int) -> bool:
        """Take a heading that names the contract's element, where the layout's own name of it is not there."""
        name = _elements(self._layout).get(key(self._headings[index]))
        if name is None:
            return False
        if name in self.places:
            self._twice(index, name)
        else:
            self.places[name] = index
        return True

    def _twice(self, index: int, name: str) -> None:
        words = (
            f"Columns {self.places[name] + 1} and {index + 1} are both headed {name}."
            if key(self._headings[index]) == key(self._headings[self.places[name]])
            else f"Columns {self.places[name] + 1} and {index + 1} both hold {name}."
        )
        self._add(StructureCode.F045, words, column=name, value=self._headings[index].strip())

    def _judge_unknown(self, unknown: list[int], missing: list[str]) -> set[str]:
        """Tell of headings that are none; give the missing columns that they were probably meant to be."""
        meant: set[str] = set()
        for index in unknown:
            heading = self._headings[index].strip()
            if key(heading) in _ANSWERS:
                continue
            if not heading:
                self._add(StructureCode.F048, f"Column {index + 1} has no heading. It is not read.")
                continue
            name = nearest(heading, missing)
            if name is None:
                words = f"Column {index + 1} is headed {heading[:40]!r}, which the layout has not. It is not read."
                self._add(StructureCode.F043, words, column=heading[:40], value=heading)
                continue
            meant.add(name)
            words = f"Column {index + 1} is headed {heading[:40]!r}, which the layout has not; {name} is missing."
            remedy = f"If the column holds {name}, head it {name}. Otherwise take it out."
            self._add(StructureCode.F044, words, remedy, column=name, value=heading)
        return meant

    def _judge_missing(self, missing: list[str]) -> None:
        columns = self._layout.by_name
        for name in missing:
            if columns[name].required:
                words = f"The column {name} is missing, and {_every(self._layout, name)} needs it."
                self._add(StructureCode.F041, words, f"Add a column headed {name}.", column=name)
        rest = [each for each in missing if not columns[each].required]
        if rest:
            words = f"The layout's {_columns_named(rest)} missing, and taken as not given in every record."
            self._add(StructureCode.F042, words, column=rest[0])

    def _judge_spelling(self) -> None:
        other = [
            (self._headings[index], name) for name, index in self.places.items() if self._headings[index] != name
        ]
        if other:
            listed = ", ".join(f"{heading[:40]!r} as {name}" for heading, name in other[:_SHOWN])
            more = f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else ""
            words = f"Headings that are not spelt as in the layout are read: {listed}{more}."
            self._add(StructureCode.F046, words, column=other[0][1], value=other[0][0])

    def _judge_order(self) -> None:
        found = sorted(self.places, key=self.places.__getitem__)
        expected = [each for each in self._layout.names if each in self.places]
        first = next(((have, want) for have, want in zip(found, expected, strict=True) if have != want), None)
        if first is not None:
            words = (
                f"The columns do not stand in the layout's order: {first[0]} stands where {first[1]} is expected."
            )
            remedy = f"The order is: {', '.join(self._layout.names)}."
            self._add(StructureCode.F047, words, remedy, column=first[0])

    def _add(
        self,
        code: StructureCode,
        words: str,
        remedy: str | None = None,
        *,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.findings.append(self._place.finding(code, words, remedy, column=column, value=value))


def _within(given: str, name: str) -> bool:
    return min(len(given), len(name)) >= _PART and (given in name or name in given)


def _every(layout: Layout, name: str) -> str:
    return "the first row" if layout.by_name[name].of_file else "every record"


def _columns_named(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"column {names[0]} is"
    if len(names) > _LISTED:
        return f"columns {', '.join(names[:_LISTED])} and {len(names) - _LISTED} more are"
    return f"columns {', '.join(names[:-1])} and {names[-1]} are"


def _none(headings: Sequence[str], layouts: Sequence[Layout], place: _Place) -> Finding:
    shown = ", ".join(each.strip() for each in headings if each.strip())
    remedy = " ".join(f"For {each.title} it begins {', '.join(each.names[:_SHOWN])} …." for each in layouts)
    words = f"Row {place.row or 1} is no row of headings: none of its cells is a heading of a batch file's layout."
    return place.finding(StructureCode.F040, words, f"{_remedy()} {remedy}", value=shown)


def _remedy() -> str:
    return "Put the names of the layout's columns into the first row."


def _other_kind(found: Layout, asked: FileKind, place: _Place) -> Finding:
    words = f"The columns are those of {found.title} ({found.kind} file), and a {asked} file is expected."
    return place.finding(StructureCode.F049, words)


def _fits(headings: Sequence[str], layout: Layout) -> tuple[int, int]:
    """Weigh how well a layout fits: by the headings it knows, and against the needed ones that are missing.

    Of two that come to the same the one is better that has more headings by its own names.
    """
    keys = {key(each) for each in headings}
    own = keys & _own(layout).keys()
    known = keys & (_columns(layout).keys() | _elements(layout).keys())
    needed = {key(each.name) for each in layout.columns if each.required}
    return len(known) - 2 * len(needed - keys), len(own)


def _columns(layout: Layout) -> dict[str, str]:
    return {**{key(each): name for each, name in layout.also_headed.items()}, **_own(layout)}


def _own(layout: Layout) -> dict[str, str]:
    return {key(each): each for each in layout.names}


def _elements(layout: Layout) -> dict[str, str]:
    return {key(each.element): each.name for each in layout.columns if each.element is not None}


@cache
def _everything() -> frozenset[str]:
    return frozenset(_keys())


def _keys() -> Iterator[str]:
    for layout in LAYOUTS.values():
        yield from _columns(layout)
        yield from _elements(layout)
