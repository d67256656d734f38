"""The first call, end to end, on both paths."""

import pytest
from tests.service import RunningService
from tests.soap.wire import GENERATION_2014, TODAY, find_body, send, verify_body


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_verify(service: RunningService, path: str) -> None:
    answer = send(service, verify_body(), path=path)
    assert answer.text("ResponseCode") == "WSVRC001"
    assert answer.text("ULN") == "1026893096"


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_find_by_uln(service: RunningService, path: str) -> None:
    answer = send(service, find_body(), path=path)
    assert answer.text("ResponseCode") == "WSRC0004"
    assert answer.text("LinkedULNs") == ""


def test_refusal(service: RunningService) -> None:
    send(service, verify_body(uln="123")).expect_fault("WSEC0001", "VerifyLearner/LearnerToVerify/ULN", "'123'")
