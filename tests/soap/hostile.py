"""What nobody should send, each with the row of docs/refusals.md that says how it is answered.

The page is the definition: a case names its row, and the answer must be what the row says, word for word. ``…`` in
the page stands for whatever depends on the message.
"""

import http.client
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.docs.pages import page, plain, table
from tests.service import RunningService
from tests.soap.wire import TODAY, XML_TYPE, Answer, envelope, send, verify_body

Send = Callable[[RunningService], Answer]

GOOD = envelope(verify_body())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page: ``fault`` is empty where the answer is plain text."""

    name: str
    status: int
    fault: str
    text: str

    def check(self, answer: Answer, *, pathless: bool = False) -> None:
        """The answer has this status, this fault and, wildcards apart, exactly this text.

        What is ``pathless`` never said which service it is for: its answer is plain text.
        """
        assert answer.status == self.status, (answer.status, answer.body[:500])
        assert re.fullmatch(self.pattern(), self._text_of(answer, pathless=pathless), re.DOTALL), (
            self.text,
            answer.body[:1000],
        )

    def pattern(self) -> str:
        return ".*?".join(map(re.escape, self.text.split("…")))

    def _text_of(self, answer: Answer, *, pathless: bool) -> str:
        if pathless or not self.fault:
            assert answer.headers["content-type"] == "text/plain; charset=utf-8"
            return answer.body.decode()
        fault = answer.fault()
        if not fault.code:
            assert fault.faultcode == f"soapenv:{self.fault}"
            return fault.faultstring
        assert f"{fault.faultcode.removeprefix('soapenv:')} {fault.code}" == self.fault
        return fault.detail["FurtherDetails"]


def rows() -> dict[str, Row]:
    """Every row of the page's tables."""
    found: dict[str, Row] = {}
    text = page("docs/refusals.md")
    for part in text.split("\n## ")[1:]:
        if "| what is sent |" not in part:
            continue
        for name, answer, words, *_ in table(part, "what is sent"):
            status, _, fault = plain(answer).partition(" ")
            found[plain(name)] = Row(plain(name), int(status), fault, plain(words))
    return found


ROWS: Mapping[str, Row] = rows()


@dataclass(frozen=True, slots=True)
class Case:
    """One message, and the row that says how it is answered."""

    row: str
    name: str
    send: Send
    pathless: bool = False

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"


def post(body: str | bytes, *, path: str = TODAY, method: str = "POST", **headers: str) -> Send:
    """Send a body with the usual headers, some replaced: ``Content_Type="x"``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda service: send(service, body, path=path, method=method, headers=XML_TYPE | named)


def raw(data: bytes) -> Send:
    """Send bytes as they are, from a connection of their own, and read the first answer."""

    def sending(service: RunningService) -> Answer:
        with socket.create_connection((service.host, service.port), timeout=30) as connection:
            connection.sendall(data)
            return first_answer(connection)

    return sending


def first_answer(connection: socket.socket) -> Answer:
    """Read one answer and leave: a refused client is not kept waiting for the connection's end."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, names, response.read(), TODAY)


def head(*lines: str, start: str = f"POST {TODAY} HTTP/1.1", content_type: str = "text/xml") -> bytes:
    typed = [f"Content-Type: {content_type}"] if content_type else []
    return "\r\n".join([start, "Host: localhost", *typed, *lines, "", ""]).encode("latin-1")


def cut_off(data: bytes) -> Send:
    """Send bytes, say that this was all, and read the answer."""

    def sending(service: RunningService) -> Answer:
        with socket.create_connection((service.host, service.port), timeout=30) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return first_answer(connection)

    return sending


def changed(old: str, new: str | bytes) -> bytes:
    """The good message with something else in the place of ``old``."""
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode() if isinstance(new, str) else new)
