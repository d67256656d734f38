"""The columns of a list, and which of the two forms a file has: told by its headings [O]."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from uln_server.catalogue.entry import Country, EntryKind
from uln_server.importing.catalogue import cells
from uln_server.importing.catalogue.cells import Reading
from uln_server.importing.problems import Unusable


class Form(StrEnum):
    """How a list is laid out."""

    OWN = "own"
    OFQUAL = "ofqual"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the field of ``Entry`` that it fills, how a cell is read.

    A column of a country has that instead of a field; one of neither is kept by its heading.
    """

    heading: str
    field: str = ""
    read: Reading = cells.text
    country: Country | None = None


def _columns(*columns: Column) -> dict[str, Column]:
    return {each.heading: each for each in columns}


OWN = _columns(
    Column("Reference", "reference"),
    Column("Title", "title"),
    Column("OwnerUkprn", "owner_ukprn", cells.ukprn),
    Column("OwnerRecognitionNumber", "owner_recognition_number", cells.recognition_number),
    Column("OwnerName", "owner_name"),
    Column("OwnerAcronym", "owner_acronym"),
    Column("Kind", "kind", cells.kind),
    Column("Type", "type"),
    Column("Level", "level"),
    Column("SubLevel", "sub_level"),
    Column("Credit", "credit", cells.credit),
    Column("GuidedLearningHours", "guided_learning_hours", cells.whole),
    Column("MinimumGuidedLearningHours", "minimum_guided_learning_hours", cells.whole),
    Column("MaximumGuidedLearningHours", "maximum_guided_learning_hours", cells.whole),
    Column("TotalQualificationTime", "total_qualification_time", cells.whole),
    Column("SubjectArea", "subject_area"),
    Column("Availability", "availability", cells.availability),
    Column("AvailableTo", "listed", cells.ukprns),
    Column("GradingType", "grading_type"),
    Column("Grades", "grades", cells.grades),
    Column("RegulationStart", "regulation_start", cells.day),
    Column("OperationalStart", "operational_start", cells.day),
    Column("OperationalEnd", "operational_end", cells.day),
    Column("CertificationEnd", "certification_end", cells.day),
    Column("Review", "review", cells.day),
    Column("Expiry", "expiry", cells.day),
    Column("Countries", "countries", cells.countries),
    Column("ComponentRole", "component_role", cells.role),
)
"""Our own form."""

OFQUAL = _columns(
    Column("Qualification Number", "reference"),
    Column("Qualification Title", "title"),
    Column("Owner Organisation Recognition Number", "owner_recognition_number", cells.recognition_number),
    Column("Owner Organisation Name", "owner_name"),
    Column("Owner Organisation Acronym", "owner_acronym"),
    Column("Qualification Level", "level"),
    Column("Qualification Sub Level", "sub_level"),
    Column("EQF Level"),
    Column("Qualification Type", "type"),
    Column("Total Credits", "credit", cells.credit),
    Column("Qualification SSA", "subject_area"),
    Column("Qualification Status"),
    Column("Regulation Start Date", "regulation_start", cells.day),
    Column("Operational Start Date", "operational_start", cells.day),
    Column("Operational End Date", "operational_end", cells.day),
    Column("Certification End Date", "certification_end", cells.day),
    Column("Minimum Guided Learning Hours", "minimum_guided_learning_hours", cells.whole),
    Column("Maximum Guided Learning Hours", "maximum_guided_learning_hours", cells.whole),
    Column("Total Qualification Time", "total_qualification_time", cells.whole),
    Column("Guided Learning Hours", "guided_learning_hours", cells.whole),
    Column("Offered In England", read=cells.yes_or_no, country=Country.ENGLAND),
    Column("Offered In Northern Ireland", read=cells.yes_or_no, country=Country.NORTHERN_IRELAND),
    Column("Overall Grading Type", "grading_type"),
    Column("Assessment Methods"),
)
"""The export of Ofqual's public register."""

_FORMS = {Form.OWN: OWN, Form.OFQUAL: OFQUAL}
_BEGINNING = {Form.OWN: "Reference", Form.OFQUAL: "Qualification Number"}
_REQUIRED = {
    Form.OWN: ("Reference", "Title"),
    Form.OFQUAL: ("Qualification Number", "Qualification Title", "Owner Organisation Recognition Number"),
}
_OWNERS = ("OwnerUkprn", "OwnerRecognitionNumber")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a heading row says: the form, the columns as they follow each other, what is worth saying about it."""

    form: Form
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The heading of each field that the file has."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "headings", {each.field: each.heading for each in self.columns if each.field})

    def heading(self, name: str) -> str:
        """Name the column of a field, also of one that the file has not."""
        known = {each.field: each.heading for each in _FORMS[self.form].values() if each.field}
        return self.headings.get(name) or known.get(name, name)

    @property
    def kinds(self) -> frozenset[EntryKind]:
        """What such a list can be the whole of: the regulator's register has no units."""
        return frozenset({EntryKind.QUALIFICATION}) if self.form is Form.OFQUAL else frozenset(EntryKind)


def layout_of(headings: Sequence[str]) -> Layout:
    """Read a heading row. Case and space do not count; a column that is not known is kept, with a note.

    Raises ``Unusable`` for headings of neither form, one that stands twice, an empty one, and where a column lacks
    without which a row says nothing.
    """
    form = _form_of(headings)
    columns = tuple(_column(form, place, each) for place, each in enumerate(headings, 1))
    names = [each.heading for each in columns]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise Unusable(f"The heading {twice} stands twice.", "Keep one of the two columns.")
    _require(form, names)
    return Layout(form, columns, tuple(_notes(form, names)))


def _form_of(headings: Sequence[str]) -> Form:
    there = {_squeezed(each) for each in headings}
    for form, heading in _BEGINNING.items():
        if _squeezed(heading) in there:
            return form
    raise Unusable(
        "The heading row has neither Reference nor Qualification Number.",
        "Use the columns of docs/catalogue.md, or an export of Ofqual's register as it comes.",
    )


def _column(form: Form, place: int, heading: str) -> Column:
    if not heading.strip():
        raise Unusable(f"Column {place} has no heading.", "Give it a heading, or take it out.")
    known = {_squeezed(name): column for name, column in _FORMS[form].items()}
    return known.get(_squeezed(heading)) or Column(" ".join(heading.split()))


def _require(form: Form, names: Sequence[str]) -> None:
    lacking = [each for each in _REQUIRED[form] if each not in names]
    if form is Form.OWN and not any(each in names for each in _OWNERS):
        lacking.append(" or ".join(_OWNERS))
    if lacking:
        raise Unusable(f"The heading row lacks {', '.join(lacking)}.", "Add the column: every row needs it.")


def _notes(form: Form, names: Sequence[str]) -> list[str]:
    known = _FORMS[form]
    notes = []
    if unknown := [each for each in names if each not in known]:
        named = ", ".join(_guessed(form, each) for each in unknown)
        notes.append(f"Kept as they are, without a meaning of their own: {named}.")
    if form is Form.OFQUAL and (lacking := [each for each in known if each not in names]):
        notes.append(f"Ofqual's export has more columns, which this file lacks: {', '.join(lacking)}.")
    return notes


def _guessed(form: Form, heading: str) -> str:
    """Name a heading that is not known, and the one that was probably meant."""
    known = {_squeezed(each): each for each in _FORMS[form]}
    near = difflib.get_close_matches(_squeezed(heading), known, n=1, cutoff=0.8)
    return f"{heading} (is {known[near[0]]} meant?)" if near else heading


def _squeezed(heading: str) -> str:
    return re.sub(r"[\s_-]", "", heading).casefold()
