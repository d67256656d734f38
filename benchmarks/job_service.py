"""A service that works jobs off, as a client sees it, and what it costs its machine."""

import http.client
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import psutil
from benchmarks.sides import processor_seconds, serving, worker_processes
from sqlalchemy import make_url

POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 120.0
_JOB_ID = re.compile(rb"<(?:\w+:)?Job(?:ID|Id)[^>]*>(\d+)<")
_LINUX = sys.platform == "linux"
_FORGET_THE_PEAK = "5"
_WARMING_SECONDS = 3.0
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: where it is sent, how its output is asked for, how an unfinished one and a right one look."""

    name: str
    path: str
    question: Callable[[int], bytes]
    unfinished: bytes
    right: Callable[[bytes, int], bool]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from sending the submission to its answer, and to the whole output; processor's seconds a row."""

    accepted: float
    ready: float
    processor: float


class Service:
    """A service under measurement: one process that answers, on PostgreSQL another that works jobs off."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        processes: Sequence[Popen[str]],
        database: psutil.Process | None,
    ) -> None:
        self._connection = connection
        self._processes = processes
        self._database = database

    def processor(self) -> float:
        """Seconds that its processes, and PostgreSQL's, have used so far."""
        used = sum(map(processor_seconds, self._processes))
        if self._database is not None:
            ended = self._database.cpu_times()
            used += ended.children_user + ended.children_system
            for each in (self._database, *self._database.children()):
                times = each.cpu_times()
                used += times.user + times.system
        return used

    def warm_up(self, kind: Kind) -> None:
        """Let it check the password, for which it takes 64 MB for a moment, and remember that; then count anew."""
        question = kind.question(1)
        self._send(kind.path, [question], len(question))
        time.sleep(_WARMING_SECONDS)
        for each in self._own():
            if _LINUX:
                Path(f"/proc/{each.pid}/clear_refs").write_text(_FORGET_THE_PEAK)

    def peaks(self) -> list[float]:
        """The most memory that each of its own processes has held since it was warm, in MB; Linux alone."""
        told = [Path(f"/proc/{each.pid}/status").read_text() for each in self._own() if _LINUX]
        return [int(found[1]) / 1024 for each in told if (found := _PEAK.search(each))]

    def _own(self) -> list[psutil.Process]:
        return [each for process in self._processes for each in worker_processes(process)]

    def carry_out(
        self, kind: Kind, rows: int, pieces: Iterable[bytes], length: int, *, pause: float = POLL_SECONDS
    ) -> Took:
        """Submit a job and ask after it until its output is there; end the run when that is not right.

        ``length`` is that of the pieces of the message together, in bytes; ``pause`` the seconds before the first
        question.
        """
        self._connection.close()  # the service has, if others were measured meanwhile; the message opens another
        used, started = self.processor(), time.perf_counter()
        answer = self._send(kind.path, pieces, length)
        accepted = time.perf_counter() - started
        found = _JOB_ID.search(answer)
        if found is None or found[1] == b"0":
            sys.exit(f"{kind.name}: not accepted: {answer[-1000:]!r}")
        self._connection.close()  # the service would, when the pause is long; the next question opens another
        time.sleep(pause)
        output = self._output(kind, int(found[1]))
        ready = time.perf_counter() - started
        if not kind.right(output, rows):
            sys.exit(f"{kind.name}: the output was wrong: {output[:1000]!r}")
        return Took(accepted, ready, (self.processor() - used) / rows)

    def _output(self, kind: Kind, job_id: int) -> bytes:
        question, until = kind.question(job_id), time.perf_counter() + _PATIENCE_SECONDS
        while kind.unfinished in (output := self._send(kind.path, [question], len(question))):
            if time.perf_counter() > until:
                sys.exit(f"{kind.name}: not finished within {_PATIENCE_SECONDS:.0f} s")
            time.sleep(POLL_SECONDS)
        return output

    def _send(self, path: str, body: Iterable[bytes], length: int) -> bytes:
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Content-Length": str(length)}
        self._connection.request("POST", path, body=body, headers=headers)
        return self._connection.getresponse().read()


@contextmanager
def service(url: str) -> Iterator[Service]:
    """Start a service on this register, on PostgreSQL with a worker."""
    with serving("service", url, workers=1) as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        with closing(connection):
            if url.startswith("sqlite"):
                yield Service(connection, [process], None)
            else:
                with serving("worker", url, workers=1) as (_, worker):
                    yield Service(connection, [process, worker], _postmaster(url))


def _postmaster(url: str) -> psutil.Process:
    """PostgreSQL's first process, whose number is in the folder of its socket."""
    folder = Path(str(make_url(url).query["host"]))
    return psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
