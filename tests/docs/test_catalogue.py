"""``docs/catalogue.md`` and the sandbox's catalogue in ``docs/sandbox.md``, against the code."""

from pathlib import Path

from tests.docs.pages import blocks, page, plain, sections, table
from tests.unit.catalogue.lists import imported

from uln_server.catalogue.entry import Availability, Entry, EntryKind
from uln_server.importing.catalogue.layouts import OFQUAL, OWN
from uln_server.importing.catalogue.run import Fate
from uln_server.importing.lists import ListRule
from uln_server.sandbox.catalogue_content import ENTRIES
from uln_server.sandbox.content import ORGANISATIONS
from uln_server.store.database import Database

PAGE = page("docs/catalogue.md")
SANDBOX = page("docs/sandbox.md")
REFS = {each.ukprn: each.organisation_ref for each in ORGANISATIONS}


def test_every_column_is_listed_in_order() -> None:
    assert [plain(row[0]) for row in table(PAGE, "column")] == list(OWN)


def test_every_column_of_the_export_is_listed_with_what_it_becomes() -> None:
    becomes = {each.field: each.heading for each in OWN.values()}
    listed = {plain(heading): plain(meaning) for heading, meaning in table(PAGE, "Ofqual's column")}
    assert list(listed) == list(OFQUAL)
    for heading, column in OFQUAL.items():
        if column.country:
            assert listed[heading] == f"{column.country} in Countries"
        else:
            assert listed[heading].startswith(becomes[column.field] if column.field else "kept as it is")


def test_every_rule_and_count_is_listed_in_order() -> None:
    assert [plain(row[0]) for row in table(PAGE, "rule")] == list(ListRule)
    assert [plain(row[0]) for row in table(PAGE, "count")] == list(Fate)


def test_the_file_that_is_shown_can_be_imported(sqlite_database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(next(each.text for each in blocks(PAGE) if each.language == "csv"), encoding="utf-8")
    with Database.open(sqlite_database_url) as database:
        assert imported(database, path) == {Fate.NEW: 2, Fate.REFUSED: 0}


def test_the_sandbox_s_catalogue_is_shown() -> None:
    assert [list(map(plain, row)) for row in table(sections(SANDBOX, 2)["Catalogue"], "reference")] == [
        [
            each.reference,
            each.title,
            REFS[each.owner or ""],
            each.level or "",
            "none" if each.credit is None else str(each.credit),
            ", ".join(each.grades or ()),
            besides(each),
        ]
        for each in ENTRIES
    ]


def besides(entry: Entry) -> str:
    said = {
        "shared": entry.availability is Availability.SHARED,
        f"also {', '.join(REFS[each] for each in entry.listed)}": bool(entry.listed),
        f"from {entry.operational_start}": entry.operational_start != "2010-09-01",
        f"to new learners until {entry.operational_end}": entry.operational_end is not None,
        f"until {entry.certification_end}": entry.certification_end is not None,
        f"component: {entry.component_role}": entry.component_role is not None,
    }
    return "; ".join(words for words, so in said.items() if so)


def test_the_sandbox_has_something_of_every_kind_to_try() -> None:
    units = [each for each in ENTRIES if each.kind is EntryKind.UNIT]
    assert len(units) >= 30
    assert len(ENTRIES) - len(units) >= 5
    assert len({each.owner for each in ENTRIES}) == 3
    assert len({each.key for each in ENTRIES}) == len(ENTRIES)
