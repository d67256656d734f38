"""Servers to be measured: started side by side, driven in turn, each answer checked."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median

import psutil
from benchmarks.load import Measured

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
SECONDS = 2.0
ROUNDS = 5
_MOST_A_SECOND = 4_000  # requests that are at hand for each second, where none may be sent twice


@dataclass(slots=True)
class Side:
    """One thing to be measured: what is asked of which server, and what every good answer holds.

    ``requests`` are sent over and over; with ``once``, an iterator whose requests are each sent once.
    """

    name: str
    what: str
    database: str
    expected: str
    requests: Sequence[bytes] = ()
    once: Iterator[bytes] | None = field(default=None, repr=False)

    def next_requests(self) -> Iterable[bytes]:
        """What the next round sends."""
        return self.requests if self.once is None else islice(self.once, int(SECONDS * _MOST_A_SECOND))


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds; times in milliseconds, the processor's in microseconds a request."""

    rate: float
    p50: float
    p99: float
    processor: float
    memory: float


def http_request(body: bytes, path: str = "/LearnerService.svc") -> bytes:
    """A whole HTTP request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: ""\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body


def compare(sides: Sequence[Side], folder: Path, connections: Sequence[int]) -> Mapping[tuple[str, int], Result]:
    """Drive the sides in turn, so that a noisy moment of the machine meets them all; print and give the medians.

    Sides that ask the same kind of server about the same database share one server.
    """
    results = {}
    with ExitStack() as stack:
        wanted = dict.fromkeys((each.what, each.database) for each in sides)
        servers = {key: stack.enter_context(serving(*key)) for key in wanted}
        for count in connections:
            rounds: list[list[tuple[Measured, float]]] = [[] for _ in sides]
            for number in range(ROUNDS + 1):
                for side, taken in zip(sides, rounds, strict=True):
                    measured = _measure(side, servers[side.what, side.database], count, folder)
                    if number:  # the first warms up
                        taken.append(measured)
            for side, taken in zip(sides, rounds, strict=True):
                result = _medians(taken, servers[side.what, side.database][1])
                results[side.name, count] = result
                print(f"{side.name}; {WORKERS} workers, {count:2} connections: {_words(result)}")
    return results


def _words(result: Result) -> str:
    return (
        f"{result.rate:7,.0f} requests/s (median of {ROUNDS}), p50 {result.p50:5.1f} ms, p99 {result.p99:5.1f} ms,"
        f" {result.processor:4.0f} µs of processor a request, {result.memory:.0f} MB a worker"
    )


def _measure(
    side: Side, server: tuple[int, subprocess.Popen[str]], connections: int, folder: Path
) -> tuple[Measured, float]:
    """One round: what was measured, and the processor's seconds for each answer."""
    port, process = server
    file = folder / "requests"
    file.write_text("\n".join(request.hex() for request in side.next_requests()))
    before = processor_seconds(process)
    measured = _drive(port, connections, side.expected, file)
    used = processor_seconds(process) - before
    if measured.wrong:
        sys.exit(f"{side.name}: {measured.wrong} answers were wrong")
    return measured, used / (measured.rate * SECONDS)


def _medians(rounds: list[tuple[Measured, float]], process: subprocess.Popen[str]) -> Result:
    rate, p50, p99 = (median(getattr(each, name) for each, _ in rounds) for name in ("rate", "p50", "p99"))
    resident = [each.memory_info().rss for each in worker_processes(process)]
    return Result(
        rate=rate,
        p50=p50,
        p99=p99,
        processor=median(seconds for _, seconds in rounds) * 1_000_000,
        memory=sum(resident) / len(resident) / 2**20,
    )


@contextmanager
def serving(what: str, url: str, workers: int = WORKERS) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server as a process of its own, and its port; see ``serve.py``."""
    with subprocess.Popen(
        [sys.executable, ROOT / "benchmarks" / "serve.py", what, url, str(workers)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), process
        finally:
            process.terminate()
            process.wait(30)


def worker_processes(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """A server's worker processes."""
    return [each for each in psutil.Process(process.pid).children() if "spawn_main" in str(each.cmdline())]


def processor_seconds(process: subprocess.Popen[str]) -> float:
    """User and system time that a server's workers have used so far, whatever else the machine did."""
    times = [each.cpu_times() for each in worker_processes(process)]
    return sum(each.user + each.system for each in times)


def _drive(port: int, connections: int, expected: str, file: Path) -> Measured:
    """Run the load generator as a process of its own."""
    command: list[str | Path] = [
        sys.executable,
        ROOT / "benchmarks" / "load.py",
        str(port),
        str(connections),
        str(SECONDS),
        expected,
        file,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS + 60)
    return Measured(**json.loads(done.stdout))
