import pytest
from lxml import etree
from tests.unit.client.replaying import recorded

from uln_client.checking import check_reply
from uln_client.connection import Reply
from uln_client.errors import InvalidReply
from uln_client.replies import body_of
from uln_client.results import FindResult, Outcome, VerifyResult, found_by_uln, verified
from uln_contract import reading
from uln_contract.codes import FailureFlag, ResponseCode, VerifyCode
from uln_contract.operations import BY_NAME
from uln_contract.records import FindLearnerResp, VerifyLearnerResp

ULN = "1026893096"


def find(name: str, uln: str = ULN, *, check_only: bool = False) -> FindResult:
    body = body_of(Reply(status=200, headers={}, content=recorded(name)), "")
    record = reading.read(check_reply(body, BY_NAME["learnerByULN"].response), FindLearnerResp)
    return found_by_uln(record, uln=uln, check_only=check_only)


def verify(name: str, uln: str = ULN) -> VerifyResult:
    body = body_of(Reply(status=200, headers={}, content=recorded(name)), "")
    record = reading.read(check_reply(body, BY_NAME["verifyLearner"].response), VerifyLearnerResp)
    return verified(record.verified_learner, uln=uln)


@pytest.mark.parametrize("name", ["find_match.xml", "find_match_2014.xml"])
def test_a_match_carries_the_learner_whatever_the_generation(name: str) -> None:
    result = find(name)
    assert (result.code, result.found, result.merged) == (ResponseCode.WSRC0004, True, False)
    assert result.learner is not None
    assert (result.learner.given_name, result.learner.date_of_birth) == ("Darcie", "1976-08-16")
    assert result.merged_from == ()
    assert result.explanation.code == "WSRC0004"


def test_a_merged_record_is_answered_by_its_master() -> None:
    result = find("find_merged.xml", "4444599390")
    assert (result.code, result.found, result.merged) == (ResponseCode.WSRC0022, True, True)
    assert result.learner is not None
    assert result.learner.uln == "6936002314"
    assert result.merged_from == ("4444599390",)


def test_a_check_only_match_carries_no_learner() -> None:
    result = find("find_match_check_only.xml", check_only=True)
    assert (result.found, result.learner, result.merged_from) == (True, None, ())


@pytest.mark.parametrize(
    ("name", "code"), [("find_no_match.xml", "WSRC0001"), ("find_insufficient.xml", "WSRC0015")]
)
def test_no_match_is_an_answer(name: str, code: str) -> None:
    result = find(name)
    assert (result.code, result.found, result.learner) == (code, False, None)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("find_two_learners.xml", "WSRC0004 came with 2 learners"),
        ("find_no_learner.xml", "WSRC0004 came with 0 learners"),
        ("find_possible.xml", "a find by ULN never answers WSRC0003"),
        ("find_unknown_code.xml", "'WSRC9999' is no code"),
        ("find_other_question.xml", "another ULN"),
        ("find_other_learner.xml", "another ULN"),
        ("find_broken_value.xml", "FindLearnerResponse/Learner/DateOfBirth"),
        ("other_element.xml", "FindLearnerResponse was expected, VerifyLearnerResponse came"),
    ],
)
def test_a_find_that_makes_no_sense_is_no_result(name: str, reason: str) -> None:
    with pytest.raises(InvalidReply, match=reason) as raised:
        find(name)
    assert "Darcie" not in str(raised.value)
    assert "16/08/1976" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "uln", "code", "outcome", "merged"),
    [
        ("verify_match.xml", ULN, VerifyCode.WSVRC001, Outcome.MATCH, False),
        ("verify_match_linked.xml", "4444599390", VerifyCode.WSVRC002, Outcome.MATCH, True),
        ("verify_similar.xml", "9276308686", VerifyCode.WSVRC003, Outcome.SIMILAR, False),
        ("verify_similar_linked.xml", "4444599390", VerifyCode.WSVRC004, Outcome.SIMILAR, True),
        ("verify_no_match.xml", ULN, VerifyCode.WSVRC005, Outcome.NO_MATCH, False),
        ("verify_not_found.xml", "1174112637", VerifyCode.WSVRC006, Outcome.NOT_FOUND, False),
    ],
)
def test_each_verification_code_is_an_outcome(
    name: str, uln: str, code: VerifyCode, outcome: Outcome, merged: bool
) -> None:
    result = verify(name, uln)
    assert (result.code, result.outcome, result.merged) == (code, outcome, merged)
    assert result.explanation.code == code
    assert (result.register is None) is (outcome in {Outcome.NO_MATCH, Outcome.NOT_FOUND})


def test_flags_come_in_order_with_their_words() -> None:
    result = verify("verify_no_match.xml")
    assert result.flags == (FailureFlag.VRF5, FailureFlag.VRF4, FailureFlag.VRF7)
    assert "family name" in result.failures[0].text


def test_the_register_s_values_are_those_returned() -> None:
    register = verify("verify_similar.xml", "9276308686").register
    assert register is not None
    assert (register.given_name, register.family_name) == ("Siân", "O\N{RIGHT SINGLE QUOTATION MARK}Brien-Łukasz")
    assert (register.uln, register.date_of_birth, register.gender) == ("9276308686", "2001-02-28", "2")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("verify_unknown_code.xml", "VerifyCode 'WSVRC007'"),
        ("verify_unknown_flag.xml", "FailureFlag 'VRF9'"),
        ("verify_other_question.xml", "another ULN"),
    ],
)
def test_a_verification_that_makes_no_sense_is_no_result(name: str, reason: str) -> None:
    with pytest.raises(InvalidReply, match=reason):
        verify(name)


def test_a_reply_is_checked_without_being_changed() -> None:
    body = body_of(Reply(status=200, headers={}, content=recorded("find_match.xml")), "")
    before = etree.tostring(body)
    check_reply(body, BY_NAME["learnerByULN"].response)
    assert etree.tostring(body) == before
