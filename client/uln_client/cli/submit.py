"""``uln submit``: hand in achievements, a few or a file, and say what became of each."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.file_options import Delimiter, Email, Encoding, FileReading, Output, Restart, Sheet, Strict
from uln_client.cli.file_runs import refuse_alone, refuse_together, send_file
from uln_client.cli.output import document, note, say
from uln_client.cli.tables import table
from uln_client.cli.watching import Watching, watching
from uln_client.errors import InvalidValue, JobFailed, UsageError
from uln_contract.codes import ResponseCode, explain

if TYPE_CHECKING:
    from uln_client.achievements import AchievementResult
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.jobs import Job
    from uln_contract.external_records import Achievement

_PANEL = "Achievement"
_OPERATION = "SubmitAchievementBatchJob"


def submit(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    batch: Annotated[
        str | None,
        typer.Argument(help="CSV, XML or .xlsx file of achievements, - for a pipe.", metavar="[FILE]"),
    ] = None,
    uln: Annotated[str | None, typer.Option(help="ULN of the learner.", rich_help_panel=_PANEL)] = None,
    given_name: Annotated[str | None, typer.Option(help="Given name.", rich_help_panel=_PANEL)] = None,
    family_name: Annotated[str | None, typer.Option(help="Family name.", rich_help_panel=_PANEL)] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            help="Reference number of the unit or qualification, such as K/501/5773; give it again for each.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    award_date: Annotated[
        str | None, typer.Option(help="When it was awarded.", metavar="YYYY-MM-DD", rich_help_panel=_PANEL)
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="UKPRN of the provider.", metavar="UKPRN", rich_help_panel=_PANEL)
    ] = None,
    grade: Annotated[str | None, typer.Option(help="Grade; a unit's is Pass.", rich_help_panel=_PANEL)] = None,
    action: Annotated[
        str | None,
        typer.Option(
            help="What to do; create if left out. A number is sent as it is.",
            metavar="create|update|withdraw|reinstate|promote",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    action_date: Annotated[
        str | None,
        typer.Option(
            help="When that was decided; now if left out.",
            metavar="YYYY-MM-DD[THH:MM:SSZ]",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for its history.", rich_help_panel=_PANEL)] = None,
    date_of_birth: Annotated[
        str | None, typer.Option(help="Date of birth.", metavar="YYYY-MM-DD", rich_help_panel=_PANEL)
    ] = None,
    gender: Annotated[
        str | None,
        typer.Option(
            help="0 not known, 1 male, 2 female, 9 not specified.", metavar="0|1|2|9", rich_help_panel=_PANEL
        ),
    ] = None,
    post_code: Annotated[str | None, typer.Option(help="Postcode.", rich_help_panel=_PANEL)] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the assessment.", rich_help_panel=_PANEL)
    ] = None,
    mis_identifier: Annotated[
        str | None, typer.Option(help="The learner's number in your own system.", rich_help_panel=_PANEL)
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(help="JSON list of a few achievements instead; - reads stdin.", metavar="JSON|-"),
    ] = None,
    provisional: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--provisional", help="Submit as Provisional instead of Final.")
    ] = False,
    email: Email = None,
    no_wait: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--no-wait", help="Say the job's number and do not follow it.")
    ] = False,
    strict: Strict = False,  # noqa: FBT002  # as above
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    output: Output = None,
    restart: Restart = False,  # noqa: FBT002  # as above
) -> None:
    """Submit achievements: a whole file, those of one learner, or a few with --file; and say what became of each.

    A file is checked whole, its good rows are sent, and it is given back with what became of each. Run the command again after an interruption: it goes on where it stopped, and sends nothing twice.

    Jobs are followed until they have finished. Ends with 0 when all were accepted, 3 when some were, 4 when none.
    """  # noqa: E501  # a paragraph of help is a line
    given = {
        "uln": uln,
        "given_name": given_name,
        "family_name": family_name,
        "achievement_award_date": award_date,
        "provider_ukprn": provider,
        "grade": grade,
        "action": action,
        "action_date": action_date,
        "action_reason": reason,
        "date_of_birth": date_of_birth,
        "gender": gender,
        "learner_postcode": post_code,
        "language_for_assessment": language,
        "mis_identifier": mis_identifier,
    }
    reading = FileReading(strict, encoding, delimiter, sheet, output, no_wait, restart)
    if batch is not None:
        from uln_client.cli.given import OPTIONS  # noqa: PLC0415  # as above
        from uln_contract.layouts import FileKind  # noqa: PLC0415  # slow; --help has no need

        named = {OPTIONS[name]: value for name, value in given.items()}
        refuse_together(batch, {**named, "--reference": reference, "--file": file})
        send_file(context, batch, FileKind.ACHIEVEMENTS, reading.how(provisional=provisional, email=email))
    refuse_alone("what is given", {**reading.given(), "--no-wait": False})
    with calling(context.obj) as organisation:
        achievements = _given(given, reference or [], file)
        _check_ulns(organisation, achievements)
        if no_wait:
            sent = list(organisation.send_achievements(achievements, provisional=provisional, email=email))
            _answer_submitted(context, sent, len(achievements))
        with watching() as watch:
            results = organisation.submit_achievements(
                achievements, provisional=provisional, email=email, watch=watch
            )
            found = _found(context, results, watch)
    _answer(context, found, list(watch.jobs.values()))


def _found(
    context: typer.Context, results: "Iterator[AchievementResult]", watch: Watching
) -> "list[AchievementResult]":
    """Give what became of each; what a job that failed leaves is said before its failure."""
    found: list[AchievementResult] = []
    try:
        found.extend(results)
    except JobFailed:
        if not context.obj.json:
            say(_lines(found, list(watch.jobs.values())))
        raise
    return found


def _given(given: dict[str, str | None], references: list[str], file: str | None) -> "list[Achievement]":
    from uln_client.cli.given import OPTIONS, from_json, from_options  # noqa: PLC0415  # slow; --help has no need

    named = [OPTIONS[name] for name, value in given.items() if value is not None]
    named += ["--reference"] if references else []
    if file is None:
        return from_options(given, references)
    if named:
        raise UsageError(
            f"{', '.join(named)} cannot be given with --file.", "Put everything into the file, or leave it out."
        )
    return from_json(file)


def _check_ulns(organisation: "AwardingOrganisation", achievements: "Sequence[Achievement]") -> None:
    for number, each in enumerate(achievements, 1):
        try:
            organisation.check_uln(each.uln or "")
        except InvalidValue as error:
            place = f"Achievement {number}: " if len(achievements) > 1 else ""
            raise InvalidValue(f"{place}{error.field}", error.value, error.rule, error.remedy) from None


def _answer_submitted(context: typer.Context, job_ids: Sequence[int], count: int) -> NoReturn:
    said = explain(ResponseCode.WSRC0040)
    if context.obj.json:
        document(
            {
                "operation": _OPERATION,
                "code": said.code,
                "text": said.text,
                "remedy": said.remedy,
                "count": count,
                "jobs": [{"job_id": each, "status": None} for each in job_ids],
            }
        )
    else:
        for each in job_ids:
            say([f"Job {each}: submitted (WSRC0040)"])
            note(f"uln job {each} shows what became of it.")
    raise typer.Exit(Exit.DONE)


def _answer(context: typer.Context, results: "Sequence[AchievementResult]", jobs: "Sequence[Job]") -> NoReturn:
    """Say what became of each achievement, and end."""
    if context.obj.json:
        document(_document(results, jobs))
    else:
        say(_lines(results, jobs))
    accepted = sum(_accepted(each) for each in jobs)
    if accepted == len(results):
        raise typer.Exit(Exit.DONE)
    raise typer.Exit(Exit.UNSURE if accepted else Exit.REFUSED)


def _accepted(job: "Job") -> int:
    """Count what was accepted; the counters know it where the error file does not tell of each."""
    from uln_client.jobs import succeeded  # noqa: PLC0415  # slow; --help has no need

    return succeeded(job)[0]


def _lines(results: "Sequence[AchievementResult]", jobs: "Sequence[Job]") -> Iterator[str]:
    for job in jobs:
        own = [each for each in results if each.job_id == job.job_id]
        yield f"Job {job.job_id}: {job.status}, {_accepted(job)} of {len(own)} accepted ({job.code})"
        yield from table(_HEADINGS, [_row(each) for each in own])
    yield from _remedies(results)


_HEADINGS = ("", "ULN", "Reference", "MIS identifier", "Action", "Outcome", "Codes")


def _row(each: "AchievementResult") -> tuple[str, ...]:
    codes = ", ".join(finding.code for finding in each.findings)
    names = (each.uln or "", each.reference or "", each.mis_identifier or "")
    return (str(each.number), *names, action_name(each.action), each.outcome, codes)


def action_name(action: int) -> str:
    """Give an action's word, or its number where it has none."""
    from uln_client.achievements import Action  # noqa: PLC0415  # slow; --help has no need

    return Action(action).name.lower() if action in set(Action) else str(action)


def _remedies(results: "Sequence[AchievementResult]") -> Iterator[str]:
    """Say once for each code and field what was found and what to do."""
    findings = [finding for each in results for finding in each.findings]
    for code, name in dict.fromkeys((each.code, each.field) for each in findings):
        said = next(each for each in findings if (each.code, each.field) == (code, name))
        yield f"{code}, {name}: {said.message} {said.remedy}"


def _document(results: "Sequence[AchievementResult]", jobs: "Sequence[Job]") -> dict[str, object]:
    code = jobs[-1].code
    accepted = sum(_accepted(each) for each in jobs)
    return {
        "operation": _OPERATION,
        "code": code,
        "text": explain(code).text,
        "remedy": explain(code).remedy,
        "count": len(results),
        "accepted": accepted,
        "refused": len(results) - accepted,
        "jobs": [{"job_id": each.job_id, "status": each.status} for each in jobs],
        "achievements": [{**asdict(each), "action": action_name(each.action)} for each in results],
    }
