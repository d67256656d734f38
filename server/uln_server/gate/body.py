"""Reading a request's body: in bounded time, size and memory, also when it is gzipped."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uln_server.gate.head import Head, too_large
from uln_server.gate.spool import IN_MEMORY, Spool
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_GZIP_WINDOW = 31
# A body up to this size always finds room; what it inflates to at most, at once, without a thread.
_SMALL = 64 * 1024
_INFLATED_AT_ONCE = 1024 * 1024
# Bodies of the largest size that a process holds at the same time.
_LARGE_AT_ONCE = 16
# Seconds that a client may be ahead of the slowest rate, however much it has sent [O].
_AHEAD = 60.0
# How long a client is waited for that goes on sending after its refusal.
_LINGER_IDLE = 2.0


class ClientLeft(Exception):  # noqa: N818  # an event, not an error: nobody is there to be answered
    """The client closed the connection before its body was whole."""


class Room:
    """What all large bodies of a process may take together, in bytes [O]: of memory, or spooled ones of disk.

    Clients that each send half a large body and stay would otherwise take ``connections`` times ``body_limit``.
    """

    def __init__(self, body_limit: int) -> None:
        self.largest = body_limit
        self.left = _LARGE_AT_ONCE * body_limit


class Incoming:
    """One request's body on its way; ``whole`` once all of it was received."""

    def __init__(self, receive: Receive, room: Room) -> None:
        self._receive = receive
        self.room = room
        self._taken = 0
        self.whole = False

    async def part(self) -> bytes:
        """Give what has arrived next; raises ``ClientLeft``."""
        event = await self._receive()
        if event["type"] != "http.request":
            self.whole = True
            raise ClientLeft
        self.whole = not event.get("more_body")
        return bytes(event.get("body", b""))

    def take(self, size: int) -> None:
        """Take room for a body of ``size`` bytes; ``HttpRefusal`` 503 when there is none."""
        if size <= _SMALL:
            return
        more = size - self._taken
        if more > self.room.left:
            raise HttpRefusal(
                503,
                "Too many large bodies are on their way at the same time. Send the message again shortly.",
                {"Retry-After": "5"},
            )
        self.room.left -= more
        self._taken = size

    def release(self) -> None:
        """Give the room back, once the body was answered."""
        self.room.left += self._taken
        self._taken = 0


async def read_body(incoming: Incoming, head: Head, settings: Settings) -> bytes:
    """Give the whole body, inflated.

    Raises ``HttpRefusal`` 400 (no body, broken gzip), 408 (slower than ``body_seconds`` and ``body_rate``
    allow), 413 (larger than ``body_limit``, as sent or inflated), 503 (no room); ``ClientLeft``.
    """
    # One buffer: a list of parts would take many times the body when it comes in crumbs.
    buffer = bytearray()
    first = await _collect(incoming, settings, settings.body_limit, buffer.extend)
    body = first if first is not None else bytes(buffer)
    if head.gzipped and body:
        body = await _inflated(body, settings.body_limit)
        incoming.take(len(body))
    if not body:
        raise _no_body()
    return body


async def spool_body(incoming: Incoming, head: Head, settings: Settings, limit: int) -> Spool:
    """Give the whole body, inflated, in a file if it is large; whoever asks closes it.

    Raises as ``read_body`` does; at most ``limit`` bytes, as sent and inflated.
    """
    spool = Spool()
    try:
        first = await _collect(incoming, settings, limit, spool.write)
        if first is not None:
            spool.write(first)
        if head.gzipped and len(spool):
            sent, spool = spool, Spool()
            with sent:
                await asyncio.to_thread(_inflate, sent, spool, limit)
            incoming.take(len(spool))
    except BaseException:
        spool.close()
        raise
    if not len(spool):
        spool.close()
        raise _no_body()
    return spool


async def linger(incoming: Incoming, settings: Settings) -> None:
    """Read the rest of a refused body for a while and forget it.

    A connection that is closed on bytes nobody read is reset, and the client then may not get to see why it was
    refused.
    """
    left = 4 * incoming.room.largest
    try:
        async with asyncio.timeout(settings.body_seconds):
            while left > 0 and not incoming.whole:
                async with asyncio.timeout(_LINGER_IDLE):
                    left -= len(await incoming.part())
    except (TimeoutError, ClientLeft):
        return


async def _collect(
    incoming: Incoming, settings: Settings, limit: int, keep: Callable[[bytes], object]
) -> bytes | None:
    """Give a body that came in one part, or hand each part to ``keep`` and give ``None``."""
    try:
        async with asyncio.timeout(settings.body_seconds) as deadline:
            part = await incoming.part()
            _take(incoming, len(part), limit)
            if incoming.whole:
                return part
            clock = asyncio.get_running_loop().time
            until, received = clock() + settings.body_seconds, len(part)
            keep(part)
            while not incoming.whole:
                # What was sent buys time, but not to stay away with: nobody holds room for hours with few bytes.
                until = min(until + len(part) / settings.body_rate, clock() + max(settings.body_seconds, _AHEAD))
                deadline.reschedule(until)
                part = await incoming.part()
                received += len(part)
                _take(incoming, received, limit)
                keep(part)
    except TimeoutError:
        raise HttpRefusal(
            408, f"The body did not arrive in time ({settings.body_seconds:g} s). Send it again, in one go."
        ) from None
    return None


def _no_body() -> HttpRefusal:
    return HttpRefusal(400, "The request has no body. Send a SOAP 1.1 envelope.")


def _take(incoming: Incoming, size: int, limit: int) -> None:
    if size > limit:
        raise too_large(limit)
    incoming.take(size)


async def _inflated(body: bytes, limit: int) -> bytes:
    """Inflate; what grows large does so in a thread, since a few bytes may become all of ``limit``."""
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    try:
        plain = inflater.decompress(body, _SMALL)
        if inflater.unconsumed_tail:
            plain += await asyncio.to_thread(inflater.decompress, inflater.unconsumed_tail, limit + 1 - _SMALL)
    except zlib.error:
        raise _no_gzip() from None
    if len(plain) > limit:
        raise too_large(limit)
    if not inflater.eof or inflater.unused_data:
        raise _no_whole_gzip()
    return plain


def _inflate(sent: Spool, plain: Spool, limit: int) -> None:
    """Inflate from one file into another, a little at a time."""
    inflater = zlib.decompressobj(wbits=_GZIP_WINDOW)
    follows = False
    try:
        for part in sent.parts(IN_MEMORY):
            follows = follows or inflater.eof
            while not follows and part and not inflater.eof:
                plain.write(inflater.decompress(part, _INFLATED_AT_ONCE))
                if len(plain) > limit:
                    raise too_large(limit)
                part = inflater.unconsumed_tail  # noqa: PLW2901  # what is left of it
    except zlib.error:
        raise _no_gzip() from None
    if follows or not inflater.eof or inflater.unused_data:
        raise _no_whole_gzip()


def _no_gzip() -> HttpRefusal:
    return HttpRefusal(400, "The body says it is gzip and is not. Send what Content-Encoding says.")


def _no_whole_gzip() -> HttpRefusal:
    return HttpRefusal(400, "The gzip body is cut short, or something follows it. Send one whole gzip stream.")
