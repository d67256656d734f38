"""getBatchRegistrationOutput: what became of a batch registration (domain §4, §7)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import BatchOutputResp, BatchOutputRqst
from uln_server.batch.job import Job, JobKind
from uln_server.batch.registration_rows import counted, output
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.job_output import done, own_job, shown, state, succeeded


def get_batch_registration_output(call: Call[BatchOutputRqst], unit: Unit) -> Answer:
    """Answer WSRC0008 (not finished), WSRC0009 (finished), WSRC0010 (failed or cancelled) or WSRC0018 (unknown).

    A job that ended before its last row shows the rows that were done, for they stay done [O].
    """
    job = own_job(call, unit, JobKind.REGISTRATION)
    if job is None:
        return Answer(BatchOutputResp(response_code=ResponseCode.WSRC0018), ResponseCode.WSRC0018)
    if not job.status.finished:
        return Answer(BatchOutputResp(response_code=ResponseCode.WSRC0008, **state(job)), ResponseCode.WSRC0008)
    return _finished(job, unit)


def _finished(job: Job, unit: Unit) -> Answer:
    code = ResponseCode.WSRC0009 if succeeded(job) else ResponseCode.WSRC0010
    counts = counted(job.counts)
    learners = tuple(output(row, result) for row, result in done(job, unit))
    reply = BatchOutputResp(
        response_code=code,
        new_learners_count=counts.new,
        exists_updated_learners_count=counts.exists_updated,
        possible_match_learners_count=counts.possible,
        learners_not_found_count=counts.not_found,
        rejected_learners_count=counts.rejected,
        learner=learners,
        **state(job),
    )
    return Answer(reply, code, shown(each.uln for each in learners))
