"""A few lines for people about what became of a file (domain §8) [O]."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from uln_contract.batch_files.findings import Finding
from uln_contract.codes import explain
from uln_server.batch.intake_file import IntakeFile
from uln_server.intake.reporting import Tally

_LONDON = ZoneInfo("Europe/London")


def write_summary(path: Path, file: IntakeFile, tally: Tally | None, *, findings: Iterable[Finding] = ()) -> None:
    """Write it; ``findings`` are those for which nothing of the file was done."""
    text = "".join(f"{line}\r\n" for line in _lines(file, tally, tuple(findings)))
    with path.open("w", encoding="utf-8", newline="") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())


def _lines(file: IntakeFile, tally: Tally | None, findings: tuple[Finding, ...]) -> Iterator[str]:
    yield f"File:          {file.name}"
    yield f"Organisation:  {file.ukprn}"
    yield f"Taken:         {file.taken_at.astimezone(_LONDON):%Y-%m-%d %H:%M} UK time"
    if file.parts:
        yield f"Jobs:          {', '.join(str(each.job_id) for each in file.parts)}"
    if tally is not None:
        yield f"Records:       {tally.records}"
        yield ""
        yield from (f"{number:9}  {_said(outcome)}" for outcome, number in sorted(tally.outcomes.items()))
    if not file.parts:
        yield ""
        yield "Nothing of this file was done."
        for each in findings:
            if each.refuses:
                place = f"{each.place}: " if each.place else ""
                yield f"{place}{each.code} {each.words} {each.remedy}"
    if tally is not None and tally.to_correct:
        yield ""
        yield f"{tally.to_correct} of the records are to be corrected: they are in a file of their own."


def _said(outcome: str) -> str:
    try:
        text = explain(outcome).text
    except KeyError:
        return outcome
    return f"{outcome}: {text.partition('. ')[0].rstrip('.')}"
