"""A department checks the ULNs of a return: it verifies each, and reads the gender of those that match."""

import pytest
from tests.service import RunningService
from tests.soap.journeys.conversation import Conversation
from tests.soap.journeys.readers import fault_code, find_reply, first_learner, text, verified
from tests.soap.wire import GENERATION_2014, TODAY

from uln_contract.codes import FailureFlag, VerifyCode

PATHS = pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
REGISTERED = {"ULN", "FamilyName", "GivenName", "DateOfBirth", "Gender"}
"""What a reply holds of the register, where it holds any."""


@PATHS
def test_it_verifies_and_reads_the_gender(service: RunningService, path: str) -> None:
    with Conversation(service, path) as department:
        code, flags, _ = verified(department.send("department-1-verify"))
        assert (code, flags) == (VerifyCode.WSVRC001, set())
        assert gender(department, "department-2-gender") == "2"


@PATHS
def test_it_follows_a_merged_uln_to_its_master(service: RunningService, path: str) -> None:
    with Conversation(service, path) as department:
        code, flags, learner = verified(department.send("department-3-verify-merged"))
        assert (code, flags) == (VerifyCode.WSVRC002, set())
        # The next message asks for what came back here.
        master = [text(learner, name) for name in ("ULN", "FamilyName", "GivenName")]
        assert master == ["6936002314", "Reed", "Jordan"]
        assert gender(department, "department-4-gender-of-master") == "1"


@PATHS
def test_it_is_told_what_differs_and_nothing_of_the_register(service: RunningService, path: str) -> None:
    with Conversation(service, path) as department:
        code, flags, learner = verified(department.send("department-5-verify-another"))
        assert code is VerifyCode.WSVRC005
        assert flags == {FailureFlag(f"VRF{number}") for number in (1, 2, 4, 5, 7)}
        assert not REGISTERED & learner.keys()


@PATHS
def test_a_suspended_one_reads_it_by_its_text(service: RunningService, path: str) -> None:
    with Conversation(service, path) as department:
        assert fault_code(department.send("department-6-suspended")) == "WSEC0003"


def gender(department: Conversation, message: str) -> str | None:
    """The gender of the first Learner of a find, which must be the exact match that it was asked for."""
    answer = department.send(message)
    found, learners = find_reply(answer)
    assert text(found, "ResponseCode") == "WSRC0004"
    assert len(learners) == 1
    first = first_learner(answer)
    assert first is not None
    return first.findtext("Gender")
