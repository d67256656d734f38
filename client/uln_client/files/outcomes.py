"""What became of one row of a file, in words (domain §8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from uln_contract.batch_files.findings import Finding


class Standing(StrEnum):
    """What an outcome means for the whole: which exit code, and whether the row is among those to correct."""

    DONE = "done"
    UNSURE = "unsure"
    WRONG = "wrong"
    NOT_SENT = "not sent"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    ``word`` is short, such as ``match``. ``code`` is the service's, or the check's of a row that was not sent.
    ``reason`` and ``remedy`` are whole sentences. ``uln`` is the one to use from now on, ``""`` where none is
    known.
    """

    word: str
    standing: Standing
    code: str = ""
    reason: str = ""
    remedy: str = ""
    uln: str = ""

    @property
    def to_correct(self) -> bool:
        """Whether somebody must look at the row before it can be sent again."""
        return self.standing in {Standing.UNSURE, Standing.WRONG, Standing.NOT_SENT}


NOT_ANSWERED = Outcome(
    "not answered",
    Standing.OPEN,
    reason="The row was sent, and the service has not said yet what became of it.",
    remedy="Run the same command again: it asks, and sends nothing twice.",
)
UNSENT = Outcome(
    "not sent yet",
    Standing.OPEN,
    reason="The run ended before this row was sent.",
    remedy="Run the same command again: it goes on where it stopped.",
)


def not_done(job: int | None, status: str, reason: str) -> Outcome:
    """Give the outcome of a row that its job did not come to before it ended."""
    said = f" {reason}" if reason else ""
    return Outcome(
        "not done",
        Standing.OPEN,
        reason=f"Job {job} ended before it came to this row ({status}).{said}",
        remedy="Ask the service's operator. Run the same command again when it is mended: if the job has gone on, "
        "what became of the row is fetched. If it never will, send the rows of the file to correct.",
    )


def refused(findings: Iterable[Finding]) -> Outcome:
    """Give the outcome of a row that the check refuses."""
    wrong = [each for each in findings if each.refuses]
    return Outcome(
        "not sent",
        Standing.NOT_SENT,
        code=" ".join(dict.fromkeys(each.code for each in wrong)),
        reason=" ".join(_said(each) for each in wrong),
        remedy=" ".join(dict.fromkeys(each.remedy for each in wrong)),
    )


def remarks(findings: Iterable[Finding]) -> str:
    """Say what was put right of a row that was sent; ``""`` for nothing."""
    return " ".join(_said(each) for each in findings if not each.refuses)


def _said(finding: Finding) -> str:
    sent = "" if finding.fixed is None else f" It was sent as {finding.fixed!r}."
    unnamed = finding.column is not None and finding.column not in finding.words
    return f"{finding.column}: {finding.words}{sent}" if unnamed else f"{finding.words}{sent}"
