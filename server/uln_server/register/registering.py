"""When a learner may be registered: age, evidence, and the find that must come first (domain §3, §6)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from uln_contract.codes import ResponseCode

YOUNGEST = 13
"""The youngest age at registration, in completed years (domain §3)."""
OLDEST = 110
"""The oldest age at registration, in completed years (domain §3)."""
_OTHER_EVIDENCE = "999"
_FOUND = frozenset({ResponseCode.WSRC0004, ResponseCode.WSRC0022})
_TO_REVIEW = frozenset({ResponseCode.WSRC0002, ResponseCode.WSRC0003})


class Cause(StrEnum):
    """Why a learner was not registered (WSRC0021), as the audit says it."""

    DUPLICATE = "a record with these details exists"
    NO_FIND = "no find for these details in time"
    FOUND = "the last find answered a learner"
    REVIEWED_TOO_QUICKLY = "possible matches reviewed too quickly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What an organisation must do before it registers a learner (domain §6).

    ``required``: whether it must find first at all. ``maximum``: how long a find counts. ``minimum``: how long the
    review of possible matches takes at least.
    """

    required: bool
    maximum: timedelta
    minimum: timedelta


@dataclass(frozen=True, slots=True)
class LastFind:
    """An organisation's last find by demographics for the same five details: when (aware), and its answer."""

    at: datetime
    code: ResponseCode


def why_not(procedure: Procedure, *, duplicate: bool, last: LastFind | None, now: datetime) -> Cause | None:
    """Say why a registration is refused with WSRC0021; ``None`` when nothing stands against it (domain §6).

    ``duplicate``: whether the register holds a record with the same five details. A find that is exactly as old as
    the maximum still counts, and a review that took exactly the minimum was long enough [O].
    """
    if duplicate:
        return Cause.DUPLICATE
    return _not_followed(procedure, last, now) if procedure.required else None


def _not_followed(procedure: Procedure, last: LastFind | None, now: datetime) -> Cause | None:
    if last is None or now - last.at > procedure.maximum:
        return Cause.NO_FIND
    if last.code in _FOUND:
        return Cause.FOUND
    if last.code in _TO_REVIEW and now - last.at < procedure.minimum:
        return Cause.REVIEWED_TOO_QUICKLY
    return None


def age_on(date_of_birth: str, today: date) -> int:
    """Give the age in completed years; below 0 for a day to come.

    ``date_of_birth`` is a MIAPDate, ``YYYY-MM-DD``. It is read as three numbers, because the contract's pattern
    takes 1900-02-29, which is no day. Who was born on 29 February grows older on 1 March in other years.
    """
    year, month, day = map(int, date_of_birth.split("-"))
    return today.year - year - ((today.month, today.day) < (month, day))


def age_refused(date_of_birth: str, today: date) -> str | None:
    """Say what is wrong with a learner's date of birth, ``None`` when the age lies in the range (domain §3) [O].

    ``today`` is the day in London. The words quote nothing but the caller's own value.
    """
    age = age_on(date_of_birth, today)
    if YOUNGEST <= age <= OLDEST:
        return None
    return (
        f"Learner/DateOfBirth: '{date_of_birth}' is outside the age range: on {today} a learner must be "
        f"{YOUNGEST} to {OLDEST} years old. Correct it and send the message again."
    )


def verification_described(verification_type: str, description: str | None) -> bool:
    """Whether the evidence is said: 999, other, needs an OtherVerificationDescription (WSRC0015, domain §3)."""
    return verification_type != _OTHER_EVIDENCE or bool((description or "").strip())
