"""What became of ULNs: retrieving them, and the two reports (domain §4, §6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from uln_client.errors import InvalidValue
from uln_client.sense import answer_of, senseless
from uln_contract.codes import Explanation, ResponseCode, explain
from uln_contract.records import (
    MIAPDeletedLearner,
    MIAPMergedLearner,
    MIAPRetrievedULN,
    MIAPULNReport,
    MIAPUnmergedLearner,
    RetrieveULNsResp,
    ULNReportResp,
)

# At most so many ULNs in one retrieveULNs (contract type MIAPULNsToRetrieve).
RETRIEVED_AT_ONCE = 200
_RETRIEVED = frozenset({ResponseCode.WSRC0001, ResponseCode.WSRC0004, ResponseCode.WSRC0022})
_REPORTED = frozenset({ResponseCode.WSRC0023, ResponseCode.WSRC0024})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedULN:
    """What became of one ULN.

    ``master_uln`` is the ULN that it was merged into, ``None`` for one that was not. The details are those of the
    record that stands for it now, the master's for a merged one; ``None`` where the service returned none.
    """

    uln: str
    code: ResponseCode
    master_uln: str | None
    given_name: str | None
    family_name: str | None
    date_of_birth: str | None
    gender: str | None

    @property
    def found(self) -> bool:
        """Whether a record stands for the ULN, its own (WSRC0004) or its master's (WSRC0022)."""
        return self.code is not ResponseCode.WSRC0001

    @property
    def merged(self) -> bool:
        """Whether the ULN is an old one: use ``master_uln`` from now on."""
        return self.code is ResponseCode.WSRC0022

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


def retrieved(reply: RetrieveULNsResp, asked: Sequence[str]) -> Iterator[RetrievedULN]:
    """Read the reply to retrieveULNs, in the order of the ULNs that were asked for.

    Raises :class:`~uln_client.errors.InvalidReply` unless it is about these ULNs, all of them, and no others.
    """
    answers = {each.uln: each for each in reply.retrieved_ulns.verified_uln}
    if answers.keys() != set(asked):
        raise senseless("it is about other ULNs than those that were sent")
    return (_retrieved(answers[uln]) for uln in asked)


def _retrieved(answer: MIAPRetrievedULN) -> RetrievedULN:
    code = answer_of("retrieveULNs", answer.response_code or _unsaid(answer), _RETRIEVED)
    if (answer.master_uln is not None) is not (code is ResponseCode.WSRC0022):
        raise senseless(f"{code} came {'with' if answer.master_uln else 'without'} a MasterULN")
    return RetrievedULN(
        uln=answer.uln,
        code=code,
        master_uln=answer.master_uln,
        given_name=answer.given_name,
        family_name=answer.family_name,
        date_of_birth=answer.date_of_birth,
        gender=answer.gender,
    )


def _unsaid(answer: MIAPRetrievedULN) -> ResponseCode:
    """The code of a ULN whose optional ResponseCode a service leaves out."""
    if answer.master_uln is not None:
        return ResponseCode.WSRC0022
    return ResponseCode.WSRC0001 if answer.family_name is None else ResponseCode.WSRC0004


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResult:
    """A report: the ULNs that were merged, unmerged or deleted from one date to another, both included.

    ``to_date`` is ``None`` where neither the caller nor the service named one; it then is today's. The entries are
    the contract's own records, in the order of the service.
    """

    code: ResponseCode
    from_date: str
    to_date: str | None
    merged: tuple[MIAPMergedLearner, ...] = ()
    unmerged: tuple[MIAPUnmergedLearner, ...] = ()
    deleted: tuple[MIAPDeletedLearner, ...] = ()

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


def reported(reply: ULNReportResp, *, from_date: str, to_date: str | None) -> ReportResult:
    """Read the reply to a report. Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense."""
    code = answer_of("a report", reply.response_code, _REPORTED)
    if reply.from_date != from_date or (to_date is not None and reply.to_date not in {to_date, None}):
        raise senseless("it is about other dates than those that were sent")
    entries = reply.uln_report or MIAPULNReport()
    result = ReportResult(
        code=code,
        from_date=from_date,
        to_date=reply.to_date or to_date,
        merged=entries.merged_learners.merged_learner if entries.merged_learners else (),
        unmerged=entries.unmerged_learners.unmerged_learner if entries.unmerged_learners else (),
        deleted=entries.deleted_learners.deleted_learner if entries.deleted_learners else (),
    )
    count = len(result.merged) + len(result.unmerged) + len(result.deleted)
    if bool(count) is not (code is ResponseCode.WSRC0023):
        raise senseless(f"{code} came with {count} entries")
    return result


def check_dates(from_date: str, to_date: str | None) -> None:
    """Refuse a period that ends before it begins; whether they are dates at all is the schema's affair.

    Raises :class:`~uln_client.errors.InvalidValue`.
    """
    try:
        backwards = to_date is not None and date.fromisoformat(to_date) < date.fromisoformat(from_date)
    except ValueError:
        return
    if backwards:
        raise InvalidValue("ToDate", to_date, "is before FromDate.", "Exchange the two dates.")
