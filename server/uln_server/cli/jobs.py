"""``uln-server job``: looking at jobs, and ending one or letting it go on."""

# ruff: noqa: FBT002  # typer reads a command's options from its parameters

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from uln_server.batch.job import Job, JobStatus
from uln_server.cli import output
from uln_server.cli.configuration import Database
from uln_server.cli.job_errors import lines_of
from uln_server.cli.opening import opened
from uln_server.cli.operator import act
from uln_server.cli.problems import Exit, Problem
from uln_server.store.job_mail import MailState
from uln_server.store.units import Writing

commands = typer.Typer(
    help="List, show, cancel, retry and fail jobs; what is done to one is kept in the audit trail.",
    no_args_is_help=True,
)

JobNumber = Annotated[int, typer.Argument(metavar="JOB", help="The job's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]

_HEADINGS = ("JOB", "STATUS", "DONE", "ROWS", "KIND", "FORM", "UKPRN", "SUBMITTED")


@commands.command("list")
def list_jobs(
    org: Annotated[str | None, typer.Option(metavar="ORGANISATION", help="UKPRN or OrganisationRef.")] = None,
    status: Annotated[
        JobStatus | None, typer.Option(help="Only those that stand so.", case_sensitive=False)
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="As many at most.")] = 50,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List jobs that meet every condition given, newest first; times are UTC."""
    with opened(database) as register, register.reading() as reading:
        ukprn = None
        if org is not None:
            found = reading.organisations.by_identifier(org)
            ukprn = found.ukprn if found else org.upper()
        jobs = reading.jobs.latest(limit, ukprn=ukprn, status=status)
    if as_json:
        output.document([_as_data(each) for each in jobs])
    else:
        output.table(_HEADINGS, map(_as_line, jobs))


@commands.command()
def show(number: JobNumber, as_json: AsJson = False, database: Database = None) -> None:
    """Show how far a job has come and what its rows got; the rows themselves are not shown.

    Why rows came to nothing, `uln-server job errors` prints.
    """
    with opened(database) as register, register.reading() as reading:
        job = _known(number, reading.jobs.get(number))
        mail = reading.job_mail.state(number)
    if as_json:
        output.document({**_as_data(job), "mail": _mail_as_data(mail)})
    else:
        told = {**_as_pairs(job), "mail": _mail_in_words(mail)}
        output.pairs({name: str(value) for name, value in told.items() if value not in {None, ""}})
        if job.done:
            output.say(f"Rows that came to nothing, and warnings: uln-server job errors {number}")


@commands.command()
def errors(number: JobNumber, database: Database = None) -> None:
    """Print why rows came to nothing, as CSV: every line, each with what its sender knows the row by.

    For a batch of achievements these are the lines of its error file, which its sender gets cut.
    """
    with opened(database) as register:
        # Written first: nothing is shown that the trail does not know of.
        with register.writing() as writing:
            job = _known(number, writing.jobs.get(number))
            writing.audit.add(act(f"job errors {job.id}", organisation=job.ukprn))
        with register.reading() as reading:
            for line in lines_of(job, reading):
                sys.stdout.write(line)
    if not job.status.finished:
        output.note(f"Job {number} has not ended: {job.done} of {job.rows} rows were done when this began.")


@commands.command()
def cancel(number: JobNumber, database: Database = None) -> None:
    """End a job: rows that are done stay done, the others are left alone."""
    job = _change(database, "job cancel", lambda writing, at: writing.jobs.cancel(number, at))
    output.say(f"Job {number} is cancelled: {job.done} of {job.rows} rows were done.")


@commands.command()
def retry(number: JobNumber, database: Database = None) -> None:
    """Let a failed or cancelled job go on behind the last row that is done."""
    job = _change(database, "job retry", lambda writing, at: writing.jobs.retry(number, at))
    output.say(f"Job {number} waits again: {job.done} of {job.rows} rows are done.")


@commands.command()
def fail(
    number: JobNumber,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="What the sender of achievements is told.")],
    database: Database = None,
) -> None:
    """End a job as failed, for a reason; rows that are done stay done.

    The sender of achievements is told the reason. The outputs of registrations and verifications have no place
    for one.
    """
    if not reason.strip():
        raise Problem("The reason is empty.", "Say what the sender should know or do.", ends_with=Exit.USAGE)
    job = _change(database, "job fail", lambda writing, at: writing.jobs.fail(number, at, reason), reason=reason)
    output.say(f"Job {number} has failed: {job.done} of {job.rows} rows were done.")


def _change(
    url: str | None, command: str, change: Callable[[Writing, datetime], Job], *, reason: str | None = None
) -> Job:
    with opened(url) as register, register.writing() as writing:
        job = change(writing, datetime.now(UTC))
        writing.audit.add(replace(act(f"{command} {job.id}", organisation=job.ukprn), reason=reason))
    return job


def _known(number: int, job: Job | None) -> Job:
    if job is None:
        raise Problem(f"There is no job {number}.", "Look at `uln-server job list`.", ends_with=Exit.USAGE)
    return job


def _mail_as_data(mail: MailState | None) -> dict[str, object] | None:
    if mail is None or not (mail.tries or mail.due_at):
        return None
    times = {"due_at": mail.due_at, "sent_at": mail.sent_at}
    return {"tries": mail.tries, **{name: at and at.isoformat() for name, at in times.items()}}


def _mail_in_words(mail: MailState | None) -> str:
    """Say where the message about the job's end stands; nothing where there is none."""
    if mail is None or not (mail.tries or mail.due_at):
        return ""
    if mail.sent_at:
        return f"sent {_in_utc(mail.sent_at)}"
    return f"waits, tried {mail.tries} times" if mail.due_at else f"given up, tried {mail.tries} times"


def _as_line(job: Job) -> tuple[str, ...]:
    at = _in_utc(job.submitted_at)
    return (str(job.id), job.status, str(job.done), str(job.rows), job.kind, job.form, job.ukprn, at)


def _as_pairs(job: Job) -> dict[str, object]:
    counts = ", ".join(f"{code} {count}" for code, count in sorted(job.counts.items()))
    data = {**_as_data(job, _in_utc), "counts": counts}
    return {name.replace("_", " "): value for name, value in data.items()}


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _as_data(job: Job, time: Callable[[datetime], str] = datetime.isoformat) -> dict[str, object]:
    """Give everything but what the sender gave along, such as an e-mail address."""
    data = {name: value for name, value in asdict(job).items() if name not in {"given", "organisation_id"}}
    return {name: time(value) if isinstance(value, datetime) else value for name, value in data.items()}
