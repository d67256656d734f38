"""Batch verification: do these details belong to these ULNs? The rules are verifyLearner's (domain §4, §5, §7)."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from uln_contract.codes import VerifyCode
from uln_contract.records import MIAPBatchLearnerToVerify, MIAPVerifiedBatchLearner
from uln_server.batch.job import Fields, Job, Row, RowResult
from uln_server.register.entry import Learners, Standing
from uln_server.register.verifying import Claim, verify

MOST_ROWS = 5_000
"""Learners in one job: as many as its output may hold (domain §7) [O]."""
_GIVEN = tuple(field.attribute for field in MIAPBatchLearnerToVerify.FIELDS)
_FOUND = ("uln", "family_name", "given_name", "date_of_birth", "gender")
_FLAGS = "failure_flag"
_DISCLOSING = frozenset({VerifyCode.WSVRC001, VerifyCode.WSVRC002, VerifyCode.WSVRC003, VerifyCode.WSVRC004})


class VerifyingUnit(Protocol):
    """What the processor reads."""

    @property
    def learners(self) -> Learners:
        """The Learner Register."""


class Verification:
    """Works off batches of verifications (port ``batch.job.Processor``)."""

    def process(self, job: Job, rows: Sequence[Row], unit: VerifyingUnit) -> list[RowResult]:  # noqa: ARG002  # the port's
        """Give WSVRC001 to 006 for each row, and the register's own values with 001 to 004 only."""
        entries = unit.learners.entries(_text(row, "uln") for row in rows)
        return [_verified(row, entries) for row in rows]


def given(learner: MIAPBatchLearnerToVerify) -> Fields:
    """Give a learner of the message as a row's fields."""
    return {name: value for name in _GIVEN if (value := getattr(learner, name)) is not None}


def output(row: Row, result: RowResult) -> MIAPVerifiedBatchLearner:
    """Give a row of the output: what was sent, and what was found."""
    sent = row.given
    found: dict[str, Any] = {name: result.values.get(name) for name in _FOUND}
    return MIAPVerifiedBatchLearner(
        mis_identifier=sent.get("mis_identifier"),
        searched_uln=_text(row, "uln"),
        searched_family_name=_text(row, "family_name"),
        searched_given_name=_text(row, "given_name"),
        searched_date_of_birth=sent.get("date_of_birth") or None,
        searched_gender=sent.get("gender") or None,
        response_code=result.code,
        failure_flag=tuple((result.values.get(_FLAGS) or "").split()),
        **found,
    )


def _verified(row: Row, entries: Mapping[str, Standing]) -> RowResult:
    entry = entries.get(_text(row, "uln"))
    if entry is None:
        return RowResult(row.position, VerifyCode.WSVRC006.value)
    claim = Claim(
        given_name=_text(row, "given_name"),
        family_name=_text(row, "family_name"),
        date_of_birth=row.given.get("date_of_birth") or None,
        gender=row.given.get("gender") or None,
    )
    verification = verify(claim, entry)
    values: dict[str, str | None] = {_FLAGS: " ".join(verification.flags)} if verification.flags else {}
    if verification.code in _DISCLOSING:
        values |= {name: getattr(entry.current, name) for name in _FOUND}
    return RowResult(row.position, verification.code.value, values)


def _text(row: Row, name: str) -> str:
    """A field that the schema requires."""
    return row.given[name] or ""
