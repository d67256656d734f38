"""Jobs: what was submitted at once, of any of the three kinds, and how it stands (domain §7, §9)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from uln_client.errors import JobFailed, Refused, SubmissionRefused, ULNError
from uln_client.sense import answer_of, senseless
from uln_contract.codes import Explanation, FaultCode, ResponseCode, explain
from uln_contract.external_records import AchievementBatchJobResponse
from uln_contract.records import BatchOutputResp, VerifyBatchOutputResp

FIRST_WAIT = 0.2
"""Seconds from a submission to the first question how it stands; each wait then is twice the one before [O]."""
LONGEST_WAIT = 5.0

Output = AchievementBatchJobResponse | BatchOutputResp | VerifyBatchOutputResp


class JobKind(StrEnum):
    """What a job does with its rows."""

    ACHIEVEMENTS = "achievements"
    VERIFICATION = "verification"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class _Codes:
    """What a submission of this kind and the question for its output are answered with (domain §4)."""

    submitted: ResponseCode
    refused: frozenset[ResponseCode]
    unfinished: ResponseCode
    finished: frozenset[ResponseCode]


_CODES = {
    JobKind.ACHIEVEMENTS: _Codes(
        ResponseCode.WSRC0040,
        frozenset(
            {
                ResponseCode.WSRC0043,
                ResponseCode.WSEC0044,
                ResponseCode.WSEC0045,
                ResponseCode.WSEC0046,
                ResponseCode.WSEC0047,
            }
        ),
        ResponseCode.WSRC0041,
        frozenset({ResponseCode.WSRC0042}),
    ),
    JobKind.VERIFICATION: _Codes(
        ResponseCode.WSRC0025,
        frozenset({ResponseCode.WSRC0030}),
        ResponseCode.WSRC0026,
        frozenset({ResponseCode.WSRC0027, ResponseCode.WSRC0028}),
    ),
    JobKind.REGISTRATION: _Codes(
        ResponseCode.WSRC0007,
        frozenset({ResponseCode.WSRC0017}),
        ResponseCode.WSRC0008,
        frozenset({ResponseCode.WSRC0009, ResponseCode.WSRC0010}),
    ),
}
_ENDED_EARLY = frozenset({"Failed", "Cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as the service shows it.

    ``kind`` is ``None`` when there is no such job (WSRC0018). ``output`` is the contract's record of that kind.
    """

    job_id: int
    kind: JobKind | None
    code: ResponseCode
    output: Output | None = field(repr=False)

    @property
    def known(self) -> bool:
        """Whether there is such a job of this organisation."""
        return self.kind is not None

    @property
    def status(self) -> str:
        """The service's word for its state, such as InProgress; ``""`` where it says none."""
        if isinstance(self.output, AchievementBatchJobResponse):
            return self.output.status or ""
        return (self.output.job_status if self.output else None) or ""

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.kind is not None and self.code in _CODES[self.kind].finished

    @property
    def failed(self) -> bool:
        """Whether it ended before its last row: failed, or cancelled by the service's operator."""
        return self.code in {ResponseCode.WSRC0010, ResponseCode.WSRC0028} or (
            self.finished and self.status in _ENDED_EARLY
        )

    @property
    def reason(self) -> str:
        """Why it failed, as far as the service says so."""
        return (self.output.rejection_reason or "") if isinstance(self.output, AchievementBatchJobResponse) else ""

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)

    def check(self) -> None:
        """Raise :class:`~uln_client.errors.JobFailed` for a job that ended before its last row."""
        if self.failed:
            raise JobFailed(self.job_id, self.status or "Failed", self.reason)


def submitted(kind: JobKind, code: str | None, job_id: int | None) -> int:
    """Give the JobID that a submission was answered with.

    Raises :class:`~uln_client.errors.SubmissionRefused`, or ``InvalidReply`` if the answer makes no sense.
    """
    codes = _CODES[kind]
    answer = answer_of("a submission", code or "", codes.refused | {codes.submitted})
    if answer is not codes.submitted:
        raise SubmissionRefused(answer)
    if not job_id:
        raise senseless(f"{answer} came without a JobID")
    return job_id


def shown(kind: JobKind, job_id: int, code: str | None, output: Output) -> Job:
    """Read how a job stands.

    Raises :class:`~uln_client.errors.SubmissionRefused` for an organisation that may not submit such jobs, and
    ``InvalidReply`` if the answer makes no sense.
    """
    codes = _CODES[kind]
    allowed = codes.finished | {codes.unfinished, ResponseCode.WSRC0018}
    may_not = codes.refused & {ResponseCode.WSRC0043}
    answer = answer_of("the output of a job", code or "", allowed | may_not)
    if answer in may_not:
        raise SubmissionRefused(answer)
    if answer is ResponseCode.WSRC0018:
        return Job(job_id=job_id, kind=None, code=answer, output=None)
    return Job(job_id=job_id, kind=kind, code=answer, output=output)


Kept = TypeVar("Kept", AchievementBatchJobResponse, BatchOutputResp, VerifyBatchOutputResp)


def output_of(job: Job, kind: type[Kept]) -> Kept:
    """Give the output of a job of this kind."""
    if not isinstance(job.output, kind):
        raise TypeError(f"job {job.job_id} is of another kind")
    return job.output


_OF_NO_USE = frozenset({FaultCode.WSEC0002, FaultCode.WSEC0006, ResponseCode.WSRC0043})


def found(job_id: int, ask: Callable[[JobKind, int], Job]) -> Job:
    """Find a job of any kind: ask for one kind's output after the other.

    A kind that this organisation may not use, or this service does not offer, has no job of it. If that is so of
    all, the last refusal is raised.
    """
    refused: Refused | None = None
    unknown: Job | None = None
    for kind in JobKind:
        try:
            job = ask(kind, job_id)
        except Refused as error:
            if error.code not in _OF_NO_USE:
                raise
            refused = error
            continue
        if job.known:
            return job
        unknown = job
    if unknown is None and refused is not None:
        raise refused
    return unknown or Job(job_id=job_id, kind=None, code=ResponseCode.WSRC0018, output=None)


Watch = Callable[[Job], None]


def accepted(kind: JobKind, job_id: int) -> Job:
    """Give a job that was accepted a moment ago."""
    return Job(job_id=job_id, kind=kind, code=_CODES[kind].submitted, output=None)


def followed(job_id: int, ask: Callable[[], Job], watch: Watch | None = None) -> Job:
    """Ask until the job has finished, and give it as it then is; ``watch`` is shown every answer.

    An error on the way says in its remedy that the job goes on.
    """
    wait = FIRST_WAIT
    try:
        while True:
            time.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            job = ask()
            if watch is not None:
                watch(job)
            if job.finished:
                return job
            if not job.known:
                raise senseless(f"it no longer knows job {job_id}")
    except ULNError as error:
        error.advise(f"Job {job_id} may still go on: ask for it again later (uln job {job_id}).")
        raise
