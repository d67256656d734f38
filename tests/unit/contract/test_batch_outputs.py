"""What a file's output holds, so that whoever reads it line by line and column by column finds it (domain §8)."""

import pytest

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.outputs import Answered, output_of, refused_with
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import ACHIEVEMENTS, REGISTRATION_2A, REGISTRATION_3A, VERIFICATION, Layout

ULN = "1026893096"
SENT = {"GivenName": "Darcie", "FamilyName": "Tucker", "ULN": ULN, "MISIdentifier": "7,8", "Notes": "a,\nb"}


@pytest.mark.parametrize("layout", [REGISTRATION_2A, REGISTRATION_3A])
def test_a_registration_s_output_is_read_by_its_fifth_column(layout: Layout) -> None:
    output = output_of(layout, ukprn="90000003", records=2, name="LRB,1.CSV")
    first = output.cells(SENT, Answered("RC001", uln="1174112637"))
    second = output.cells(SENT, Answered("RC011"))
    assert output.headings[4:6] == ("ULN", "MISIdentifier")
    assert output.headings[-1] == "ReturnCode"
    assert first[:6] == [layout.name, "LRB 1.CSV", "90000003", "2", "1174112637", "7 8"]
    assert second[:6] == ["", "", "", "", "", "7 8"]
    assert (first[-1], second[-1]) == ("RC001", "RC011")
    assert first[output.headings.index("Notes")] == "a, b"
    assert {len(first), len(second)} == {len(output.headings)}


def test_a_verification_s_output_says_what_was_sent_and_what_was_found() -> None:
    output = output_of(VERIFICATION, ukprn="90000003", records=1, name="VER.csv")
    found = {"FamilyName": "Tucker-Smith", "Gender": "2"}
    cells = output.cells(SENT, Answered("WSVRC003", uln=ULN, flags="VRF4 VRF6", found=found))
    row = dict(zip(output.headings, cells, strict=True))
    assert (row["SearchedULN"], row["SearchedFamilyName"], row["FamilyName"]) == (ULN, "Tucker", "Tucker-Smith")
    assert (row["ResponseCode"], row["ULN"], row["FailureFlag"]) == ("WSVRC003", ULN, "VRF4 VRF6")
    assert dict(zip(output.headings, output.cells(SENT, Answered(codes="V001")), strict=True))["ULN"] == ""


def test_an_achievement_s_output_says_what_it_came_to() -> None:
    output = output_of(ACHIEVEMENTS, ukprn="90000001", records=1, name="QCF.csv")
    cells = output.cells({"Uln": ULN}, Answered("BusinessRule", "BR005 W001"))
    assert cells[-2:] == ["BusinessRule", "BR005 W001"]
    assert cells[output.headings.index("Uln")] == ULN


def found(code: str, column: str | None = None, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, severity=severity, words="Wrong.", remedy="Correct it.", column=column)


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([found(ValueCode.MISSING)], "RC006"),
        ([found(ValueCode.FORM, "UCI")], "RC012"),
        ([found(ValueCode.AGE)], "RC013"),
        ([found(ValueCode.SAME_LEARNER)], "RC010"),
        ([found(ValueCode.MISSING), found(ValueCode.FORM, "DateOfBirth")], "RC011"),
        ([found(ValueCode.AGE), found(ValueCode.SPELLING, severity=Severity.WARNING)], "RC013"),
        ([found("F012")], "RC011"),
        ([], "RC011"),
    ],
)
def test_a_record_that_was_not_sent_has_the_code_that_it_would_have_had(
    findings: list[Finding], code: str
) -> None:
    assert refused_with(findings) == code
