"""The same gate behind TLS, and clients that cannot speak it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.service import RunningService, make_sandbox, running, sandbox_settings
from tests.soap.hostile import GOOD, ROWS, first_answer, head
from tests.soap.test_gate_patience import works

from uln_server import tls

WHOLE = head(f"Content-Length: {len(GOOD)}") + GOOD


@dataclass(frozen=True, slots=True)
class Secure:
    """A service with an https port, and what a client needs to trust it."""

    service: RunningService
    port: int
    authority: Path

    def plain(self, data: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(data)
        return connection

    def connected(self, data: bytes) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = context.wrap_socket(self.plain(b""), server_hostname="localhost")
        connection.sendall(data)
        return connection

    def works(self) -> None:
        with self.connected(WHOLE) as connection:
            assert first_answer(connection).text("ResponseCode") == "WSVRC001"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("secure")
    files = tls.prepare(folder / "tls", [])
    url = f"sqlite:///{(folder / 'register.sqlite3').as_posix()}"
    make_sandbox(url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = sandbox_settings(
        url, tls_port=port, tls_certificate=files.server, tls_key=files.server, tls_client_ca=files.authority
    )
    with running(settings) as service:
        yield Secure(service, port, files.authority)


def test_a_refusal_is_read_and_the_connection_ends(secure: Secure) -> None:
    with secure.connected(head("Content-Length: ten")) as connection:
        ROWS["what is no HTTP/1.1 request"].check(first_answer(connection))
        connection.settimeout(5)
        with suppress(ssl.SSLEOFError):
            assert connection.recv(1) == b""
    secure.works()


def test_a_large_body_is_refused_readably(secure: Secure) -> None:
    with secure.connected(head("Content-Length: 9000000") + b"x" * 9_000_000) as connection:
        ROWS["a body that is too large"].check(first_answer(connection))
    secure.works()


@pytest.mark.parametrize("data", [WHOLE[:-50], WHOLE[:20], WHOLE, b""], ids=["body", "head", "call", "nothing"])
def test_a_client_that_says_goodbye(secure: Secure, data: bytes) -> None:
    with secure.connected(data) as connection, suppress(ssl.SSLError):  # its answer may be on the way already
        connection.unwrap().close()
    secure.works()


@pytest.mark.parametrize(
    "data", [WHOLE, b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01\x02\x00" + b"\xff" * 512, bytes(range(256))]
)
def test_what_is_no_tls_gets_nowhere(secure: Secure, data: bytes) -> None:
    with secure.plain(data):
        secure.works()
    assert works(secure.service) < 2
