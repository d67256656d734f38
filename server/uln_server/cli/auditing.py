"""``uln-server audit``: who asked what, when, and whose record was shown."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from uln_contract.codes import FaultCode, ResponseCode, VerifyCode
from uln_server.access.audit import AuditEntry
from uln_server.cli import operator, output
from uln_server.cli.configuration import Database
from uln_server.cli.opening import opened
from uln_server.cli.problems import Exit, Problem
from uln_server.soap.faults import MustUnderstand, VersionMismatch

_CODES = (*ResponseCode, *VerifyCode, *FaultCode, VersionMismatch.code, MustUnderstand.code, operator.CODE)
_HTTP = re.compile(r"HTTP[45][0-9]{2}")
_LONDON = ZoneInfo("Europe/London")
_AGO = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def audit(
    org: Annotated[str | None, typer.Option(metavar="ORGANISATION", help="UKPRN or OrganisationRef.")] = None,
    user: Annotated[str | None, typer.Option(metavar="USER", help="UserName, exactly.")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="2024-01-31, 2024-01-31T09:30 (UK time), or how long ago: 30m, 12h, 7d."
        ),
    ] = None,
    uln: Annotated[
        str | None, typer.Option(metavar="ULN", help="Messages that showed this record, or made or changed it.")
    ] = None,
    code: Annotated[
        str | None, typer.Option(metavar="CODE", help="Answered with this code, such as WSRC0021.")
    ] = None,
    message: Annotated[
        str | None, typer.Option(metavar="ID", help="The one message, as a record's history names it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
    database: Database = None,
) -> None:
    """List the messages that meet every condition given, newest last; without any, all."""
    start = None if since is None else moment(since, datetime.now(UTC))
    wanted = None if code is None else answer_code(code)
    with opened(database) as register, register.reading() as reading:
        found = reading.audit.query(
            organisation=org, user=user, since=start, uln=uln, message_id=message, code=wanted
        )
        for entry in found:
            if as_json:
                output.document(_as_data(entry), indent=None)
            else:
                output.say(_as_line(entry))


def answer_code(text: str) -> str:
    """Give the code that the text names, letter case aside; ``Problem`` for what no message is answered with."""
    if _HTTP.fullmatch(text.upper()):
        return text.upper()
    found = next((str(each) for each in _CODES if each.upper() == text.upper()), None)
    if found is None:
        raise Problem(
            f"--code {text!r} is no code that a message is answered with.",
            f"Codes are {', '.join(_CODES)}, and HTTP with a status, such as HTTP413; docs/codes.md says what they"
            " mean.",
            ends_with=Exit.USAGE,
        )
    return found


def moment(text: str, now: datetime) -> datetime:
    """Read a point in time: ISO 8601, in UK time where it names no zone, or an age such as ``7d``.

    Raises ``Problem`` for anything else.
    """
    age = _AGO.fullmatch(text)
    if age is not None:
        return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(
            f"--since {text!r} is no time.",
            "Write 2024-01-31, 2024-01-31T09:30, 30m, 12h or 7d.",
            ends_with=Exit.USAGE,
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=_LONDON)


def _as_line(entry: AuditEntry) -> str:
    parts = (
        f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        entry.code,
        entry.operation or "-",
        entry.organisation or "-",
        f"user={entry.user}" if entry.user else "-",
        entry.address or "-",
        entry.message_id,
        " ".join(entry.disclosed),
        f"reason={entry.reason}" if entry.reason else "",
    )
    return "  ".join(filter(None, parts))


def _as_data(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at.astimezone(UTC).isoformat(),
        "message_id": entry.message_id,
        "organisation": entry.organisation,
        "user": entry.user,
        "operation": entry.operation,
        "code": entry.code,
        "reason": entry.reason,
        "disclosed": list(entry.disclosed),
        "address": entry.address,
    }
