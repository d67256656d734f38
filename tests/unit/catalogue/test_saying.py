from typing import Any

import pytest
from tests.unit.catalogue.entries import OTHER, OWNER, qualification, unit

from uln_server.catalogue.entry import Availability, Country, Entry, EntryKind
from uln_server.catalogue.grading import grades_in
from uln_server.catalogue.provider import is_ukprn
from uln_server.catalogue.saying import Contradiction, Fault, Saying, entry_of, faults_of

NEW = Saying(key="K5015773", kind=EntryKind.UNIT, values={"title": "Keeping Bees", "owner_ukprn": OWNER})


def test_a_new_unit_is_passed() -> None:
    assert entry_of(NEW, None) == unit(credit=None)


def test_a_new_qualification_s_grades_are_not_known() -> None:
    said = Saying(key="6001166X", kind=EntryKind.QUALIFICATION, values={"title": "D", "owner_ukprn": OWNER})
    assert entry_of(said, None).grades is None


def test_what_a_list_does_not_speak_of_stays() -> None:
    held = unit(review="2030-01-01", other={"Pathway": "A", "Note": "x"}, countries=(Country.WALES,))
    said = Saying(
        key=held.key,
        kind=EntryKind.UNIT,
        values={"title": "Keeping Wasps", "credit": None},
        other={"Note": "", "Colour": "yellow"},
    )
    entry = entry_of(said, held)
    assert (entry.title, entry.credit, entry.review) == ("Keeping Wasps", None, "2030-01-01")
    assert entry.other == {"Pathway": "A", "Colour": "yellow"}
    assert entry.countries == (Country.WALES,)
    assert entry.grades == ("Pass",)


def test_a_kind_that_is_said_decides_how_a_reference_is_shown() -> None:
    said = Saying(
        key="C0012345",
        kind=EntryKind.UNIT,
        values={"title": "T", "owner_ukprn": OWNER, "kind": EntryKind.QUALIFICATION},
    )
    entry = entry_of(said, None)
    assert (entry.kind, entry.reference) == (EntryKind.QUALIFICATION, "C00/1234/5")
    again = entry_of(Saying(key="C0012345", kind=EntryKind.UNIT), entry)
    assert (again.kind, again.reference) == (EntryKind.QUALIFICATION, "C00/1234/5")


def test_countries_are_those_that_were_known_and_those_now_offered() -> None:
    held = unit(countries=(Country.ENGLAND, Country.WALES))
    offered = {Country.ENGLAND: False, Country.NORTHERN_IRELAND: True}
    entry = entry_of(Saying(key=held.key, kind=EntryKind.UNIT, offered=offered), held)
    assert entry.countries == (Country.NORTHERN_IRELAND, Country.WALES)


def test_grades_that_are_taken_away_are_the_default_again() -> None:
    held = unit(grades=("Pass", "Merit"))
    assert entry_of(Saying(key=held.key, kind=EntryKind.UNIT, values={"grades": None}), held).grades == ("Pass",)


@pytest.mark.parametrize(
    ("held", "said", "grades"),
    [
        ({"grades": None}, {"grading_type": "Pass/Merit"}, ("Pass", "Merit")),
        ({"grades": None}, {"grading_type": "Graded"}, None),
        ({"grades": ("A", "B"), "grading_type": "Graded"}, {"grading_type": "Pass/Merit"}, ("A", "B")),
        ({"grades": ("Pass",), "grading_type": "Pass"}, {"grading_type": "Pass/Merit"}, ("Pass", "Merit")),
        ({"grades": ("Pass",), "grading_type": "Pass"}, {"grading_type": None}, None),
        ({"grades": ("A", "B"), "grading_type": "Pass/Merit"}, {"grades": None}, ("Pass", "Merit")),
        ({"grades": ("A", "B"), "grading_type": "Pass/Merit"}, {"grades": ("C",)}, ("C",)),
        ({"grades": ("A", "B"), "grading_type": "Pass/Merit"}, {}, ("A", "B")),
    ],
)
def test_grades_follow_the_structure_s_name_unless_a_list_names_them(
    held: dict[str, Any], said: dict[str, Any], grades: tuple[str, ...] | None
) -> None:
    entry = entry_of(Saying(key="6001166X", kind=EntryKind.QUALIFICATION, values=said), qualification(**held))
    assert entry.grades == grades


def test_an_entry_that_is_listed_again_is_withdrawn_no_longer() -> None:
    assert entry_of(NEW, unit(withdrawn="2024-01-01")).withdrawn is None


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (unit(owner_ukprn=None), Fault(Contradiction.NO_OWNER, "owner_ukprn")),
        (
            unit(operational_start="2024-01-02", operational_end="2024-01-01"),
            Fault(Contradiction.START_AFTER_END, "operational_end"),
        ),
        (
            unit(operational_start="2024-01-02", certification_end="2024-01-01"),
            Fault(Contradiction.START_AFTER_CERTIFICATION_END, "certification_end"),
        ),
        (
            qualification(availability=Availability.SHARED),
            Fault(Contradiction.QUALIFICATION_SHARED, "availability"),
        ),
        (qualification(listed=(OTHER,)), Fault(Contradiction.QUALIFICATION_LISTED, "listed")),
    ],
)
def test_what_contradicts_itself(entry: Entry, fault: Fault) -> None:
    assert faults_of(entry) == [fault]


def test_what_does_not_contradict_itself() -> None:
    same_day = dict.fromkeys(("operational_start", "operational_end", "certification_end"), "2024-01-01")
    assert faults_of(unit(availability=Availability.SHARED, listed=(OTHER,), **same_day)) == []


@pytest.mark.parametrize(
    ("structure", "grades"),
    [
        ("Pass", ("Pass",)),
        ("Pass/Merit/Distinction", ("Pass", "Merit", "Distinction")),
        ("Pass / Fail", ("Pass",)),
        ("A*; A;B,C", ("A*", "A", "B", "C")),
        ("Graded", None),
        ("Fail", None),
        ("", None),
    ],
)
def test_a_structure_s_name_may_tell_its_grades(structure: str, grades: tuple[str, ...] | None) -> None:
    assert grades_in(structure) == grades


@pytest.mark.parametrize(
    ("text", "known"), [("10001234", True), ("01001234", False), ("1000123", False), ("1000123A", False)]
)
def test_a_ukprn_is_eight_digits(text: str, known: bool) -> None:
    assert is_ukprn(text) is known
