"""HTTP/1.1 as uvicorn reads it, bounded where uvicorn is not, and answering with a fault what cannot be read."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from uln_server.gate.app import GateApp
from uln_server.soap.faults import HttpRefusal

_HEAD_LIMIT = 64 * 1024
# A chunk of one byte takes six: whoever sends more than this around a byte of content sends no message.
_WRAPPING = 8
# Connections past the limit that are still told so; those after them are closed without a word.
_SPARE = 20
# How long a client is waited for that goes on sending after its refusal.
_LINGER_SECONDS = 2.0


class Phase(Enum):
    """What a connection waits for: a request, the rest of its head, the rest of its body."""

    REQUEST = auto()
    HEAD = auto()
    BODY = auto()


class _Unwanted(Exception):  # noqa: N818  # an order to the parser, no error
    """Stops the parser after a head that was refused."""


class GateProtocol(HttpToolsProtocol):
    """One connection, of which no client can hold on to anything for ever.

    A head that is slow (408), too large or malformed (400) is refused, and closes the connection; so does a
    request on one connection too many (503). uvicorn itself bounds neither heads, trailers, blank lines nor the
    time that a client takes to read its answer: a few who send half a head, or read half an answer, would stay
    for ever.
    A refusal is never sent ahead of the answer to an earlier request.
    """

    _phase = Phase.REQUEST
    _refused = False
    _ended = False
    _offered = False
    _wrapping = 0
    _earlier: RequestResponseCycle | None = None
    _clock: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None
    url = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock: a client that connects has something to say."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows asyncio's own signature
        self.limit_concurrency = None  # uvicorn's own refusal is no fault
        self._start_clock(self._gate.settings.header_seconds, self._too_slow)
        if len(self.connections) > self._gate.settings.connections + _SPARE:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks with the connection."""
        self._stop_clock()
        self._unset_keepalive_if_required()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; after a refusal the rest is read and forgotten, so that the client gets to read the refusal."""
        if self._refused or self.transport.is_closing():
            return
        self._wrapping += len(data)
        self._feed(data)
        if self._wrapping > _HEAD_LIMIT:
            self._refuse(HttpRefusal(400, _TOO_LARGE))
        elif self._phase is Phase.HEAD:
            self._start_clock(self._gate.settings.header_seconds, self._too_slow)
        elif self._phase is Phase.REQUEST and not self._owes_answer():
            self._await_request()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio's own signature, which uvicorn narrows
        """The client has said all it will say; what it is owed is still sent, where uvicorn would drop it."""
        self._ended = True
        if self.scheme == "https":
            return False  # under TLS nothing can be said any more
        if self._phase is not Phase.REQUEST:
            self._refuse(HttpRefusal(400, "The request ends before it is whole. Send all of it."))
        elif self._owes_answer():
            self.cycle.keep_alive = False
        return self._owes_answer()

    def on_message_begin(self) -> None:
        """A new head begins."""
        self._phase = Phase.HEAD
        self._wrapping = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop_clock()
        self._check_head()
        self._offered = self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"
        if self._offered:
            return
        self._earlier = self.cycle
        super().on_headers_complete()
        self._phase = Phase.BODY
        self.headers = []  # of what may follow as trailers, which say nothing here

    def on_body(self, body: bytes) -> None:
        """Some of the body came; it makes up for what was sent around it."""
        self._wrapping = max(0, self._wrapping - _WRAPPING * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if not self._offered:
            self._phase = Phase.REQUEST
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer was written; if it was the last, it must also be read in time."""
        super().on_response_complete()
        self._end_in_time()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked for."""
        super().timeout_keep_alive_handler()
        self._end_in_time()

    def pause_writing(self) -> None:
        """The client does not read: it has ``body_seconds`` to go on."""
        super().pause_writing()
        self._stall = self.loop.call_later(self._gate.settings.body_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads."""
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        super().resume_writing()

    @property
    def _gate(self) -> GateApp:
        gate: Any = self.config.app
        return gate  # type: ignore[no-any-return]  # uvicorn keeps any ASGI application

    def _feed(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as end_of_head:
            if self._offered:
                self._decline(data[end_of_head.args[0] :])
        except httptools.HttpParserError:
            self._refuse(HttpRefusal(400, _MALFORMED))

    def _decline(self, rest: bytes) -> None:
        """Pass over an offer to upgrade, as Java's client makes with every call: read the head again without it.

        uvicorn and its parser would take the request's body for data of the new protocol.
        """
        self._offered = False
        said = dict(self.headers)
        start = b"%s %s HTTP/1.1" % (self.parser.get_method(), self.url)
        kept = [b"%s: %s" % pair for pair in self.headers if pair[0] not in {b"upgrade", b"connection"}]
        if b"close" in said.get(b"connection", b"").lower():
            kept.append(b"connection: close")
        self.parser = httptools.HttpRequestParser(self)
        self._feed(b"\r\n".join([start, *kept, b"", rest]))

    def _check_head(self) -> None:
        """Refuse a whole head that is too large, or comes on one connection too many."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > _HEAD_LIMIT:
            self._refuse(HttpRefusal(400, _TOO_LARGE))
            raise _Unwanted
        if len(self.connections) > self._gate.settings.connections:
            self._refuse(HttpRefusal(503, _FULL, {"Retry-After": "1"}))
            raise _Unwanted

    def _owes_answer(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete and not cycle.disconnected

    def _await_request(self) -> None:
        """Something came that begins no request, such as blank lines: it buys no more than the usual time."""
        if self._clock is None and self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _start_clock(self, seconds: float, action: Callable[[], None]) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(seconds, action)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _too_slow(self) -> None:
        self._clock = None
        if self._phase is Phase.REQUEST:  # nobody asked for anything, and nobody waits for an answer
            self.transport.close()
        else:
            self._refuse(HttpRefusal(408, "The request's head did not arrive in time. Send it in one go."))

    def _end_in_time(self) -> None:
        if self.transport.is_closing():
            self._start_clock(self._gate.settings.body_seconds, self.transport.abort)

    def _refuse(self, refusal: HttpRefusal) -> None:
        """Answer what is no request, and end the connection, in the order in which its requests came."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._stop_clock()
        self._unset_keepalive_if_required()
        if self._phase is Phase.BODY and not self.cycle.response_started:
            self._forget_request()
        if self._owes_answer():
            self.cycle.keep_alive = False
        else:
            self._say(refusal)

    def _forget_request(self) -> None:
        """The body that this request waits for will never be whole."""
        if self.pipeline and self._earlier is not None:
            self.pipeline.popleft()
            self.cycle = self._earlier
        else:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _say(self, refusal: HttpRefusal) -> None:
        body, media_type = self._gate.unreadable(refusal, self.url.decode("latin-1"))
        headers = {
            "content-type": media_type,
            "content-length": len(body),
            **refusal.headers,
            "connection": "close",
        }
        lines = b"".join(b"%s: %s\r\n" % pair for pair in self.server_state.default_headers)
        lines += "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode()
        self.transport.write(STATUS_LINE[refusal.status] + lines + b"\r\n" + body)
        if self._ended:
            self.transport.close()
        elif self.transport.can_write_eof():
            self.transport.write_eof()
        self._start_clock(_LINGER_SECONDS, self.transport.abort)


_MALFORMED = "The request is not valid HTTP/1.1: its head, length or chunks are malformed."
_TOO_LARGE = "The request's head is too large, or too much stands between its chunks. Send fewer headers."
_FULL = "The service holds as many connections as it may. Close those that you do not use, and send again shortly."
