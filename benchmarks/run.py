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
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil
from faker import Faker
from benchmarks import echo, name_criteria  # path set above
from benchmarks.load import Measured

from uln_contract.ulns import check_digit
from uln_server.access.organisation import Agreement, Kind
from uln_server.register.learner import Learner, Status
from uln_server.store import schema
from uln_server.store.database import Database

LEARNERS = 10_000
WORKERS = 2
SECONDS = 8.0
CONNECTIONS = (8, 32)
UKPRN, REF, PASSWORD = "90000009", "BENCH9", "Bench-password-1"


def main() -> None:
    """Measure, and print as it comes."""
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    )
    name_criteria.report()
    with tempfile.TemporaryDirectory(prefix="uln-bench-") as folder:
        disk = commits_per_second(Path(folder))
        print(f"disk: {disk:,.0f} bare SQLite commits/s (WAL, synchronous FULL, one row each)")
        learners = make_register(Path(folder) / "register.sqlite3")
        url = f"sqlite:///{Path(folder) / 'register.sqlite3'}"
        echoed = [http_request(echo.message(), "/")]
        asked = [http_request(verify_message(each), "/LearnerService.svc") for each in learners[:2000]]
        for connections in CONNECTIONS:
            for name, what, requests, expected in (
                ("bare Spyne ComplexModel echo", "echo", echoed, "Darcie"),
                ("verifyLearner, full work", "service", asked, "WSVRC001"),
            ):
                measured, memory = measure(what, url, connections, requests, expected, Path(folder))
                print(
                    f"{name:30} {WORKERS} workers, {connections:2} connections: {measured.rate:7,.0f} requests/s,"
                    f" p50 {measured.p50:5.1f} ms, p99 {measured.p99:5.1f} ms, worst {measured.worst:5.0f} ms,"
                    f" {memory / WORKERS:4.0f} MB a worker"
                )
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
            date_of_birth=f"{random.randrange(1960, 2010)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}",
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


def measure(
    what: str, url: str, connections: int, requests: list[bytes], expected: str, folder: Path
) -> tuple[Measured, float]:
    """Measure one server under load; its workers' memory is in MB, resident, summed."""
    file = folder / f"{what}.requests"
    file.write_text("\n".join(each.hex() for each in requests))
    with serving(what, url) as (port, process):
        drive(port, connections, 1.0, expected, file)
        measured = drive(port, connections, SECONDS, expected, file)
        memory = sum(
            each.memory_info().rss
            for each in psutil.Process(process.pid).children()
            if "spawn_main" in str(each.cmdline())
        )
    assert measured.wrong == 0, f"{what}: {measured.wrong} answers were wrong"
    return measured, memory / 2**20


def drive(port: int, connections: int, seconds: float, expected: str, file: Path) -> Measured:
    """Run the load generator as a process of its own."""
    command = [
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
