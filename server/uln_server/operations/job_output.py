"""What the outputs of batches have in common: whose job it is, and how it stands (domain §7)."""

from collections.abc import Iterable, Iterator
from typing import Any

from uln_server.batch.job import Job, JobKind, JobStatus, Row, RowResult
from uln_server.operations.call import Call, Unit
from uln_server.register.times import london_time


def own_job(call: Call[Any], unit: Unit, kind: JobKind) -> Job | None:
    """Give the job that is asked for; ``None`` for an unknown one, and where no number is given.

    Another organisation's is unknown to this one [P], and so is a job of another kind [O].
    """
    number = call.request.job_id
    job = None if number is None else unit.jobs.get(number)
    if job is None or job.kind is not kind or job.organisation_id != call.caller.organisation.id:
        return None
    return job


def state(job: Job) -> dict[str, Any]:
    """Give what an output says of a job as such: its status, and each of its times once there is one."""
    return {
        "job_status": job.status.value,
        "job_started_date_time": london_time(job.started_at) if job.started_at else None,
        "job_finished_date_time": london_time(job.finished_at) if job.finished_at else None,
    }


def succeeded(job: Job) -> bool:
    """Tell a finished job whose rows are all done from one that failed or was cancelled."""
    return job.status is JobStatus.SUCCESSFUL


def done(job: Job, unit: Unit) -> Iterator[tuple[Row, RowResult]]:
    """Give the rows that have their result: all of them, or those before the one at which the job ended [O]."""
    for row, result in unit.jobs.results(job.id):
        if result is not None:
            yield row, result


def shown(ulns: Iterable[str | None]) -> tuple[str, ...]:
    """Give the ULNs that an output discloses, each once."""
    return tuple(dict.fromkeys(uln for uln in ulns if uln))
