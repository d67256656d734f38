"""GetAchievementBatchJob: what became of a batch of achievements (domain §4, §9)."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from uln_contract.codes import ResponseCode
from uln_contract.external_records import (
    AchievementBatchJobResponse,
    GetAchievementBatchJob,
    GetAchievementBatchJobResponse,
)
from uln_server.access.organisation import Agreement
from uln_server.batch.achieving import FINDINGS
from uln_server.batch.job import Job, JobKind, JobStatus
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.job_output import own_job
from uln_server.record.counting import counters
from uln_server.record.error_file import Record, error_file
from uln_server.record.finding import from_text

CANCELLED = "The job was cancelled by the operator of the service."
"""RejectionReason of a cancelled job [O]."""


def get_achievement_batch_job(call: Call[GetAchievementBatchJob], unit: Unit) -> Answer:
    """Answer WSRC0041 (not finished), WSRC0042 (finished, failed or cancelled) or WSRC0018 (unknown).

    WSRC0043 without the agreement to submit, as the submission is answered [O].

    An unfinished job shows how far it has come; the error file comes once it has finished. Nothing of the
    register is disclosed but whether what was submitted agrees with it [O].
    """
    if Agreement.ACHIEVEMENTS_SUBMIT not in call.caller.organisation.agreements:
        return _answer(ResponseCode.WSRC0043)
    job = own_job(call, unit, JobKind.ACHIEVEMENTS)
    if job is None:
        return _answer(ResponseCode.WSRC0018)
    if not job.status.finished:
        return _answer(ResponseCode.WSRC0041, **_state(job))
    errors = error_file(_remarked(job, unit), job.id)
    return _answer(ResponseCode.WSRC0042, achievement_batch_error_file=errors or None, **_state(job))


def _answer(code: ResponseCode, **values: Any) -> Answer:
    result = AchievementBatchJobResponse(response_code=code, **values)
    return Answer(GetAchievementBatchJobResponse(get_achievement_batch_job_result=result), code)


def _remarked(job: Job, unit: Unit) -> Iterator[Record]:
    for row, result in unit.jobs.remarked(job.id):
        yield row.position, row.given, from_text(result.values.get(FINDINGS) or "")


def _state(job: Job) -> dict[str, Any]:
    """Give everything but the errors; what is ``None`` is left out of the reply.

    There is no Filename: the job came as a message [O].
    """
    counted = counters(job.counts)
    return {
        "job_id": job.id,
        "status": job.status.value,
        "type": job.form,
        "user": job.user,
        "submitted_date": _utc(job.submitted_at),
        "start_date": _utc(job.started_at),
        "end_date": _utc(job.finished_at),
        "duration": _duration(job),
        "rejection_reason": CANCELLED if job.status is JobStatus.CANCELLED else job.rejection,
        "number_of_records": job.rows,
        "percentage_successful_records": counted.percentage(job.rows),
        **{_COUNTERS.get(name, name): value for name, value in asdict(counted).items()},
    }


_COUNTERS = {
    "created": "achievements_created",
    "updated": "achievements_updated",
    "withdrawn": "achievements_withdrawn",
    "reinstated": "achievements_reinstated",
    "promoted": "achievements_promoted_to_final",
    "successful_final": "successful_final_achievements",
    "successful_provisional": "successful_provisional_achievements",
}


def _utc(moment: datetime | None) -> str | None:
    """Write a moment as xs:dateTime in UTC, to the second."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(job: Job) -> str | None:
    """Write how long a finished job ran, hours, minutes and seconds, as 00:00:42 [O]."""
    if job.started_at is None or job.finished_at is None:
        return None
    minutes, seconds = divmod(int((job.finished_at - job.started_at).total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
