"""Ways of speaking HTTP that toolkits have, each of which must work."""

import gzip
import http.client
import socket
from collections.abc import Iterable

import pytest
from tests.service import RunningService
from tests.soap.wire import TODAY, XML_TYPE, Answer, envelope, find_body, read_answers, send_raw, verify_body

VERIFY = envelope(verify_body())
FIND = envelope(find_body())


def head(*lines: str, version: str = "1.1", length: int | None = None) -> bytes:
    first = [f"POST {TODAY} HTTP/{version}", "Host: localhost", "Content-Type: text/xml; charset=utf-8"]
    if length is not None:
        first.append(f"Content-Length: {length}")
    return "\r\n".join([*first, *lines, "", ""]).encode()


def request(body: bytes, *lines: str, version: str = "1.1") -> bytes:
    return head(*lines, version=version, length=len(body)) + body


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def connected(service: RunningService) -> socket.socket:
    connection = socket.create_connection((service.host, service.port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def codes(answers: Iterable[Answer]) -> list[str | None]:
    return [answer.text("ResponseCode") for answer in answers]


@pytest.mark.parametrize("lines", [(), ("Connection: keep-alive",)])
def test_http_1_0_gets_a_reply_with_a_length(service: RunningService, lines: tuple[str, ...]) -> None:
    (answer,) = send_raw(service, request(VERIFY, *lines, version="1.0"))
    assert "transfer-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.text("ResponseCode") == "WSVRC001"


def test_expect_100_continue(service: RunningService) -> None:
    """The body is sent only after the service said that it wants it, as .NET does."""
    with connected(service) as connection:
        connection.sendall(head("Expect: 100-continue", length=len(VERIFY)))
        assert connection.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(VERIFY)
        assert codes(read_answers(connection)) == ["WSVRC001"]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_chunked_requests(service: RunningService, size: int) -> None:
    body = chunked(VERIFY, size)
    assert codes(send_raw(service, head("Transfer-Encoding: chunked") + body)) == ["WSVRC001"]


def test_a_chunked_gzip_request(service: RunningService) -> None:
    lines = head("Transfer-Encoding: chunked", "Content-Encoding: gzip")
    assert codes(send_raw(service, lines + chunked(gzip.compress(VERIFY), 50))) == ["WSVRC001"]


def test_a_request_that_comes_byte_by_byte(service: RunningService) -> None:
    with connected(service) as connection:
        for byte in request(VERIFY):
            connection.sendall(bytes([byte]))
        assert codes(read_answers(connection)) == ["WSVRC001"]


def test_many_calls_on_one_connection(service: RunningService) -> None:
    connection = http.client.HTTPConnection(service.host, service.port, timeout=30)
    connection.connect()
    kept = connection.sock
    for body, code in [(VERIFY, "WSVRC001"), (FIND, "WSRC0004")] * 10:
        connection.request("POST", TODAY, body=body, headers=XML_TYPE)
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, names, response.read(), TODAY)
        assert "connection" not in answer.headers
        assert answer.text("ResponseCode") == code
    assert connection.sock is kept
    connection.close()


def test_a_fault_leaves_the_connection_open(service: RunningService) -> None:
    with connected(service) as connection:
        connection.sendall(request(envelope(verify_body(uln="123"))))
        (refused,) = read_answers(connection)
        refused.expect_fault("WSEC0001")
        assert "connection" not in refused.headers
        connection.sendall(request(VERIFY))
        assert codes(read_answers(connection)) == ["WSVRC001"]


def test_the_connection_closes_when_the_client_asks_for_it(service: RunningService) -> None:
    (answer,) = send_raw(service, request(VERIFY, "Connection: close"))
    assert answer.headers["connection"] == "close"


def test_pipelined_calls_are_answered_in_their_order(service: RunningService) -> None:
    with connected(service) as connection:
        connection.sendall(request(VERIFY) + request(FIND) + request(VERIFY, "Connection: close"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    replies = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [b"FindLearnerResponse" in reply for reply in replies] == [False, True, False]
    assert [b"<ResponseCode>WSVRC001<" in reply for reply in replies] == [True, False, True]


def test_header_names_in_any_case(service: RunningService) -> None:
    data = request(VERIFY).replace(b"Content-Type", b"CONTENT-TYPE").replace(b"Content-Length", b"content-length")
    assert codes(send_raw(service, data)) == ["WSVRC001"]


def test_a_call_without_a_host(service: RunningService) -> None:
    """HTTP/1.0 knew none; nothing of a reply depends on it."""
    data = request(VERIFY, version="1.0").replace(b"Host: localhost\r\n", b"")
    assert codes(send_raw(service, data)) == ["WSVRC001"]
