"""The layouts of batch files as they are published (domain §8)."""

import pytest

from uln_contract.external_records import Achievement
from uln_contract.layouts import LAYOUTS, REGISTRATION_2A, REGISTRATION_3A, FileKind, Layout, layouts_of
from uln_contract.records import BatchLearner

PUBLISHED_2A = (
    "FileVersion, FileName, UKPRN, LearnerRecordCount, ULN, MISIdentifier, Title, GivenName, PreferredGivenName,"
    " MiddleOtherName, FamilyName, PreviousFamilyName, FamilyNameAt16, SchoolAtAge16, LastKnownAddressLine1,"
    " LastKnownAddressLine2, LastKnownAddressTown, LastKnownAddressCountyorCity, LastKnownPostCode,"
    " DateOfAddressCapture, DateOfBirth, PlaceOfBirth, EmailAddress, Gender, Nationality, ScottishCandidateNumber,"
    " AbilityToShare, VerificationType, OtherVerificationDescription, Notes"
)


def test_2a_has_the_thirty_published_headings() -> None:
    assert ", ".join(REGISTRATION_2A.names) == PUBLISHED_2A
    assert len(REGISTRATION_2A.names) == 30


def test_3a_differs_as_published() -> None:
    assert set(REGISTRATION_3A.names) - set(REGISTRATION_2A.names) == {
        *("UCI", "UPN", "MiddleNames", "PrivacyNoticeSeen")
    }
    assert set(REGISTRATION_2A.names) - set(REGISTRATION_3A.names) == {"MiddleOtherName", "AbilityToShare"}
    place = REGISTRATION_3A.names.index("ScottishCandidateNumber")
    assert REGISTRATION_3A.names[place + 1 : place + 3] == ("UCI", "UPN")


def test_the_first_of_a_kind_is_what_is_written() -> None:
    assert layouts_of(FileKind.REGISTRATION)[0].name == "3A"


def test_what_registers_carries_every_field_of_the_contract() -> None:
    sent = {each.name for each in BatchLearner.FIELDS}
    for layout in layouts_of(FileKind.REGISTRATION):
        assert {each.element for each in layout.of_record} - {None} == sent


def test_achievements_follow_the_contract() -> None:
    assert LAYOUTS["achievement"].names == tuple(each.name for each in Achievement.FIELDS)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_examples_fit(layout: Layout) -> None:
    found = layout.file_name.fullmatch(layout.file_name_example)
    assert found is not None
    assert found["ukprn"] == "90000001"
    for column in layout.columns:
        assert column.type.fits(column.type.example), column.name
    assert [each.name for each in layout.of_file] == list(layout.names[: len(layout.of_file)])
    assert layout.by_name[layout.names[-1]] is layout.columns[-1]


@pytest.mark.parametrize(
    "name", ["LRB_90000001_320620240930", "LRB_90000001_24062024", "lrb_90000001_240620240930"]
)
def test_other_names_do_not(name: str) -> None:
    assert REGISTRATION_3A.file_name.fullmatch(name) is None
