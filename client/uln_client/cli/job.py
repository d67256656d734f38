"""``uln job``: how a job of any kind stands, and what became of its rows."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.output import document, note, say
from uln_client.cli.values import whole
from uln_client.cli.watching import watching
from uln_client.errors import UsageError
from uln_contract.codes import explain

if TYPE_CHECKING:
    from uln_client.jobs import Job

_LARGEST = 2**31 - 1
# What a job's reply says besides its rows, and what it is called.
_LABELS = {
    "type": "Type",
    "filename": "File",
    "user": "Submitted by",
    "submitted_date": "Submitted",
    "start_date": "Started",
    "job_started_date_time": "Started",
    "end_date": "Ended",
    "job_finished_date_time": "Ended",
    "duration": "Duration",
    "number_of_records": "Achievements",
    "percentage_successful_records": "Per cent accepted",
    "successful_final_achievements": "Accepted, final",
    "successful_provisional_achievements": "Accepted, provisional",
    "achievements_created": "Created",
    "achievements_updated": "Updated",
    "achievements_withdrawn": "Withdrawn",
    "achievements_reinstated": "Reinstated",
    "achievements_promoted_to_final": "Promoted to final",
    "field_data_errors": "Refused, field data",
    "learner_data_errors": "Refused, learner data",
    "business_rule_errors": "Refused, business rule",
    "new_learners_count": "New learners",
    "exists_updated_learners_count": "In the register before",
    "possible_match_learners_count": "Possible matches",
    "learners_not_found_count": "Not found",
    "rejected_learners_count": "Rejected",
}
_WIDTH = 24


def job(
    context: typer.Context,
    job_id: Annotated[str, typer.Argument(help="Number of the job, of any kind.", metavar="ID")],
    rows: Annotated[
        Path | None,
        typer.Option(
            help="Write its rows to this file, as CSV: each learner of a batch, each error and warning of "
            "achievements.",
            metavar="FILE",
        ),
    ] = None,
    no_wait: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--no-wait", help="Say how it stands now.")
    ] = False,
) -> None:
    """Follow a job until it has finished, and say what became of it: achievements, registrations, verifications.

    Ends with 0 when every row was accepted, 3 when some were or the job has not finished, 4 when none was.
    """
    number = whole("The job's number", job_id, 1, _LARGEST)
    if rows is not None and rows.name.startswith("-"):
        raise UsageError(f"--rows names no file, but {rows.name}.", "Name a file behind it, like --rows rows.csv.")
    with calling(context.obj) as organisation, watching() as watch:
        found = organisation.job(number) if no_wait else organisation.follow(number, watch=watch)
    listed = _listed(found)
    if rows is not None and found.finished:
        _write(rows, listed)
    _answer(context, found, listed)


def _listed(found: "Job") -> list[dict[str, Any]]:
    """Give the rows, each as its fields by name."""
    from uln_client.jobs import rows_of  # noqa: PLC0415  # slow; --help has no need

    return [dict(each) for each in rows_of(found)]


def _write(file: Path, listed: Sequence[dict[str, Any]]) -> None:
    """Write rows as CSV, with a byte-order mark: without one Excel reads names wrongly."""
    from uln_client.achievements import AchievementFinding  # noqa: PLC0415  # slow; --help has no need

    # Only of achievements there may be nothing to tell: then the file has its headings alone.
    found = dict.fromkeys(name for each in listed for name in each)
    names = list(found) or [each.name for each in fields(AchievementFinding)]
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, names)
            writer.writeheader()
            writer.writerows(listed)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}).", "Give a file that you may write."
        ) from None
    note(f"{len(listed)} {'row' if len(listed) == 1 else 'rows'} written to {file}.")


def _answer(context: typer.Context, found: "Job", listed: Sequence[dict[str, Any]]) -> NoReturn:
    if context.obj.json:
        document(_document(found, listed))
    else:
        say(_lines(found, listed))
    raise typer.Exit(_exit(found))


def _exit(found: "Job") -> Exit:
    from uln_client.jobs import JobKind, progress, succeeded  # noqa: PLC0415  # slow; --help has no need

    if not found.known:
        return Exit.NO_MATCH
    if found.failed:
        return Exit.UNREACHABLE
    if not found.finished:
        return Exit.UNSURE
    (good, some), (_, of) = succeeded(found), progress(found)
    if good == of:
        return Exit.DONE
    if good or some:
        return Exit.UNSURE
    return Exit.NO_MATCH if found.kind is JobKind.VERIFICATION else Exit.REFUSED


def _lines(found: "Job", listed: Sequence[dict[str, Any]]) -> Iterator[str]:
    if found.kind is None:
        yield f"Job {found.job_id}: unknown ({found.code})"
        yield found.explanation.remedy
        return
    yield f"Job {found.job_id}, {found.kind}: {found.status or found.explanation.text} ({found.code})"
    for name, value in _said(found).items():
        if value != 0:
            yield f"  {_LABELS[name]:<{_WIDTH}}{value}"
    if found.reason:
        yield f"The service says: {found.reason}"
    if not found.finished:
        yield found.explanation.remedy
    counted = Counter(each["code"] for each in listed if each["code"])
    for code, count in sorted(counted.items()):
        said = _explained(code, listed)
        yield f"{code}, {count} {'time' if count == 1 else 'times'}: {said}"
    yield from (f"{each['message']} {each['remedy']}".strip() for each in listed if not each["code"])


def _explained(code: str, listed: Sequence[dict[str, Any]]) -> str:
    """Give what the service says of a code, or else what the contract does."""
    row = next(each for each in listed if each["code"] == code)
    if "message" in row:
        return f"{row['message']} {row['remedy']}"
    return f"{explain(code).text} {explain(code).remedy}"


def _said(found: "Job") -> dict[str, object]:
    """Give what a job's reply says besides its rows."""
    output: Any = found.output
    given = ((name, getattr(output, name, None)) for name in _LABELS)
    return {name: value for name, value in given if value is not None}


def _document(found: "Job", listed: Sequence[dict[str, Any]]) -> dict[str, object]:
    return {
        "job_id": found.job_id,
        "kind": found.kind,
        "code": found.code,
        "text": found.explanation.text,
        "remedy": found.explanation.remedy,
        "status": found.status or None,
        "finished": found.finished,
        "failed": found.failed,
        "reason": found.reason or None,
        "said": _said(found) if found.known else {},
        "rows": list(listed),
    }
