"""A learner's details as options: one table for the commands that send a learner."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import typer

_PANEL = "Learner"
_DATE = "YYYY-MM-DD"
F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of a learner: the record's attribute, the option's name, and what it says about itself."""

    attribute: str
    option: str
    help: str
    metavar: str | None = None


FIVE = (
    Detail("given_name", "--given-name", "Given name."),
    Detail("family_name", "--family-name", "Family name."),
    Detail("date_of_birth", "--date-of-birth", "Date of birth.", _DATE),
    Detail("gender", "--gender", "0 not known, 1 male, 2 female, 9 not specified.", "0|1|2|9"),
    Detail("last_known_post_code", "--post-code", "Last known postcode; ZZ99 9ZZ when it is not known."),
)
"""The details that tell learners apart (domain §5)."""
NARROWING = (
    Detail("previous_family_name", "--previous-family-name", "An earlier family name."),
    Detail("school_at_age16", "--school-at-age16", "School at age 16."),
    Detail("place_of_birth", "--place-of-birth", "Place of birth."),
    Detail("email_address", "--email-address", "E-mail address."),
)
"""The details that narrow a search (domain §5)."""
SHARING = Detail(
    "ability_to_share",
    "--ability-to-share",
    "0 privacy notice not seen, 1 seen and shares, 2 seen and does not share.",
    "0|1|2",
)
EVIDENCE = Detail(
    "verification_type",
    "--verification-type",
    "Evidence of identity that was seen: 0 none, 2 passport, 3 driving licence and so on; 999 other.",
    "0-7|999",
)
OTHERS = (
    Detail("other_verification_description", "--other-verification-description", "What the other evidence is."),
    Detail("title", "--title", "Title."),
    Detail("middle_other_name", "--middle-other-name", "Middle or other names."),
    Detail("preferred_given_name", "--preferred-given-name", "Preferred given name."),
    Detail("family_name_at_age16", "--family-name-at-age16", "Family name at age 16."),
    Detail("last_known_address_line1", "--address-line1", "Address, first line."),
    Detail("last_known_address_line2", "--address-line2", "Address, second line."),
    Detail("last_known_address_town", "--address-town", "Town."),
    Detail("last_known_address_county_or_city", "--address-county-or-city", "County or city."),
    Detail("date_of_address_capture", "--date-of-address-capture", "When the address was taken down.", _DATE),
    Detail("nationality", "--nationality", "Nationality, a code of up to 3 letters."),
    Detail("scottish_candidate_number", "--scottish-candidate-number", "Scottish Candidate Number, 9 digits."),
    Detail("notes", "--notes", "Notes."),
)


def taking(*options: inspect.Parameter) -> Callable[[F], F]:
    """Let a command take options in place of its last parameter, ``**details``, which typer does not know."""

    def take(function: F) -> F:
        signature = inspect.signature(function)
        own = list(signature.parameters.values())[:-1]
        function.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]  # inspect's own hook
        return function

    return take


def required(details: tuple[Detail, ...]) -> list[inspect.Parameter]:
    """Give options that must be given, by the names of their attributes."""
    return [_parameter(each, str, inspect.Parameter.empty, None) for each in details]


def needed(details: tuple[Detail, ...]) -> list[inspect.Parameter]:
    """Give options that must be given unless something else stands for them: the command looks."""
    return [_parameter(each, str | None, None, None) for each in details]


def optional(details: tuple[Detail, ...], default: str | None = None) -> list[inspect.Parameter]:
    """Give options that come as ``default`` where they are not given."""
    return [_parameter(each, str | None, default, _PANEL) for each in details]


def _parameter(detail: Detail, kind: Any, default: Any, panel: str | None) -> inspect.Parameter:
    option = typer.Option(detail.option, help=detail.help, metavar=detail.metavar, rich_help_panel=panel)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(detail.attribute, keyword, default=default, annotation=Annotated[kind, option])
