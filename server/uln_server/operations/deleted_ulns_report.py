"""getDeletedULNsReport: which ULNs were deleted between two dates (domain §4, §6)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import (
    MIAPDeletedLearner,
    MIAPDeletedLearners,
    MIAPULNReport,
    ULNReportResp,
    ULNReportRqst,
)
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.report_period import period, too_many
from uln_server.register.times import london_date


def deleted_ulns_report(call: Call[ULNReportRqst], unit: Unit) -> Answer:
    """Answer WSRC0023 with every ULN deleted on the days asked for, oldest first, or WSRC0024 without any.

    Raises ``Unacceptable`` for days that are none, and for a report that is too long (domain §4) [O].
    """
    most = call.rules.report_entries
    deleted = unit.reports.deletions(period(call), most + 1)
    if len(deleted) > most:
        raise too_many(call)
    code = ResponseCode.WSRC0023 if deleted else ResponseCode.WSRC0024
    listed = tuple(MIAPDeletedLearner(uln=each.uln, deleted_date=london_date(each.at)) for each in deleted)
    reply = ULNReportResp(
        response_code=code,
        from_date=call.request.from_date,
        to_date=call.request.to_date or None,
        uln_report=MIAPULNReport(deleted_learners=MIAPDeletedLearners(deleted_learner=listed)) if listed else None,
    )
    return Answer(reply, code, tuple(each.uln for each in deleted))
