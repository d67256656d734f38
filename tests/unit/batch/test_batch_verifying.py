"""Batch verification: verifyLearner's answers, row by row (domain §4, §5, §7)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from tests.unit.batch.registrations import JOB
from tests.unit.learners import DARCIE, MERGED, REED, REID, SIAN, alone

from uln_contract.records import MIAPBatchLearnerToVerify, MIAPVerifiedBatchLearner
from uln_server.batch.job import Processor, Row
from uln_server.batch.verifying import Verification, VerifyingUnit, given, output
from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates, Entry
from uln_server.register.learner import Learner


@dataclass
class Register:
    """Learners in memory, read in one go."""

    held: tuple[Entry, ...] = (alone(DARCIE), alone(SIAN), alone(REED), MERGED)
    asked: list[list[str]] = field(default_factory=list)

    def entries(self, ulns: Iterable[str]) -> dict[str, Entry]:
        self.asked.append(list(ulns))
        return {each.asked.uln: each for each in self.held if each.asked.uln in self.asked[-1]}

    def entry(self, uln: str) -> Entry | None:
        return self.entries([uln]).get(uln)

    def linked(self, uln: str) -> tuple[str, ...]:
        return tuple(each.asked.uln for each in self.held if each.merged and each.current.uln == uln)

    def candidates(self, demographics: Demographics) -> Candidates:
        return Candidates(
            tuple(each for each in self.held if each.asked.demographics == demographics), complete=True
        )


@dataclass
class Unit:
    learners: Register = field(default_factory=Register)


def claim(learner: Learner, **fields: str | None) -> MIAPBatchLearnerToVerify:
    sent: dict[str, str | None] = {
        "uln": learner.uln,
        "given_name": learner.given_name,
        "family_name": learner.family_name,
        **fields,
    }
    return MIAPBatchLearnerToVerify(**sent)  # type: ignore[arg-type]  # the three are texts


def verified(*claims: MIAPBatchLearnerToVerify, unit: Unit | None = None) -> list[MIAPVerifiedBatchLearner]:
    rows = [Row(position, given(each)) for position, each in enumerate(claims, 1)]
    processor: Processor[VerifyingUnit] = Verification()
    results = processor.process(JOB, rows, unit or Unit())
    assert [each.position for each in results] == [each.position for each in rows]
    return [output(row, result) for row, result in zip(rows, results, strict=True)]


@pytest.mark.parametrize(
    ("sent", "code", "flags"),
    [
        (claim(DARCIE), "WSVRC001", ()),
        (claim(DARCIE, date_of_birth="", gender=""), "WSVRC001", ()),
        (claim(DARCIE, date_of_birth="1976-08-16", gender="2"), "WSVRC001", ()),
        (claim(REID), "WSVRC002", ()),
        (claim(DARCIE, given_name="Darcy"), "WSVRC003", ()),
        (claim(REID, family_name="Ainslay"), "WSVRC004", ()),
        (claim(DARCIE, gender="1"), "WSVRC005", ("VRF8",)),
        (claim(DARCIE, given_name="Otto", date_of_birth="1976-08-17"), "WSVRC005", ("VRF1", "VRF2", "VRF7")),
        (claim(DARCIE, uln="1174112637"), "WSVRC006", ()),
    ],
)
def test_a_row_is_verified_as_a_single_learner(
    sent: MIAPBatchLearnerToVerify, code: str, flags: tuple[str, ...]
) -> None:
    [row] = verified(sent)
    assert (row.response_code, row.failure_flag) == (code, flags)


def test_what_was_sent_comes_back_beside_what_is_registered() -> None:
    [row] = verified(claim(REID, mis_identifier="42", date_of_birth="1985-03-27", gender="9"))
    assert row == MIAPVerifiedBatchLearner(
        mis_identifier="42",
        searched_uln=REID.uln,
        searched_family_name="Ainsley",
        searched_given_name="Jay",
        searched_date_of_birth="1985-03-27",
        searched_gender="9",
        response_code="WSVRC002",
        uln=REED.uln,
        family_name="Reed",
        given_name="Jordan",
        date_of_birth="1985-03-27",
        gender="1",
    )


@pytest.mark.parametrize("sent", [claim(DARCIE, gender="1"), claim(DARCIE, uln="1174112637")])
def test_nothing_of_the_register_is_told_without_a_match(sent: MIAPBatchLearnerToVerify) -> None:
    [row] = verified(sent)
    assert (row.uln, row.family_name, row.given_name, row.date_of_birth, row.gender) == (None,) * 5
    assert row.searched_uln == sent.uln


def test_a_chunk_is_read_in_one_go() -> None:
    unit = Unit()
    rows = verified(claim(DARCIE), claim(SIAN, uln="1174112637"), claim(SIAN), claim(DARCIE), unit=unit)
    assert [each.response_code for each in rows] == ["WSVRC001", "WSVRC006", "WSVRC001", "WSVRC001"]
    assert len(unit.learners.asked) == 1
