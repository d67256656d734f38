import pytest
from tests.unit.catalogue.lists import OFQUAL, UNIT

from uln_server.catalogue.entry import EntryKind
from uln_server.importing.catalogue.layouts import OFQUAL as OFQUAL_COLUMNS
from uln_server.importing.catalogue.layouts import OWN, Form, layout_of
from uln_server.importing.problems import Unusable


def test_our_own_form_is_known_by_its_headings() -> None:
    layout = layout_of([*reversed(OWN)])
    assert (layout.form, layout.notes) == (Form.OWN, ())
    assert [each.heading for each in layout.columns] == [*reversed(OWN)]
    assert layout.kinds == {*EntryKind}


def test_ofqual_s_export_is_known_by_its_headings() -> None:
    layout = layout_of(list(OFQUAL))
    assert (layout.form, layout.notes) == (Form.OFQUAL, ())
    assert list(OFQUAL) == list(OFQUAL_COLUMNS)
    assert layout.kinds == {EntryKind.QUALIFICATION}


def test_case_and_space_of_a_heading_do_not_count() -> None:
    layout = layout_of([" reference ", "TITLE", "owner_ukprn", "operational start"])
    assert [each.field for each in layout.columns] == ["reference", "title", "owner_ukprn", "operational_start"]


def test_columns_that_are_not_known_are_kept_and_named() -> None:
    layout = layout_of([*UNIT, "Paths", "OperationalStrat"])
    assert layout.notes == (
        "Kept as they are, without a meaning of their own: Paths, OperationalStrat (is OperationalStart meant?).",
    )


def test_columns_that_an_export_lacks_are_named() -> None:
    layout = layout_of([each for each in OFQUAL if each not in {"EQF Level", "Total Credits"}])
    assert layout.notes == ("Ofqual's export has more columns, which this file lacks: EQF Level, Total Credits.",)


def test_a_field_names_its_column_even_where_the_file_has_none() -> None:
    layout = layout_of(list(UNIT))
    assert layout.heading("certification_end") == "CertificationEnd"
    assert layout_of(list(OFQUAL)).heading("owner_ukprn") == "owner_ukprn"


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        (["ULN", "GivenName"], "neither Reference nor Qualification Number"),
        (["Reference", "Title"], "OwnerUkprn or OwnerRecognitionNumber"),
        (["Reference", "OwnerUkprn"], "lacks Title"),
        (["Qualification Number", "Qualification Title"], "lacks Owner Organisation Recognition Number"),
        ([*UNIT, "credit"], "Credit stands twice"),
        ([*UNIT, " "], "Column 5 has no heading"),
    ],
)
def test_a_heading_row_that_cannot_be_used(headings: list[str], words: str) -> None:
    with pytest.raises(Unusable, match=words) as refused:
        layout_of(headings)
    assert refused.value.remedy
