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
class Entry:
    """One qualification or unit.

    ``key`` is the reference as it is compared (``catalogue.reference``), ``reference`` as it is shown. Dates are
    ``YYYY-MM-DD`` in UK time, and each is the first or last day itself. ``credit`` is ``None`` where there is
    none; hours are whole hours. ``grades`` is the grading structure, ``None`` where it is not known. ``other``
    holds what a list says beyond these fields, by the list's own headings.

    The owner is an awarding organisation, named by its UKPRN, by its regulator's recognition number (RN5133), or
    by both; ``recognised_ukprn`` is the UKPRN that the register knows for that number. ``listed`` are the UKPRNs
    of the awarding organisations that may award a restricted unit as well. ``withdrawn`` is the day on which the
    entry was found missing from its list.
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
    owner_ukprn: str | None = None
    owner_recognition_number: str | None = None
    owner_name: str | None = None
    owner_acronym: str | None = None
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
    version: int = field(default=0, compare=False)
    recognised_ukprn: str | None = field(default=None, compare=False)

    @property
    def owner(self) -> str | None:
        """The owner's UKPRN; ``None`` while nobody has said which organisation the recognition number is."""
        return self.owner_ukprn or self.recognised_ukprn
