"""How a message's learners become rows, and rows the output and its counts (domain §7)."""

from dataclasses import replace

import pytest
from tests.unit.batch.registrations import NEWCOMER, like, of_darcie, rows
from tests.unit.learners import DARCIE

from uln_contract.codes import ReturnCode
from uln_contract.records import OutputBatchLearner
from uln_server.batch.job import Row, RowResult
from uln_server.batch.registration_rows import RegistrationCounts, counted, given, output, refused


def repeats(*positions: int) -> dict[int, ReturnCode]:
    return dict.fromkeys(positions, ReturnCode.RC010)


def test_what_is_blank_is_left_out() -> None:
    [row] = given([replace(NEWCOMER, uln="", title=" ", notes=None)])
    assert row == {
        "mis_identifier": "MIS-0042",
        "given_name": "Wilhelmina",
        "family_name": "Ashdown",
        "date_of_birth": "2004-05-06",
        "gender": "2",
        "last_known_post_code": "LS1 4AP",
        "ability_to_share": "1",
        "verification_type": "2",
    }


def test_the_output_is_what_was_sent_with_code_and_uln() -> None:
    [row] = rows(replace(NEWCOMER, notes="Twin"))
    done = output(row, RowResult(1, "RC001", {"uln": DARCIE.uln}))
    sent = {field.attribute: getattr(NEWCOMER, field.attribute) for field in NEWCOMER.FIELDS}
    assert done == OutputBatchLearner(**{**sent, "notes": "Twin", "uln": DARCIE.uln, "return_code": "RC001"})


@pytest.mark.parametrize("code", ["RC004", "RC008", "RC011"])
def test_a_uln_that_was_sent_does_not_come_back_beside_a_refusal(code: str) -> None:
    [row] = rows(of_darcie())
    assert output(row, RowResult(1, code)).uln is None


def test_a_learner_is_repeated_by_the_uln_or_by_the_five() -> None:
    by_uln = replace(NEWCOMER, uln=DARCIE.uln)
    sent = rows(like(DARCIE), of_darcie(), by_uln, NEWCOMER, replace(NEWCOMER, gender="9"))
    assert {each.position: refused(each.given) for each in sent} == {1: None, 5: None} | repeats(2, 3, 4)


def test_a_row_that_cannot_be_looked_up_is_nobody_s_earlier_row() -> None:
    wrong = replace(NEWCOMER, uln="1026893097")
    sent = rows(wrong, NEWCOMER, wrong, NEWCOMER)
    assert [refused(each.given) for each in sent] == [ReturnCode.RC011, None, ReturnCode.RC011, ReturnCode.RC010]


def test_a_row_without_the_five_is_repeated_by_its_uln_alone() -> None:
    sent = rows(of_darcie(gender=None), like(DARCIE), of_darcie(gender=None))
    assert [refused(each.given) for each in sent] == [None, None, ReturnCode.RC010]


def test_the_mark_of_a_repeated_row_is_not_in_the_output() -> None:
    again = rows(NEWCOMER, NEWCOMER)[1]
    plain = Row(2, {name: value for name, value in again.given.items() if name != "repeats"})
    result = RowResult(2, "RC010")
    assert again != plain
    assert output(again, result) == output(plain, result)


def test_every_code_counts_once() -> None:
    assert counted({code.value: 1 for code in ReturnCode}) == RegistrationCounts(
        new=1, exists_updated=3, possible=2, not_found=1, rejected=6
    )
    assert counted({"RC001": 7, "RC006": 2, "RC011": 3}) == RegistrationCounts(
        new=7, exists_updated=0, possible=0, not_found=0, rejected=5
    )
