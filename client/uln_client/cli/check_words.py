"""A check's report in words, for a terminal: what all findings of a group share is said once (domain §8)."""

from collections.abc import Iterable, Iterator, Sequence

from uln_client.cli.output import printable
from uln_client.cli.tables import table
from uln_client.files.report import Change, Group, Report
from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.rows import FileForm, Written

_HEADINGS = ("Row", "Value", "Read as", "What to do")
_CHANGE_HEADINGS = ("Row", "Column", "Before", "After", "Why")
_SHOWN = 40  # characters of a value
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def words(report: Report) -> Iterator[str]:
    """Give the lines of a file's report."""
    yield f"{report.file}: {_outcome(report)}{_read_as(report)}"
    for severity in (Severity.ERROR, Severity.WARNING):
        for group in report.groups(severity):
            yield from _group(group)
    yield from _copy(report)


def _outcome(report: Report) -> str:
    if report.unusable:
        return "cannot be used"
    if report.clean:
        return f"all {report.rows:,} rows can be sent" if report.rows != 1 else "its one row can be sent"
    return f"{report.good:,} of {report.rows:,} rows can be sent, {report.refused:,} cannot"


def _read_as(report: Report) -> str:
    said = [report.layout.title] if report.layout else []
    said += [written_words(report.written)] if report.written else []
    return f" ({'; '.join(said)})" if said else ""


def written_words(written: Written) -> str:
    """Say how a file is written: ``CSV in UTF-8``, ``XLSX, sheet Learners``."""
    form = written.form.upper()
    if written.form is FileForm.XLSX:
        return f"{form}, sheet {written.sheet}" if written.sheet else form
    encoding = _ENCODINGS.get(written.encoding.lower(), written.encoding.upper())
    usual = written.form is not FileForm.CSV or written.delimiter in {"", ","}
    delimiter = "" if usual else f", {_DELIMITERS.get(written.delimiter, repr(written.delimiter))}"
    return f"{form} in {encoding}{delimiter}" if encoding else f"{form}{delimiter}"


def _group(group: Group) -> Iterator[str]:
    wording, remedy = (_shared(each.words for each in group.first), _shared(each.remedy for each in group.first))
    column = f", {group.column}" if group.column else ""
    times = f", {group.count:,} times" if group.count > 1 else ""
    said = f": {wording} {remedy}".rstrip() if wording else ""
    yield f"{group.severity.capitalize()} {group.code}{column}{times}{said}"
    yield from _places(group.first, wording=wording, remedy=remedy)
    if group.left_out:
        yield f"  and {group.left_out:,} more; --all shows them."


def _places(findings: Sequence[Finding], *, wording: str, remedy: str) -> Iterator[str]:
    """Say where the findings of a group are, and what their one wording or remedy does not say."""
    if not wording:
        yield from (f"  {_line(each, '' if remedy else each.remedy)}" for each in findings)
        yield from [f"  {remedy}"] if remedy else []
    elif remedy and all(_nothing_to_see(each) for each in findings):
        yield from _rows_alone([each.row for each in findings if each.row is not None])
    else:
        yield from table(_HEADINGS, [_row(each, "" if remedy else each.remedy) for each in findings])


def _nothing_to_see(finding: Finding) -> bool:
    """Whether the row says all; what is of the whole file says its value in words."""
    of_file = finding.row is None and finding.column is None
    return (of_file or not finding.value) and finding.fixed is None


def _line(finding: Finding, remedy: str) -> str:
    value = "" if finding.value is None else f", {_value(finding.value)}"
    row = "" if finding.row is None else f"Row {finding.row}{value}: "
    return f"{row}{finding.words} {remedy}".rstrip()


def _rows_alone(rows: Sequence[int]) -> Iterator[str]:
    if rows:
        yield f"  {'Rows' if len(rows) > 1 else 'Row'} {', '.join(map(str, rows))}"


def _shared(texts: Iterable[str]) -> str:
    """What all of them say; ``""`` when they differ."""
    different = set(texts)
    return different.pop() if len(different) == 1 else ""


def _row(finding: Finding, remedy: str) -> tuple[str, ...]:
    return (str(finding.row or ""), _value(finding.value or ""), _shown(finding.fixed), remedy)


def _value(text: str) -> str:
    """Show a value; in quotation marks where white space around it would not be seen."""
    return f"'{printable(text)}'" if text != text.strip() else printable(text)


def _shown(fixed: str | None) -> str:
    """Say what is put right, so that nothing at all is seen as well."""
    return "" if fixed is None else printable(fixed) or "(empty)"


def _copy(report: Report) -> Iterator[str]:
    if report.copy is None:
        return
    yield f"Corrected copy: {report.copy}; {_differs(report.changes)}"
    if report.first_changes:
        yield from table(_CHANGE_HEADINGS, [_change(each) for each in report.first_changes])
    if report.changes > len(report.first_changes):
        yield f"  and {report.changes - len(report.first_changes):,} more; --all shows them."
    if report.refused:
        yield "What is refused stands in it as it was: correct it there."


def _differs(changes: int) -> str:
    if not changes:
        return "no value was changed."
    return f"{changes:,} value{'s were' if changes > 1 else ' was'} changed."


def _change(change: Change) -> Sequence[str]:
    before, after = (_value(each[:_SHOWN]) or "(empty)" for each in (change.before, change.after))
    return str(change.row), change.column, before, after, change.words
