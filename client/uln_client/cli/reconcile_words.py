"""What a comparison of a list with the register came to, in words and as a document."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uln_client.cli.file_words import finding_documents, finding_lines
from uln_client.cli.tables import table

if TYPE_CHECKING:
    from uln_client.reconciling.reconcile import How
    from uln_client.reconciling.summary import Summary

_WIDTH = 30
_FILES = {"report": "The report", "corrections": "The file of corrections"}


def lines(file: str, summary: "Summary", how: "How") -> Iterator[str]:
    """Say what a comparison came to."""
    left_out = summary.rows - summary.good
    rows = f", {left_out:,} of {summary.rows:,} rows cannot be read" if left_out else ""
    yield f"{file}: {summary.awards:,} awards{rows}; the register holds {summary.held:,} of yours{_alike(summary)}"
    yield from table((f"{'Awards':>9}", "", "What to do"), list(_counted(summary)))
    yield from _remarks(summary)
    yield from finding_lines(summary.report)
    for what, path in summary.files.items():
        yield f"{_FILES[what]:<{_WIDTH}}{_shown(path)}"
    if "corrections" in summary.files:
        option = " --provisional" if how.provisional else ""
        yield f"Look through it, then: uln submit {_shown(summary.files['corrections'])}{option}"


def _shown(path: Path) -> Path:
    """Give a path as it is typed here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _alike(summary: "Summary") -> str:
    if summary.none_held:
        return ", and none of these"
    return "" if summary.differs else ", and nothing differs"


def _counted(summary: "Summary") -> Iterator[tuple[str, str, str]]:
    from uln_client.reconciling.comparing import Kind  # noqa: PLC0415  # slow; --help has no need

    remedies = {
        Kind.DIFFERENT: _fields(summary),
        Kind.MISSING: "created by the file of corrections",
        Kind.WITHDRAWN: "reinstated by the file of corrections",
        Kind.NOT_WITHDRAWN: "withdrawn by the file of corrections",
        Kind.EXTRA: _extra(summary),
        Kind.NOT_COMPARED: "correct their rows, and compare again",
    }
    for kind in Kind:
        if summary.counts[kind]:
            yield f"{summary.counts[kind]:>9,}", kind.value, remedies.get(kind, "")


def _fields(summary: "Summary") -> str:
    counted = ", ".join(f"{name} {count:,}" for name, count in summary.fields.most_common())
    return f"corrected by the file of corrections ({counted})"


def _extra(summary: "Summary") -> str:
    if summary.extra_withdrawn:
        return f"{summary.extra_withdrawn:,} withdrawn by the file of corrections"
    return "look at each: the report says what can be done"


def _remarks(summary: "Summary") -> Iterator[str]:
    for remark, count in summary.remarks.items():
        yield f"{count:,} {remark.value}: no difference."
    if summary.nameless:
        yield (
            f"{summary.nameless:,} extra awards are not withdrawn by the file: the service tells no names, and no "
            "row of the list has their learners."
        )
    if summary.unsure:
        yield "Of some rows it cannot be said which award they are about: no extra award is withdrawn."
    if summary.unasked:
        yield (
            "Your organisation may not ask which ULNs were merged: awards that are held under another ULN than "
            "the list's may be told as missing and as extra."
        )


def summary_document(file: str, summary: "Summary") -> dict[str, Any]:
    """Give what a comparison came to as a document."""
    return {
        "file": file,
        "rows": summary.rows,
        "not_read": summary.rows - summary.good,
        "awards": summary.awards,
        "held": summary.held,
        "differs": summary.differs,
        "counts": {kind.value: count for kind, count in summary.counts.items() if count},
        "fields": dict(summary.fields),
        "remarks": {remark.value: count for remark, count in summary.remarks.items()},
        "corrections": {action.name.lower(): count for action, count in summary.corrections.items()},
        "extra_without_names": summary.nameless,
        "rows_without_award": summary.unsure,
        "merges_not_asked": summary.unasked,
        "findings": finding_documents(summary.report),
        "files": {what: str(path) for what, path in summary.files.items()},
    }
