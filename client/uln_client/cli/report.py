"""``uln report``: the ULNs that were merged, unmerged or deleted between two dates."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uln_client.cli.calling import calling
from uln_client.cli.output import document, say
from uln_client.cli.tables import table
from uln_client.cli.values import one_of

if TYPE_CHECKING:
    from uln_client.reports import ReportResult


class Kind(StrEnum):
    """What became of the ULNs."""

    MERGED = "merged"
    UNMERGED = "unmerged"
    DELETED = "deleted"


def report(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="Which ULNs.", metavar="merged|unmerged|deleted")],
    from_date: Annotated[str, typer.Option("--from", help="First date.", metavar="YYYY-MM-DD")],
    to_date: Annotated[
        str | None, typer.Option("--to", help="Last date, included; today if left out.", metavar="YYYY-MM-DD")
    ] = None,
) -> None:
    """Report the ULNs that were merged, unmerged or deleted from one date to another."""
    which = Kind(one_of("The kind of report", kind, list(Kind)))
    with calling(context.obj) as organisation:
        ask = organisation.deleted_report if which is Kind.DELETED else organisation.merged_unmerged_report
        result = ask(from_date, to_date)
    if context.obj.json:
        document(_document(result, which))
    else:
        say(_lines(result, which))


def _entries(result: "ReportResult", kind: Kind) -> Sequence[Any]:
    return {Kind.MERGED: result.merged, Kind.UNMERGED: result.unmerged, Kind.DELETED: result.deleted}[kind]


def _lines(result: "ReportResult", kind: Kind) -> Iterator[str]:
    entries = _entries(result, kind)
    period = f"{result.from_date} to {result.to_date or 'today'}"
    yield f"ULNs {kind}, {period}: {len(entries) or 'none'} ({result.code})"
    yield from _table(entries, kind) if entries else ()
    other = Kind.UNMERGED if kind is Kind.MERGED else Kind.MERGED
    if not entries and _entries(result, other):
        yield f"The report holds {other} ULNs only: uln report {other} shows them."
    elif entries:
        yield _REMEDIES[kind]


_REMEDIES = {
    Kind.MERGED: "Replace each merged ULN by its master in your own system.",
    Kind.UNMERGED: "Each is a learner of its own again: give it back its ULN in your own system.",
    Kind.DELETED: "Stop using these ULNs in your own system.",
}


def _table(entries: Sequence[Any], kind: Kind) -> Iterator[str]:
    if kind is Kind.DELETED:
        return table(("ULN", "Deleted on"), [(each.uln, each.deleted_date) for each in entries])
    headings = ("ULN", "Name", "Born", "Master ULN", "Master's name", "Born", f"{kind.capitalize()} on")
    rows = [(*_side(each, kind), *_side(each, "master"), getattr(each, f"{kind}_date")) for each in entries]
    return table(headings, rows)


def _side(entry: Any, side: str) -> tuple[str, str, str]:
    """One of the two records of a merge: the old one or its master."""
    uln, given, family, born = (
        getattr(entry, f"{side}_{name}") for name in ("uln", "given_name", "family_name", "date_of_birth")
    )
    return uln, f"{given} {family}", born


def _document(result: "ReportResult", kind: Kind) -> dict[str, object]:
    operation = "getDeletedULNsReport" if kind is Kind.DELETED else "getMergedUnmergedULNsReport"
    entries = _entries(result, kind)
    return {
        "operation": operation,
        "code": result.code,
        "text": result.explanation.text,
        "remedy": result.explanation.remedy,
        "from_date": result.from_date,
        "to_date": result.to_date,
        "count": len(entries),
        str(kind): [asdict(each) for each in entries],
    }
