"""``uln verify``: does this ULN belong to a learner of these details; or do those of a whole file."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from uln_client.cli.calling import calling
from uln_client.cli.claimed import DateOfBirth, Gender
from uln_client.cli.exits import Exit
from uln_client.cli.file_options import (
    ApplyMerges,
    Delimiter,
    Email,
    Encoding,
    FileReading,
    NoWait,
    Output,
    Restart,
    Sheet,
    Strict,
)
from uln_client.cli.file_runs import refuse_alone, send_file
from uln_client.cli.output import document, say
from uln_client.cli.words import label, register_lines
from uln_client.errors import UsageError
from uln_contract.codes import VerifyCode

if TYPE_CHECKING:
    from uln_client.results import RegisterValues, VerifyResult

_EXITS = {
    VerifyCode.WSVRC001: Exit.DONE,
    VerifyCode.WSVRC002: Exit.DONE,
    VerifyCode.WSVRC003: Exit.UNSURE,
    VerifyCode.WSVRC004: Exit.UNSURE,
    VerifyCode.WSVRC005: Exit.NO_MATCH,
    VerifyCode.WSVRC006: Exit.NO_MATCH,
}


def verify(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    target: Annotated[
        str,
        typer.Argument(
            help="Unique Learner Number, 10 digits; or a CSV, XML or .xlsx file of learners, - for a pipe.",
            metavar="ULN|FILE",
        ),
    ],
    given_name: Annotated[str | None, typer.Option(help="Given name, with a ULN.")] = None,
    family_name: Annotated[str | None, typer.Option(help="Family name, with a ULN.")] = None,
    date_of_birth: DateOfBirth = None,
    gender: Gender = None,
    apply_merges: ApplyMerges = False,  # noqa: FBT002  # typer reads the default off the signature
    email: Email = None,
    strict: Strict = False,  # noqa: FBT002  # as above
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    output: Output = None,
    no_wait: NoWait = False,  # noqa: FBT002  # as above
    restart: Restart = False,  # noqa: FBT002  # as above
) -> None:
    """Verify that a ULN belongs to a learner of these names, or a whole file of learners.

    Date of birth and gender are compared when given. A file is checked whole, its good rows are sent, and it is given back with what became of each. Run the command again after an interruption: it goes on where it stopped, and sends nothing twice.
    """  # noqa: E501  # a paragraph of help is a line
    of_learner = {
        "--given-name": given_name,
        "--family-name": family_name,
        "--date-of-birth": date_of_birth,
        "--gender": gender,
    }
    reading = FileReading(strict, encoding, delimiter, sheet, output, no_wait, restart)
    if not _is_uln(target) and not any(of_learner.values()):
        from uln_contract.layouts import FileKind  # noqa: PLC0415  # slow; --help has no need

        how = reading.how(email=email, apply_merges=apply_merges)
        send_file(context, target, FileKind.VERIFICATION, how)
    refuse_alone(target, {"--email": email, "--apply-merges": apply_merges, **reading.given()})
    if given_name is None or family_name is None:
        raise UsageError(
            f"Not given: {', '.join(name for name in _NAMES if not of_learner[name])}.",
            "A ULN is verified with both names of its holder; a file of learners is given by its path.",
        )
    with calling(context.obj) as organisation:
        result = organisation.verify(
            target, given_name=given_name, family_name=family_name, date_of_birth=date_of_birth, gender=gender
        )
    if context.obj.json:
        document(_document(result, target))
    else:
        sent = {"given_name": given_name, "family_name": family_name}
        say(_lines(result, target, sent))
    raise typer.Exit(_EXITS[result.code])


_NAMES = ("--given-name", "--family-name")


def _is_uln(target: str) -> bool:
    return target.isdecimal() and len(target) == 10  # noqa: PLR2004  # digits of a ULN


def _lines(result: "VerifyResult", uln: str, sent: dict[str, str]) -> Iterator[str]:
    merged = f", merged into {result.register.uln}" if result.merged and result.register else ""
    yield f"{uln} {' '.join(sent.values())}: {result.outcome}{merged} ({result.code})"
    for failure in result.failures:
        yield f"  {failure.code}: {failure.text}"
    if result.register is not None:
        yield from _differences(result.register, sent)
        yield from register_lines(result.register)
    if result.code is not VerifyCode.WSVRC001:
        yield result.explanation.remedy


def _differences(register: "RegisterValues", sent: dict[str, str]) -> Iterator[str]:
    """The names that the register holds otherwise; case, accents and punctuation make no difference to it."""
    from uln_contract.names import normalise  # noqa: PLC0415  # --help need not wait for its tables

    for name, value in sent.items():
        held = getattr(register, name)
        if held is not None and normalise(held) != normalise(value):
            yield f"  {label(name)} differs: you sent {value}, the register holds {held}."


def _document(result: "VerifyResult", uln: str) -> dict[str, object]:
    return {
        "operation": "verifyLearner",
        "code": result.code,
        "text": result.explanation.text,
        "remedy": result.explanation.remedy,
        "uln": uln,
        "outcome": result.outcome,
        "merged": result.merged,
        "flags": [{"code": failure.code, "text": failure.text} for failure in result.failures],
        "register": None if result.register is None else asdict(result.register),
    }
