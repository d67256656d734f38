"""Lists on their way into the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.catalogue.lists import (
    OFQUAL,
    QUALIFICATION,
    UNIT,
    Watcher,
    csv_file,
    errors_of,
    findings,
    imported,
)

from uln_server.catalogue.entry import Availability, Country, EntryKind
from uln_server.catalogue.event import CatalogueEventKind
from uln_server.importing.catalogue.run import Fate
from uln_server.importing.problems import Unusable
from uln_server.store.database import Database

OTHER_UNIT = {**UNIT, "Reference": "L/501/5774", "Title": "Keeping Wasps"}


@pytest.fixture
def register(sqlite_database_url: str) -> Iterator[Database]:
    with Database.open(sqlite_database_url) as database:
        yield database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_what_is_new_changed_and_unchanged_is_told_apart(database: Database, path: Path) -> None:
    assert imported(database, csv_file(path, UNIT, QUALIFICATION)) == {Fate.NEW: 2, Fate.REFUSED: 0}
    changed = {**QUALIFICATION, "Title": "Diploma in Bees"}
    found = imported(database, csv_file(path, UNIT, changed, OTHER_UNIT))
    assert (found[Fate.NEW], found[Fate.CHANGED], found[Fate.UNCHANGED]) == (1, 1, 1)
    entry = database.reading().catalogue.get("600/1166/X")
    assert entry is not None
    assert (entry.title, entry.credit, entry.kind, entry.version) == (
        "Diploma in Bees",
        37,
        EntryKind.QUALIFICATION,
        2,
    )
    assert not errors_of(path).exists()


def test_every_change_leads_to_the_audit(register: Database, path: Path) -> None:
    imported(register, csv_file(path, UNIT))
    (event,) = register.reading().catalogue.history("K5015773")
    started, ended = sorted(register.reading().audit.query(), key=lambda each: each.at)
    assert (started.operation, ended.operation) == ("catalogue import: started", "catalogue import: ended")
    assert event.message_id == started.message_id
    assert ended.reason is not None
    assert ended.reason.startswith("1 new, 0 changed, 0 restored, 0 unchanged, 0 withdrawn, 0 refused; begun by")


def test_every_column_of_our_own_form_is_kept(register: Database, path: Path) -> None:
    imported(
        register,
        csv_file(
            path,
            {
                **UNIT,
                "OwnerRecognitionNumber": "RN5133",
                "OwnerName": "Bee Awards",
                "OwnerAcronym": "BA",
                "Kind": "Unit",
                "Type": "Unit",
                "Level": "Level 2",
                "SubLevel": "None",
                "GuidedLearningHours": "20",
                "SubjectArea": "3.1",
                "Availability": "Restricted",
                "AvailableTo": "10000002",
                "GradingType": "Pass/Merit",
                "OperationalStart": "2010-08-01",
                "OperationalEnd": "31/07/2030",
                "CertificationEnd": "2033-07-31",
                "Review": "2029-12-31",
                "Expiry": "2030-12-31",
                "Countries": "ENG;WLS",
                "ComponentRole": "",
                "Colour": "yellow",
            },
        ),
    )
    entry = register.reading().catalogue.get("K5015773")
    assert entry is not None
    assert (entry.owner_ukprn, entry.owner_recognition_number, entry.owner_acronym) == ("10000001", "RN5133", "BA")
    assert (entry.credit, entry.guided_learning_hours, entry.subject_area) == (3, 20, "3.1")
    assert (entry.availability, entry.listed) == (Availability.RESTRICTED, ("10000002",))
    assert entry.grades == ("Pass", "Merit")
    assert (entry.operational_end, entry.certification_end, entry.review) == (
        "2030-07-31",
        "2033-07-31",
        "2029-12-31",
    )
    assert entry.countries == (Country.ENGLAND, Country.WALES)
    assert (entry.component_role, entry.other) == (None, {"Colour": "yellow"})


def test_ofqual_s_export_is_read_as_it_comes(register: Database, path: Path) -> None:
    graded = {
        **OFQUAL,
        "Qualification Number": "600/1166/X",
        "Overall Grading Type": "Graded",
        "Total Credits": "0",
    }
    assert imported(register, csv_file(path, OFQUAL, graded))[Fate.NEW] == 2
    entry = register.reading().catalogue.get("500/4606/8")
    assert entry is not None
    assert (entry.title, entry.owner_recognition_number, entry.owner) == (
        "Level 2 Award in Beekeeping",
        "RN5133",
        None,
    )
    assert (entry.credit, entry.minimum_guided_learning_hours, entry.total_qualification_time) == (13, 100, 130)
    assert (entry.operational_start, entry.certification_end) == ("2010-08-01", None)
    assert entry.grades == ("Pass", "Merit", "Distinction")
    assert entry.countries == (Country.ENGLAND,)
    assert entry.other == {
        "EQF Level": "Level 3",
        "Qualification Status": "Available to learners",
        "Assessment Methods": "Coursework, Portfolio of Evidence",
    }
    other = register.reading().catalogue.get("600/1166/X")
    assert other is not None
    assert (other.credit, other.grades) == (None, None)


def test_where_an_entry_is_offered_need_not_be_said(register: Database, path: Path) -> None:
    imported(register, csv_file(path, {**OFQUAL, "Offered In Northern Ireland": ""}))
    entry = register.reading().catalogue.get("500/4606/8")
    assert entry is not None
    assert entry.countries == (Country.ENGLAND,)


def test_two_lists_add_to_each_other(register: Database, path: Path) -> None:
    """What one list does not speak of, it leaves as the other said it."""
    imported(register, csv_file(path, OFQUAL))
    ours = {
        "Reference": "50046068",
        "Title": "Ours",
        "OwnerUkprn": "10000001",
        "Grades": "A;B",
        "Countries": "WLS",
    }
    imported(register, csv_file(path, ours))
    imported(register, csv_file(path, OFQUAL))
    entry = register.reading().catalogue.get("500/4606/8")
    assert entry is not None
    assert (entry.title, entry.owner, entry.grades) == (OFQUAL["Qualification Title"], "10000001", ("A", "B"))
    assert entry.countries == (Country.ENGLAND, Country.WALES)


def test_bad_rows_are_explained_and_good_ones_taken(register: Database, path: Path) -> None:
    rows = (
        UNIT,
        {**OTHER_UNIT, "Reference": "L/501/577"},
        {**OTHER_UNIT, "Reference": "", "Title": ""},
        {**OTHER_UNIT, "Credit": "three"},
        {**QUALIFICATION, "OwnerUkprn": ""},
        {**UNIT, "Reference": "k5015773"},
        {**OTHER_UNIT, "Reference": "M/501/5774", "Title": "\x07"},
    )
    assert imported(register, csv_file(path, *rows)) == {Fate.NEW: 1, Fate.REFUSED: 6}
    assert findings(path) == [
        ("3", "Reference", "L/501/577", "reference"),
        ("4", "Reference", "", "missing"),
        ("4", "Title", "", "missing"),
        ("5", "Credit", "three", "form"),
        ("6", "OwnerUkprn", "", "owner"),
        ("7", "Reference", "K5015773", "duplicate"),
        ("8", "Title", "\x07", "characters"),
    ]


def test_a_row_that_contradicts_itself_or_what_is_known(register: Database, path: Path) -> None:
    imported(register, csv_file(path, {**UNIT, "OperationalStart": "2024-01-01"}))
    rows = (
        {**UNIT, "CertificationEnd": "2023-12-31"},
        {**QUALIFICATION, "Availability": "shared", "AvailableTo": "10000002;10000003", "CertificationEnd": ""},
    )
    rows = ({**rows[0], "Availability": "", "AvailableTo": ""}, rows[1])
    assert imported(register, csv_file(path, *rows))[Fate.REFUSED] == 2
    assert findings(path) == [
        ("2", "CertificationEnd", "2023-12-31", "date"),
        ("3", "Availability", "shared", "availability"),
        ("3", "AvailableTo", "10000002;10000003", "availability"),
    ]


def test_nothing_is_withdrawn_unless_it_is_asked_for(register: Database, path: Path) -> None:
    imported(register, csv_file(path, UNIT, OTHER_UNIT))
    assert imported(register, csv_file(path, UNIT))[Fate.WITHDRAWN] == 0


def test_what_a_complete_list_lacks_is_withdrawn_and_may_come_back(database: Database, path: Path) -> None:
    another_s = {**OTHER_UNIT, "Reference": "M/501/5774", "OwnerUkprn": "10000002"}
    imported(database, csv_file(path, UNIT, OTHER_UNIT, QUALIFICATION, another_s))
    csv_file(path, UNIT)
    assert imported(database, path, complete=True, check=True)[Fate.WITHDRAWN] == 1
    found = imported(database, path, complete=True)
    # The file lists units of one owner: qualifications, and another's units, are left alone.
    assert (found[Fate.UNCHANGED], found[Fate.WITHDRAWN]) == (1, 1)
    gone = database.reading().catalogue.get("L/501/5774")
    assert gone is not None
    assert gone.withdrawn is not None
    found = imported(database, csv_file(path, OTHER_UNIT))
    assert found[Fate.RESTORED] == 1
    kinds = [each.kind for each in database.reading().catalogue.history("L5015774")]
    assert kinds == [CatalogueEventKind.ADDED, CatalogueEventKind.WITHDRAWN, CatalogueEventKind.RESTORED]


def test_a_refused_row_is_no_missing_one(register: Database, path: Path) -> None:
    imported(register, csv_file(path, UNIT, OTHER_UNIT))
    found = imported(register, csv_file(path, UNIT, {**OTHER_UNIT, "Credit": "x"}), complete=True)
    assert (found[Fate.WITHDRAWN], found[Fate.REFUSED]) == (0, 1)


@pytest.mark.parametrize("broken", [b"L/501,Wasps,10000001,3\r\n", b"L/501/5774,Wasps\r\n"])
def test_a_row_that_could_be_about_any_entry_keeps_all_from_being_withdrawn(
    register: Database, path: Path, broken: bytes
) -> None:
    imported(register, csv_file(path, UNIT, OTHER_UNIT))
    csv_file(path, UNIT)
    path.write_bytes(path.read_bytes() + broken)
    watcher = Watcher()
    found = imported(register, path, watcher, complete=True)
    assert (found[Fate.WITHDRAWN], found[Fate.REFUSED]) == (0, 1)
    assert "Nothing is withdrawn" in watcher.notes[-1]
    assert "row 3" in watcher.notes[-1]


def test_a_check_leaves_everything_as_it_is(register: Database, path: Path) -> None:
    assert imported(register, csv_file(path, UNIT, {**OTHER_UNIT, "Credit": "x"}), check=True) == {
        Fate.NEW: 1,
        Fate.REFUSED: 1,
    }
    assert register.reading().catalogue.count() == 0
    assert list(register.reading().audit.query()) == []
    assert findings(path) == [("3", "Credit", "x", "form")]


def test_a_production_register_refuses_what_the_sandbox_s_organisations_own(
    register: Database, path: Path
) -> None:
    sandbox_s = {**UNIT, "OwnerUkprn": "90000001"}
    assert imported(register, csv_file(path, sandbox_s))[Fate.NEW] == 1
    with register.writing() as writing:
        writing.register.create("production")
    assert imported(register, csv_file(path, sandbox_s))[Fate.REFUSED] == 1
    assert findings(path) == [("2", "OwnerUkprn", "90000001", "sandbox")]


def test_notes_about_the_headings_are_passed_on(register: Database, path: Path) -> None:
    watcher = Watcher()
    imported(register, csv_file(path, {**UNIT, "Colour": "yellow"}), watcher)
    assert watcher.notes == ["Kept as they are, without a meaning of their own: Colour."]


def test_a_file_that_is_not_there_is_named(register: Database, path: Path) -> None:
    with pytest.raises(Unusable, match=r"list\.csv cannot be read"):
        imported(register, path)
