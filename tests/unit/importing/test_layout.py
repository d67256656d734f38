import pytest
from tests.unit.importing.files import GOOD

from uln_contract.records import Learner as LearnerRecord
from uln_server.importing.layout import COLUMNS, EVERYTHING, FOLLOWING, REQUIRED, layout_of
from uln_server.importing.problems import Unusable
from uln_server.register.learner import Learner

REQUIRED_ONES = list(GOOD)


def test_every_element_of_the_contract_is_a_column_or_follows_from_others() -> None:
    assert {*COLUMNS, *FOLLOWING} == {field.name for field in LearnerRecord.FIELDS} | {
        "MasterULN",
        "UCI",
        "UPN",
    }


def test_the_columns_fill_the_register_s_record() -> None:
    assert {column.attribute for column in COLUMNS.values()} == set(Learner.__slots__)


def test_columns_come_in_any_order() -> None:
    layout = layout_of([*reversed(REQUIRED_ONES), "Notes"])
    assert layout.notes == ()
    assert layout.places["Notes"] == 8
    assert layout.places["ULN"] == 7
    assert {each.name for each in layout.columns if each and each.required} == REQUIRED


def test_other_spellings_are_read_with_a_note() -> None:
    layout = layout_of([" uln ", "GIVENNAME", *REQUIRED_ONES[2:]])
    assert layout.places["ULN"] == 0
    assert layout.notes == (
        "Headings that are not spelt as in the contract are read: uln as ULN, GIVENNAME as GivenName.",
    )


def test_what_follows_from_other_columns_is_not_read_and_said_so() -> None:
    layout = layout_of(["TierLevel", *REQUIRED_ONES])
    assert layout.columns[0] is None
    assert layout.notes == ("Not read, because it follows from the other columns: TierLevel.",)


@pytest.mark.parametrize(
    ("headings", "text", "remedy"),
    [
        (["Forename", *REQUIRED_ONES], "Column 1 is headed 'Forename'", "Rename"),
        ([*REQUIRED_ONES, "Familyname2"], "Column 9 is headed 'Familyname2'", "Did you mean FamilyName?"),
        ([*REQUIRED_ONES, "Last Known Address Town"], "Column 9", "Did you mean LastKnownAddressTown?"),
        ([*REQUIRED_ONES, " "], "Column 9 has no heading", "Give it"),
        ([*REQUIRED_ONES, "uln"], "ULN stands twice", "Keep one"),
        (REQUIRED_ONES[2:], "lacks GivenName, ULN", "add the column"),
    ],
)
def test_a_heading_row_that_cannot_be_used_is_refused(headings: list[str], text: str, remedy: str) -> None:
    with pytest.raises(Unusable) as refused:
        layout_of(headings)
    assert text in refused.value.text
    assert remedy in refused.value.remedy


def test_a_form_that_names_its_values_has_every_column() -> None:
    assert [each.name for each in EVERYTHING.columns if each] == list(COLUMNS)
