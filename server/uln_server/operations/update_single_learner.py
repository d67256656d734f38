"""updateSingleLearner: what the register holds of a learner, changed by whoever read it last (domain §4, §6)."""

from dataclasses import replace
from typing import Any

from uln_contract.codes import ResponseCode
from uln_contract.names import has_letters
from uln_contract.records import UpdateLearnerResp, UpdateLearnerRqst
from uln_server.operations.call import Answer, Call, ChangingUnit, Unacceptable
from uln_server.register.learner import Learner, Status
from uln_server.register.registering import Cause, age_refused, verification_described
from uln_server.register.times import london_day
from uln_server.register.updating import changes, share_refused


def update_single_learner(call: Call[UpdateLearnerRqst], unit: ChangingUnit) -> Answer:
    """Answer WSRC0006, WSRC0013 (stale), WSRC0014, WSRC0015, WSRC0019, WSRC0020 (nothing new) or WSRC0021.

    WSRC0021 when the record would become equal to another learner's five demographics [O]: nothing else in the
    contract says so. A merged ULN is stale: whoever reads it again gets its master [O]. A deleted one is unknown,
    and so is one merged into it (domain §4) [O]. Raises ``Unacceptable`` for a new date of birth outside the age
    range.
    """
    sent = call.request.learner
    if not (has_letters(sent.given_name) and has_letters(sent.family_name)):
        return _answer(ResponseCode.WSRC0015)
    held = unit.learners.locked(sent.uln)
    if held is None or _gone(held, unit):
        return _answer(ResponseCode.WSRC0019)
    if held.status is Status.MERGED or held.version != sent.version_number:
        return _answer(ResponseCode.WSRC0013, held)
    return _update(call, held, unit)


def _gone(held: Learner, unit: ChangingUnit) -> bool:
    if held.status is Status.MERGED:
        return unit.learners.entry(held.uln) is None
    return held.status is Status.DELETED


def _update(call: Call[UpdateLearnerRqst], held: Learner, unit: ChangingUnit) -> Answer:
    changed: dict[str, Any] = dict(changes(held, call.request.learner))
    new = replace(held, **changed)
    if not verification_described(new.verification_type, new.other_verification_description):
        return _answer(ResponseCode.WSRC0015, held)
    if share_refused(held.ability_to_share, new.ability_to_share, opt_out=call.rules.opt_out):
        return _answer(ResponseCode.WSRC0014, held)
    if "date_of_birth" in changed:
        refused = age_refused(new.date_of_birth, london_day(call.now))
        if refused is not None:
            raise Unacceptable(refused)
    if new.demographics.key != held.demographics.key and unit.learners.same(new.demographics, besides=held.uln):
        return _answer(ResponseCode.WSRC0021, held, Cause.DUPLICATE)
    if not changed:
        return _answer(ResponseCode.WSRC0020, held)
    unit.learners.update(held, changed, call.author)
    return _answer(ResponseCode.WSRC0006)


def _answer(code: ResponseCode, refused: Learner | None = None, reason: Cause | None = None) -> Answer:
    """Give the answer; a refusal that tells of a record is kept as its disclosure: the ULN is in use [O]."""
    disclosed = () if refused is None else (refused.uln,)
    return Answer(UpdateLearnerResp(response_code=code), code, disclosed, reason)
