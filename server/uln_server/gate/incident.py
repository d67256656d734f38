"""When something unexpected happens: a number for the caller, and a log line without anybody's data."""

import secrets
import traceback
from contextlib import suppress
from pathlib import PurePath

import structlog

from uln_contract.codes import FaultCode
from uln_server.soap.faults import ContractFault

log = structlog.get_logger("uln_server.incident")


def report(failure: BaseException, **context: str | None) -> str:
    """Log where an unexpected failure came from and give its incident number.

    The line holds the exception types and the code's own places, never a message, an argument or a local
    variable: those may carry a learner's data or a credential.
    """
    incident = secrets.token_hex(4)
    causes: list[str] = []
    cause: BaseException | None = failure
    while cause is not None and len(causes) < 5:  # noqa: PLR2004  # a chain that long says no more
        causes.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    places = [
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(failure.__traceback__)
    ]
    # A log that has gone away must not be in the way of the answer.
    with suppress(OSError, ValueError):
        log.error("incident", incident=incident, causes=causes, places=places, **context)
    return incident


def unexpected(failure: BaseException, *, actor: str, message: str | None = None) -> ContractFault:
    """Report an unexpected failure, and give the fault that a caller gets for it: WSEC0999 and its number."""
    incident = report(failure, message=message, operation=actor)
    return ContractFault(
        FaultCode.WSEC0999,
        f"Something went wrong on our side; incident {incident}. Send the message again, "
        "and if that does not help tell the service's operator this number.",
        actor=actor,
    )
