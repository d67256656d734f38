"""What is found of a batch file as a whole: its leading columns, name, number of records, columns (domain §8)."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from tests.unit.batch_files.checked import (
    GOOD,
    OPTIONS,
    TODAY,
    ULNS,
    InMemory,
    checked,
    file_name,
    leading,
    refusal,
    rows_of,
    told,
)

from uln_contract.batch_files.checking import CheckedFile, Options, open_checked
from uln_contract.batch_files.findings import Finding, Severity, UnusableFile
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.structure_codes import StructureCode, structural
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import LAYOUTS, REGISTRATION_2A, REGISTRATION_3A, VERIFICATION

C = ValueCode
UKPRN = "90000001"


def _learners(name: str, count: int) -> list[dict[str, str]]:
    """Give so many good records of different learners."""
    names = (f"{a}{b}{c}" for a in "ABCDE" for b in "aeiou" for c in "bcdfghjklmn")
    return [{**GOOD[name], "FamilyName": each, "MISIdentifier": each} for each in islice(names, count)]


def _findings(name: str, *records: Mapping[str, str], called: str | None = None) -> list[Finding]:
    file = checked(name, *records, called=called)
    list(file.rows())
    return [each for each in file.findings if each.code != C.FEW]


@pytest.mark.parametrize(
    ("column", "value", "code", "remedy"),
    [
        ("FileVersion", "", C.FILE_VERSION, "Write 3A."),
        ("FileVersion", "2A", C.FILE_VERSION, "Write 3A."),
        ("UKPRN", "", C.UKPRN, "Write the eight digits of your UKPRN into the first row."),
        ("UKPRN", "9000001", C.UKPRN, "eight digits"),
        ("LearnerRecordCount", "", C.COUNT, "LearnerRecordCount of the first row"),
        ("LearnerRecordCount", "many", C.COUNT, "LearnerRecordCount of the first row"),
        ("LearnerRecordCount", "2", C.COUNT_DIFFERS, "write 1."),
    ],
)
def test_leading_columns_refuse_the_file(column: str, value: str, code: ValueCode, remedy: str) -> None:
    finding = refusal("3A", {**GOOD["3A"], column: value})
    assert (finding.code, finding.column) == (code, column)
    assert finding.row == 2
    assert finding.refuses
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("column", "value", "code", "fixed"),
    [
        ("FileVersion", "3a", C.SPELLING, "3A"),
        ("LearnerRecordCount", "1.0", C.SPELLING, "1"),
        ("LearnerRecordCount", "001", C.SPELLING, "1"),
        ("FileName", "learners.csv", C.OTHER_NAME, None),
    ],
)
def test_leading_columns_that_are_understood(column: str, value: str, code: ValueCode, fixed: str | None) -> None:
    (finding,) = _findings("3A", {**GOOD["3A"], column: value})
    assert (finding.code, finding.column, finding.fixed) == (code, column, fixed)
    assert not finding.refuses


def test_a_file_needs_not_name_itself() -> None:
    assert _findings("3A", {**GOOD["3A"], "FileName": ""}) == []


def test_another_organisations_file() -> None:
    options = replace(OPTIONS, ukprn="90000009")
    finding = refusal("3A", GOOD["3A"], options=options)
    assert finding.code == C.UKPRN
    assert "90000009" in finding.remedy
    assert [each.good for each in rows_of("3A", GOOD["3A"], options=replace(OPTIONS, ukprn=UKPRN))] == [True]


def test_a_name_with_another_ukprn() -> None:
    called = file_name(REGISTRATION_3A).replace(UKPRN, "90000009")
    (finding,) = _findings("3A", {**GOOD["3A"], "FileName": called}, called=called)
    assert finding.code == C.UKPRN_OF_NAME
    assert "the file's own" in finding.words
    file = checked("verify", GOOD["verify"], options=replace(OPTIONS, ukprn="90000009"))
    assert [each.code for each in file.findings] == [C.UKPRN_OF_NAME]


def test_another_name_is_told_and_a_file_without_one_is_not() -> None:
    assert [each.code for each in _findings("verify", GOOD["verify"], called="list.CSV")] == [
        StructureCode.F051,
        StructureCode.F050,
    ]
    columns = headed(VERIFICATION.names, (VERIFICATION,))
    cells = [GOOD["verify"].get(each, "") for each in VERIFICATION.names]
    assert CheckedFile(InMemory(VERIFICATION.names, [cells]), columns, "", OPTIONS).findings == []


def test_later_rows_with_the_leading_columns_again() -> None:
    records = _learners("3A", 4)
    again = leading(REGISTRATION_3A, 4)
    (finding,) = _findings("3A", records[0], {**records[1], **again}, records[2], {**records[3], **again})
    assert (finding.code, finding.row, finding.severity) == (C.LATER_ROW, 3, Severity.WARNING)
    assert finding.words.startswith("2 later rows")


def test_later_rows_of_another_file() -> None:
    records = _learners("3A", 2)
    _, second = rows_of("3A", records[0], {**records[1], "UKPRN": "90000009"})
    assert told(second) == [(C.LATER_ROW, "UKPRN")]
    assert not second.good


def test_more_records_than_a_file_may_hold() -> None:
    records = _learners("verify", 3)
    assert refusal("verify", *records, options=replace(OPTIONS, most=2)).code == C.TOO_MANY
    assert len(rows_of("verify", *records, options=replace(OPTIONS, most=3))) == 3


def test_few_records_are_told_and_fifty_are_not() -> None:
    for count, codes in ((49, [C.FEW]), (50, [])):
        file = checked("3A", *_learners("3A", count))
        assert all(each.good for each in file.rows())
        assert [each.code for each in file.findings] == codes


def test_a_file_of_headings() -> None:
    assert refusal("verify").code == C.NO_RECORD
    assert refusal("3A").code == C.NO_RECORD


def test_strict_takes_every_warning_for_an_error() -> None:
    strict = Options(strict=True, today=TODAY)
    assert refusal("3A", GOOD["3A"], options=strict).code == C.FEW
    assert refusal("verify", GOOD["verify"], options=strict, called="x.csv").code == StructureCode.F050
    records = [GOOD["verify"], GOOD["verify"]]
    assert [each.good for each in rows_of("verify", *records, options=strict)] == [True, False]


MORE = {
    "EmailAddress": "darcie@example.com",
    "LastKnownAddressTown": "Coventry",
    "LanguageForAssessment": "Welsh",
}


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("verify", "DateOfBirth", "Gender"),
        ("verify", "ULN", "MISIdentifier"),
        ("verify", "GivenName", "DateOfBirth"),
        ("verify", "FamilyName", "ULN"),
        ("2A", "LastKnownPostCode", "DateOfBirth"),
        ("2A", "LastKnownPostCode", "EmailAddress"),
        ("2A", "LastKnownAddressTown", "LastKnownPostCode"),
        ("achievement", "Uln", "ProviderUkprn"),
        ("achievement", "UnitOrQualificationReferenceNumber", "Grade"),
        ("achievement", "LearnerPostcode", "MisIdentifier"),
        ("achievement", "LearnerPostcode", "LanguageForAssessment"),
    ],
)
def test_two_columns_swapped(name: str, one: str, other: str) -> None:
    good = {**MORE, **GOOD[name]}
    swapped = {**good, one: good[other], other: good[one]}
    finding = refusal(name, swapped, swapped, good)
    assert finding.code == C.SWAPPED
    assert {one, other} <= set(finding.words.replace(",", " ").split())


def test_two_columns_swapped_whose_values_are_in_another_form() -> None:
    swapped = {**GOOD["verify"], "DateOfBirth": "F", "Gender": "16/08/2001"}
    assert refusal("verify", swapped, swapped).code == C.SWAPPED
    other_form = {**GOOD["verify"], "DateOfBirth": "16/08/2001", "Gender": "F"}
    assert [each.good for each in rows_of("verify", other_form, other_form)] == [False, False]


def test_a_few_wrong_values_swap_no_columns() -> None:
    wrong = {**GOOD["verify"], "DateOfBirth": "2", "Gender": "2001-08-16"}
    rows = rows_of("verify", wrong, GOOD["verify"], GOOD["verify"])
    assert [each.good for each in rows] == [False, True, True]
    assert [each.good for each in rows_of("verify", wrong)] == [False]


def test_ulns_as_numbers_of_ones_own_system_are_no_swap() -> None:
    rows = rows_of("verify", *({**GOOD["verify"], "MISIdentifier": each, "ULN": each} for each in ULNS))
    assert all(each.good for each in rows)


def test_a_row_that_cannot_be_told_apart() -> None:
    defect = structural(StructureCode.F015, "Row 2 has 3 cells.", row=2)
    cells = [GOOD["verify"].get(each, "") for each in VERIFICATION.names]
    source = InMemory(VERIFICATION.names, [["MIS-1"], cells], {2: defect}, sheet="List")
    columns = headed(VERIFICATION.names, (VERIFICATION,))
    with CheckedFile(source, columns, file_name(VERIFICATION), OPTIONS) as file:
        first, second = file.rows()
    assert source.closed
    assert (first.values, first.good, second.good) == ({}, False, True)
    assert [(each.code, each.sheet) for each in first.findings] == [(StructureCode.F015, "List")]


def test_a_warning_of_a_row_is_kept_beside_the_values() -> None:
    warning = replace(structural(StructureCode.F036, "A formula.", row=2), severity=Severity.WARNING)
    cells = [{**GOOD["verify"], "Gender": "F"}.get(each, "") for each in VERIFICATION.names]
    source = InMemory(VERIFICATION.names, [cells], {2: warning})
    columns = headed(VERIFICATION.names, (VERIFICATION,))
    (row,) = CheckedFile(source, columns, file_name(VERIFICATION), OPTIONS).rows()
    assert [each.code for each in row.findings] == [StructureCode.F036, C.CODE_IN_WORDS]


def test_the_first_row_broken_leaves_the_others_readable() -> None:
    defect = structural(StructureCode.F015, "Row 2 has 3 cells.", row=2)
    layout = REGISTRATION_3A
    cells = [{**GOOD["3A"], "UKPRN": UKPRN}.get(each, "") for each in layout.names]
    source = InMemory(layout.names, [["3A"], cells], {2: defect})
    file = CheckedFile(source, headed(layout.names, (layout,)), file_name(layout), OPTIONS)
    assert [each.good for each in file.rows()] == [False, True]


def test_where_headings_fit_two_layouts_the_version_decides() -> None:
    names = [each for each in REGISTRATION_2A.names if each in REGISTRATION_3A.names]
    layouts = (REGISTRATION_3A, REGISTRATION_2A)
    for version in ("2A", "3A"):
        values = {**GOOD["2A"], **leading(LAYOUTS[version], 1)}
        source = InMemory(names, [[values.get(each, "") for each in names]])
        file = CheckedFile(source, headed(names, layouts), file_name(REGISTRATION_2A), OPTIONS)
        (row,) = file.rows()
        assert file.layout.name == version
        assert row.good


def test_a_file_that_breaks_off_is_told_so_behind_its_good_rows(tmp_path: Path) -> None:
    path = tmp_path / "VER_90000001_20240624_001.xml"
    learner = "".join(f"<{name}>{value}</{name}>" for name, value in GOOD["verify"].items())
    path.write_text(
        f'<VerifyFile xmlns="urn:uln-interchange:files"><Learner>{learner}</Learner><Learner>', encoding="utf-8"
    )
    with open_checked(path, options=OPTIONS) as file:
        rows = file.rows()
        assert next(rows).values == GOOD["verify"]
        with pytest.raises(UnusableFile):
            next(rows)


def test_headings_in_a_later_row_are_no_record() -> None:
    layout = LAYOUTS["verify"]
    cells = [GOOD["verify"][each] for each in layout.names]
    source = InMemory(layout.names, [cells, list(layout.names)])
    file = CheckedFile(source, headed(layout.names, (layout,)), file_name(layout), OPTIONS)
    _, again = file.rows()
    (finding,) = again.findings
    assert (finding.code, finding.row, finding.column, again.values) == ("V044", 3, None, {})
