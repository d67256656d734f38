"""Every code for a value: what brings it up, what its remedy says, and that following it helps (domain §8)."""

# ruff: noqa: RUF001  # letters and digits that look like others are what is tried

import re
from typing import NamedTuple

import pytest
from tests.unit.batch_files.checked import GOOD, row_of, rows_of

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.value_codes import VALUES, ValueCode
from uln_contract.explanations import Origin
from uln_contract.layouts import LAYOUTS


class Case(NamedTuple):
    """A value in a good record, its code, and a part of the remedy or what the value becomes."""

    layout: str
    column: str
    value: str
    code: ValueCode
    remedy: str = ""
    fixed: str | None = None


C = ValueCode
CASES = (
    Case("verify", "FamilyName", "", C.MISSING, "Give it as on the learner's own document."),
    Case("verify", "ULN", " ", C.MISSING, "Copy it"),
    Case("verify", "FamilyName", "x" * 36, C.LENGTH, "Shorten it to 35 characters."),
    Case("verify", "MISIdentifier", "x" * 129, C.LENGTH, "Or leave it empty."),
    Case("2A", "EmailAddress", f"{'x' * 250}@example.com", C.LENGTH, "254"),
    Case("2A", "Nationality", "BRIT", C.LENGTH, "Shorten it to 3"),
    Case("2A", "Notes", "x" * 4001, C.LENGTH, "4000"),
    Case("verify", "ULN", "102689309", C.FORM, "Copy it again"),
    Case("verify", "ULN", "abc", C.FORM, "without spaces"),
    Case("2A", "EmailAddress", "darcie", C.FORM, "Correct it"),
    Case("2A", "LastKnownPostCode", "CV4", C.FORM, "CV4 9EE"),
    Case("2A", "LastKnownPostCode", "CV4 OEE", C.FORM, "Write CV4 0EE if that is meant."),
    Case("2A", "LastKnownPostCode", "CVl0 9EE", C.FORM, "Write CV10 9EE if"),
    Case("2A", "Gender", "7", C.FORM, "1: male"),
    Case("2A", "AbilityToShare", "3", C.FORM, "1: seen, shares"),
    Case("3A", "PrivacyNoticeSeen", "3", C.FORM, "such as 1."),
    Case("3A", "UCI", "12345", C.FORM, "900000100001A"),
    Case("2A", "VerificationType", "8", C.FORM, "999"),
    Case("2A", "DateOfBirth", "last summer", C.FORM, "1976-08-16"),
    Case("2A", "DateOfBirth", "16/08/1", C.FORM, "1976-08-16"),
    Case("2A", "DateOfBirth", "2.001E+03", C.SCIENTIFIC, "as text"),
    Case("verify", "GivenName", "Dar\x07cie", C.CONTROL, "Write Darcie."),
    Case("verify", "GivenName", "\x07", C.CONTROL, "by hand"),
    Case("verify", "GivenName", "Si\ufffdn", C.LOST_LETTER, "UTF-8"),
    Case("verify", "GivenName", "SiÃ¢n", C.MOJIBAKE, "Write Siân."),
    Case("verify", "GivenName", "SiÃƒÂ¢n", C.MOJIBAKE, "Write Siân."),
    Case("verify", "FamilyName", "Ã\x81lvaro", C.MOJIBAKE, "Write Álvaro."),
    Case("verify", "FamilyName", "Oâ€™Brien", C.MOJIBAKE, "Write O’Brien."),
    Case("verify", "FamilyName", "  Tucker", C.WHITE_SPACE, fixed="Tucker"),
    Case("verify", "FamilyName", "de  la\u00a0Cruz", C.WHITE_SPACE, fixed="de la Cruz"),
    Case("verify", "FamilyName", "Tuc\u00adker\u200b", C.WHITE_SPACE, fixed="Tucker"),
    Case("verify", "ULN", "1026893096 ", C.WHITE_SPACE, fixed="1026893096"),
    Case("verify", "MISIdentifier", " MIS  42", C.WHITE_SPACE, fixed="MIS  42"),
    Case("2A", "DateOfBirth", " 2001-08-16", C.WHITE_SPACE, fixed="2001-08-16"),
    Case("2A", "LastKnownPostCode", "cv4 9ee", C.SPELLING, fixed="CV4 9EE"),
    Case("2A", "LastKnownPostCode", "CV49EE", C.SPELLING, fixed="CV4 9EE"),
    Case("2A", "LastKnownPostCode", "bfpo12", C.SPELLING, fixed="BFPO 12"),
    Case("2A", "Nationality", "gbr", C.SPELLING, fixed="GBR"),
    Case("3A", "UPN", "a900000100001", C.SPELLING, fixed="A900000100001"),
    Case("achievement", "UnitOrQualificationReferenceNumber", "s/900/0004", C.SPELLING, fixed="S/900/0004"),
    Case("achievement", "Action", "+01", C.SPELLING, fixed="1"),
    Case("2A", "DateOfBirth", "16/08/2001", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "08.16.2001", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "2001/8/16", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "05/05/2001", C.OTHER_DATE, "Write 2001-05-05."),
    Case("2A", "DateOfBirth", "16-Aug-01", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "16-Aug-76", C.OTHER_DATE, "Write 1976-08-16."),
    Case("2A", "DateOfBirth", "Thursday 16th August 2001", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "Aug 16, 2001", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "20010816", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "2001-08-16 00:00:00", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "2001-08-16T12:00:00Z", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "8/16/2001 12:00:00 AM", C.OTHER_DATE, "Write 2001-08-16."),
    Case("2A", "DateOfBirth", "03/04/2001", C.AMBIGUOUS_DATE, "2001-04-03 and 2001-03-04"),
    Case("verify", "DateOfBirth", "16/08/21", C.OTHER_DATE, "Write 2021-08-16."),
    Case("2A", "DateOfAddressCapture", "16/08/21", C.OTHER_DATE, "Write 2021-08-16."),
    Case("2A", "DateOfBirth", "16/08/17", C.AMBIGUOUS_DATE, "1917-08-16 and 2017-08-16"),
    Case("2A", "DateOfBirth", "2001-08-15T23:00:00Z", C.AMBIGUOUS_DATE, "2001-08-15 and 2001-08-16"),
    Case("2A", "DateOfBirth", "37119", C.SERIAL_DATE, "Write 2001-08-16,"),
    Case("2A", "DateOfBirth", "37119.0", C.SERIAL_DATE, "Write 2001-08-16,"),
    Case("2A", "DateOfBirth", "2001-02-30", C.NO_SUCH_DAY),
    Case("2A", "DateOfBirth", "30/02/2001", C.NO_SUCH_DAY),
    Case("2A", "DateOfBirth", "16/08/1701", C.NO_SUCH_DAY),
    Case("2A", "DateOfAddressCapture", "1900-02-29", C.NO_SUCH_DAY),
    Case("2A", "DateOfBirth", "2026-11-25", C.FUTURE),
    Case("2A", "DateOfBirth", "16/08/2076", C.FUTURE),
    Case("achievement", "ActionDate", "1949-12-31", C.UNLIKELY_DATE),
    Case("2A", "DateOfAddressCapture", "2001-08-15", C.UNLIKELY_DATE, "Correct the one"),
    Case("verify", "DateOfBirth", "1901-01-01", C.UNLIKELY_DATE),
    Case("achievement", "AchievementAwardDate", "2001-08-16", C.UNLIKELY_DATE),
    Case("2A", "DateOfBirth", "2013-11-25", C.AGE),
    Case("2A", "DateOfBirth", "1915-11-24", C.AGE),
    Case("verify", "ULN", "1.03E+09", C.SCIENTIFIC, "from its source"),
    Case("verify", "MISIdentifier", "1.23E+11", C.SCIENTIFIC),
    Case("2A", "ScottishCandidateNumber", "1.23E+08", C.SCIENTIFIC),
    Case("2A", "ScottishCandidateNumber", "12345678", C.LEADING_ZERO, "Write 012345678 if"),
    Case("verify", "ULN", "1026893095", C.CHECK_DIGIT, "Copy it again"),
    Case("verify", "ULN", "9999999999", C.UNKNOWN_ULN, "take the row out"),
    Case("2A", "ULN", "9999999999", C.UNKNOWN_ULN, "Leave ULN empty"),
    Case("verify", "GivenName", "123", C.NO_LETTER),
    Case("2A", "VerificationType", "999", C.DESCRIPTION, "Say what was seen"),
    Case("2A", "Gender", "", C.FIVE, "Give Gender"),
    Case("2A", "LastKnownPostCode", "", C.FIVE, "or the learner's ULN"),
    Case("2A", "VerificationType", "", C.NEW_LEARNER, "Give VerificationType."),
    Case("3A", "PrivacyNoticeSeen", "", C.NEW_LEARNER, "Give PrivacyNoticeSeen."),
    Case("verify", "ULN", "102 689 3096", C.TYPOGRAPHY, "Write 1026893096."),
    Case("verify", "ULN", "'1026893096", C.TYPOGRAPHY, "Write 1026893096."),
    Case("verify", "ULN", "1026893096.0", C.TYPOGRAPHY, "Write 1026893096."),
    Case("verify", "DateOfBirth", "2001–08–16", C.TYPOGRAPHY, "Write 2001-08-16."),
    Case("2A", "LastKnownPostCode", "CV4–9EE", C.TYPOGRAPHY, "Write CV4 9EE."),
    Case("2A", "EmailAddress", "mailto:Darcie@example.com", C.TYPOGRAPHY, "Write darcie@example.com."),
    Case("2A", "ScottishCandidateNumber", "123-456-789", C.TYPOGRAPHY, "Write 123456789."),
    Case("3A", "UPN", "A9000 0010 0001", C.TYPOGRAPHY, "Write A900000100001."),
    Case("verify", "Gender", "F", C.CODE_IN_WORDS, "Write 2."),
    Case("verify", "Gender", "1.0", C.CODE_IN_WORDS, "Write 1."),
    Case("verify", "Gender", "02", C.CODE_IN_WORDS, "Write 2."),
    Case("3A", "PrivacyNoticeSeen", "Yes", C.CODE_IN_WORDS, "Write 1."),
    Case("2A", "VerificationType", "Passport", C.CODE_IN_WORDS, "Write 2."),
    Case("2A", "Nationality", "British", C.CODE_IN_WORDS, "Write GBR."),
    Case("verify", "DateOfBirth", "#N/A", C.SPREADSHEET_ERROR),
    Case("verify", "FamilyName", "######", C.SPREADSHEET_ERROR),
    Case("verify", "DateOfBirth", "n/a", C.SPREADSHEET_ERROR, "Leave the cell empty."),
    Case("verify", "ULN", "NULL", C.SPREADSHEET_ERROR, "Fill it in."),
    Case("3A", "Gender", "NULL", C.SPREADSHEET_ERROR, "Fill it in. 0: not known; 1: male"),
    Case("verify", "GivenName", "Si?n", C.QUESTION_MARK),
    Case("verify", "GivenName", "Darc1e", C.UNLIKELY_NAME),
    Case("2A", "FamilyName", "@SUM(A1)", C.UNLIKELY_NAME, "Look the name up."),
    Case("achievement", "FamilyName", "-Tucker", C.UNLIKELY_NAME),
    Case("achievement", "LearnerPostcode", "CV4-9EE", C.UNLIKELY_POST_CODE, "Write CV4 9EE."),
    Case("achievement", "LearnerPostcode", "unknown", C.UNLIKELY_POST_CODE, "leave it out"),
    Case("achievement", "ProviderUkprn", "9000002", C.UNLIKELY_UKPRN),
)
FIELD_DATA = (
    ("GivenName", "", "FD001", "Fill it in."),
    ("GivenName", "5", "FD001", "as on the learner's own document"),
    ("Grade", "x" * 36, "FD002", "Shorten it to 35 characters."),
    ("MisIdentifier", "a\tb", "FD002", "Write ab."),
    ("ActionDate", "28/06/2024", "FD003", "Write 2024-06-28."),
    ("ActionDate", "2024-06-28 09:30:00", "FD003", "Write 2024-06-28T09:30:00."),
    ("AchievementAwardDate", "05/06/24", "FD003", "2024-06-05 and 2024-05-06"),
    ("AchievementAwardDate", "2026-11-25", "FD004", ""),
    ("AchievementAwardDate", "28/06/2027", "FD004", ""),
    ("Action", "0", "FD005", "Write one of its codes, such as 1."),
    ("Action", "Withdraw", "FD005", "Write 3."),
    ("Uln", "1026893095", "FD006", "Copy it again"),
    ("Uln", "9999999999", "FD006", "without one nothing can be recorded"),
    ("Gender", "Male", "FD007", "Write 1."),
    ("UnitOrQualificationReferenceNumber", "S-900-0004", "FD008", "Write S9000004."),
    ("UnitOrQualificationReferenceNumber", "’S/900/0004", "FD008", "Write S/900/0004."),
    ("UnitOrQualificationReferenceNumber", "123456X", "FD008", "Write 0123456X if that is meant."),
    ("UnitOrQualificationReferenceNumber", "5.01E+07", "FD008", "from its source"),
    ("UnitOrQualificationReferenceNumber", "Maths", "FD008", "Copy it again"),
)


def _finding(layout: str, column: str, value: str, code: str) -> Finding:
    row = row_of(layout, **{column: value})
    found = [each for each in row.findings if each.code == code]
    assert len(found) == 1, row.findings
    assert found[0].row == 2
    return found[0]


def _findings_of(name: str, values: dict[str, str]) -> list[Finding]:
    (row,) = rows_of(name, values)
    return list(row.findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.name}-{case.column}-{case.value[:20]!a}")
def test_a_value_brings_up_its_code(case: Case) -> None:
    finding = _finding(case.layout, case.column, case.value, case.code)
    assert case.remedy in finding.remedy
    assert finding.fixed == case.fixed
    assert (finding.fixed is not None) == (case.code in (C.WHITE_SPACE, C.SPELLING))
    assert finding.words.startswith(("DateOfAddressCapture", "OtherVerificationDescription", case.column))
    assert finding.words.endswith(".")


@pytest.mark.parametrize(("column", "value", "code", "remedy"), FIELD_DATA)
def test_an_achievements_error_has_the_services_code(column: str, value: str, code: str, remedy: str) -> None:
    finding = _finding("achievement", column, value, code)
    assert finding.refuses
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    "case", [each for each in CASES if each.remedy.startswith("Write ") and "like" not in each.remedy], ids=str
)
def test_following_the_remedy_puts_the_row_right(case: Case) -> None:
    finding = _finding(case.layout, case.column, case.value, case.code)
    right = re.split(r" if |, which|\. |\.\Z", finding.remedy.removeprefix("Write "))[0]
    assert row_of(case.layout, **{case.column: right}).good


def test_every_code_is_explained_and_named_once() -> None:
    assert set(VALUES) == set(ValueCode)
    for code, explanation in VALUES.items():
        assert explanation.code == code.value
        assert explanation.origin is Origin.OURS
        assert explanation.text.endswith(".")
        assert explanation.remedy.endswith(".")


def test_every_code_of_a_value_is_brought_up_here() -> None:
    of_the_file = {each for each in ValueCode if each.value >= C.SWAPPED.value} - {C.UNLIKELY_NAME}
    assert {each.code for each in CASES} == set(ValueCode) - of_the_file


def test_with_a_uln_the_age_is_worth_a_look_only() -> None:
    row = row_of("2A", DateOfBirth="1901-01-01", ULN="1026893096")
    assert [(each.code, each.severity) for each in row.findings] == [(C.UNLIKELY_DATE.value, Severity.WARNING)]


def test_with_a_uln_names_are_enough() -> None:
    values = {"ULN": "1026893096", "GivenName": "Darcie", "FamilyName": "Tucker"}
    assert _findings_of("2A", values) == []


def test_with_a_broken_uln_nothing_is_asked_instead() -> None:
    values = {"ULN": "1026893095", "GivenName": "Darcie", "FamilyName": "Tucker"}
    assert [each.code for each in _findings_of("2A", values)] == [C.CHECK_DIGIT.value]


def test_words_that_are_names_are_names() -> None:
    for name in (
        "#Ann",
        "Ãnna",
        "Null",
        "None",
        "Siân",
        "O’Brien",
        "Nguyễn",
        "ŁUKASZ",
        "Ng",
        "É’Lise",
        "D'Árcy-Šimić",
    ):
        assert row_of("verify", FamilyName=name).findings == ()


def test_every_layout_refuses_a_record_without_what_all_need() -> None:
    for layout in LAYOUTS.values():
        for column in layout.of_record:
            if column.required:
                assert not row_of(layout.name, **{column.name: ""}).good
    assert GOOD.keys() == LAYOUTS.keys()
