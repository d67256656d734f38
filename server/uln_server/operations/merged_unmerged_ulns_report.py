"""getMergedUnmergedULNsReport: which ULNs were merged and unmerged between two dates (domain §4, §6)."""

from collections.abc import Sequence

from uln_contract.codes import ResponseCode
from uln_contract.records import (
    MIAPMergedLearner,
    MIAPMergedLearners,
    MIAPULNReport,
    MIAPUnmergedLearner,
    MIAPUnmergedLearners,
    ULNReportResp,
    ULNReportRqst,
)
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.report_period import period, too_many
from uln_server.register.event import EventKind
from uln_server.register.reporting import LinkChange
from uln_server.register.times import london_date


def merged_unmerged_ulns_report(call: Call[ULNReportRqst], unit: Unit) -> Answer:
    """Answer WSRC0023 with every merge and unmerge of the days asked for, oldest first, or WSRC0024 without any.

    A ULN that was merged and unmerged within them is in both lists. Raises ``Unacceptable`` for days that are
    none, and for a report that is too long (domain §4) [O].
    """
    asked, most = period(call), call.rules.report_entries
    merged = unit.reports.links(EventKind.MERGED, asked, most + 1)
    unmerged = unit.reports.links(EventKind.UNMERGED, asked, most + 1)
    if len(merged) + len(unmerged) > most:
        raise too_many(call)
    code = ResponseCode.WSRC0023 if merged or unmerged else ResponseCode.WSRC0024
    reply = ULNReportResp(
        response_code=code,
        from_date=call.request.from_date,
        to_date=call.request.to_date or None,
        uln_report=_report(merged, unmerged),
    )
    disclosed = dict.fromkeys(uln for each in (*merged, *unmerged) for uln in (each.master.uln, each.linked.uln))
    return Answer(reply, code, tuple(disclosed))


def _report(merged: Sequence[LinkChange], unmerged: Sequence[LinkChange]) -> MIAPULNReport | None:
    if not (merged or unmerged):
        return None
    return MIAPULNReport(
        merged_learners=MIAPMergedLearners(merged_learner=tuple(map(_merged, merged))) if merged else None,
        unmerged_learners=(
            MIAPUnmergedLearners(unmerged_learner=tuple(map(_unmerged, unmerged))) if unmerged else None
        ),
    )


def _merged(change: LinkChange) -> MIAPMergedLearner:
    master, linked = change.master, change.linked
    return MIAPMergedLearner(
        master_uln=master.uln,
        master_family_name=master.family_name,
        master_given_name=master.given_name,
        master_date_of_birth=master.date_of_birth,
        merged_uln=linked.uln,
        merged_family_name=linked.family_name,
        merged_given_name=linked.given_name,
        merged_date_of_birth=linked.date_of_birth,
        merged_date=london_date(change.at),
    )


def _unmerged(change: LinkChange) -> MIAPUnmergedLearner:
    master, linked = change.master, change.linked
    return MIAPUnmergedLearner(
        master_uln=master.uln,
        master_family_name=master.family_name,
        master_given_name=master.given_name,
        master_date_of_birth=master.date_of_birth,
        unmerged_uln=linked.uln,
        unmerged_family_name=linked.family_name,
        unmerged_given_name=linked.given_name,
        unmerged_date_of_birth=linked.date_of_birth,
        unmerged_date=london_date(change.at),
    )
