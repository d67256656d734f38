"""Jobs: what was submitted at once, of any of the three kinds, and how it stands (domain §7, §9)."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from uln_client import achievements
from uln_client.batches import IN_THE_REGISTER
from uln_client.errors import JobFailed, Refused, SubmissionRefused, ULNError
from uln_client.sense import answer_of, senseless
from uln_contract.codes import Explanation, FaultCode, ResponseCode, VerifyCode, explain
from uln_contract.external_records import AchievementBatchJobResponse
from uln_contract.records import (
    BatchOutputResp,
    MIAPVerifiedBatchLearner,
    OutputBatchLearner,
    VerifyBatchOutputResp,
)

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

    def check(self, sent: int) -> None:
        """Refuse a finished job that has not done all the rows that were sent.

        Raises :class:`~uln_client.errors.JobFailed` if it ended early, ``InvalidReply`` if it did not say so.
        """
        if self.failed:
            raise JobFailed(self.job_id, self.status or "Failed", self.reason)
        done, _ = progress(self)
        if done != sent:
            raise senseless(f"its job has done {done} of {sent} rows")


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


def progress(job: Job) -> tuple[int, int | None]:
    """Give how many of a job's rows are done, and how many it has, ``None`` where the service does not say."""
    output = job.output
    if isinstance(output, AchievementBatchJobResponse):
        return achievements.accepted(output) + achievements.refused(output), output.number_of_records
    rows = len(_learners(output))
    return rows, rows if job.finished else None


def succeeded(job: Job) -> tuple[int, int]:
    """Give how many of a job's rows came out well, and how many are neither that nor bad.

    Well is an achievement that was accepted, a learner who is in the register now, a match; neither is a similar
    learner.
    """
    output = job.output
    if isinstance(output, AchievementBatchJobResponse):
        return achievements.accepted(output), 0
    codes = [
        row.return_code if isinstance(row, OutputBatchLearner) else row.response_code for row in _learners(output)
    ]
    return sum(code in _WELL for code in codes), sum(code in _SIMILAR for code in codes)


_WELL = frozenset({*IN_THE_REGISTER, VerifyCode.WSVRC001, VerifyCode.WSVRC002})
_SIMILAR = frozenset({VerifyCode.WSVRC003, VerifyCode.WSVRC004})


def rows_of(job: Job) -> Iterator[Mapping[str, Any]]:
    """Give the rows that a finished job shows, as text by name, each with its ``code``.

    They are its learners, or the errors and warnings of its achievements; what an error file says of lines that it
    leaves out is a last one without a code.
    """
    if isinstance(job.output, AchievementBatchJobResponse):
        file = achievements.error_file(job.output.achievement_batch_error_file)
        yield from (asdict(each) for each in file.findings)
        if file.left_out:
            empty = dict.fromkeys((each.name for each in fields(achievements.AchievementFinding)), "")
            yield {**empty, "message": file.left_out}
        return
    for number, row in enumerate(_learners(job.output), 1):
        values = {
            name: " ".join(value) if isinstance(value, tuple) else value for name, value in asdict(row).items()
        }
        code = values.pop("return_code", None) or values.pop("response_code", "")
        yield {"number": number, "code": code, **values}


def _learners(output: Output | None) -> Sequence[OutputBatchLearner | MIAPVerifiedBatchLearner]:
    if isinstance(output, BatchOutputResp):
        return output.learner
    return output.verified_learner if isinstance(output, VerifyBatchOutputResp) else ()


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
