"""What a learner has achieved: the Personal Learning Record (domain §10)."""

from dataclasses import dataclass, field
from datetime import date

from uln_client.errors import InvalidValue
from uln_client.rules import rule_of
from uln_client.sense import answer_of, same_uln, senseless
from uln_contract.codes import Explanation, ResponseCode, explain
from uln_contract.r9_records import GetLearnerLearningEventsResponse, LearningEvent

_FOUND = frozenset({ResponseCode.WSRC0004, ResponseCode.WSRC0022})
_ANSWERS = _FOUND | {ResponseCode.WSEC0136, ResponseCode.WSEC0206, ResponseCode.WSEC0208}
_GENDERS = frozenset({"0", "1", "2", "9"})
_USER_TYPES = frozenset({"LNR", "ORG", "SER"})
_EARLIEST, _LATEST = date(1800, 1, 1), date(2099, 12, 31)
_LONGEST_NAME = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningEventsResult:
    """The answer to GetLearnerLearningEvents.

    ``found_uln`` is the ULN that the record is kept under: another than the one that was sent if that was merged.
    ``events`` are the contract's own records, in the order of the service; none unless the record was found.
    """

    code: ResponseCode
    found_uln: str | None
    merged: bool
    events: tuple[LearningEvent, ...] = field(repr=False)

    @property
    def found(self) -> bool:
        """Whether the record was found and shown, empty or not."""
        return self.code in _FOUND

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


def learning_events(reply: GetLearnerLearningEventsResponse, *, uln: str) -> LearningEventsResult:
    """Read the reply. Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense."""
    code = answer_of("GetLearnerLearningEvents", reply.response_code or "", _ANSWERS)
    same_uln(reply.incoming_uln, uln)
    events = reply.learner_record.learning_event if reply.learner_record else ()
    if events and code not in _FOUND:
        raise senseless(f"{code} came with {len(events)} learning events")
    found_uln = reply.found_uln if code in _FOUND else None
    return LearningEventsResult(
        code=code, found_uln=found_uln, merged=found_uln is not None and found_uln != uln, events=events
    )


def check_question(
    given_name: str, family_name: str, born: str | None, gender: str | None, user_type: str
) -> None:
    """Refuse what the service could only refuse: its own schema takes any text.

    Raises :class:`~uln_client.errors.InvalidValue`.
    """
    _check("GivenName", given_name, _is_name(given_name))
    _check("FamilyName", family_name, _is_name(family_name))
    _check("DateOfBirth", born, born is None or _is_day(born))
    _check("Gender", gender, gender is None or gender in _GENDERS)
    _check("UserType", user_type, user_type in _USER_TYPES)


def _check(name: str, value: str | None, right: bool) -> None:  # noqa: FBT001  # what was found
    if not right:
        rule = rule_of(name)
        raise InvalidValue(name, value, rule.words, rule.remedy)


def _is_name(text: str) -> bool:
    return bool(text.strip()) and len(text) <= _LONGEST_NAME


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and _EARLIEST <= date.fromisoformat(text) <= _LATEST
    except ValueError:
        return False
