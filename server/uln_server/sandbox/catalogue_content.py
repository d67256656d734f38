"""What a sandbox's catalogue holds, fixed for ever: clients' tests are written against it [O].

``docs/sandbox.md`` shows the same content; a test holds the two together. All of it is invented: no regulator
gives numbers that begin with S, or with 900.
"""

from typing import Any

from uln_server.access.organisation import Kind
from uln_server.catalogue.combination import Group
from uln_server.catalogue.entry import Availability, ComponentRole, Country, Entry, EntryKind
from uln_server.catalogue.provider import Provider
from uln_server.catalogue.reference import key_of
from uln_server.sandbox.content import ORGANISATIONS

FIRST, SECOND, THIRD = "90000001", "90000006", "90000007"
"""The UKPRNs of the sandbox's awarding organisations."""

_NAMES = {each.ukprn: each.name for each in ORGANISATIONS}
_ACRONYMS = {FIRST: "SAO", SECOND: "SSA", THIRD: "SDA"}
_PASS = ("Pass",)
_GRADED = ("Pass", "Merit", "Distinction")
_LETTERS = ("A*", "A", "B", "C")


def _entry(kind: EntryKind, reference: str, title: str, owner: str, level: str, fields: dict[str, Any]) -> Entry:  # noqa: PLR0913, PLR0917  # a row of the table, in its order
    return Entry(
        key=key_of(reference) or "",
        reference=reference,
        kind=kind,
        title=title,
        owner_ukprn=owner,
        owner_name=_NAMES[owner],
        owner_acronym=_ACRONYMS[owner],
        level=level,
        countries=(Country.ENGLAND, Country.NORTHERN_IRELAND),
        **{"operational_start": "2010-09-01", **fields},
    )


def _qualification(reference: str, title: str, owner: str, level: str, **fields: Any) -> Entry:
    return _entry(EntryKind.QUALIFICATION, reference, title, owner, level, {"grades": _PASS, **fields})


def _unit(reference: str, title: str, owner: str, level: str, **fields: Any) -> Entry:
    return _entry(EntryKind.UNIT, reference, title, owner, level, {"grades": _PASS, **fields})


_BEES = {"subject_area": "3.1 Agriculture"}
_CARE = {"subject_area": "1.3 Health and Social Care"}
_ENGINES = {"subject_area": "4.1 Engineering"}
_WORK = {"subject_area": "14.2 Preparation for Work"}
_SHARED = {"availability": Availability.SHARED}

QUALIFICATIONS = (
    _qualification(
        "900/0001/0",
        "Sandbox Certificate in Beekeeping",
        FIRST,
        "Level 2",
        type="Vocationally-Related Qualification",
        credit=15,
        guided_learning_hours=120,
        total_qualification_time=150,
        **_BEES,
    ),
    _qualification(
        "900/0002/1",
        "Sandbox Award in Employability",
        SECOND,
        "Level 1",
        type="Other Vocational Qualification",
        credit=6,
        guided_learning_hours=50,
        **_WORK,
    ),
    _qualification(
        "900/0003/2",
        "Sandbox Diploma in Care",
        SECOND,
        "Level 3",
        type="Vocationally-Related Qualification",
        credit=30,
        guided_learning_hours=270,
        grading_type="Pass/Merit/Distinction",
        grades=_GRADED,
        **_CARE,
    ),
    _qualification(
        "900/0004/3",
        "Sandbox Certificate in Steam Engines",
        FIRST,
        "Level 2",
        type="Vocationally-Related Qualification",
        credit=13,
        operational_end="2014-07-31",
        certification_end="2016-07-31",
        **_ENGINES,
    ),
    _qualification(
        "900/0005/4",
        "Sandbox GCSE in Sandbox Studies",
        THIRD,
        "Level 1/Level 2",
        type="GCSE (9 to 1)",
        grading_type="Graded",
        grades=("9", "8", "7", "6", "5", "4", "3", "2", "1"),
    ),
    _qualification(
        "900/0010/9",
        "Sandbox Advanced Diploma in Engineering",
        THIRD,
        "Level 3",
        type="Diploma",
        grading_type="Graded",
        grades=_LETTERS,
        **_ENGINES,
    ),
    _qualification(
        "900/0011/X",
        "Sandbox Principal Learning in Engineering",
        FIRST,
        "Level 3",
        type="Principal Learning",
        guided_learning_hours=540,
        grades=_LETTERS,
        component_role=ComponentRole.PRINCIPAL_LEARNING,
        **_ENGINES,
    ),
    _qualification(
        "900/0012/0",
        "Sandbox Extended Project",
        SECOND,
        "Level 3",
        type="Project",
        guided_learning_hours=120,
        grades=_LETTERS,
        component_role=ComponentRole.PROJECT,
    ),
    _qualification(
        "900/0013/1",
        "Sandbox Functional Skills in Mathematics",
        SECOND,
        "Level 2",
        type="Functional Skills",
        guided_learning_hours=45,
        component_role=ComponentRole.FUNCTIONAL_SKILLS,
    ),
)

_BEEKEEPING = (
    ("S/900/0001", "Keep Bees Safely", 3),
    ("S/900/0002", "Look after a Hive", 3),
    ("S/900/0003", "Harvest Honey", 3),
    ("S/900/0004", "Know the Diseases of Bees", 3),
    ("S/900/0005", "Rear Queens", 4),
    ("S/900/0006", "Plant for Bees", 2),
    ("S/900/0007", "Make Candles from Beeswax", 2),
)
_CARING = (
    ("S/900/0101", "Communicate in Care", 3),
    ("S/900/0102", "Duty of Care", 1),
    ("S/900/0103", "Equality and Inclusion in Care", 2),
    ("S/900/0104", "Health and Safety in Care", 4),
    ("S/900/0105", "Handle Information in Care", 1),
    ("S/900/0106", "Person-Centred Work", 4),
    ("S/900/0107", "Protect from Harm", 3),
    ("S/900/0108", "Understand Dementia", 3),
    ("S/900/0109", "Support with Medication", 5),
    ("S/900/0110", "Move and Position People", 4),
)
_WORKING = (
    ("S/900/0201", "Work in a Team", 2),
    ("S/900/0202", "Search for a Job", 1),
    ("S/900/0203", "Be Interviewed", 1),
    ("S/900/0204", "Manage Money", 2),
    ("S/900/0205", "Use a Computer at Work", 3),
)
_STEAM = (
    ("S/900/0301", "Know the Steam Engine", 3),
    ("S/900/0302", "Fire a Boiler", 5),
    ("S/900/0303", "Drive a Steam Engine", 5),
)

UNITS = (
    *(
        _unit(reference, title, FIRST, "Level 2", credit=credit, **_BEES)
        for reference, title, credit in _BEEKEEPING
    ),
    *(_unit(reference, title, SECOND, "Level 3", credit=credit, **_CARE) for reference, title, credit in _CARING),
    *(
        _unit(reference, title, SECOND, "Level 1", credit=credit, **_WORK, **_SHARED)
        for reference, title, credit in _WORKING
    ),
    *(
        _unit(reference, title, FIRST, "Level 2", credit=credit, certification_end="2016-07-31", **_ENGINES)
        for reference, title, credit in _STEAM
    ),
    _unit("S/900/0401", "First Aid", SECOND, "Level 2", credit=1, listed=(FIRST,), **_CARE),
    _unit("S/900/0402", "Food Hygiene", FIRST, "Level 2", credit=1, listed=(SECOND,)),
    _unit("S/900/0403", "Induction without Credit", FIRST, "Entry Level", **_WORK, **_SHARED),
    _unit("S/900/0404", "Health and Safety at Work", THIRD, "Level 1", credit=2, **_WORK, **_SHARED),
    _unit("S/900/0405", "Sandbox Mentoring", THIRD, "Level 3", credit=4),
    _unit(
        "S/900/0406",
        "Work with Tomorrow's Tools",
        FIRST,
        "Level 3",
        credit=6,
        operational_start="2090-09-01",
        **_ENGINES,
    ),
)

ENTRIES = (*QUALIFICATIONS, *UNITS)
"""The catalogue, in an order in which it can be stored."""


def _keys(rows: tuple[tuple[str, str, int], ...]) -> tuple[str, ...]:
    return tuple(key for reference, _, _ in rows if (key := key_of(reference)))


COMBINATIONS = {
    "90000010": (
        Group(title="Mandatory", entries=_keys(_BEEKEEPING[:4]), minimum_credit=12),
        Group(title="Optional", entries=_keys(_BEEKEEPING[4:]), minimum_credit=3),
    ),
    "90000032": (Group(title="Units", entries=_keys(_CARING), minimum_credit=30),),
    "90000109": (
        Group(title="Principal Learning", entries=("9000011X",), minimum_entries=1),
        Group(
            title="Generic Learning",
            minimum_entries=2,
            groups=(
                Group(title="Project", entries=("90000120",), minimum_entries=1),
                Group(title="Functional Skills", entries=("90000131",), minimum_entries=1),
            ),
        ),
    ),
}
"""Rules of combination by the qualification's key."""

PROVIDERS = tuple(Provider(each.ukprn, each.name) for each in ORGANISATIONS if each.kind is Kind.LEARNING_PROVIDER)
"""The list of known providers."""
