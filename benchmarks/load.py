"""A load generator: a few connections, each sending its next request when its answer has come."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers per second, times in milliseconds, and how many answers were not what was expected."""

    rate: float
    p50: float
    p99: float
    worst: float
    wrong: int


@dataclass(frozen=True, slots=True)
class Load:
    """What to send: whole HTTP requests, taken in turn by whichever connection is free.

    Every good answer holds ``expected``. After the last request comes the first again.
    """

    port: int
    connections: int
    seconds: float
    expected: bytes
    requests: list[bytes]


class _Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, turns: Iterator[bytes], until: float, done: asyncio.Future[None]) -> None:
        self.load, self.turns, self.until, self.done = load, turns, until, done
        self.times: list[float] = []
        self.wrong = 0
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport  # uvloop's own kind is none of asyncio's classes
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(next(self.turns))

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        start = self.received.index(b"content-length: ") + 16
        length = int(self.received[start : self.received.index(b"\r", start)])
        if len(self.received) < end + 4 + length:
            return
        now = time.perf_counter()
        self.times.append(now - self.sent)
        self.wrong += self.load.expected not in self.received
        self.received = b""
        if now < self.until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed"))


async def _drive(load: Load) -> Measured:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    callers: list[_Caller] = []
    turns = cycle(load.requests)
    for _ in range(load.connections):
        done = loop.create_future()
        caller = _Caller(load, turns, started + load.seconds, done)
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", load.port)  # type: ignore[misc]  # mypy cannot infer it
        callers.append(caller)
    async with asyncio.timeout(load.seconds + 30):
        await asyncio.gather(*(each.done for each in callers))
    took = time.perf_counter() - started
    for each in callers:
        each.transport.close()
    times = sorted(moment for each in callers for moment in each.times)
    return Measured(
        rate=len(times) / took,
        p50=times[len(times) // 2] * 1000,
        p99=times[len(times) * 99 // 100] * 1000,
        worst=times[-1] * 1000,
        wrong=sum(each.wrong for each in callers),
    )


def drive(load: Load) -> Measured:
    """Send for ``seconds`` and measure; on uvloop where it is to be had."""
    try:
        import uvloop  # noqa: PLC0415  # not on Windows
    except ImportError:
        return asyncio.run(_drive(load))
    return uvloop.run(_drive(load))


if __name__ == "__main__":
    # A process of its own, as a client is: load.py PORT CONNECTIONS SECONDS EXPECTED FILE
    port, connections, seconds, expected, file = sys.argv[1:]
    requests = [bytes.fromhex(line) for line in Path(file).read_text().split()]
    measured = drive(Load(int(port), int(connections), float(seconds), expected.encode(), requests))
    print(json.dumps(asdict(measured)))
