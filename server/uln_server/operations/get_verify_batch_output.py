"""getVerifyBatchOutput: what became of a batch verification (domain §4, §7)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import VerifyBatchOutputResp, VerifyBatchOutputRqst
from uln_server.batch.job import Job, JobKind
from uln_server.batch.verifying import output
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.job_output import done, own_job, shown, state, succeeded


def get_verify_batch_output(call: Call[VerifyBatchOutputRqst], unit: Unit) -> Answer:
    """Answer WSRC0026 (not finished), WSRC0027 (finished), WSRC0028 (failed or cancelled) or WSRC0018 (unknown).

    A job that ended before its last row shows the rows that were done [O].
    """
    job = own_job(call, unit, JobKind.VERIFICATION)
    if job is None:
        return Answer(VerifyBatchOutputResp(response_code=ResponseCode.WSRC0018), ResponseCode.WSRC0018)
    if not job.status.finished:
        reply = VerifyBatchOutputResp(response_code=ResponseCode.WSRC0026, **state(job))
        return Answer(reply, ResponseCode.WSRC0026)
    return _finished(job, unit)


def _finished(job: Job, unit: Unit) -> Answer:
    code = ResponseCode.WSRC0027 if succeeded(job) else ResponseCode.WSRC0028
    learners = tuple(output(row, result) for row, result in done(job, unit))
    reply = VerifyBatchOutputResp(response_code=code, verified_learner=learners, **state(job))
    return Answer(reply, code, shown(each.uln for each in learners))
