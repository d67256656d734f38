"""A proxy in front of the service that ends the calling process at a call that the test chooses."""

import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from subprocess import Popen

Moment = Literal["before", "after"]


@dataclass(slots=True)
class Interrupting:
    """Passes calls on, and says which there were; ends ``process`` at one.

    ``before`` the service has got the call, or ``after`` it has answered: then the answer is lost. ``gently`` is
    as by Ctrl-C, where the system knows it.
    """

    url: str = ""
    calls: list[str] = field(default_factory=list)
    process: "Popen[bytes] | None" = None
    gently: bool = False
    _at: tuple[str, int, Moment] | None = None

    def end(self, process: "Popen[bytes]", operation: str, call: int, moment: Moment, *, gently: bool) -> None:
        """End it at the call of this operation with this number, counted from 1 and from now."""
        self.process, self._at = process, (operation, call + self.calls.count(operation), moment)
        self.gently = gently and sys.platform != "win32"

    def passes(self, operation: str, moment: Moment) -> bool:
        """Whether a call goes on at this moment."""
        if self._at != (operation, self.calls.count(operation), moment) or self.process is None:
            return True
        self.process.send_signal(signal.SIGINT) if self.gently else self.process.kill()
        self.process.wait(30)
        return False


@contextmanager
def interrupting(service: str) -> Iterator[Interrupting]:
    """Run the proxy before a service."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = _operation(body)
            with lock:
                proxy.calls.append(operation)
                if not proxy.passes(operation, "before"):
                    self.close_connection = True
                    return
                status, answer = _passed_on(f"{service}{self.path}", body, self.headers["SOAPAction"] or "")
                if not proxy.passes(operation, "after"):
                    self.close_connection = True
                    return
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    lock = threading.Lock()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        proxy = Interrupting(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()


_OPERATIONS = {
    b":SubmitBatch ": "register",
    b":SubmitVerifyBatch ": "verify",
    b":SubmitAchievementBatchJob ": "submit",
}


def _operation(body: bytes) -> str:
    return next((name for mark, name in _OPERATIONS.items() if mark in body), "ask")


def _passed_on(url: str, body: bytes, action: str) -> tuple[int, bytes]:
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
