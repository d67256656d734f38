"""HTTP/1.1 as uvicorn reads it, with bounds on the head, and a fault when it cannot be read."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from uln_server.gate.app import GateApp
from uln_server.soap.faults import HttpRefusal

_HEAD_LIMIT = 64 * 1024


class GateProtocol(HttpToolsProtocol):
    """One connection. A head that is slow (408), too large or malformed (400) is refused, and closes it.

    uvicorn itself bounds neither: a few connections that each send half a head would stay for ever.
    """

    _timer: asyncio.TimerHandle | None = None
    _in_head = True
    _head_size = 0
    url = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock: a client that connects has something to say."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows asyncio's own signature
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock with the connection."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; the head may take ``header_seconds`` and 64 KB, in however many pieces."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        self._head_size += len(data)
        if self._head_size > _HEAD_LIMIT:
            self._refuse(HttpRefusal(400, "The request's head is too large. Send fewer headers."))
        elif self._timer is None:
            self._start_clock()

    def on_message_begin(self) -> None:
        """A new head begins."""
        self._in_head = True
        self._head_size = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._stop_clock()
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words say less than ours
        """Refuse what is no HTTP/1.1 request; on a service path with a fault (domain §4)."""
        self._refuse(
            HttpRefusal(400, "The request is not valid HTTP/1.1: its head, length or chunks are malformed.")
        )

    @property
    def _gate(self) -> GateApp:
        gate: Any = self.config.app
        return gate  # type: ignore[no-any-return]  # uvicorn keeps any ASGI application

    def _start_clock(self) -> None:
        seconds = self._gate.settings.header_seconds
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._refuse(HttpRefusal(408, "The request's head did not arrive in time. Send it in one go."))

    def _refuse(self, refusal: HttpRefusal) -> None:
        body, media_type = self._gate.unreadable(refusal, self.url.decode("latin-1"))
        head = (
            STATUS_LINE[refusal.status]
            + f"content-type: {media_type}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
        )
        self.transport.write(head + body)
        self.transport.close()
