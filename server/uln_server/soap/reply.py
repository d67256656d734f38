"""Writing a reply record straight as XML, in contract order and in the form that its reader expects."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from uln_contract.records import FindLearnerResp
from uln_contract.shape import Record
from uln_contract.writing import pieces
from uln_server.soap.faults import envelope

_LEARNER = "http://api.lrs.miap.gov.uk/learner"
_UNQUALIFIED: Mapping[str, str] = {}
_QUALIFIED: Mapping[str, str] = {"LinkedULNs": _LEARNER}


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """How a Learner's LinkedULNs is written: with its namespace or without, and whether when empty (interop)."""

    linked_ulns_qualified: bool
    send_empty_linked_ulns: bool


def reply_envelope(record: Record, element: str, form: ReplyForm) -> bytes:
    """Write a reply as the body element ``{namespace}name`` in its envelope."""
    if not form.send_empty_linked_ulns:
        record = _without_empty_links(record)
    qualified = _QUALIFIED if form.linked_ulns_qualified else _UNQUALIFIED
    return envelope(*pieces(record, element, qualified))


def _without_empty_links(record: Record) -> Record:
    if not isinstance(record, FindLearnerResp):
        return record
    return replace(
        record,
        learner=tuple(
            each if each.linked_ulns and each.linked_ulns.uln else replace(each, linked_ulns=None)
            for each in record.learner
        ),
    )
