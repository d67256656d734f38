"""Reading a request's body: in bounded time, size and memory, also when it is gzipped."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uln_server.gate.head import Head, too_large
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_GZIP_WINDOW = 31


class ClientLeft(Exception):  # noqa: N818  # an event, not an error: nobody is there to be answered
    """The client closed the connection before its body was whole."""


async def read_body(receive: Receive, head: Head, settings: Settings) -> bytes:
    """Give the whole body, inflated.

    Raises ``HttpRefusal`` 400 (no body, broken gzip), 408 (slower than ``body_seconds`` and ``body_rate``
    allow), 413 (larger than ``body_limit``, as sent or inflated); ``ClientLeft``.
    """
    try:
        async with asyncio.timeout(settings.body_seconds) as deadline:
            body = await _collect(receive, settings, deadline)
    except TimeoutError:
        raise HttpRefusal(
            408, f"The body did not arrive in time ({settings.body_seconds:g} s). Send it again, in one go."
        ) from None
    if head.gzipped:
        body = _inflated(body, settings.body_limit)
    if not body:
        raise HttpRefusal(400, "The request has no body. Send a SOAP 1.1 envelope.")
    return body


async def drain(receive: Receive, settings: Settings) -> None:
    """Read on for a while and forget it, so that the client gets to read why it was refused."""
    left = 4 * settings.body_limit
    try:
        async with asyncio.timeout(settings.body_seconds):
            while left > 0:
                event = await receive()
                left -= len(event.get("body", b""))
                if event["type"] != "http.request" or not event.get("more_body"):
                    return
    except TimeoutError:
        return


async def _collect(receive: Receive, settings: Settings, deadline: asyncio.Timeout) -> bytes:
    event = await receive()
    if event["type"] == "http.request" and not event.get("more_body"):
        return _within(bytes(event["body"]), settings.body_limit)
    started = asyncio.get_running_loop().time()
    parts: list[bytes] = []
    size = 0
    while True:
        if event["type"] != "http.request":
            raise ClientLeft
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > settings.body_limit:
            raise too_large(settings.body_limit)
        if not event.get("more_body"):
            return b"".join(parts)
        deadline.reschedule(started + settings.body_seconds + size / settings.body_rate)
        event = await receive()


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise too_large(limit)
    return body


def _inflated(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise HttpRefusal(400, "The body says it is gzip and is not. Send what Content-Encoding says.") from None
    if len(plain) > limit:
        raise too_large(limit)
    if not inflater.eof:
        raise HttpRefusal(400, "The gzip body ends too early. Send it again.")
    return plain
