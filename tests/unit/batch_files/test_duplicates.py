"""Rows remembered by what they are about, and rows that are about the same (domain §7, §8)."""

import tracemalloc

from tests.unit.batch_files.checked import GOOD, TODAY, ULNS, row_of, rows_of, told

from uln_contract.batch_files.columns import ColumnCheck
from uln_contract.batch_files.duplicates import Rows
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import VERIFICATION, FileKind

C = ValueCode
MANY = 20_000
BYTES_A_ROW = 80  # 500,000 rows in 40 MB


def test_the_first_row_of_each_key_is_remembered_in_little_memory() -> None:
    rows = Rows()
    tracemalloc.start()
    assert not any(rows.first((number, "1"), number + 2) for number in range(MANY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MANY * BYTES_A_ROW
    assert all(rows.first((number, "1"), MANY + 2) == number + 2 for number in range(MANY))
    assert rows.first((0, "2"), 7) is None


def test_the_same_uln_to_register_twice_is_refused() -> None:
    first, second, third = rows_of(
        "2A",
        {**GOOD["2A"], "ULN": ULNS[0]},
        {**GOOD["2A"], "ULN": ULNS[0], "FamilyName": "Quite-Other"},
        {**GOOD["2A"], "ULN": ULNS[1], "LastKnownPostCode": "CV4 9EF"},
    )
    assert (first.good, third.good) == (True, True)
    assert told(second) == [(C.SAME_LEARNER, "ULN")]
    assert "row 2" in second.findings[0].words


def test_a_refused_row_is_nobodys_earlier_row() -> None:
    _, second = rows_of("2A", {**GOOD["2A"], "EmailAddress": "x"}, GOOD["2A"])
    assert second.findings == ()


def test_the_same_learner_with_a_uln_and_without() -> None:
    _, second = rows_of("2A", {**GOOD["2A"], "ULN": ULNS[0]}, {**GOOD["2A"], "LastKnownPostCode": "CV49EE"})
    assert told(second) == [(C.SPELLING, "LastKnownPostCode"), (C.SAME_LEARNER, None)]


def test_to_verify_twice_is_worth_a_word_only() -> None:
    _, second, third = rows_of("verify", *[GOOD["verify"]] * 3)
    assert (second.good, told(second)) == (True, [(C.SAME_ULN, "ULN")])
    assert "row 2" in third.findings[0].words


def test_two_learners_under_one_number_of_the_senders_are_told() -> None:
    for name in ("verify", "2A"):
        other = {**GOOD[name], "ULN": ULNS[1], "FamilyName": "Quite-Other"}
        _, second, third = rows_of(name, GOOD[name], other, {**other, "ULN": ULNS[2], "MISIdentifier": ""})
        assert (second.good, told(second)) == (True, [(C.SAME_MIS_IDENTIFIER, "MISIdentifier")])
        assert "row 2" in second.findings[0].words
        assert (C.SAME_MIS_IDENTIFIER, "MISIdentifier") not in told(third)


def test_the_same_achievement_is_the_same_however_its_number_is_written() -> None:
    name = "UnitOrQualificationReferenceNumber"
    _, same, other = rows_of(
        "achievement",
        GOOD["achievement"],
        {**GOOD["achievement"], name: "S9000004"},
        {**GOOD["achievement"], "Action": "2"},
    )
    assert (same.good, told(same)) == (True, [(C.SAME_ACHIEVEMENT, name)])
    assert other.findings == ()


def test_what_is_remembered_of_values_is_bounded() -> None:
    check = ColumnCheck(VERIFICATION.by_name["DateOfBirth"], FileKind.VERIFICATION, TODAY, remembered=10)
    for number in range(12):
        check.judge(str(number))
    assert check.judge("2001-08-16") == ("2001-08-16", ())
    assert check.plain("2001-08-16")
    assert not check.plain("0")
    assert row_of("verify", DateOfBirth="0").findings
