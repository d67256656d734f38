"""The list of providers from a file."""

from collections import Counter
from pathlib import Path

import pytest
from tests.unit.catalogue.lists import Watcher, act, csv_file, errors_of, findings

from uln_server.catalogue.provider import Provider
from uln_server.importing.lists import ListOrder
from uln_server.importing.problems import Unusable
from uln_server.importing.providers import Fate, carry_out, layout_of
from uln_server.store.database import Database

ONE, TWO = {"UKPRN": "10000001", "Name": "One"}, {"UKPRN": "10000002", "Name": "Two"}


def imported(
    database: Database, path: Path, watcher: Watcher | None = None, *, check: bool = False
) -> Counter[Fate]:
    order = ListOrder(path=path, errors=errors_of(path), check=check)
    return carry_out(database, order, act, watcher or Watcher())


def test_providers_are_added_and_renamed_and_never_taken_off(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "providers.csv"
    assert imported(database, csv_file(path, ONE, TWO), check=True) == {Fate.NEW: 2}
    assert not database.reading().providers.loaded
    assert imported(database, csv_file(path, ONE, TWO)) == {Fate.NEW: 2}
    three = {"UKPRN": "10000003", "Name": "Three"}
    found = imported(database, csv_file(path, {**ONE, "Name": "First"}, three))
    assert found == {Fate.NEW: 1, Fate.CHANGED: 1}
    assert imported(database, path) == {Fate.UNCHANGED: 2}
    assert [each.name for each in database.reading().providers.all()] == ["First", "Two", "Three"]
    reasons = [each.reason for each in database.reading().audit.query()]
    assert "1 new, 1 changed, 0 unchanged, 0 refused" in reasons


def test_bad_rows_are_explained(sqlite_database_url: str, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "providers.csv",
        ONE,
        {**ONE, "Name": "Again"},
        {"UKPRN": "1000", "Name": "Short"},
        {"UKPRN": "", "Name": "x" * 401},
        {"UKPRN": "10000003", "Name": "\x00"},
    )
    path.write_bytes(path.read_bytes() + b"10000004\r\n")
    with Database.open(sqlite_database_url) as database:
        assert imported(database, path) == {Fate.NEW: 1, Fate.REFUSED: 5}
        assert database.reading().providers.all() == (Provider("10000001", "One"),)
    assert [(row, column, rule) for row, column, _, rule in findings(path)] == [
        ("3", "UKPRN", "duplicate"),
        ("4", "UKPRN", "form"),
        ("5", "UKPRN", "missing"),
        ("5", "Name", "length"),
        ("6", "Name", "characters"),
        ("7", "", "cells"),
    ]


def test_headings_are_found_among_others() -> None:
    layout = layout_of(["Town", "PROVIDER_NAME", "ukprn"])
    assert (layout.columns, layout.notes) == ((None, "Name", "UKPRN"), ("Not read: Town.",))


@pytest.mark.parametrize(
    ("headings", "words"), [(["UKPRN"], "lacks Name"), (["UKPRN", "Name", "Provider name"], "has twice Name")]
)
def test_a_heading_row_that_cannot_be_used(headings: list[str], words: str) -> None:
    with pytest.raises(Unusable, match=words):
        layout_of(headings)


def test_what_is_not_read_is_said(sqlite_database_url: str, tmp_path: Path) -> None:
    watcher = Watcher()
    with Database.open(sqlite_database_url) as database:
        imported(database, csv_file(tmp_path / "providers.csv", {**ONE, "Town": "Leeds"}), watcher)
    assert watcher.notes == ["Not read: Town."]
