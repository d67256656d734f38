"""Clients that take their time, or leave: none of them holds on to anything, and none is in another's way."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.hostile import GOOD, ROWS, head
from tests.soap.wire import TODAY, Answer, read_answers, send, send_raw, verify_body

from uln_server.access.credentials import hash_password

SECONDS = 1.0
WHOLE = head(f"Content-Length: {len(GOOD)}") + GOOD
GET = b"GET /LearnerService.svc?singleWsdl HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("impatient")
    with running_sandbox(folder, header_seconds=SECONDS, body_seconds=SECONDS) as running:
        yield running


def connected(service: RunningService, data: bytes = b"") -> socket.socket:
    connection = socket.create_connection((service.host, service.port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(data)
    return connection


def works(service: RunningService) -> float:
    """Make one good call and give the seconds that it took."""
    started = time.monotonic()
    assert send(service, verify_body()).text("ResponseCode") == "WSVRC001"
    return time.monotonic() - started


def closed_after(connection: socket.socket, started: float) -> tuple[list[Answer], float]:
    """Every answer until the service closes, and the seconds from ``started`` to that."""
    with closing(connection):
        answers = read_answers(connection)
        while connection.recv(65536):
            pass
    return answers, time.monotonic() - started


SLOW = {
    "half a head": ("a head that takes too long", head()[:-20]),
    "half a body": ("a body that takes too long", WHOLE[:-50]),
    "half a chunked body": ("a body that takes too long", head("Transfer-Encoding: chunked") + b"20\r\nabc"),
    "Content-Length longer than the body": (
        "a body that takes too long",
        head(f"Content-Length: {len(GOOD) + 1}") + GOOD,
    ),
}


def test_many_half_sent_requests_at_once_are_refused_in_time_and_hold_up_nobody(impatient: RunningService) -> None:
    works(impatient)
    started = time.monotonic()
    waiting = [(row, connected(impatient, data)) for _ in range(15) for row, data in SLOW.values()]
    assert len(waiting) == 60
    with ThreadPoolExecutor(60) as pool:
        slow = [(row, pool.submit(closed_after, connection, started)) for row, connection in waiting]
        taken = [works(impatient) for _ in range(20)]
        outcomes = [(row, *each.result()) for row, each in slow]
    assert max(taken) < 2
    for row, answers, seconds in outcomes:
        (answer,) = answers
        ROWS[row].check(answer)
        assert answer.headers["connection"] == "close"
        assert SECONDS * 0.9 < seconds < SECONDS + 4


def drip(connection: socket.socket, data: bytes) -> None:
    try:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        return


@pytest.mark.parametrize(
    ("row", "at_once", "slowly"),
    [
        ("a head that takes too long", WHOLE[:60], WHOLE[60:]),
        ("a body that takes too long", WHOLE[:-400], GOOD),
        ("a body that takes too long", head("Transfer-Encoding: chunked"), b"1\r\n<\r\n" * 100),
    ],
    ids=["head", "body", "chunks"],
)
def test_a_byte_now_and_then_buys_no_time(
    impatient: RunningService, row: str, at_once: bytes, slowly: bytes
) -> None:
    started = time.monotonic()
    connection = connected(impatient, at_once)
    thread = threading.Thread(target=drip, args=(connection, slowly))
    thread.start()
    answers, seconds = closed_after(connection, started)
    thread.join()
    (answer,) = answers
    ROWS[row].check(answer)
    assert seconds < SECONDS + 4


# What is sent, how many answers come, before the service closes the connection on its own.
LEFT_OPEN = {
    "nothing": (b"", []),
    "blank lines alone": (b"\r\n\r\n", []),
    "a call, then nothing": (WHOLE, [200]),
    "a call, then blank lines": (WHOLE + b"\r\n\r\n", [200]),
    "a call, then half a head": (WHOLE + head()[:-20], [200, 408]),
    "a call, then half a body": (WHOLE + WHOLE[:-50], [200, 408]),
    "a page, and the body that it never sends": (
        head("Content-Length: 9", start="GET / HTTP/1.1") + b"abc",
        [404],
    ),
    "a document, and half a chunk": (
        head("Transfer-Encoding: chunked", start=f"GET {TODAY} HTTP/1.1") + b"5\r\nab",
        [200],
    ),
    "a refused body that never comes": (head("Content-Length: 9", content_type="a/b"), [415]),
}


def test_no_connection_stays_open_for_ever(impatient: RunningService) -> None:
    started = time.monotonic()
    waiting = {name: connected(impatient, data) for name, (data, _) in LEFT_OPEN.items()}
    late = connected(impatient, WHOLE)
    (first,) = read_answers(late)
    assert first.status == 200
    late.sendall(b"\r\n")  # takes uvicorn's own clock away
    with ThreadPoolExecutor(len(waiting) + 1) as pool:
        closing_late = pool.submit(closed_after, late, started)
        outcomes = {name: pool.submit(until_closed, each, started) for name, each in waiting.items()}
        for name, (_, statuses) in LEFT_OPEN.items():
            found, seconds = outcomes[name].result()
            assert (name, found) == (name, statuses)
            assert seconds < 12, name
        assert closing_late.result()[1] < 12


def until_closed(connection: socket.socket, started: float) -> tuple[list[int], float]:
    """The statuses of all answers until the service closes."""
    with closing(connection):
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    starts = received.split(b"HTTP/1.1 ")[1:]
    return [int(each[:3]) for each in starts], time.monotonic() - started


def test_who_does_not_read_is_cut_off(impatient: RunningService) -> None:
    """A hundred documents, none of them read: they fill every buffer on the way."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect((impatient.host, impatient.port))
        connection.sendall(GET * 100)
        time.sleep(SECONDS + 1)
        size = len(send(impatient, b"", path=f"{TODAY}?singleWsdl", method="GET").body)
        received = 0
        try:
            while part := connection.recv(65536):
                received += len(part)
        except ConnectionResetError:
            pass
    assert received < 100 * size
    works(impatient)


def test_clients_that_leave_are_not_missed(impatient: RunningService, caplog: pytest.LogCaptureFixture) -> None:
    for _, data in SLOW.values():
        for linger in (True, False):
            connection = connected(impatient, data)
            if linger:  # a reset instead of a farewell
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
    for _ in range(10):
        connected(impatient, WHOLE).close()
    works(impatient)
    assert [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []


def test_a_client_that_has_said_all_still_gets_its_answer(service: RunningService) -> None:
    with connected(service, WHOLE) as connection:
        connection.shutdown(socket.SHUT_WR)
        (answer,) = read_answers(connection)
    assert answer.headers["connection"] == "close"
    assert answer.text("ResponseCode") == "WSVRC001"


def test_what_follows_a_call_is_never_answered_before_it(service: RunningService) -> None:
    with connected(service, WHOLE + b"noise\r\n\r\n") as connection:
        (answer,) = read_answers(connection)
    assert answer.headers["connection"] == "close"
    assert answer.text("ResponseCode") == "WSVRC001"


def test_calls_before_a_malformed_one_are_answered_in_order(service: RunningService) -> None:
    with connected(service, WHOLE + WHOLE + head("Transfer-Encoding: chunked") + b"zz\r\n") as connection:
        statuses, seconds = until_closed(connection, time.monotonic())
    assert statuses == [200, 200]
    assert seconds < 2


def test_a_chunk_that_breaks_later_ends_the_request(service: RunningService) -> None:
    with connected(service, head("Transfer-Encoding: chunked")) as connection:
        time.sleep(0.1)
        connection.sendall(b"3\r\nabc\r\n")
        time.sleep(0.1)
        connection.sendall(b"zz\r\n")
        (answer,) = read_answers(connection)
    ROWS["what is no HTTP/1.1 request"].check(answer)


def test_a_chunk_that_breaks_after_the_refusal_gets_no_second_answer(service: RunningService) -> None:
    with connected(service, head("Transfer-Encoding: chunked", content_type="a/b")) as connection:
        response = connection.recv(65536)
        assert response.startswith(b"HTTP/1.1 415 ")
        connection.sendall(b"zz\r\n")
        statuses, _ = until_closed(connection, time.monotonic())
    assert statuses == []


def test_an_offer_to_upgrade_is_passed_over(service: RunningService) -> None:
    """As Java's client makes over plain http."""
    lines = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB")
    once = head(*lines, f"Content-Length: {len(GOOD)}") + GOOD
    with connected(service, once) as connection:
        assert [each.text("ResponseCode") for each in read_answers(connection)] == ["WSVRC001"]
        connection.sendall(once[:-10])
        time.sleep(0.1)
        connection.sendall(once[-10:])
        assert [each.text("ResponseCode") for each in read_answers(connection)] == ["WSVRC001"]
    (last,) = send_raw(service, once.replace(b"Connection: Upgrade", b"Connection: close, Upgrade"))
    assert last.headers["connection"] == "close"
    assert last.text("ResponseCode") == "WSVRC001"
    (chunked,) = send_raw(
        service, head(*lines, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)
    )
    assert chunked.text("ResponseCode") == "WSVRC001"


def test_one_connection_too_many_is_told_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_sandbox(tmp_path_factory.mktemp("few"), connections=5) as few:
        with ExitStack() as stack:
            for _ in range(5):
                stack.enter_context(connected(few, WHOLE[:-1]))
            time.sleep(0.2)
            answer = send(few, verify_body())
            ROWS["more connections than there may be"].check(answer)
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["connection"] == "close"
            for _ in range(20):
                stack.enter_context(connected(few))
            time.sleep(0.2)
            with pytest.raises(ConnectionError):  # a flood of them is not even told
                send(few, verify_body())
        time.sleep(0.2)
        works(few)


def test_large_bodies_share_what_room_there_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    limit = 100_000
    with running_sandbox(tmp_path_factory.mktemp("narrow"), body_limit=limit) as narrow:
        with ExitStack() as stack:
            for _ in range(16):
                data = head(f"Content-Length: {limit}") + b"x" * (limit - 1)
                stack.enter_context(connected(narrow, data))
            time.sleep(0.5)
            answer = send(narrow, GOOD + b" " * (limit - len(GOOD)))
            ROWS["more large bodies at once than fit"].check(answer)
            assert answer.headers["retry-after"] == "5"
            works(narrow)
        time.sleep(0.2)
        assert send(narrow, GOOD + b" " * (limit - len(GOOD))).text("ResponseCode") == "WSVRC001"


def test_passwords_that_wait_too_many_are_told_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    wrong = verify_body().replace("SandboxAO-000001", "SandboxAO-999999")
    folder = tmp_path_factory.mktemp("guessed")
    with running_sandbox(folder, hashing=hash_password, proofs_at_once=1, proofs_waiting=2) as guessed:
        works(guessed)
        with ThreadPoolExecutor(20) as pool:
            answers = list(
                pool.map(lambda number: send(guessed, wrong, source=f"127.0.0.{2 + number}"), range(40))
            )
            assert works(guessed) < 2
        busy = [answer for answer in answers if answer.status == 503]
        assert 0 < len(busy) < 40
        for answer in answers:
            if answer in busy:
                ROWS["more unproven passwords than can be checked"].check(answer)
                assert answer.headers["retry-after"] == "1"
            else:
                ROWS["a wrong password"].check(answer)
