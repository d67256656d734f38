"""``uln find``: is there a learner with this ULN and these names, and what does the register hold."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.output import document, say
from uln_client.cli.words import register_lines
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.results import FindResult

_EXITS = {
    ResponseCode.WSRC0001: Exit.NO_MATCH,
    ResponseCode.WSRC0004: Exit.DONE,
    ResponseCode.WSRC0015: Exit.USAGE,
    ResponseCode.WSRC0022: Exit.DONE,
}
_WORDS = {
    ResponseCode.WSRC0001: "no match",
    ResponseCode.WSRC0004: "match",
    ResponseCode.WSRC0015: "not enough to search with",
    ResponseCode.WSRC0022: "match, merged",
}


def find(
    context: typer.Context,
    uln: Annotated[str, typer.Argument(help="Unique Learner Number, 10 digits.", metavar="ULN")],
    given_name: Annotated[str, typer.Option(help="Given name, or the preferred one.")],
    family_name: Annotated[str, typer.Option(help="Family name, or an earlier one.")],
    check_only: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--check-only", help="Ask for the code alone, not for the learner's details.")
    ] = False,
) -> None:
    """Find a learner by ULN and names; show what the register holds."""
    with calling(context.obj) as organisation:
        result = organisation.find_by_uln(
            uln, given_name=given_name, family_name=family_name, check_only=check_only
        )
    if context.obj.json:
        document(_document(result, uln))
    else:
        say(_lines(result, f"{uln} {given_name} {family_name}"))
    raise typer.Exit(_EXITS[result.code])


def _lines(result: "FindResult", asked: str) -> Iterator[str]:
    outcome = _WORDS[result.code]
    if result.merged and result.learner is not None:
        outcome = f"match, merged into {result.learner.uln}"
    yield f"{asked}: {outcome} ({result.code})"
    if result.learner is not None:
        yield from register_lines(result.learner)
    if result.code is not ResponseCode.WSRC0004:
        yield result.explanation.remedy


def _document(result: "FindResult", uln: str) -> dict[str, object]:
    return {
        "operation": "learnerByULN",
        "code": result.code,
        "text": result.explanation.text,
        "remedy": result.explanation.remedy,
        "uln": uln,
        "found": result.found,
        "merged": result.merged,
        "merged_from": list(result.merged_from),
        "learner": None if result.learner is None else _plain(asdict(result.learner)),
    }


def _plain(learner: dict[str, object]) -> dict[str, object]:
    """The linked ULNs stand beside the learner, as ``merged_from``."""
    return {name: value for name, value in learner.items() if name != "linked_ulns"}
