"""What an intake itself says of a file: one catalogue of codes (domain §8) [O]."""

from enum import StrEnum

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.explanations import Explanation, Origin


class IntakeCode(StrEnum):
    """``code`` of a finding that neither the check of the file nor the service has."""

    REPEATED = "I001"
    GONE = "I002"
    NOT_DONE = "I003"


def _ours(code: IntakeCode, text: str, remedy: str) -> Explanation:
    return Explanation(code.value, text, remedy, Origin.OURS)


EXPLANATIONS = {
    each.code: each
    for each in (
        _ours(
            IntakeCode.REPEATED,
            "A file with the same content was taken within a day before, so nothing of this one was done.",
            "Look for the reports of the first one. To send the same records once more, wait for a day.",
        ),
        _ours(
            IntakeCode.GONE,
            "The file was taken away while it was worked on, so that there are no reports with its values.",
            "Ask the service's operator what became of its jobs.",
        ),
        _ours(
            IntakeCode.NOT_DONE,
            "The job of this record ended before it came to the record.",
            "Ask the service's operator why the job has ended, and send the record again.",
        ),
    )
}
"""Each code explained."""


def finding(code: IntakeCode, more: str = "", *, row: int | None = None) -> Finding:
    """Give a finding of this code, with a sentence more about this case."""
    said = EXPLANATIONS[code.value]
    words = f"{said.text} {more}" if more else said.text
    return Finding(code=code.value, severity=Severity.ERROR, words=words, remedy=said.remedy, row=row)
