"""The rows of a batch registration: how a message's learners become rows, and rows the output (domain §7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from uln_contract.codes import ReturnCode
from uln_contract.layouts import REGISTRATION_3A
from uln_contract.names import has_letters
from uln_contract.records import BatchLearner, OutputBatchLearner
from uln_contract.ulns import is_valid
from uln_server.batch.job import Counts, Fields, Job, Row, RowResult
from uln_server.register.demographics import Demographics

MOST_ROWS = 200
"""Learners in one job over SOAP [P]."""
FULL, CHECK = "FUL", "CHK"
"""The JobTypes: register and update, or only say what would become of each row."""
_REPEATS = "repeats"  # a field of ours: an earlier row is about the same learner
_SENT = tuple(field.attribute for field in BatchLearner.FIELDS)
_IDENTIFIERS = {name: REGISTRATION_3A.by_name[name.upper()].type.fits for name in ("uci", "upn")}
_FILE = "file"
OF_FILE: Fields = {_FILE: "Y"}
"""What is given with a job whose rows came in a file, and not in a message."""
_FIVE = tuple(field.name for field in fields(Demographics))
_COUNTED = {
    "RC001": "new",
    "RC002": "exists_updated",
    "RC003": "exists_updated",
    "RC005": "exists_updated",
    "RC007": "possible",
    "RC009": "possible",
    "RC004": "not_found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCounts:
    """The counts of a job's output (domain §7)."""

    new: int
    exists_updated: int
    possible: int
    not_found: int
    rejected: int


def counted(counts: Counts) -> RegistrationCounts:
    """Give the counts of the output, from how many rows have each return code."""
    sums: dict[str, int] = defaultdict(int)
    for code, number in counts.items():
        sums[_COUNTED.get(code, "rejected")] += number
    return RegistrationCounts(**{each.name: sums[each.name] for each in fields(RegistrationCounts)})


def given(learners: Iterable[BatchLearner]) -> Iterator[Fields]:
    """Give the learners of a message as rows' fields, by the record's attributes, marked where they repeat."""
    return marked({name: getattr(learner, name) for name in _SENT} for learner in learners)


def marked(learners: Iterable[Mapping[str, str | None]]) -> Iterator[Fields]:
    """Give learners as rows' fields; what is blank is left out. They may have ``uci`` and ``upn`` besides.

    A row whose learner an earlier row is about is marked: by the same ULN, or by the same five demographics, as
    they are compared. A row that cannot be looked up at all is nobody's earlier row [O].
    """
    seen: set[str] = set()
    for learner in learners:
        sent = {name: value for name, value in learner.items() if value and value.strip()}
        keys = frozenset() if unusable(sent) else _keys(sent)
        yield sent if keys.isdisjoint(seen) else {**sent, _REPEATS: "Y"}
        seen |= keys


def output(row: Row, result: RowResult) -> OutputBatchLearner:
    """Give a row of the output: what was sent, and of the register the ULN alone, where the code has one.

    So the output tells no detail that was not sent, and every row can be matched by whatever it was sent with [O].
    """
    sent: dict[str, Any] = {name: row.given.get(name) for name in _SENT}
    return OutputBatchLearner(**{**sent, "uln": result.values.get("uln")}, return_code=result.code)


def from_file(job: Job) -> bool:
    """Tell whether a job's rows came in a file."""
    return _FILE in job.given


def refused(sent: Fields) -> ReturnCode | None:
    """Say what keeps a row from being looked up: RC011, RC012, RC006, RC010, or nothing."""
    return unusable(sent) or (ReturnCode.RC010 if sent.get(_REPEATS) else None)


def unusable(sent: Fields) -> ReturnCode | None:
    """The same, of the row by itself: RC006 is for names, or five, that are missing."""
    uln = sent.get("uln")
    if uln and not is_valid(uln):
        return ReturnCode.RC011
    if any((value := sent.get(name)) and not fits(value) for name, fits in _IDENTIFIERS.items()):
        return ReturnCode.RC012
    named = has_letters(sent.get("given_name") or "") and has_letters(sent.get("family_name") or "")
    return None if named and (uln or _has_five(sent)) else ReturnCode.RC006


def five(sent: Fields) -> Demographics:
    """Give a row's five demographics, all of which it has."""
    return Demographics(**{name: sent[name] or "" for name in _FIVE})


def _has_five(sent: Fields) -> bool:
    return all(sent.get(name) for name in _FIVE)


def _keys(sent: Fields) -> frozenset[str]:
    """What tells a row's learner: a ULN, the five, or both; neither looks like the other."""
    return frozenset([*filter(None, [sent.get("uln")]), *([five(sent).key] if _has_five(sent) else [])])
