"""verifyLearner: do these details belong to this ULN? (domain §4, §5)."""

from uln_contract.codes import VerifyCode
from uln_contract.records import MIAPLearnerToVerify, MIAPVerifiedLearner, VerifyLearnerResp, VerifyLearnerRqst
from uln_server.operations.call import Answer, Call, Unit
from uln_server.register.entry import Entry
from uln_server.register.verifying import Claim, Verification, verify

_DISCLOSING = frozenset({VerifyCode.WSVRC001, VerifyCode.WSVRC002, VerifyCode.WSVRC003, VerifyCode.WSVRC004})


def verify_learner(call: Call[VerifyLearnerRqst], unit: Unit) -> Answer:
    """Answer WSVRC001 to 006; the register's own values only with 001 to 004 (domain §5)."""
    asked = call.request.learner_to_verify
    entry = unit.learners.entry(asked.uln)
    if entry is None:
        return _answer(asked, Verification(VerifyCode.WSVRC006, ()), None)
    claim = Claim(
        given_name=asked.given_name,
        family_name=asked.family_name,
        date_of_birth=asked.date_of_birth,
        gender=asked.gender,
    )
    return _answer(asked, verify(claim, entry), entry)


def _answer(asked: MIAPLearnerToVerify, verification: Verification, entry: Entry | None) -> Answer:
    found = entry.current if entry is not None and verification.code in _DISCLOSING else None
    verified = MIAPVerifiedLearner(
        searched_uln=asked.uln,
        searched_family_name=asked.family_name,
        searched_given_name=asked.given_name,
        searched_date_of_birth=asked.date_of_birth,
        searched_gender=asked.gender,
        response_code=verification.code,
        uln=found.uln if found else None,
        family_name=found.family_name if found else None,
        given_name=found.given_name if found else None,
        date_of_birth=found.date_of_birth if found else None,
        gender=found.gender if found else None,
        failure_flag=verification.flags,
    )
    return Answer(VerifyLearnerResp(verified_learner=verified), verification.code, (found.uln,) if found else ())
