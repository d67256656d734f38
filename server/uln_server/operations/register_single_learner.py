"""registerSingleLearner: a new learner in, a ULN out (domain §4, §6)."""

from uln_contract.codes import ResponseCode
from uln_contract.names import has_letters
from uln_contract.records import LearnerToRegister, RegisterSingleLearnerResp, RegisterSingleLearnerRqst
from uln_server.operations.call import Answer, Call, ChangingUnit, Unacceptable
from uln_server.register.learner import Learner
from uln_server.register.registering import Cause, age_refused, verification_described, why_not
from uln_server.register.times import london_day
from uln_server.register.updating import new_learner


def register_single_learner(call: Call[RegisterSingleLearnerRqst], unit: ChangingUnit) -> Answer:
    """Answer WSRC0005 with the new ULN, WSRC0021 or WSRC0015.

    Raises ``Unacceptable`` for an age outside the range. Which cause of WSRC0021 it was goes to the audit, not to
    the caller: the code is all that the contract has (domain §6).
    """
    sent = call.request.learner
    refused = age_refused(sent.date_of_birth, london_day(call.now))
    if refused is not None:
        raise Unacceptable(refused)
    if not _sufficient(sent):
        return _answer(ResponseCode.WSRC0015)
    learner = new_learner("", sent, call.now)
    cause = _cause(call, learner, unit)
    if cause is not None:
        return _answer(ResponseCode.WSRC0021, reason=cause)
    registered = unit.learners.register(learner, call.author)
    return _answer(ResponseCode.WSRC0005, registered.uln)


def _sufficient(sent: LearnerToRegister) -> bool:
    return (
        has_letters(sent.given_name)
        and has_letters(sent.family_name)
        and verification_described(sent.verification_type, sent.other_verification_description)
    )


def _cause(call: Call[RegisterSingleLearnerRqst], learner: Learner, unit: ChangingUnit) -> Cause | None:
    demographics = learner.demographics
    return why_not(
        call.rules.procedure,
        duplicate=unit.learners.same(demographics),
        last=unit.finds.last(call.caller.organisation.id, demographics),
        now=call.now,
    )


def _answer(code: ResponseCode, uln: str | None = None, reason: Cause | None = None) -> Answer:
    reply = RegisterSingleLearnerResp(response_code=code, uln=uln)
    return Answer(reply, code, (uln,) if uln else (), reason)
