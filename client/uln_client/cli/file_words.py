"""What became of a file, in words and as a document."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uln_client.files.outcomes import Outcome
    from uln_client.files.report import Report
    from uln_client.files.summary import Summary
    from uln_contract.batch_files.findings import Finding, UnusableFile

_SHOWN = 20  # merged ULNs, and findings, that a terminal shows; the files have all [O]
_STAGES = {
    "output": "Output",
    "outcomes": "The file with outcomes",
    "to-correct": "Rows to correct",
    "merges-applied": "The list with merges applied",
}
_WIDTH = 30
_NOT_SENT = "not sent"
# What came of most rows of a good file, and needs no word.
_NOTHING_TO_DO = frozenset(("done", code) for code in ("", "WSVRC001", "RC001", "RC002", "RC003"))
_ORDER = ("done", "unsure", "wrong", "not sent", "open")


def lines(summary: "Summary", *, waited: bool) -> Iterator[str]:
    """Say what became of a file."""
    if summary.again:
        yield "This file was sent by an earlier run: nothing was sent now. --restart would send it anew."
    yield f"{summary.path.name}: {summary.rows} rows, {summary.good} sent, {summary.rows - summary.good} not sent"
    if not waited and not summary.again:
        yield f"{_jobs(summary)} submitted. Run the same command again without --no-wait: it fetches the results."
        return
    for key, count in sorted(summary.counts.items(), key=lambda item: (_ORDER.index(item[0][0]), -item[1])):
        _, word, code = key
        yield f"  {count:>9}  {word}{f' ({code})' if code else ''}"
    yield from _to_do(summary)
    yield from _remarks(summary)
    yield from _merges(summary)
    for what, path in summary.files.items():
        yield f"{_STAGES[what]:<{_WIDTH}}{path}"


def _to_do(summary: "Summary") -> Iterator[str]:
    """Say once for each code what to do, and of what the check found where the first is."""
    told: set[str] = set()
    for outcome in summary.said.values():
        if outcome.standing == _NOT_SENT:
            continue
        for code in outcome.code.split() or [""]:
            said = "" if (outcome.standing, code) in _NOTHING_TO_DO else _explained(code, outcome)
            if said and said not in told:
                told.add(said)
                yield said
    yield from finding_lines(summary.report)


def _explained(code: str, outcome: "Outcome") -> str:
    """Give what the contract says of a code, or else what was said of the first row that has it."""
    from uln_contract.codes import explain  # noqa: PLC0415  # slow; --help has no need

    try:
        known = explain(code)
    except KeyError:
        return f"{code or outcome.word}: {outcome.reason} {outcome.remedy}".rstrip()
    return f"{code}: {known.text} {known.remedy}"


def finding_lines(report: "Report") -> Iterator[str]:
    """Say what the check found, once for each code and column, with the first place."""
    from uln_contract.batch_files.findings import Severity  # noqa: PLC0415  # slow; --help has no need

    for severity in (Severity.ERROR, Severity.WARNING):
        for group in report.groups(severity):
            yield f"{group.code}, {group.count} {'time' if group.count == 1 else 'times'}: {_said(group.first[0])}"


def _remarks(summary: "Summary") -> Iterator[str]:
    if summary.kept:
        yield (
            f"{summary.kept} rows have a UCI or UPN. No message carries them: the service does not get them, the "
            "output keeps them."
        )
    if summary.protected:
        yield (
            f"{summary.protected} cells of the file with outcomes begin like a formula. They have an apostrophe "
            "in front there, so that no spreadsheet computes them."
        )


def _jobs(summary: "Summary") -> str:
    if len(summary.jobs) == 1:
        return f"Job {summary.jobs[0]}"
    return f"{len(summary.jobs)} jobs, {summary.jobs[0]} to {summary.jobs[-1]}," if summary.jobs else "No job"


def _said(finding: "Finding") -> str:
    return (
        f"{finding.place}: {finding.words} {finding.remedy}"
        if finding.place
        else f"{finding.words} {finding.remedy}"
    )


def _merges(summary: "Summary") -> Iterator[str]:
    for each in summary.merges[:_SHOWN]:
        yield f"Row {each.row}: {each.uln} was merged into {each.master}"
    if summary.merged > _SHOWN:
        yield f"and {summary.merged - _SHOWN} more: CurrentULN in the file with outcomes."
    if summary.uncertain:
        yield f"{summary.uncertain} merged ULNs are left as they are: the details are only similar. Compare them."


def summary_document(summary: "Summary", *, waited: bool) -> dict[str, Any]:
    """Give what became of a file as a document."""
    return {
        "file": str(summary.path),
        "kind": summary.kind.value,
        "rows": summary.rows,
        "sent": summary.good,
        "not_sent": summary.rows - summary.good,
        "sent_earlier": summary.again,
        "waited": waited or summary.again,
        "jobs": summary.jobs,
        "outcomes": [
            {
                "standing": standing.value,
                "outcome": word,
                "code": code,
                "count": count,
                "text": summary.said[standing, word, code].reason,
                "remedy": summary.said[standing, word, code].remedy,
            }
            for (standing, word, code), count in summary.counts.items()
        ],
        "findings": finding_documents(summary.report),
        "uci_or_upn": summary.kept,
        "protected_cells": summary.protected,
        "merged": summary.merged,
        "merges": [{"row": each.row, "uln": each.uln, "master": each.master} for each in summary.merges],
        "files": {what: str(path) for what, path in summary.files.items()},
    }


def finding_documents(report: "Report") -> list[dict[str, Any]]:
    """Give what the check found as documents."""
    from uln_contract.batch_files.findings import Severity  # noqa: PLC0415  # slow; --help has no need

    return [
        {
            "code": group.code,
            "severity": group.severity.value,
            "column": group.column,
            "count": group.count,
            "words": group.first[0].words,
            "remedy": group.first[0].remedy,
            "place": group.first[0].place,
        }
        for severity in Severity
        for group in report.groups(severity)
    ]


def unusable_lines(name: str, error: "UnusableFile") -> Iterator[str]:
    """Say why no row of a file was sent."""
    yield f"Nothing was sent: {name} cannot be used."
    refusing = [each for each in error.findings if each.refuses]
    for each in refusing[:_SHOWN]:
        yield f"{each.code} {_said(each)}"
    yield f"uln check {name} says all that there is to say of it."


def unusable_document(name: str, error: "UnusableFile") -> dict[str, Any]:
    """Give the same as a document, as an error's."""
    return {
        "error": {
            "kind": "UnusableFile",
            "text": f"Nothing was sent: {name} cannot be used. {error.findings[-1].words}",
            "remedy": error.findings[-1].remedy,
            "findings": [
                {
                    "code": each.code,
                    "severity": each.severity.value,
                    "place": each.place,
                    "column": each.column,
                    "row": each.row,
                    "value": each.value,
                    "words": each.words,
                    "remedy": each.remedy,
                }
                for each in error.findings
            ],
        }
    }
