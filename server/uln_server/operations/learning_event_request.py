"""What a GetLearnerLearningEvents asks for; the contract says only that its values are text (domain §10)."""

import re
from dataclasses import dataclass
from datetime import date

from uln_contract.r9_records import GetLearnerLearningEvents
from uln_server.operations.call import Call, Unacceptable
from uln_server.record.learning_events import GetType, UserType, speaks_as
from uln_server.register.verifying import Claim

_GENDERS = frozenset("0129")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[0-9:.]{8,20}(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_SHOWN = 40  # characters of a value that is refused
_CALLED = {"getType": "type", "dateOfBirth": "date", "gender": "gender"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of which nothing is wrong by itself, and what the audit trail says of it."""

    uln: str
    claim: Claim
    get_type: GetType
    user_type: UserType

    @property
    def action(self) -> str:
        """How much is asked for, and as whom: ``FULL as ORG``."""
        return f"{self.get_type} as {self.user_type}"


def asked(call: Call[GetLearnerLearningEvents]) -> Asked:
    """Read a request; ``Unacceptable`` for a getType, date of birth or gender that is none [O]."""
    request = call.request
    claim = Claim(
        given_name=request.given_name or "",
        family_name=request.family_name or "",
        date_of_birth=_date_of_birth((request.date_of_birth or "").strip()),
        gender=_gender((request.gender or "").strip()),
    )
    user_type = speaks_as(request.user_type or "", call.caller.organisation.agreements)
    return Asked(request.uln or "", claim, _get_type((request.get_type or "").strip()), user_type)


def _get_type(text: str) -> GetType:
    try:
        return GetType(text.upper())
    except ValueError:
        raise _unacceptable("getType", text, "Send FULL or BRIEF.") from None


def _date_of_birth(text: str) -> str | None:
    """Give the day of a date, or of a date and time, as written; ``None`` for none [O]."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "").isoformat()
    except ValueError:
        remedy = "Send it as YYYY-MM-DD, or leave it empty, and it is not compared."
        raise _unacceptable("dateOfBirth", text, remedy) from None


def _gender(text: str) -> str | None:
    if text and text not in _GENDERS:
        remedy = "Send 0, 1, 2 or 9, or leave it empty, and it is not compared."
        raise _unacceptable("gender", text, remedy)
    return text or None


def _unacceptable(field: str, text: str, remedy: str) -> Unacceptable:
    value = f"'{text[:_SHOWN]}' is no {_CALLED[field]}" if text else "it is empty"
    return Unacceptable(
        f"GetLearnerLearningEvents/{field}: {value}. {remedy} Correct it and send the message again."
    )
