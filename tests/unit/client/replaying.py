"""A real HTTP server that replays recorded replies, and remembers what it was sent."""

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_REPLIES = Path(__file__).parent / "replies"


def recorded(name: str) -> bytes:
    return (_REPLIES / name).read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server sends; ``cut`` closes the connection unanswered, ``broken`` in the middle of the body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/xml; charset=utf-8"
    seconds: float = 0.0
    cut: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Replaying:
    """The server: answers in turn, the last one for ever."""

    def __init__(self, port: int, scheme: str) -> None:
        self.url = f"{scheme}://127.0.0.1:{port}"
        self.requests: list[Request] = []
        self._answers: list[Answer] = []
        self._lock = threading.Lock()

    def answer(self, *answers: Answer) -> None:
        self._answers = list(answers)

    def replay(self, name: str, status: int = 200) -> None:
        page = name.endswith(".html")
        self.answer(Answer(status=status, body=recorded(name), content_type="text/html" if page else "text/xml"))

    def take(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@contextmanager
def replaying(context: ssl.SSLContext | None = None) -> Iterator[Replaying]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def do_GET(self) -> None:
            self._reply(b"")

        def _reply(self, body: bytes) -> None:
            answer = server.take(Request(self.command, self.path, dict(self.headers), body))
            time.sleep(answer.seconds)
            if answer.cut:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body) + (10 if answer.broken else 0)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.broken

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the signature is the library's
            pass

    listener = _Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    server = Replaying(listener.server_address[1], "http" if context is None else "https")
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or a TLS handshake that fails, is what some tests are about."""
