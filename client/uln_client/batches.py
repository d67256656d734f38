"""Batches of registrations and verifications: one result for each learner (domain §7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from uln_client.results import VerifyResult, verified
from uln_client.sense import code_of, senseless
from uln_contract.codes import Explanation, ReturnCode, explain
from uln_contract.records import (
    BatchLearner,
    BatchOutputResp,
    MIAPBatchLearnerToVerify,
    MIAPVerifiedBatchLearner,
    OutputBatchLearner,
    VerifyBatchOutputResp,
)

REGISTERED_AT_ONCE = 200
"""Learners in one batch registration at most (contract type BatchRegistrationRqst)."""
VERIFIED_AT_ONCE = 5_000
"""Learners in one batch verification at most; the published count says 200 (domain §7) [O]."""

# With these the learner is in the register, and the ULN is given (domain §7).
IN_THE_REGISTER = frozenset({ReturnCode.RC001, ReturnCode.RC002, ReturnCode.RC003, ReturnCode.RC005})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredLearner:
    """What became of one learner of a batch registration.

    ``number`` is the learner's place in all that was submitted, counted from 1. ``uln`` is ``None`` where none was
    given, as in a batch that only checks. ``learner`` is the service's whole row.
    """

    number: int
    job_id: int
    code: ReturnCode
    uln: str | None
    mis_identifier: str | None
    learner: OutputBatchLearner = field(repr=False)

    @property
    def registered(self) -> bool:
        """Whether the learner is in the register now, or in a batch that only checks would be."""
        return self.code in IN_THE_REGISTER

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLearner:
    """What the verification of one learner of a batch came to; ``number`` as in a registration."""

    number: int
    job_id: int
    uln: str
    mis_identifier: str | None
    result: VerifyResult


def batches(learners: Iterable[T], at_once: int) -> Iterator[tuple[int, list[T]]]:
    """Part learners into batches; each with its first one's place in all, counted from 1."""
    left, first = iter(learners), 1
    while batch := list(islice(left, at_once)):
        yield first, batch
        first += len(batch)


def registered_learners(
    output: BatchOutputResp, job_id: int, sent: Sequence[BatchLearner], first: int
) -> Iterator[RegisteredLearner]:
    """Read what became of the learners of one job; a job that ended early shows the first ones.

    Raises :class:`~uln_client.errors.InvalidReply` if the rows are not the learners that were sent.
    """
    check_rows([each.mis_identifier for each in output.learner], [each.mis_identifier for each in sent])
    return (registered_learner(each, job_id, number) for number, each in enumerate(output.learner, first))


def registered_learner(row: OutputBatchLearner, job_id: int, number: int) -> RegisteredLearner:
    """Read one row of a batch registration's output."""
    return RegisteredLearner(
        number=number,
        job_id=job_id,
        code=code_of(ReturnCode, row.return_code or ""),
        uln=row.uln,
        mis_identifier=row.mis_identifier,
        learner=row,
    )


def verified_learners(
    output: VerifyBatchOutputResp, job_id: int, sent: Sequence[MIAPBatchLearnerToVerify], first: int
) -> Iterator[VerifiedLearner]:
    """Read the verifications of one job, as :func:`registered_learners` does."""
    check_rows([each.searched_uln for each in output.verified_learner], [each.uln for each in sent])
    return (verified_learner(each, job_id, number) for number, each in enumerate(output.verified_learner, first))


def verified_learner(row: MIAPVerifiedBatchLearner, job_id: int, number: int) -> VerifiedLearner:
    """Read one row of a batch verification's output."""
    return VerifiedLearner(
        number=number,
        job_id=job_id,
        uln=row.searched_uln,
        mis_identifier=row.mis_identifier,
        result=verified(row, uln=row.searched_uln),
    )


def check_rows(answered: Sequence[str | None], sent: Sequence[str | None]) -> None:
    """Refuse rows about other learners than those that were sent, or in another order."""
    pairs = zip(answered, sent, strict=False)
    if len(answered) > len(sent) or any(came and went and came.strip() != went.strip() for came, went in pairs):
        raise senseless("its rows are not the learners that were sent, in their order")
