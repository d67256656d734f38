"""A client's side of the wire: recorded messages, sent as they are, one after the other."""

import http.client
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.service import RunningService
from tests.soap.wire import TODAY, Answer

MESSAGES = Path(__file__).parent / "messages"
_BLANK_LINE = b"\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def recorded(name: str) -> bytes:
    """A message as it goes over the wire, request line and all."""
    return (MESSAGES / f"{name}.http").read_bytes()


def head_and_body(message: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the blank line, which belongs to the head."""
    head, blank, body = message.partition(_BLANK_LINE)
    return head + blank, body


class Conversation:
    """A client that sends its messages to one address, over one connection for as long as both sides keep it."""

    def __init__(self, service: RunningService, path: str = TODAY) -> None:
        self._service = service
        self._path = path
        self._connection: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, name: str) -> Answer:
        """Send a recorded message; of its bytes nothing is changed but the path, where that is another one."""
        head, body = head_and_body(recorded(name))
        head = head.replace(f"POST {TODAY} ".encode(), f"POST {self._path} ".encode(), 1)
        connection = self._connected()
        connection.sendall(head)
        if b"Expect: 100-continue" in head:
            assert _exactly(len(_CONTINUE), connection) == _CONTINUE
        connection.sendall(body)
        return self._answer(connection)

    def _answer(self, connection: socket.socket) -> Answer:
        response = http.client.HTTPResponse(connection)
        response.begin()
        names = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, names, response.read(), self._path)
        if names.get("connection") == "close":
            self._hang_up()
        return answer

    def _connected(self) -> socket.socket:
        if self._connection is None:
            address = (self._service.host, self._service.port)
            self._connection = socket.create_connection(address, timeout=30)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _exactly(count: int, connection: socket.socket) -> bytes:
    """So many bytes, or fewer when the other side closes."""
    received = b""
    while len(received) < count and (more := connection.recv(count - len(received))):
        received += more
    return received
