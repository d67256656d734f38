"""learnerByULN: the record of a ULN, for a caller who knows its holder's names (domain §4, §5)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import FindLearnerResp, LearnerByULNRqst
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.learner_reply import learner_reply
from uln_server.register.entry import Entry
from uln_server.register.finding import has_letters, names_agree

_FULL = "FUL"


def learner_by_uln(call: Call[LearnerByULNRqst], unit: Unit) -> Answer:
    """Answer WSRC0004, WSRC0022 (merged: the master's record), WSRC0001 or WSRC0015.

    FindType FUL returns the Learner, CHK the code and the echo of the search alone (domain §5).
    """
    request = call.request
    if not (has_letters(request.given_name) and has_letters(request.family_name)):
        return _answer(request, ResponseCode.WSRC0015)
    entry = unit.learners.entry(request.uln)
    if entry is None or not _agrees(request, entry):
        return _answer(request, ResponseCode.WSRC0001)
    code = ResponseCode.WSRC0022 if entry.merged else ResponseCode.WSRC0004
    if request.find_type != _FULL:
        return _answer(request, code)
    return _answer(request, code, entry, unit.learners.linked(entry.current.uln))


def _agrees(request: LearnerByULNRqst, entry: Entry) -> bool:
    """The names may be the merged record's own or its master's: the caller may know either [O]."""
    return any(
        names_agree(request.given_name, request.family_name, learner) for learner in (entry.asked, entry.current)
    )


def _answer(
    request: LearnerByULNRqst, code: ResponseCode, entry: Entry | None = None, linked: tuple[str, ...] = ()
) -> Answer:
    found = () if entry is None else (learner_reply(entry.current, linked, substituted=entry.merged),)
    reply = FindLearnerResp(
        response_code=code,
        uln=request.uln,
        family_name=request.family_name,
        given_name=request.given_name,
        learner=found,
    )
    return Answer(reply, code, tuple(learner.uln for learner in found))
