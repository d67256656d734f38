"""submitVerifyBatch: up to 5,000 learners to verify, as one job (domain §4, §7)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import VerifyBatchResp, VerifyBatchRqst
from uln_server.batch import verifying
from uln_server.batch.job import JobId, JobKind
from uln_server.operations.call import Answer, Call, ChangingUnit
from uln_server.operations.submitting import NO_JOB, submitted


def submit_verify_batch(call: Call[VerifyBatchRqst], unit: ChangingUnit) -> Answer:
    """Answer WSRC0025 with the JobID, or WSRC0030 when the count is not that of the learners.

    The count's own type keeps a job to 5,000 learners.
    """
    request = call.request
    if request.learner_record_count != len(request.learner):
        return _answer(ResponseCode.WSRC0030, NO_JOB)
    rows = (verifying.given(each) for each in request.learner)
    given = {"org_email": request.org_email} if request.org_email else {}
    return _answer(ResponseCode.WSRC0025, submitted(call, unit, JobKind.VERIFICATION, rows, given=given))


def _answer(code: ResponseCode, job_id: JobId) -> Answer:
    return Answer(VerifyBatchResp(response_code=code, job_id=job_id), code)
