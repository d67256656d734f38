import pytest
from tests.unit.batch_files.files import HEADINGS, found

from uln_contract.batch_files.findings import UnusableFile
from uln_contract.batch_files.headings import Headed, headed, nearest, recognised
from uln_contract.layouts import (
    ACHIEVEMENTS,
    LAYOUTS,
    REGISTRATION_2A,
    REGISTRATION_3A,
    VERIFICATION,
    FileKind,
    Layout,
    layouts_of,
)

VERIFY = tuple(HEADINGS.split(","))


def codes(understood: Headed) -> list[str]:
    return [each.code for each in understood.findings]


def refused(*headings: str, **options: object) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(UnusableFile) as stopped:
        headed(headings, **options)  # type: ignore[arg-type]  # passed on as they are
    assert stopped.value.findings[-1].refuses
    return found(stopped.value.findings)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_s_own_headings_are_understood_without_a_word(layout: Layout) -> None:
    understood = headed(layout.names)
    assert understood.layout is layout
    assert understood.findings == ()
    assert understood.alike == ()
    assert list(understood.places) == list(layout.names)
    assert understood.names == dict(zip(layout.names, layout.names, strict=True))


def test_case_space_and_underscores_are_forgiven_with_the_right_spelling() -> None:
    understood = headed([" mis_identifier", "ULN", "Family Name", "GIVENNAME", "DateOfBirth", "Gender"], sheet="A")
    assert understood.layout is VERIFICATION
    (finding,) = understood.findings
    assert (finding.code, finding.column, finding.sheet) == ("F046", "MISIdentifier", "A")
    assert "'Family Name' as FamilyName" in finding.words
    assert understood.names["mis_identifier"] == "MISIdentifier"


def test_many_spellings_are_counted() -> None:
    (finding,) = headed([each.upper() for each in ACHIEVEMENTS.names]).findings
    assert "and 10 more" in finding.words


def test_order_is_forgiven_and_places_follow_the_file() -> None:
    understood = headed([*VERIFY[1:], VERIFY[0]])
    assert found(understood.findings) == [("F047", 1, "ULN")]
    assert understood.places["MISIdentifier"] == 5


def test_columns_that_may_be_missing_may() -> None:
    one = headed(VERIFY[:-1])
    assert found(one.findings) == [("F042", 1, "Gender")]
    assert "column Gender is missing" in one.findings[0].words
    two = headed(VERIFY[:-2]).findings[0].words
    assert "columns DateOfBirth and Gender are missing" in two
    many = headed(["FileVersion", "UKPRN", "LearnerRecordCount", "GivenName", "FamilyName"]).findings[0].words
    assert "and 17 more are missing" in many


def test_columns_that_every_record_needs_must_be_there() -> None:
    assert refused(*VERIFY[:2], *VERIFY[3:]) == [("F041", 1, "FamilyName")]
    names = [each for each in REGISTRATION_3A.names if each != "LearnerRecordCount"]
    with pytest.raises(UnusableFile, match="LearnerRecordCount is missing, and the first row needs it"):
        headed(names)


def test_columns_that_no_layout_has_are_told_and_not_read() -> None:
    understood = headed([*VERIFY, "House", ""])
    assert [(each.code, each.column) for each in understood.findings] == [("F043", "House"), ("F048", None)]
    assert set(understood.places) == set(VERIFY)


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Date of Brith", "DateOfBirth"),
        ("DOB", "DateOfBirth"),
        ("Learner Date Of Birth", "DateOfBirth"),
        ("Surname", "FamilyName"),
        ("Sex", "Gender"),
    ],
)
def test_a_heading_like_a_missing_one_is_refused(heading: str, meant: str) -> None:
    headings = [heading if each == meant else each for each in VERIFY]
    assert refused(*headings, row=3) == [("F044", 3, meant)]


def test_a_heading_twice_is_refused_however_it_is_spelt() -> None:
    assert refused(*VERIFY, "U L N")[-1] == ("F045", 1, "ULN")
    assert refused(*REGISTRATION_3A.names, "MiddleOtherName")[-1] == ("F045", 1, "MiddleNames")


def test_the_contract_s_own_name_of_a_column_is_known() -> None:
    names = [{"MiddleNames": "MiddleOtherName"}.get(each, each) for each in REGISTRATION_3A.names]
    understood = headed(names)
    assert understood.layout is REGISTRATION_3A
    assert codes(understood) == ["F046"]
    assert understood.places["MiddleNames"] == names.index("MiddleOtherName")


def test_the_better_of_two_layouts_is_taken_and_of_equals_the_first() -> None:
    both = layouts_of(FileKind.REGISTRATION)
    assert headed(REGISTRATION_2A.names, both).layout is REGISTRATION_2A
    shared = [each for each in REGISTRATION_2A.names if each in REGISTRATION_3A.names]
    understood = headed(shared)
    assert (understood.layout, understood.alike) == (REGISTRATION_3A, (REGISTRATION_2A,))


def test_a_file_of_another_kind_is_named() -> None:
    with pytest.raises(UnusableFile) as stopped:
        headed(ACHIEVEMENTS.names, layouts_of(FileKind.REGISTRATION))
    (finding,) = stopped.value.findings
    assert finding.code == "F049"
    assert "of achievements" in finding.words
    assert "registration file is expected" in finding.words


def test_what_fits_both_kinds_is_of_the_kind_that_is_asked_for() -> None:
    assert headed(VERIFY, [VERIFICATION]).layout is VERIFICATION
    names = [*REGISTRATION_3A.names]
    assert refused(*names, layouts=layouts_of(FileKind.VERIFICATION))[-1][0] == "F049"


def test_no_headings_at_all_are_said_to_be_none() -> None:
    with pytest.raises(UnusableFile) as stopped:
        headed(["M-1", "1026893096", "", "Darcie"], [VERIFICATION])
    (finding,) = stopped.value.findings
    assert (finding.code, finding.value) == ("F040", "M-1, 1026893096, Darcie")
    assert "begins MISIdentifier" in finding.remedy


def test_headings_are_counted_that_any_layout_knows() -> None:
    assert recognised(["uln", "ULN", "Given Name", "House", ""]) == 2


def test_nothing_is_near_to_nothing() -> None:
    assert nearest(" ", VERIFY) is None
    assert nearest("Postcode", REGISTRATION_3A.names) == "LastKnownPostCode"
    assert nearest("House", VERIFY) is None
