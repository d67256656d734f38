import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from tests.unit.client.replaying import Answer, Replaying

from uln_client import connection
from uln_client.connection import Connection
from uln_client.errors import InvalidReply, Unreachable
from uln_client.settings import Options, Settings

SENT = {"SOAPAction": '""', "Content-Type": "text/xml; charset=utf-8"}
OK = Answer(body=b"<ok/>")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The library's pauses between repeats, noted instead of slept."""
    pauses: list[float] = []
    clock = SimpleNamespace(sleep=pauses.append, time=time.time)
    monkeypatch.setattr("urllib3.util.retry.time", clock)
    return pauses


@contextmanager
def connected(url: str, options: Options | None = None) -> Iterator[Connection]:
    made = Connection(Settings.load(options), f"{url}/LearnerService.svc")
    try:
        yield made
    finally:
        made.close()


def test_a_message_is_posted_as_it_is_and_the_reply_read_whole(service: Replaying) -> None:
    service.answer(Answer(status=500, body=b"<x/>", headers={"X-Any": "1"}))
    with connected(service.url) as made:
        reply = made.post(b"<message/>", SENT, repeatable=True)
    assert (reply.status, reply.content, reply.headers["x-any"]) == (500, b"<x/>", "1")
    (request,) = service.requests
    assert (request.method, request.path, request.body) == ("POST", "/LearnerService.svc", b"<message/>")
    assert request.headers["SOAPAction"] == '""'
    assert request.headers["User-Agent"].startswith("uln-client/")


@pytest.mark.parametrize(
    "failure",
    [
        Answer(status=502),
        Answer(status=504),
        Answer(status=503, headers={"Retry-After": "1"}),
        Answer(status=429, headers={"Retry-After": "1"}),
        Answer(cut=True),
    ],
    ids=["502", "504", "503", "429", "cut"],
)
def test_what_is_safe_to_repeat_is_repeated(service: Replaying, failure: Answer) -> None:
    service.answer(failure, failure, OK)
    with connected(service.url) as made:
        assert made.post(b"<m/>", SENT, repeatable=True).status == 200
    assert [request.body for request in service.requests] == [b"<m/>"] * 3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=503),
        Answer(status=429),
        Answer(status=413, headers={"Retry-After": "1"}),
        Answer(status=503, headers={"Retry-After": "3600"}),
        Answer(status=400),
        Answer(status=307, headers={"Location": "/elsewhere"}),
    ],
    ids=["500", "503 without a time", "429 without a time", "413", "503 in an hour", "400", "307"],
)
def test_any_other_answer_is_an_answer(service: Replaying, answer: Answer) -> None:
    service.answer(answer)
    with connected(service.url) as made:
        assert made.post(b"<m/>", SENT, repeatable=True).status == answer.status
    assert len(service.requests) == 1


def test_repeats_are_bounded_and_the_last_answer_is_the_answer(service: Replaying, no_pauses: list[float]) -> None:
    service.answer(Answer(status=503, headers={"Retry-After": "7"}))
    with connected(service.url, {"retries": 3}) as made:
        assert made.post(b"<m/>", SENT, repeatable=True).status == 503
    assert len(service.requests) == 4
    assert no_pauses == [7, 7, 7]


def test_the_pauses_grow(service: Replaying, no_pauses: list[float]) -> None:
    service.answer(Answer(status=502))
    with connected(service.url, {"retries": 4}) as made:
        made.post(b"<m/>", SENT, repeatable=True)
    assert no_pauses == [1, 2, 4]


def test_no_repeats_can_be_asked_for(service: Replaying) -> None:
    service.answer(Answer(status=502))
    with connected(service.url, {"retries": 0}) as made:
        assert made.post(b"<m/>", SENT, repeatable=True).status == 502
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "failure", [Answer(status=502), Answer(status=503, headers={"Retry-After": "1"})], ids=["502", "503"]
)
def test_what_is_not_safe_to_repeat_is_sent_once(service: Replaying, failure: Answer) -> None:
    service.answer(failure)
    with connected(service.url) as made:
        assert made.post(b"<m/>", SENT, repeatable=False).status == failure.status
    assert len(service.requests) == 1


def test_what_is_not_safe_to_repeat_is_not_sent_again_when_cut_off(service: Replaying) -> None:
    service.answer(Answer(cut=True), OK)
    with connected(service.url) as made, pytest.raises(Unreachable, match="broke"):
        made.post(b"<m/>", SENT, repeatable=False)
    assert len(service.requests) == 1


def test_a_slow_reply_is_given_up_once(service: Replaying) -> None:
    service.answer(Answer(seconds=0.5), OK)
    with connected(service.url, {"timeout": 0.1}) as made, pytest.raises(Unreachable, match="in time"):
        made.post(b"<m/>", SENT, repeatable=True)
    assert len(service.requests) == 1


def test_a_reply_that_breaks_off_is_no_reply(service: Replaying) -> None:
    service.answer(Answer(body=b"<half", broken=True))
    with connected(service.url) as made, pytest.raises(Unreachable, match="broke off") as raised:
        made.post(b"<m/>", SENT, repeatable=True)
    assert raised.value.status == 200


def test_nobody_there(no_pauses: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with (
        connected(f"http://127.0.0.1:{port}") as made,
        pytest.raises(Unreachable, match=f"127.0.0.1:{port}") as raised,
    ):
        made.post(b"<m/>", SENT, repeatable=True)
    assert raised.value.status is None
    assert len(no_pauses) == 1


def test_an_address_that_cannot_be_called_is_unreachable() -> None:
    with connected("https://.example") as made, pytest.raises(Unreachable, match="InvalidURL"):
        made.post(b"<m/>", SENT, repeatable=True)


def test_a_reply_without_end_is_bounded(service: Replaying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REPLY_LIMIT", 1000)
    service.answer(Answer(body=b"x" * 2000))
    with connected(service.url) as made, pytest.raises(InvalidReply, match="longer than 1000"):
        made.post(b"<m/>", SENT, repeatable=True)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    service: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    service.answer(OK)
    with connected(service.url) as made:
        assert made.post(b"<m/>", SENT, repeatable=True).status == 200


def test_a_proxy_that_refuses_is_named_as_the_cause(monkeypatch: pytest.MonkeyPatch, service: Replaying) -> None:
    monkeypatch.setenv("HTTPS_PROXY", service.url)
    service.answer(Answer(cut=True))
    with connected("https://lrs.example", {"retries": 0}) as made, pytest.raises(Unreachable, match="proxy"):
        made.post(b"<m/>", SENT, repeatable=True)


def test_one_connection_serves_many_threads(service: Replaying) -> None:
    service.answer(OK)
    statuses: list[int] = []
    with connected(service.url) as made:

        def calls() -> None:
            statuses.extend(made.post(b"<m/>", SENT, repeatable=True).status for _ in range(5))

        threads = [threading.Thread(target=calls) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 40
