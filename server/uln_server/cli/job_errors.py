"""What ``uln-server job errors`` prints: why rows of a job came to nothing, as CSV for its sender [O].

For achievements these are the lines of AchievementBatchErrorFile, all of them. For the other kinds there is a line
for each row that got no ULN, or was not matched exactly. Nothing is shown of the register, nor a name: a row is
known by its number and by what identifies it to its sender.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from uln_contract.codes import ReturnCode, VerifyCode, explain
from uln_server.batch.achieving import FINDINGS
from uln_server.batch.job import Job, JobKind, Row, RowResult
from uln_server.record.error_file import error_lines
from uln_server.record.finding import from_text
from uln_server.store.units import Reading

HEADINGS = ("RecordNumber", "MISIdentifier", "ULN", "Code", "Flags", "Message", "Remedy")
_DONE_WELL = frozenset(
    {
        *(ReturnCode.RC001, ReturnCode.RC002, ReturnCode.RC003, ReturnCode.RC005),
        *(VerifyCode.WSVRC001, VerifyCode.WSVRC002),
    }
)
_FLAGS = "failure_flag"


def lines_of(job: Job, reading: Reading) -> Iterator[str]:
    """Give the lines, headings first, each with its end; nothing where there is nothing to be told."""
    if job.kind is JobKind.ACHIEVEMENTS:
        yield from error_lines(
            (row.position, row.given, from_text(result.values.get(FINDINGS) or ""))
            for row, result in reading.jobs.remarked(job.id)
        )
        return
    lines = _lines(reading.jobs.results(job.id))
    for first in lines:
        yield from (_csv(HEADINGS), first)
        yield from lines


def _lines(rows: Iterable[tuple[Row, RowResult | None]]) -> Iterator[str]:
    for row, result in rows:
        if result is None:
            return
        if result.code not in _DONE_WELL:
            said = explain(result.code)
            sent = (row.given.get(name) or "" for name in ("mis_identifier", "uln"))
            flags = result.values.get(_FLAGS) or ""
            yield _csv((row.position, *sent, result.code, flags, said.text, said.remedy))


def _csv(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
