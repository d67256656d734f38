"""AchievementBatchErrorFile: what was found, as CSV that a program and a clerk can read (domain §9) [O]."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from uln_contract.codes import explain
from uln_server.record.finding import Finding, Findings

MOST_BYTES = 1_000_000
"""As UTF-8. Clients' readers stop at 64 KB to 10 MB."""
HEADINGS = (
    *("RecordNumber", "MisIdentifier", "Uln", "UnitOrQualificationReferenceNumber"),
    *("Field", "Code", "Class", "Message", "Remedy"),
)
_ECHOED = ("MisIdentifier", "Uln", "UnitOrQualificationReferenceNumber")
_LONGEST_ECHO = 128
_RESERVED = 400  # bytes for the last line
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")

Record = tuple[int, Mapping[str, str | None], Findings]
"""A record's number, counted from 1, its fields by their names in the contract, and what was found."""


def error_lines(records: Iterable[Record]) -> Iterator[str]:
    """Give one line for each finding, headings first; nothing for none.

    Each line is one physical line with its end; values are the submission's own, cut at 128 characters.
    """
    lines = (line for number, given, findings in records for line in _lines(number, given, findings))
    for first in lines:
        yield from (_HEAD, first)
        yield from lines


def error_file(records: Iterable[Record], job_id: int, most_bytes: int = MOST_BYTES) -> str:
    """Give the lines as one text; an empty one for none.

    What does not fit into ``most_bytes`` is counted in a last line, which says how to get it.
    """
    kept, size, left = [_HEAD], len(_HEAD), 0
    for number, given, findings in records:
        if left:
            left += len(findings)
            continue
        for line in _lines(number, given, findings):
            size += len(line.encode())
            if left or size > most_bytes - _RESERVED:
                left += 1
            else:
                kept.append(line)
    if left:
        kept.append(_rest(left, job_id))
    return "".join(kept) if len(kept) > 1 else ""


def _lines(number: int, given: Mapping[str, str | None], findings: Findings) -> Iterator[str]:
    echoed = _csv((number, *(_printed(given.get(name) or "") for name in _ECHOED)))
    for each in findings:
        yield f"{echoed[:-1]},{_said(each)}"


@lru_cache(maxsize=1_024)  # codes and their fields are few
def _said(finding: Finding) -> str:
    code = explain(finding.code)
    return _csv((finding.field, finding.code, finding.code.finding_class, code.text, code.remedy))


def _rest(left: int, job_id: int) -> str:
    message = f"{left} more lines are left out, to keep this file small."
    remedy = (
        "Correct and send again what is listed, or submit in smaller batches. "
        f"The service's operator can print every line: uln-server job errors {job_id}."
    )
    return _csv((*[""] * (len(HEADINGS) - 2), message, remedy))


def _printed(value: str) -> str:
    """A value on one line, without what XML cannot carry."""
    return _NOT_PRINTED.sub(" ", value)[:_LONGEST_ECHO]


def _csv(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


_HEAD = _csv(HEADINGS)
