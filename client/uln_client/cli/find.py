"""``uln find``: is there a learner with this ULN and names, or of these details; what does the register hold."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from uln_client.cli.calling import calling
from uln_client.cli.details import FIVE, NARROWING, Detail, optional, taking
from uln_client.cli.found import EXITS, found_document, found_lines
from uln_client.cli.output import document, say
from uln_client.errors import UsageError
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.results import FindResult

_BESIDE_NAMES = FIVE[2:]
_POST_CODE = "last_known_post_code"
# For a search by details; the codes' own remedies are about finds of both kinds.
_REMEDIES = {
    ResponseCode.WSRC0001: "Check the details against the learner's own document. If they are right, the learner "
    "is not in the register, or under other names: uln register registers a new one.",
    ResponseCode.WSRC0002: f"Give one of {', '.join(each.option for each in NARROWING)} as well: they narrow the "
    "search. Or find the learner by ULN.",
    ResponseCode.WSRC0015: "Give names that contain at least one letter.",
}
_UNSEEN = "Run the command without --check-only to see them, and compare each with the learner's own document."


@taking(*optional((*_BESIDE_NAMES, *NARROWING)))
def find(
    context: typer.Context,
    given_name: Annotated[str, typer.Option(help="Given name, or the preferred one.")],
    family_name: Annotated[str, typer.Option(help="Family name, or an earlier one.")],
    uln: Annotated[
        str | None,
        typer.Argument(
            help="Unique Learner Number, 10 digits. Without it the search is by the learner's details.",
            metavar="[ULN]",
        ),
    ] = None,
    check_only: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--check-only", help="Ask for the code alone, not for the learner's details.")
    ] = False,
    **details: str | None,
) -> None:
    """Find a learner by ULN and names, or by names, date of birth, gender and postcode; show what is registered.

    In a search by details, the previous family name, school, place of birth and e-mail address narrow the result.
    """
    names = {"given_name": given_name, "family_name": family_name}
    given = {name: value for name, value in details.items() if value is not None}
    if uln is not None:
        _refuse_details(given)
        with calling(context.obj) as organisation:
            result = organisation.find_by_uln(uln, **names, check_only=check_only)
        _answer(context, result, {"operation": "learnerByULN", "uln": uln}, f"{uln} {given_name} {family_name}")
    _require_details(given)
    with calling(context.obj) as organisation:
        result = search(organisation, {**names, **given}, check_only=check_only)
    _answer(context, result, {"operation": "learnerByDemographics"}, named({**names, **given}), {**names, **given})


def search(
    organisation: "AwardingOrganisation", details: Mapping[str, str], *, check_only: bool = False
) -> "FindResult":
    """Find by details that are named as in the contract's records."""
    others: dict[str, Any] = {name: value for name, value in details.items() if name != _POST_CODE}
    return organisation.find_by_demographics(post_code=details[_POST_CODE], **others, check_only=check_only)


def named(details: Mapping[str, str]) -> str:
    """Name a learner by the details that were sent."""
    return f"{details['given_name']} {details['family_name']}, born {details['date_of_birth']}"


def remedy_of(result: "FindResult") -> str:
    """Say what to do about the answer to a search by details."""
    if result.code is ResponseCode.WSRC0003 and not result.possible:
        return _UNSEEN
    return _REMEDIES.get(result.code) or result.explanation.remedy


def _refuse_details(given: dict[str, str]) -> None:
    if given:
        raise UsageError(
            f"A find by ULN compares names alone: {_options(given)} cannot be given with a ULN.",
            "Leave them out; or leave the ULN out, to search by the learner's details. uln verify compares more.",
        )


def _require_details(given: dict[str, str]) -> None:
    missing = [each.option for each in _BESIDE_NAMES if each.attribute not in given]
    if missing:
        raise UsageError(
            f"Without a ULN, a search needs {', '.join(missing)} as well.",
            "Give the ULN, or names, date of birth, gender and postcode.",
        )


def _options(given: dict[str, str]) -> str:
    details: tuple[Detail, ...] = (*_BESIDE_NAMES, *NARROWING)
    return ", ".join(each.option for each in details if each.attribute in given)


def _answer(
    context: typer.Context,
    result: "FindResult",
    question: dict[str, object],
    asked: str,
    details: Mapping[str, str] | None = None,
) -> NoReturn:
    """Write the answer and end the command with its exit code."""
    remedy = result.explanation.remedy if details is None else remedy_of(result)
    if context.obj.json:
        document({**question, **found_document(result), "remedy": remedy})
    else:
        say(found_lines(result, asked, details))
        if result.code is not ResponseCode.WSRC0004:
            say([remedy])
    raise typer.Exit(EXITS[result.code])
