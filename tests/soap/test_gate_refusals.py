"""The gate's regression table: each hostile message over HTTP, answered as docs/refusals.md says, and none in the
way of the next.
"""

import time

import pytest
from tests.service import RunningService
from tests.soap import hostile_http, hostile_soap, hostile_xml
from tests.soap.hostile import ROWS, Case
from tests.soap.wire import Answer, send, verify_body

CASES = [*hostile_http.CASES, *hostile_xml.CASES, *hostile_soap.CASES]
SECONDS = 5.0

# What stood in an honest message before, or in this one where it may never come back.
SECRETS = [b"SandboxAO-000001", b"SandboxSU-000003", b"SandboxNS-000005", b"Wilhelmina", b"Featherstone"]


@pytest.fixture(scope="module", autouse=True)
def _distinctive(service: RunningService) -> None:
    """Somebody else's message, of which nothing may ever come back in another answer."""
    assert send(service, verify_body(given="Wilhelmina", family="Featherstone")).text("ResponseCode") == "WSVRC005"


def check_nothing_leaks(answer: Answer) -> None:
    head = repr(answer.headers).encode()
    for secret in SECRETS:
        assert secret not in answer.body
        assert secret not in head
    for sign in (b"Traceback", b"Internal Server Error", b"site-packages", b".py", b"root:"):
        assert sign not in answer.body


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_is_answered_as_documented_and_stops_nobody(service: RunningService, case: Case) -> None:
    started = time.monotonic()
    answer = case.send(service)
    assert time.monotonic() - started < SECONDS
    ROWS[case.row].check(answer, pathless=case.pathless)
    check_nothing_leaks(answer)
    if answer.status not in {404, 405, 500}:
        assert answer.headers["connection"] == "close"
    if answer.status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST"
    assert send(service, verify_body()).text("ResponseCode") == "WSVRC001"
