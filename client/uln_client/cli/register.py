"""``uln register``: find the learner first; register whom the register does not hold, and nobody else."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uln_client.cli.asking import can_ask
from uln_client.cli.calling import calling, changing
from uln_client.cli.deciding import Decision, decide
from uln_client.cli.details import EVIDENCE, FIVE, NARROWING, OTHERS, SHARING, needed, optional, taking
from uln_client.cli.exits import Exit
from uln_client.cli.file_options import (
    CheckOnly,
    Delimiter,
    Encoding,
    FileReading,
    NoWait,
    Output,
    Restart,
    Sheet,
    Strict,
)
from uln_client.cli.file_runs import refuse_alone, refuse_together, send_file
from uln_client.cli.find import named, search
from uln_client.cli.found import differences, found_lines, plain
from uln_client.cli.output import document, note, say
from uln_client.cli.values import seconds
from uln_client.errors import UsageError
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.changes import RegisterResult
    from uln_client.results import FindResult

# What a service asks for whose operator says nothing else (domain §6).
REVIEW_SECONDS = "5"
_FIND_COUNTS_SECONDS = 120 * 60
# No evidence seen, privacy notice not seen [O]: what is true as long as the caller does not say more.
_NOT_SAID = "0"
_EXITS = {
    ResponseCode.WSRC0005: Exit.DONE,
    ResponseCode.WSRC0015: Exit.USAGE,
    ResponseCode.WSRC0021: Exit.REFUSED,
}


@dataclass(frozen=True, slots=True)
class _Searched:
    """The find before a registration: what it answered, and when, on the clock that only goes forward."""

    result: "FindResult"
    details: Mapping[str, str]
    at: float

    def seconds_ago(self) -> float:
        return time.monotonic() - self.at


@taking(*needed(FIVE), *optional((EVIDENCE, SHARING, *NARROWING, *OTHERS)))
def register(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            help="CSV, XML or .xlsx file of learners to register or update, - for a pipe.", metavar="[FILE]"
        ),
    ] = None,
    yes: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--yes", help="Ask nothing: register if the find answers no match, and only then.")
    ] = False,
    review_seconds: Annotated[
        str | None,
        typer.Option(
            help="How long the service wants possible matches to be reviewed at least; "
            f"{REVIEW_SECONDS} unless given.",
            metavar="SECONDS",
        ),
    ] = None,
    check_only: CheckOnly = False,  # noqa: FBT002  # as above
    strict: Strict = False,  # noqa: FBT002  # as above
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    output: Output = None,
    no_wait: NoWait = False,  # noqa: FBT002  # as above
    restart: Restart = False,  # noqa: FBT002  # as above
    **details: str | None,
) -> None:
    """Register a learner who has no ULN yet, or a whole file of learners.

    A learner is searched for first. One who is found is shown, and not registered again. Possible matches are shown, and you are asked whether the learner is one of them.

    A file is checked whole, its good rows are sent, and it is given back with the ULN and what became of each. Nobody is asked: possible matches come back to be looked at. Run the command again after an interruption: it goes on where it stopped, and sends nothing twice.
    """  # noqa: E501  # a paragraph of help is a line
    reading = FileReading(strict, encoding, delimiter, sheet, output, no_wait, restart)
    if file is not None:
        from uln_contract.layouts import FileKind  # noqa: PLC0415  # slow; --help has no need

        options = {each.attribute: each.option for each in (*FIVE, EVIDENCE, SHARING, *NARROWING, *OTHERS)}
        given = {options[name]: value for name, value in details.items()}
        refuse_together(file, {"--yes": yes, "--review-seconds": review_seconds, **given})
        send_file(context, file, FileKind.REGISTRATION, reading.how(check_only=check_only))
    refuse_alone("one learner", {"--check-only": check_only, **reading.given()})
    missing = [each.option for each in FIVE if details[each.attribute] is None]
    if missing:
        raise UsageError(
            f"Not given: {', '.join(missing)}.",
            "A learner is registered by all five details; a file of learners is given by its path.",
        )
    evidence = {each.attribute: details[each.attribute] or _NOT_SAID for each in (EVIDENCE, SHARING)}
    _register_one(context, {**details, **evidence}, yes=yes, review_seconds=review_seconds or REVIEW_SECONDS)


def _register_one(context: typer.Context, details: Mapping[str, Any], *, yes: bool, review_seconds: str) -> None:
    """Search for one learner, and register whom the register does not hold."""
    from uln_client.checking import check_learner  # noqa: PLC0415  # slow; --help has no need
    from uln_contract.records import LearnerToRegister  # noqa: PLC0415  # as above

    review = seconds("--review-seconds", review_seconds)
    learner = LearnerToRegister(**details)
    check_learner(learner)
    json = context.obj.json
    with calling(context.obj) as organisation:
        searched = _search(organisation, {name: value for name, value in details.items() if value})
        if not json:
            say(found_lines(searched.result, named(details), details))
        decision = decide(searched.result, yes=yes, asking=can_ask() and not yes and not json)
        if decision.register:
            _let_pass(searched, review)
            with changing():
                result = organisation.register(learner)
            _answer(result, searched, review, json=json)
    _leave(searched.result, decision, json=json)


def _search(organisation: "AwardingOrganisation", details: Mapping[str, str]) -> _Searched:
    """Find by the five details alone, since one too many would hide a match; by more only to narrow too many."""
    five = {each.attribute: details[each.attribute] for each in FIVE}
    narrowing = {each.attribute: details[each.attribute] for each in NARROWING if each.attribute in details}
    result = search(organisation, five)
    if result.code is ResponseCode.WSRC0002 and narrowing:
        result = search(organisation, {**five, **narrowing})
    return _Searched(result, details, time.monotonic())


def _let_pass(searched: _Searched, review_seconds: float) -> None:
    """Wait until the service will believe that possible matches were reviewed (domain §6)."""
    left = review_seconds - searched.seconds_ago()
    if searched.result.possible and left > 0:
        note(f"Possible matches are to be reviewed for {review_seconds:g} seconds at least: {left:.0f} to go.")
        time.sleep(left)


def _leave(found: "FindResult", decision: Decision, *, json: bool) -> None:
    """End without a registration."""
    if json:
        document(
            {
                "operation": "learnerByDemographics",
                "code": found.code,
                "text": found.explanation.text,
                "remedy": decision.remedy,
                "registered": False,
                "uln": decision.uln,
                "possible": [plain(learner) for learner in found.possible],
            }
        )
    else:
        say([decision.remedy])
    raise typer.Exit(decision.exit)


def _answer(result: "RegisterResult", searched: _Searched, review_seconds: float, *, json: bool) -> None:
    """Say what the registration came to, and end."""
    refused = result.code is ResponseCode.WSRC0021
    remedy = _likely_cause(searched, review_seconds) if refused else result.explanation.remedy
    if json:
        document(
            {
                "operation": "registerSingleLearner",
                "code": result.code,
                "text": result.explanation.text,
                "remedy": remedy,
                "registered": result.registered,
                "uln": result.uln,
                "possible": [plain(learner) for learner in searched.result.possible],
            }
        )
    else:
        outcome = f"registered as {result.uln}" if result.registered else "not registered"
        say([f"{named(searched.details)}: {outcome} ({result.code})", remedy])
    raise typer.Exit(_EXITS[result.code])


def _likely_cause(searched: _Searched, review_seconds: float) -> str:
    """Say which of the causes of WSRC0021 (domain §6) it must have been, after a find that went before."""
    if any(not list(differences(each, searched.details)) for each in searched.result.possible):
        return _THE_SAME
    if searched.seconds_ago() > _FIND_COUNTS_SECONDS:
        return _LATE
    return _QUICK.format(seconds=review_seconds) if searched.result.possible else _MEANWHILE


_THE_SAME = (
    "Likely cause: one of the learners shown has exactly these details, and there cannot be two. Use that ULN; "
    "if it is another person, ask the service's operator."
)
_LATE = (
    "Likely cause: the find is too long ago. It counts for 120 minutes, unless the service's operator says "
    "otherwise. Run the command again."
)
_QUICK = (
    "Likely cause: this service wants possible matches to be reviewed for more than {seconds:g} seconds; or "
    "somebody registered these details meanwhile. Run the command again, with a longer --review-seconds."
)
_MEANWHILE = (
    "Likely cause: somebody registered these details since the find answered that there is no match. Run the "
    "command again: it shows that record."
)
