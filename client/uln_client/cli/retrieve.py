"""``uln retrieve``: what became of ULNs."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.output import document, say
from uln_client.cli.tables import table
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.reports import RetrievedULN

_STDIN = "-"
_HEADINGS = ("ULN", "Code", "Use", "Given name", "Family name", "Date of birth", "Gender")


def retrieve(
    context: typer.Context,
    ulns: Annotated[
        list[str],
        typer.Argument(
            help="Unique Learner Numbers, any number of them; - reads them from stdin, separated by line ends, "
            "spaces or commas.",
            metavar="ULN...",
        ),
    ],
) -> None:
    """Retrieve what became of ULNs: found, merged into another one, or not in the register."""
    with calling(context.obj) as organisation:
        result = organisation.retrieve(_expanded(ulns))
    if context.obj.json:
        document(_document(result))
    else:
        say(_lines(result))
    raise typer.Exit(_exit(result))


def _expanded(ulns: Sequence[str]) -> Iterator[str]:
    """Put what stdin holds in the place of ``-``; a password on its first line has been read by now."""
    for uln in ulns:
        yield from sys.stdin.read().replace(",", " ").split() if uln == _STDIN else [uln]


def _exit(result: "Sequence[RetrievedULN]") -> Exit:
    found = sum(each.found for each in result)
    if found == len(result):
        return Exit.DONE
    return Exit.UNSURE if found else Exit.NO_MATCH


def _lines(result: "Sequence[RetrievedULN]") -> Iterator[str]:
    yield f"{sum(each.found for each in result)} of {len(result)} in the register"
    yield from table(_HEADINGS, [_row(each) for each in result])
    for code in dict.fromkeys(each.code for each in result if each.code is not ResponseCode.WSRC0004):
        yield f"{code}: {_REMEDIES[code]}"


# The codes' own words are about a learner who was searched for.
_REMEDIES = {
    ResponseCode.WSRC0001: "not in the register; check the ULN digit by digit against the learner's document.",
    ResponseCode.WSRC0022: "merged; replace the old ULN by the one to use, whose record is shown.",
}


def _row(each: "RetrievedULN") -> tuple[str, ...]:
    use = each.master_uln or (each.uln if each.found else "none")
    details = (each.given_name, each.family_name, each.date_of_birth, each.gender)
    return (each.uln, each.code, use, *(value or "" for value in details))


def _document(result: "Sequence[RetrievedULN]") -> dict[str, object]:
    return {
        "operation": "retrieveULNs",
        "count": len(result),
        "found": sum(each.found for each in result),
        "ulns": [{**asdict(each), "found": each.found, "merged": each.merged} for each in result],
    }
