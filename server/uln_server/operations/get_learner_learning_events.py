"""GetLearnerLearningEvents: what a learner has achieved, as the Personal Learning Record holds it (domain §10)."""

from uln_contract.codes import ResponseCode, VerifyCode
from uln_contract.names import has_letters
from uln_contract.r9_records import (
    ArrayOfLearningEvent,
    GetLearnerLearningEvents,
    GetLearnerLearningEventsResponse,
    GetLearnerLearningEventsResponseMessage,
)
from uln_contract.ulns import is_valid
from uln_contract.writing import Ready, ready
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.learning_event_reply import learning_events
from uln_server.operations.learning_event_request import Asked, asked
from uln_server.record.kept import Shown, View
from uln_server.record.learning_events import UserType, seen_alone, visible
from uln_server.register.entry import Entry
from uln_server.register.verifying import Claim, verify

_NOT_SHARED = "2"
# Where the events stand in the response.
_PLACE = ("get_learner_learning_events_result", "learner_record", "learning_event")
# No name of the register is longer than 35 characters, which normalising may leave of somewhat more.
_NAME_AT_MOST = 100


def get_learner_learning_events(call: Call[GetLearnerLearningEvents], unit: Unit) -> Answer:
    """Answer WSRC0004, WSRC0022 (merged: its master's events), WSEC0136, WSEC0206 or WSEC0208.

    The learner is verified as by verifyLearner, with names at least similar (domain §5, §10). Raises
    ``Unacceptable`` for a getType, date of birth or gender that is none [O].
    """
    search = asked(call)
    if not is_valid(search.uln):
        return _answer(search, ResponseCode.WSEC0136)
    entry = unit.learners.entry(search.uln)
    if entry is None:
        return _answer(search, ResponseCode.WSEC0208, "unknown")
    failures = _failures(search.claim, entry)
    if failures is not None:
        return _answer(search, ResponseCode.WSEC0208, *failures)
    return _found(search, call, entry, unit)


def _found(search: Asked, call: Call[GetLearnerLearningEvents], entry: Entry, unit: Unit) -> Answer:
    """Give the events; WSEC0206 where the learner does not share and nothing is left to see."""
    found = entry.current
    shares = found.ability_to_share != _NOT_SHARED
    shown = _shown(search, call, found.uln, unit, shares=shares)
    if not (shown.ulns or shares or search.user_type is UserType.LEARNER):
        return _answer(search, ResponseCode.WSEC0206)
    code = ResponseCode.WSRC0022 if entry.merged else ResponseCode.WSRC0004
    reply = _reply(code, found_uln=found.uln, incoming_uln=search.uln, learner_record=_record(shown.events))
    return Answer(reply, code, tuple(sorted({found.uln, *shown.ulns})), reason=search.action)


def _shown(search: Asked, call: Call[GetLearnerLearningEvents], uln: str, unit: Unit, *, shares: bool) -> Shown:
    """Give what the caller sees, as it was written before if nothing in it has changed since (ADR 15)."""
    organisation = seen_alone(search.user_type, call.caller.organisation.ukprn, shares=shares)
    view = View(uln, search.get_type, organisation)
    state = unit.awards.state(uln)
    shown = call.kept.get(view, state)
    if shown is None:
        seen = visible(unit.awards.recorded(uln), organisation)
        events = ready(learning_events(seen, search.get_type), call.operation, *_PLACE)
        shown = Shown(events, tuple(set(seen.uln)))
        call.kept.put(view, state, shown)
    return shown


def _answer(search: Asked, code: ResponseCode, *why: str) -> Answer:
    """Give an answer that shows nothing: the elements that clients look into are there, and empty (domain §10)."""
    reply = _reply(code, found_uln="", incoming_uln=search.uln, learner_record=ArrayOfLearningEvent())
    return Answer(reply, code, reason=" ".join((search.action, *why)))


def _record(events: Ready) -> ArrayOfLearningEvent:
    return ArrayOfLearningEvent(learning_event=events)  # type: ignore[arg-type]  # in place of records


def _reply(code: ResponseCode, **values: object) -> GetLearnerLearningEventsResponseMessage:
    result = GetLearnerLearningEventsResponse(response_code=code, **values)  # type: ignore[arg-type]  # its fields
    return GetLearnerLearningEventsResponseMessage(get_learner_learning_events_result=result)


def _failures(claim: Claim, entry: Entry) -> tuple[str, ...] | None:
    """Give what speaks against the claim, as the audit trail keeps it; ``None`` for nothing."""
    names = (claim.given_name, claim.family_name)
    if not all(len(each) <= _NAME_AT_MOST and has_letters(each) for each in names):
        return ("names",)
    verification = verify(claim, entry)
    return verification.flags if verification.code is VerifyCode.WSVRC005 else None
