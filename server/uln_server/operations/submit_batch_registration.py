"""submitBatchRegistration: up to 200 learners to register, update or check, as one job (domain §4, §7)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import BatchRegistrationResp, BatchRegistrationRqst
from uln_server.batch import registration_rows
from uln_server.batch.job import JobId, JobKind
from uln_server.operations.call import Answer, Call, ChangingUnit
from uln_server.operations.submitting import NO_JOB, submitted


def submit_batch_registration(call: Call[BatchRegistrationRqst], unit: ChangingUnit) -> Answer:
    """Answer WSRC0007 with the JobID, or WSRC0017 when the count is not that of the learners."""
    request = call.request
    if request.learner_record_count != len(request.learner):
        return _answer(ResponseCode.WSRC0017, NO_JOB)
    rows = registration_rows.given(request.learner)
    return _answer(ResponseCode.WSRC0007, submitted(call, unit, JobKind.REGISTRATION, rows, form=request.job_type))


def _answer(code: ResponseCode, job_id: JobId) -> Answer:
    return Answer(BatchRegistrationResp(response_code=code, job_id=job_id), code)
