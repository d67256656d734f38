"""Which days a report is about (domain §4) [O]."""

from uln_contract.records import ULNReportRqst
from uln_server.operations.call import Call, Unacceptable
from uln_server.register.reporting import Period
from uln_server.register.times import london_date, start_of_day_after, start_of_london_day


def period(call: Call[ULNReportRqst]) -> Period:
    """Give the instants from FromDate to ToDate, both included; without ToDate to today.

    Raises ``Unacceptable`` when ToDate, or today, comes before FromDate, or when either is a day that does not
    exist, which the published pattern lets through (1900-02-29).
    """
    first, last = call.request.from_date, call.request.to_date or london_date(call.now)
    if last < first:
        raise Unacceptable(_before(first, call.request.to_date or None))
    try:
        return Period(start_of_london_day(first), start_of_day_after(last))
    except ValueError:
        raise Unacceptable(
            f"FromDate '{first}' or ToDate '{last}' is no day of the calendar. Correct it and send it again."
        ) from None


def _before(first: str, last: str | None) -> str:
    if last is None:
        return (
            f"FromDate: '{first}' is a day to come, and without ToDate a report ends today. Send an earlier date."
        )
    return f"ToDate: '{last}' comes before FromDate '{first}'. Send the earlier date as FromDate."


def too_many(call: Call[ULNReportRqst]) -> Unacceptable:
    """Refuse a report that has more entries than an answer may hold [O]; nothing is left out silently."""
    return Unacceptable(
        f"FromDate and ToDate: the report has more than {call.rules.report_entries} entries, the most that one"
        " answer holds. Ask for fewer days at a time."
    )
