"""A qualification or a unit as the catalogue holds it (domain §9) [O where the names are ours]."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry is."""

    QUALIFICATION = "qualification"
    UNIT = "unit"


class Availability(StrEnum):
    """Who may award a unit besides its owner."""

    RESTRICTED = "restricted"
    """The awarding organisations that the entry lists, if any."""
    SHARED = "shared"
    """Every awarding organisation."""


class Country(StrEnum):
    """Where an entry is offered, by the codes of ISO 3166-2:GB."""

    ENGLAND = "ENG"
    NORTHERN_IRELAND = "NIR"
    SCOTLAND = "SCT"
    WALES = "WLS"


class ComponentRole(StrEnum):
    """What an entry is within a Diploma [O names]."""

    PRINCIPAL_LEARNING = "principal-learning"
    PROJECT = "project"
    FUNCTIONAL_SKILLS = "functional-skills"
    ADDITIONAL_LEARNING = "additional-learning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The awarding organisation that an entry belongs to.

    Known by its UKPRN, by the regulator's recognition number (such as RN5133), or by both; one of them is there.
    """

    ukprn: str | None = None
    recognition_number: str | None = None
    name: str | None = None
    acronym: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One qualification or unit.

    ``key`` is the reference as it is compared (``catalogue.reference``), ``reference`` as it is shown. Dates are
    ``YYYY-MM-DD``, in UK time; each is the last or first day itself. ``credit`` is ``None`` where there is none,
    and hours are whole hours. ``listed`` are UKPRNs. ``grades`` is the grading structure, ``None`` where it is
    not known. ``other`` holds what a list said beyond these fields, by its own headings.
    """

    key: str
    reference: str
    kind: EntryKind
    title: str
    type: str | None = None
    level: str | None = None
    sub_level: str | None = None
    credit: int | None = None
    guided_learning_hours: int | None = None
    minimum_guided_learning_hours: int | None = None
    maximum_guided_learning_hours: int | None = None
    total_qualification_time: int | None = None
    subject_area: str | None = None
    owner: Owner
    availability: Availability = Availability.RESTRICTED
    listed: tuple[str, ...] = ()
    grading_type: str | None = None
    grades: tuple[str, ...] | None = None
    regulation_start: str | None = None
    operational_start: str | None = None
    operational_end: str | None = None
    certification_end: str | None = None
    review: str | None = None
    expiry: str | None = None
    countries: tuple[Country, ...] | None = None
    component_role: ComponentRole | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    withdrawn: str | None = None
    """The day on which the entry was found missing from its list."""
