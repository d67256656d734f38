"""``uln update``: change a learner's record, after reading it and showing what will change."""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from uln_client.cli.calling import calling, changing
from uln_client.cli.details import EVIDENCE, FIVE, NARROWING, OTHERS, SHARING, Detail, optional, taking
from uln_client.cli.exits import Exit
from uln_client.cli.found import EXITS as READ_EXITS
from uln_client.cli.output import document, say
from uln_client.cli.words import line_of, text_of
from uln_client.errors import UsageError
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.changes import Changes, UpdateResult
    from uln_client.results import FindResult
    from uln_contract.records import Learner

_EXITS = {
    ResponseCode.WSRC0006: Exit.DONE,
    ResponseCode.WSRC0013: Exit.REFUSED,
    ResponseCode.WSRC0014: Exit.REFUSED,
    ResponseCode.WSRC0015: Exit.USAGE,
    ResponseCode.WSRC0019: Exit.NO_MATCH,
    ResponseCode.WSRC0020: Exit.DONE,
    ResponseCode.WSRC0021: Exit.REFUSED,
}
_OUTCOMES = {ResponseCode.WSRC0006: "updated", ResponseCode.WSRC0020: "nothing to change"}
# The learner's present names find the record, so that new ones need options of their own.
_NAMES = (
    Detail("new_given_name", "--new-given-name", "Given name from now on."),
    Detail("new_family_name", "--new-family-name", "Family name from now on."),
)
_CHANGEABLE = (*_NAMES, *FIVE[2:], *NARROWING, EVIDENCE, SHARING, *OTHERS)


@taking(*optional(_CHANGEABLE))
def update(
    context: typer.Context,
    uln: Annotated[str, typer.Argument(help="Unique Learner Number, 10 digits.", metavar="ULN")],
    given_name: Annotated[str, typer.Option(help="Given name as registered now.")],
    family_name: Annotated[str, typer.Option(help="Family name as registered now.")],
    **details: str | None,
) -> None:
    """Update a learner's record: give what is to change.

    The record is read first, by ULN and names; what will change is shown. What you leave out stays as it is.
    """
    from uln_client.changes import completed, given  # noqa: PLC0415  # slow; --help has no need

    changes = given(_wanted(details))
    asked = f"{uln} {given_name} {family_name}"
    with calling(context.obj) as organisation:
        found = organisation.find_by_uln(uln, given_name=given_name, family_name=family_name)
        learner = found.learner
        if learner is None or found.merged:
            _unread(context, found, uln, asked)
        values = completed(learner, changes)
        if not context.obj.json:
            say(_changing(learner, changes, asked))
            sys.stdout.flush()
        with changing():
            result = organisation.update(uln, values, learner.version_number)  # type: ignore[arg-type]  # named after the fields
    _answer(context, result, learner, changes)


def _wanted(details: Mapping[str, str | None]) -> "Changes":
    """Give the options as changes, the new names under the record's own names for them."""
    wanted = {name.removeprefix("new_"): value for name, value in details.items() if value is not None}
    if not wanted:
        raise UsageError(
            "Nothing is given that could change.",
            "Give what is to change, such as --email-address; uln update --help lists all options.",
        )
    return wanted  # type: ignore[return-value]  # the options are named after the fields


def _unread(context: typer.Context, found: "FindResult", uln: str, asked: str) -> NoReturn:
    """End without an update: no record was found under this ULN and these names, or another one's."""
    master = found.learner.uln if found.learner is not None else None
    remedy = found.explanation.remedy if master is None else f"Update {master} instead, under its own names."
    if context.obj.json:
        document(_document("learnerByULN", found, uln, remedy=remedy, updated=False, changes=[]))
    else:
        say([f"{asked}: not updated, {_UNREAD[found.code]} ({found.code})", remedy])
    raise typer.Exit(READ_EXITS[found.code] if master is None else Exit.UNSURE)


_UNREAD = {
    ResponseCode.WSRC0001: "no match",
    ResponseCode.WSRC0015: "not enough to search with",
    ResponseCode.WSRC0022: "merged into another",
}


def _changing(learner: "Learner", changes: Mapping[str, str], asked: str) -> Iterator[str]:
    """List what the record holds now and what it is to hold."""
    yield f"{asked}: version {learner.version_number} of the record"
    for name, value in changes.items():
        held = text_of(name, getattr(learner, name)) or "nothing"
        new = text_of(name, value)
        yield line_of(name, f"{held} -> {new}" if held != new else f"{held}, as before")


def _answer(
    context: typer.Context, result: "UpdateResult", learner: "Learner", changes: Mapping[str, str]
) -> None:
    """Say what the update came to, and end."""
    explanation = result.explanation
    if context.obj.json:
        changed = [{"field": name, "from": getattr(learner, name), "to": value} for name, value in changes.items()]
        document(
            _document(
                "updateSingleLearner",
                result,
                learner.uln,
                remedy=explanation.remedy,
                updated=result.updated,
                changes=changed,
            )
        )
    else:
        refused = result.code not in _OUTCOMES
        say(
            [
                f"{learner.uln}: {_OUTCOMES.get(result.code, 'not updated')} ({result.code})",
                *([explanation.text] if refused else []),
                explanation.remedy,
            ]
        )
    raise typer.Exit(_EXITS[result.code])


def _document(
    operation: str, answer: "UpdateResult | FindResult", uln: str, **besides: object
) -> dict[str, object]:
    return {
        "operation": operation,
        "code": answer.code,
        "text": answer.explanation.text,
        "uln": uln,
        **besides,
    }
