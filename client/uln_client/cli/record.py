"""``uln record``: what a learner has achieved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from uln_client.cli.calling import calling
from uln_client.cli.claimed import DateOfBirth, FamilyName, Gender, GivenName, Uln
from uln_client.cli.exits import Exit
from uln_client.cli.output import document, say
from uln_client.cli.tables import table
from uln_client.cli.values import one_of
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.events import LearningEventsResult
    from uln_contract.r9_records import LearningEvent

_EXITS = {
    ResponseCode.WSRC0004: Exit.DONE,
    ResponseCode.WSRC0022: Exit.DONE,
    ResponseCode.WSEC0136: Exit.USAGE,
    ResponseCode.WSEC0206: Exit.REFUSED,
    ResponseCode.WSEC0208: Exit.NO_MATCH,
}
_WORDS = {
    ResponseCode.WSEC0136: "invalid ULN",
    ResponseCode.WSEC0206: "does not share the record",
    ResponseCode.WSEC0208: "not verified",
}


def record(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    uln: Uln,
    given_name: GivenName,
    family_name: FamilyName,
    date_of_birth: DateOfBirth = None,
    gender: Gender = None,
    brief: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--brief", help="Ask for nine fields of each event.")
    ] = False,
    user_type: Annotated[
        str,
        typer.Option(
            help="As whom you speak: ORG the organisation, LNR the learner, SER a careers service; the latter two "
            "with the agreement for it only.",
            metavar="ORG|LNR|SER",
        ),
    ] = "ORG",
) -> None:
    """Show a learner's record of achievements; the learner is verified by names, and by what else is given."""
    speaking_as = one_of("--user-type", user_type, ("ORG", "LNR", "SER"))
    with calling(context.obj) as organisation:
        result = organisation.learning_events(
            uln,
            given_name=given_name,
            family_name=family_name,
            date_of_birth=date_of_birth,
            gender=gender,
            brief=brief,
            user_type=speaking_as,  # type: ignore[arg-type]  # one of the three
        )
    if context.obj.json:
        document(_document(result, uln))
    else:
        say(_lines(result, f"{uln} {given_name} {family_name}"))
    raise typer.Exit(_EXITS[result.code])


def _lines(result: "LearningEventsResult", asked: str) -> Iterator[str]:
    if not result.found:
        yield f"{asked}: {_WORDS[result.code]} ({result.code})"
        yield result.explanation.remedy
        return
    merged = f"merged into {result.found_uln}, " if result.merged else ""
    count = len(result.events)
    yield f"{asked}: {merged}{count or 'no'} learning {'event' if count == 1 else 'events'} ({result.code})"
    if result.events:
        yield from table(_HEADINGS, [_row(each) for each in result.events])
    if result.merged:
        yield f"Use {result.found_uln} from now on."


_HEADINGS = (
    *("ID", "Awarded", "Reference", "Subject", "Level", "Credits", "Grade", "Awarding organisation"),
    *("Provider", "UKPRN", "Source", "Status"),
)


def _row(event: "LearningEvent") -> tuple[str, ...]:
    values = (
        event.id,
        event.achievement_award_date,
        event.subject_code,
        event.subject,
        event.level,
        event.credits,
        event.grade,
        event.awarding_organisation_name,
        event.achievement_provider_name,
        event.achievement_provider_ukprn,
        event.source,
        event.status,
    )
    return tuple("" if value is None else str(value) for value in values)


def _document(result: "LearningEventsResult", uln: str) -> dict[str, object]:
    return {
        "operation": "GetLearnerLearningEvents",
        "code": result.code,
        "text": result.explanation.text,
        "remedy": result.explanation.remedy,
        "uln": uln,
        "found": result.found,
        "found_uln": result.found_uln,
        "merged": result.merged,
        "count": len(result.events),
        "events": [_fields(each) for each in result.events],
    }


def _fields(event: "LearningEvent") -> dict[str, object]:
    return {field.attribute: getattr(event, field.attribute) for field in event.FIELDS}
