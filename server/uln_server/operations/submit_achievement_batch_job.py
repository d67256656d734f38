"""SubmitAchievementBatchJob: achievements of any number, as one job (domain §4, §9)."""

from uln_contract.codes import ResponseCode
from uln_contract.external_records import (
    SubmitAchievementBatchJob,
    SubmitAchievementBatchJobResponse,
    SubmitAchievementBatchJobResponseMessage,
)
from uln_server.access.organisation import Agreement
from uln_server.batch.job import JobId, JobKind
from uln_server.batch.mail_address import mail_address
from uln_server.operations.call import Answer, Call, ChangingUnit
from uln_server.operations.submitting import NO_JOB, submitted_in_writing
from uln_server.record.action import Form

_FORMS = {each.value.lower(): each for each in Form}


def submit_achievement_batch_job(call: Call[SubmitAchievementBatchJob], unit: ChangingUnit) -> Answer:
    """Answer WSRC0040 with the JobId, or the first reason against the batch, in this order [O].

    WSRC0043 no agreement to submit, WSEC0044 no e-mail address, WSEC0045 neither Final nor Provisional (letter
    case does not matter), WSEC0047 no achievement, WSEC0046 too many.
    """
    if Agreement.ACHIEVEMENTS_SUBMIT not in call.caller.organisation.agreements:
        return _answer(ResponseCode.WSRC0043, NO_JOB)
    sent_address = (call.request.email_address or "").strip()
    address = mail_address(sent_address) if sent_address else None
    if sent_address and address is None:
        return _answer(ResponseCode.WSEC0044, NO_JOB)
    form = _FORMS.get((call.request.submission_type or "").strip().lower())
    if form is None:
        return _answer(ResponseCode.WSEC0045, NO_JOB)
    rows = call.rows
    if rows is None or not len(rows):
        return _answer(ResponseCode.WSEC0047, NO_JOB)
    if len(rows) > call.rules.achievements_per_job:
        return _answer(ResponseCode.WSEC0046, NO_JOB)
    given = {"email": address} if address else {}
    job_id = submitted_in_writing(call, unit, JobKind.ACHIEVEMENTS, rows, form=form.value, given=given)
    return _answer(ResponseCode.WSRC0040, job_id)


def _answer(code: ResponseCode, job_id: JobId) -> Answer:
    result = SubmitAchievementBatchJobResponse(response_code=code, job_id=job_id)
    return Answer(SubmitAchievementBatchJobResponseMessage(submit_achievement_batch_job_result=result), code)
