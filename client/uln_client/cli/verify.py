"""``uln verify``: does this ULN belong to a learner of these details."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from uln_client.cli.calling import calling
from uln_client.cli.claimed import DateOfBirth, FamilyName, Gender, GivenName, Uln
from uln_client.cli.exits import Exit
from uln_client.cli.output import document, say
from uln_client.cli.words import label, register_lines
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
    uln: Uln,
    given_name: GivenName,
    family_name: FamilyName,
    date_of_birth: DateOfBirth = None,
    gender: Gender = None,
) -> None:
    """Verify that a ULN belongs to a learner of these names; date of birth and gender are compared when given."""
    with calling(context.obj) as organisation:
        result = organisation.verify(
            uln, given_name=given_name, family_name=family_name, date_of_birth=date_of_birth, gender=gender
        )
    if context.obj.json:
        document(_document(result, uln))
    else:
        sent = {"given_name": given_name, "family_name": family_name}
        say(_lines(result, uln, sent))
    raise typer.Exit(_EXITS[result.code])


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
