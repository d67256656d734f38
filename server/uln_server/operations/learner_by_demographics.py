"""learnerByDemographics: who has these names, this date of birth, gender and postcode (domain §4, §5)."""

from uln_contract.codes import ResponseCode
from uln_contract.names import has_letters
from uln_contract.records import FindLearnerResp, Learner, LearnerByDemographicsRqst
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.learner_reply import learner_reply
from uln_server.register.demographics import Demographics
from uln_server.register.entry import Entry
from uln_server.register.finds import FindMade
from uln_server.register.matching import Search, match

_FULL = "FUL"


def learner_by_demographics(call: Call[LearnerByDemographicsRqst], unit: Unit) -> Answer:
    """Answer WSRC0004, WSRC0022 (merged: the master), WSRC0003 (1 to 10), WSRC0002, WSRC0001 or WSRC0015.

    FindType FUL returns the learners, CHK the code and the echo of the search alone; both count as the find that
    a registration must follow (domain §6). Previous family name, school, place of birth and e-mail only narrow.
    """
    request = call.request
    if not (has_letters(request.given_name) and has_letters(request.family_name)):
        return _answer(request, ResponseCode.WSRC0015)
    search = _search(request)
    candidates = unit.learners.candidates(search.demographics)
    found = match(search, candidates.entries, complete=candidates.complete)
    # A made-up school must not spare anybody the review: what a registration must follow is the search without
    # what narrows it [O].
    unnarrowed = Search(demographics=search.demographics)
    whole = found if search == unnarrowed else match(unnarrowed, candidates.entries, complete=candidates.complete)
    made = FindMade(
        organisation_id=call.caller.organisation.id, demographics=search.demographics, at=call.now, code=whole.code
    )
    learners = tuple(_reply(entry, unit) for entry in found.entries) if request.find_type == _FULL else ()
    return _answer(request, found.code, learners, made)


def _search(request: LearnerByDemographicsRqst) -> Search:
    return Search(
        demographics=Demographics(
            given_name=request.given_name,
            family_name=request.family_name,
            date_of_birth=request.date_of_birth,
            gender=request.gender,
            last_known_post_code=request.last_known_post_code,
        ),
        previous_family_name=request.previous_family_name or None,
        school_at_age16=request.school_at_age16 or None,
        place_of_birth=request.place_of_birth or None,
        email_address=request.email_address or None,
    )


def _reply(entry: Entry, unit: Unit) -> Learner:
    linked = unit.learners.linked(entry.current.uln)
    return learner_reply(entry.current, linked, substituted=entry.merged)


def _answer(
    request: LearnerByDemographicsRqst,
    code: ResponseCode,
    learners: tuple[Learner, ...] = (),
    made: FindMade | None = None,
) -> Answer:
    reply = FindLearnerResp(
        response_code=code,
        family_name=request.family_name,
        given_name=request.given_name,
        date_of_birth=request.date_of_birth,
        gender=request.gender,
        last_known_post_code=request.last_known_post_code,
        previous_family_name=request.previous_family_name or None,
        school_at_age16=request.school_at_age16 or None,
        place_of_birth=request.place_of_birth or None,
        email_address=request.email_address or None,
        learner=learners,
    )
    return Answer(reply, code, tuple(each.uln for each in learners), find=made)
