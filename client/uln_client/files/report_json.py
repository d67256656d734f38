"""A check's report as one JSON document, written while the file is read; no finding is kept (domain §8)."""

import json
from collections.abc import Mapping
from typing import TextIO

from uln_client.files.report import Change, Report
from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.structure_codes import STRUCTURE
from uln_contract.batch_files.value_codes import VALUES
from uln_contract.codes import explain

_RULES = {each.code: each for each in (*STRUCTURE.values(), *VALUES.values())}


class JsonReport:
    """Writes ``{"operation": "check", "files": [...], "exit": n}`` to a stream, piece by piece.

    Each file's object holds ``findings`` first and then what is known at the end. ``plain`` asks for ASCII alone.
    """

    def __init__(self, stream: TextIO, *, plain: bool) -> None:
        self._stream = stream
        self._plain = plain
        self._files = 0
        self._listed = 0
        stream.write('{"operation": "check", "files": [')

    def begin(self, file: str) -> None:
        """Begin a file's object."""
        self._stream.write(f'{"," if self._files else ""}\n{{{self._pair("file", file)}, "findings": [')
        self._files += 1
        self._listed = 0

    def finding(self, finding: Finding) -> None:
        """Write one of its findings."""
        self._item(finding_document(finding))

    def end(self, report: Report, outcome: int) -> None:
        """Write what is known at its end, ``outcome`` the exit code that the file alone would give."""
        pairs = ", ".join(self._pair(name, value) for name, value in _summary(report, outcome).items())
        self._stream.write(f"], {pairs}}}")

    def close(self, outcome: int) -> None:
        """End the document."""
        self._stream.write(f"],\n{self._pair('exit', outcome)}}}\n")

    def _item(self, content: Mapping[str, object]) -> None:
        self._stream.write(f"{',' if self._listed else ''}\n  {self._text(content)}")
        self._listed += 1

    def _pair(self, name: str, value: object) -> str:
        return f'"{name}": {self._text(value)}'

    def _text(self, value: object) -> str:
        return json.dumps(value, ensure_ascii=self._plain)


def finding_document(finding: Finding) -> dict[str, object]:
    """Give a finding as JSON has it: every member, ``null`` where it has none."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "fixed": finding.fixed,
        "text": finding.words,
        "remedy": finding.remedy,
    }


def _summary(report: Report, outcome: int) -> dict[str, object]:
    layout = report.layout
    return {
        "kind": layout.kind.value if layout else None,
        "layout": layout.name if layout else None,
        "written": report.written._asdict() if report.written else None,
        "rows": report.rows,
        "good": report.good,
        "refused": report.refused,
        "unusable": report.unusable,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "codes": {code: _rule(code, count) for code, count in report.by_code().items()},
        "corrected": _corrected(report),
        "exit": outcome,
    }


def _rule(code: str, count: int) -> dict[str, object]:
    """Say of a code how often it was found, which rule it stands for, and what is to be done in general."""
    said = _RULES.get(code) or explain(code)
    return {"count": count, "text": said.text, "remedy": said.remedy}


def _corrected(report: Report) -> dict[str, object] | None:
    if report.no_copy is not None:
        return {"file": None, "text": report.no_copy}
    if report.copy is None:
        return None
    return {
        "file": report.copy,
        "changes": report.changes,
        "changed": [_change(each) for each in report.first_changes],
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "row": change.row,
        "column": change.column,
        "before": change.before,
        "after": change.after,
        "text": change.words,
    }
