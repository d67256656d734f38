"""Registering and updating: what an update must carry, and what either came to (domain §6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from uln_client.errors import InvalidValue, UsageError
from uln_client.rules import rule_of
from uln_client.sense import answer_of, senseless
from uln_contract.codes import Explanation, ResponseCode, explain
from uln_contract.records import (
    Learner,
    LearnerToRegister,
    RegisterSingleLearnerResp,
    UpdateLearnerResp,
)


class Changes(TypedDict, total=False):
    """The fields of a learner that an update can change, by the names of the contract's record.

    What is left out or ``None`` stays as the register holds it. An empty text is refused before it is sent: the
    register would keep what it holds, since an update cannot clear a field [O].
    """

    title: str | None
    given_name: str | None
    middle_other_name: str | None
    family_name: str | None
    preferred_given_name: str | None
    previous_family_name: str | None
    family_name_at_age16: str | None
    school_at_age16: str | None
    last_known_address_line1: str | None
    last_known_address_line2: str | None
    last_known_address_town: str | None
    last_known_address_county_or_city: str | None
    last_known_post_code: str | None
    date_of_address_capture: str | None
    date_of_birth: str | None
    place_of_birth: str | None
    gender: str | None
    email_address: str | None
    nationality: str | None
    scottish_candidate_number: str | None
    verification_type: str | None
    other_verification_description: str | None
    ability_to_share: str | None
    notes: str | None


_FIELDS = {field.attribute: field for field in LearnerToRegister.FIELDS}
# What every update carries, changed or not (contract type LearnerToUpdate).
REQUIRED = tuple(name for name, field in _FIELDS.items() if field.required)
_OTHER_EVIDENCE = "999"


def given(changes: Changes) -> dict[str, str]:
    """Give the fields that an update changes, without those that are ``None``.

    Raises :class:`~uln_client.errors.UsageError` for none at all or a name that is no field, and
    :class:`~uln_client.errors.InvalidValue` for a blank text.
    """
    named: Mapping[str, object] = changes
    unknown = sorted(named.keys() - _FIELDS.keys())
    if unknown:
        raise UsageError(f"An update cannot change {', '.join(unknown)}.", f"It changes: {', '.join(_FIELDS)}.")
    values = {name: str(value) for name, value in named.items() if value is not None}
    for name, value in values.items():
        if not value.strip():
            raise InvalidValue(_FIELDS[name].name, value, _BLANK, "Leave it out, or give the new value.")
    if not values:
        raise UsageError("The update changes nothing.", f"Give at least one of: {', '.join(_FIELDS)}.")
    return values


_BLANK = "is blank: an update cannot clear a field, and would leave it as it is."


def completed(learner: Learner, changes: Mapping[str, str]) -> dict[str, str]:
    """Give what an update sends: the changes, and what it must carry besides, as the register holds it."""
    held = {name: value for name in REQUIRED if (value := getattr(learner, name)) is not None}
    carried = {**held, **changes}
    if carried.get("verification_type") == _OTHER_EVIDENCE and learner.other_verification_description:
        carried.setdefault("other_verification_description", learner.other_verification_description)
    missing = next((name for name in REQUIRED if name not in carried), None)
    if missing is not None:
        name = _FIELDS[missing].name
        raise InvalidValue(name, None, "is not in the record, and an update must carry it.", rule_of(name).remedy)
    return carried


_UNREGISTERED = frozenset({ResponseCode.WSRC0015, ResponseCode.WSRC0021})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterResult:
    """The answer to a registration: ``uln`` is the new one when the learner was registered, else ``None``."""

    code: ResponseCode
    uln: str | None

    @property
    def registered(self) -> bool:
        """Whether the learner was registered (WSRC0005)."""
        return self.code is ResponseCode.WSRC0005

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


def registered(reply: RegisterSingleLearnerResp) -> RegisterResult:
    """Read the reply to registerSingleLearner.

    Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense.
    """
    code = answer_of("a registration", reply.response_code, _UNREGISTERED | {ResponseCode.WSRC0005})
    if (reply.uln is None) is (code is ResponseCode.WSRC0005):
        raise senseless(f"{code} came {'without' if reply.uln is None else 'with'} a ULN")
    return RegisterResult(code=code, uln=reply.uln)


_UPDATING = frozenset(
    {
        ResponseCode.WSRC0006,
        ResponseCode.WSRC0013,
        ResponseCode.WSRC0014,
        ResponseCode.WSRC0015,
        ResponseCode.WSRC0019,
        ResponseCode.WSRC0020,
        ResponseCode.WSRC0021,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResult:
    """The answer to an update.

    ``sent`` says whether the update was sent: it is not when the record that must be read first was not found
    under this ULN and these names. Then ``code`` is that find's (WSRC0001, WSRC0015, WSRC0022). ``learner`` is the
    record as it was read before the update, the master for WSRC0022; ``None`` where none was read.
    """

    code: ResponseCode
    sent: bool
    learner: Learner | None

    @property
    def updated(self) -> bool:
        """Whether the record was changed (WSRC0006)."""
        return self.code is ResponseCode.WSRC0006

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return _SAME_DETAILS if self.code is ResponseCode.WSRC0021 else explain(self.code)


# The contract's words for WSRC0021 are about registering; to an update it is answered for this reason alone [O].
_SAME_DETAILS = replace(
    explain(ResponseCode.WSRC0021),
    text="The update was not made: another learner has the same names, date of birth, gender and postcode.",
    remedy="Check the new values against the learner's own document. If both records are one person's, ask the "
    "service's operator to merge them.",
)


def updated(reply: UpdateLearnerResp, learner: Learner | None) -> UpdateResult:
    """Read the reply to updateSingleLearner; ``learner`` is the record that was read before.

    Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense.
    """
    return UpdateResult(code=answer_of("an update", reply.response_code, _UPDATING), sent=True, learner=learner)
