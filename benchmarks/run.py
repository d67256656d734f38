"""``make bench``: prints rates and memory. Nothing is asserted here but that every answer was right."""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import (  # path set above
    echo,
    file_checks,
    file_mutations,
    file_runs,
    growth,
    jobs,
    messages,
    name_criteria,
    registrations,
)
from benchmarks.registers import make_register
from benchmarks.sides import Side, compare, http_request

from uln_server.store.database import Database

LEARNERS = 10_000
CONNECTIONS = (8, 32)


def main() -> None:
    """Measure, and print as it comes."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--large", action="store_true", help="measure finds among 10,000,000 learners too")
    chosen = arguments.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory(prefix="uln-bench-") as name:
        folder = Path(name)
        disk = commits_per_second(folder)
        print(f"disk: {disk:,.0f} bare SQLite commits/s (WAL, synchronous FULL, one row each)")
        if chosen.large:
            growth.measure(folder, large=True)
            return
        name_criteria.report()
        file_mutations.report(folder)
        file_checks.measure(folder)
        verifications(folder)
        registrations.measure(folder)
        growth.measure(folder)
        jobs.measure(folder)
        file_runs.measure(folder)


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


def verifications(folder: Path) -> None:
    """Verify learners beside a yardstick that does nothing but speak SOAP."""
    url = f"sqlite:///{folder / 'register.sqlite3'}"
    learners = make_register(url, LEARNERS)
    asked = [http_request(messages.verification(each)) for each in learners[:2000]]
    sides = [
        Side("verifyLearner, full work", "service", url, "WSVRC001", asked),
        Side("bare Spyne ComplexModel echo", "echo", url, "Darcie", [http_request(echo.message(), "/")]),
    ]
    compare(sides, folder, CONNECTIONS)
    with Database.open(url) as database, database.reading() as reading:
        rows = sum(1 for _ in reading.audit.query())
    print(f"audit rows on disk: {rows:,}")


if __name__ == "__main__":
    main()
