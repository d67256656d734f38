"""``make bench``: prints rates and memory. Nothing is asserted here but that every answer was right."""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil
from benchmarks import echo, name_criteria  # path set above
from benchmarks.load import Measured
from faker import Faker

from uln_contract.ulns import check_digit
from uln_server.access.organisation import Agreement, Kind
from uln_server.register.learner import Learner, Status
from uln_server.store import schema
from uln_server.store.database import Database

LEARNERS = 10_000
WORKERS = 2
SECONDS = 2.0
ROUNDS = 5
CONNECTIONS = (8, 32)
UKPRN, REF, PASSWORD = "90000009", "BENCH9", "Bench-password-1"


@dataclass(frozen=True, slots=True)
class Side:
    """One server to be measured: what it is asked, and what every good answer holds."""

    name: str
    what: str
    expected: str
    requests: list[bytes]


def main() -> None:
    """Measure, and print as it comes."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    name_criteria.report()
    with tempfile.TemporaryDirectory(prefix="uln-bench-") as folder:
        disk = commits_per_second(Path(folder))
        print(f"disk: {disk:,.0f} bare SQLite commits/s (WAL, synchronous FULL, one row each)")
        learners = make_register(Path(folder) / "register.sqlite3")
        url = f"sqlite:///{Path(folder) / 'register.sqlite3'}"
        echoed = Side("bare Spyne ComplexModel echo", "echo", "Darcie", [http_request(echo.message(), "/")])
        messages = [http_request(verify_message(each), "/LearnerService.svc") for each in learners[:2000]]
        asked = Side("verifyLearner, full work", "service", "WSVRC001", messages)
        compare(url, [asked, echoed], Path(folder))
        with Database.open(url) as database, database.reading() as reading:
            rows = sum(1 for _ in reading.audit.query())
        print(f"audit rows on disk: {rows:,}")


def commits_per_second(folder: Path, seconds: float = 1.5) -> float:
    """The rate at which this disk takes one small commit after another."""
    connection = sqlite3.connect(folder / "disk.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE row (text TEXT)")
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        connection.execute("INSERT INTO row VALUES ('x')")
        count += 1
    connection.close()
    return count / (time.perf_counter() - started)


def make_register(path: Path) -> list[Learner]:
    """A production register with learners and one organisation that may read."""
    learners = list(invented(LEARNERS))
    with Database.open(f"sqlite:///{path}") as database:
        schema.upgrade(database)
        with database.writing() as writing:
            writing.register.create("production")
            writing.organisations.add(
                kind=Kind.AWARDING_ORGANISATION,
                ukprn=UKPRN,
                organisation_ref=REF,
                name="Benchmark",
                password=PASSWORD,
                agreements=frozenset({Agreement.REGISTER_READ}),
            )
            for each in learners:
                writing.learners.add(each)
    return learners


def invented(count: int) -> Iterator[Learner]:
    """Invented learners with valid ULNs, the same at every run."""
    random = Random(2)
    fake = Faker("en_GB")
    fake.seed_instance(2)
    now = datetime.now(UTC)
    seen: set[str] = set()
    while len(seen) < count:
        prefix = str(random.randrange(100_000_000, 1_000_000_000))
        digit = check_digit(prefix)
        if digit is None or prefix in seen:
            continue
        seen.add(prefix)
        yield Learner(
            uln=prefix + digit,
            status=Status.ACTIVE,
            version=1,
            created_at=now,
            updated_at=now,
            given_name=fake.first_name(),
            family_name=fake.last_name(),
            date_of_birth=fake.date_of_birth(minimum_age=16, maximum_age=60).isoformat(),
            gender=random.choice("12"),
            last_known_post_code="CV4 9EE",
            ability_to_share="1",
            verification_type="1",
        )


def verify_message(learner: Learner) -> bytes:
    """The message that verifies a learner's own details."""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<r:VerifyLearner xmlns:r="http://api.lrs.miap.gov.uk/reportmsg">'
        f"<OrganisationRef>{REF}</OrganisationRef><UKPRN>{UKPRN}</UKPRN><OrgPassword>{PASSWORD}</OrgPassword>"
        f"<UserName>bench</UserName><LearnerToVerify><ULN>{learner.uln}</ULN>"
        f"<FamilyName>{learner.family_name}</FamilyName><GivenName>{learner.given_name}</GivenName>"
        f"<DateOfBirth>{learner.date_of_birth}</DateOfBirth><Gender>{learner.gender}</Gender></LearnerToVerify>"
        "</r:VerifyLearner></s:Body></s:Envelope>"
    ).encode()


def http_request(body: bytes, path: str) -> bytes:
    """A whole HTTP request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: ""\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body


@contextmanager
def serving(what: str, url: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server as a process of its own, and its port."""
    with subprocess.Popen(
        [sys.executable, ROOT / "benchmarks" / "serve.py", what, url, str(WORKERS)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), process
        finally:
            process.terminate()
            process.wait(30)


def compare(url: str, sides: list[Side], folder: Path) -> None:
    """Run the servers side by side and drive them in turn: a noisy moment of the machine meets them all."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(each.what, url)) for each in sides]
        for each in sides:
            (folder / each.what).write_text("\n".join(request.hex() for request in each.requests))
        for connections in CONNECTIONS:
            rounds: list[list[tuple[Measured, float]]] = [[] for _ in sides]
            for number in range(ROUNDS + 1):
                for side, (port, process), taken in zip(sides, servers, rounds, strict=True):
                    before = processor_seconds(process)
                    measured = drive(port, connections, SECONDS, side.expected, folder / side.what)
                    used = processor_seconds(process) - before
                    if measured.wrong:
                        sys.exit(f"{side.name}: {measured.wrong} answers were wrong")
                    if number:  # the first warms up
                        taken.append((measured, used / (measured.rate * SECONDS)))
            for side, (_, process), taken in zip(sides, servers, rounds, strict=True):
                print(f"{side.name:30} {WORKERS} workers, {connections:2} connections: {summary(taken)},", end="")
                print(f" {memory(process)}")


def summary(rounds: list[tuple[Measured, float]]) -> str:
    """Medians over the rounds; the processor's time is the servers' own, whatever else the machine did."""
    rate, p50, p99 = (median(getattr(each, name) for each, _ in rounds) for name in ("rate", "p50", "p99"))
    used = median(seconds for _, seconds in rounds) * 1_000_000
    return (
        f"{rate:7,.0f} requests/s (median of {len(rounds)}), p50 {p50:5.1f} ms, p99 {p99:5.1f} ms,"
        f" {used:4.0f} µs of processor a request"
    )


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """A server's worker processes."""
    return [each for each in psutil.Process(process.pid).children() if "spawn_main" in str(each.cmdline())]


def processor_seconds(process: subprocess.Popen[str]) -> float:
    """User and system time that a server's workers have used so far."""
    times = [each.cpu_times() for each in workers(process)]
    return sum(each.user + each.system for each in times)


def memory(process: subprocess.Popen[str]) -> str:
    """Resident memory of a server's workers."""
    resident = [each.memory_info().rss for each in workers(process)]
    return f"{sum(resident) / len(resident) / 2**20:.0f} MB a worker"


def drive(port: int, connections: int, seconds: float, expected: str, file: Path) -> Measured:
    """Run the load generator as a process of its own."""
    command: list[str | Path] = [
        sys.executable,
        ROOT / "benchmarks" / "load.py",
        str(port),
        str(connections),
        str(seconds),
        expected,
        file,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    return Measured(**json.loads(done.stdout))


if __name__ == "__main__":
    main()
