"""The catalogue and the list of providers, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.store.builders import quick
from tests.unit.catalogue.entries import OTHER, OWNER, qualification, unit

from uln_server.catalogue.combination import Group
from uln_server.catalogue.entry import Availability, ComponentRole, Country, Entry, EntryKind
from uln_server.catalogue.event import CatalogueEventKind
from uln_server.catalogue.provider import Provider
from uln_server.register.authorship import Author
from uln_server.sandbox.catalogue_content import COMBINATIONS, ENTRIES, PROVIDERS
from uln_server.sandbox.installing import install, reset
from uln_server.store.catalogue import Change
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed
from uln_server.store.prepared import Prepared

AT = datetime(2024, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
BY = Author(at=AT, message_id="m1", user="operator:kim")

FULL = qualification(
    type="Vocationally-Related Qualification",
    level="Level 3",
    sub_level="None",
    credit=37,
    guided_learning_hours=270,
    minimum_guided_learning_hours=250,
    maximum_guided_learning_hours=300,
    total_qualification_time=370,
    subject_area="3.1 Agriculture",
    owner_recognition_number="RN1",
    owner_name="Bee Awards",
    owner_acronym="BA",
    grading_type="Graded",
    regulation_start="2010-07-01",
    operational_start="2010-08-01",
    operational_end="2030-07-31",
    certification_end="2033-07-31",
    review="2029-12-31",
    expiry="2030-12-31",
    countries=(Country.ENGLAND, Country.WALES),
    component_role=ComponentRole.PRINCIPAL_LEARNING,
    other={"EQF Level": "4"},
)
SHARED = unit(availability=Availability.SHARED, listed=(OTHER,))


def put(database: Database, *entries: Entry, by: Author = BY) -> None:
    with database.writing() as writing:
        writing.catalogue.alone()
        held = writing.catalogue.entries(each.key for each in entries)
        writing.catalogue.put([Change(held.get(each.key), each) for each in entries], by)


def test_an_entry_is_kept_with_every_field(database: Database) -> None:
    put(database, FULL, SHARED)
    reading = database.reading().catalogue
    assert reading.get("600/1166/x") == FULL
    assert reading.get("6001166X") == FULL
    assert reading.entries(["K5015773", "K0000000"]) == {"K5015773": SHARED}
    assert reading.get("K/000/0000") is None
    assert reading.get("no reference") is None
    assert reading.count() == 2


def test_a_change_leaves_what_was_there_before(database: Database) -> None:
    put(database, FULL)
    later = replace(BY, at=AT + timedelta(days=1), message_id="m2")
    put(database, replace(FULL, title="Diploma in Bees", credit=None, countries=(Country.ENGLAND,)), by=later)
    reading = database.reading().catalogue
    found = reading.get(FULL.reference)
    assert found is not None
    assert (found.title, found.credit, found.version) == ("Diploma in Bees", None, 2)
    added, changed = reading.history(FULL.key)
    assert (added.kind, added.version, added.before) == (CatalogueEventKind.ADDED, 1, {})
    assert (added.at, added.message_id, added.user) == (AT, "m1", "operator:kim")
    assert (changed.kind, changed.version, changed.message_id) == (CatalogueEventKind.CHANGED, 2, "m2")
    assert changed.before == {"title": FULL.title, "credit": 37, "countries": ["ENG", "WLS"]}


def test_what_is_withdrawn_stays_and_may_come_back(database: Database) -> None:
    put(database, SHARED)
    with database.writing() as writing:
        writing.catalogue.withdraw([replace(SHARED, version=1)], BY)
    reading = database.reading().catalogue
    withdrawn = reading.get(SHARED.reference)
    assert withdrawn is not None
    assert (withdrawn.withdrawn, withdrawn.version) == ("2024-07-01", 2)
    assert reading.listed([OWNER], [EntryKind.UNIT]) == set()
    put(database, SHARED)
    assert reading.get(SHARED.reference) == SHARED
    assert [each.kind for each in reading.history(SHARED.key)] == [
        CatalogueEventKind.ADDED,
        CatalogueEventKind.WITHDRAWN,
        CatalogueEventKind.RESTORED,
    ]


def test_in_production_history_is_only_appended(database: Database) -> None:
    put(database, SHARED)
    with database.writing() as writing:
        writing.register.create("production")
    replaced = "INSERT OR REPLACE INTO catalogue_event SELECT * FROM catalogue_event"
    back_door = "TRUNCATE catalogue_event" if database.waits else replaced
    for statement in ("UPDATE catalogue_event SET version = 9", "DELETE FROM catalogue_event", back_door):
        line = database.line(Role.WRITING)
        with pytest.raises(DatabaseFailed) as failed, line.transaction(database.driver.begin_writing):
            line.run(Prepared(text(statement)))
        line.close()
        assert "append-only" in str(failed.value.__cause__)
    assert [each.version for each in database.reading().catalogue.history(SHARED.key)] == [1]


def test_an_owner_is_found_by_either_number(database: Database) -> None:
    regulated = replace(FULL, owner_ukprn=None)
    put(database, regulated, unit(owner_ukprn=OTHER))
    reading = database.reading().catalogue
    assert [each.key for each in reading.all()] == ["6001166X", "K5015773"]
    assert [each.key for each in reading.all("RN1")] == ["6001166X"]
    assert list(reading.all(OWNER)) == []
    with database.writing() as writing:
        writing.catalogue.recognise("RN1", OTHER)
        writing.catalogue.recognise("RN1", OWNER)
    assert [each.owner for each in reading.all(OWNER)] == [OWNER]
    assert reading.recognitions() == {"RN1": OWNER}
    assert reading.listed(["RN1", OTHER], list(EntryKind)) == {"6001166X", "K5015773"}
    assert reading.listed([OTHER], [EntryKind.QUALIFICATION]) == set()
    with database.writing() as writing:
        writing.catalogue.recognise("RN1", None)
    assert list(reading.all(OWNER)) == []


def test_a_long_list_is_read_page_by_page(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        put(database, *(replace(SHARED, key=f"K{number:07}") for number in range(2001)))
        assert [each.key for each in database.reading().catalogue.all()] == [f"K{n:07}" for n in range(2001)]


def test_rules_of_combination_are_a_tree(database: Database) -> None:
    put(database, FULL, SHARED, replace(SHARED, key="K5015774", reference="K/501/5774"))
    tree = (
        Group(
            title="Mandatory",
            entries=("K5015774", "K5015773"),
            minimum_credit=6,
            groups=(Group(title="One of", entries=("K5015773",), minimum_entries=1, maximum_entries=1),),
        ),
        Group(title="Optional", maximum_credit=3),
    )
    with database.writing() as writing:
        writing.catalogue.combine(FULL.key, [Group(title="Before", entries=("K5015773",))])
        writing.catalogue.combine(FULL.key, tree)
    assert database.reading().catalogue.combination(FULL.key) == tree
    assert database.reading().catalogue.combination(SHARED.key) == ()


def test_providers_are_known_once_there_is_a_list(database: Database) -> None:
    with database.writing() as writing:
        assert not writing.providers.loaded
        writing.providers.add([Provider("10000002", "Two"), Provider("10000001", "One")], AT)
        writing.providers.rename([Provider("10000001", "First")], AT)
    reading = database.reading().providers
    assert reading.loaded
    assert reading.known(["10000001", "10000009"]) == {"10000001": Provider("10000001", "First")}
    assert reading.all() == (Provider("10000001", "First"), Provider("10000002", "Two"))


def test_the_sandbox_s_catalogue_is_installed_and_stays_as_it_is(database: Database) -> None:
    reset(database, hashing=quick)
    changed = replace(ENTRIES[0], title="Another")
    put(database, changed)
    with database.writing() as writing:
        writing.catalogue.combine(ENTRIES[0].key, ())
        install(writing, hashing=quick)
    reading = database.reading()
    found = {each.key: each for each in reading.catalogue.all()}
    assert found == {each.key: each for each in (*ENTRIES[1:], changed)}
    for key, groups in COMBINATIONS.items():
        assert reading.catalogue.combination(key) == (() if key == changed.key else groups)
    assert {each.ukprn for each in reading.providers.all()} == {each.ukprn for each in PROVIDERS}
    reset(database, hashing=quick)
    assert {each.key: each for each in database.reading().catalogue.all()} == {each.key: each for each in ENTRIES}
