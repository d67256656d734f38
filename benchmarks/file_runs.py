"""Whole files sent by `uln` to a service on the same machine, while others verify one learner after another.

A part of ``make bench``; alone ``python benchmarks/file_runs.py``, with fewer rows and on PostgreSQL if wanted.
"""

import argparse
import csv
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.job_registers import (  # path set above
    PROVIDERS,
    UNITS,
    Person,
    on_postgresql,
    on_sqlite,
    people,
)
from benchmarks.registers import PASSWORD, UKPRN
from benchmarks.sides import serving
from tests.store.databases import administer, postgres_database, postgres_server

from uln_client.batch_messages import ENVELOPE
from uln_contract.layouts import ACHIEVEMENTS, VERIFICATION, Layout
from uln_contract.operations import BY_NAME
from uln_contract.records import MIAPLearnerToVerify, VerifyLearnerRqst
from uln_contract.writing import write

LEARNERS = 1_000_000
VERIFIED, ACHIEVED = 500_000, 100_000
_PAUSE = 0.05  # seconds between two interactive calls
_UNIT = UNITS[-1]  # none of the other benchmarks awards it
_AT = re.compile(r'"at":"([^"]+)"')
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_PROGRAM = """
import sys
from pathlib import Path
from uln_client.cli import main
try:
    main(sys.argv[1:])
finally:
    status = Path("/proc/self/status")
    print(status.read_text() if status.exists() else "", file=sys.stderr)
"""


def measure(folder: Path, learners: int = LEARNERS, rows: int = VERIFIED, achieved: int = ACHIEVED) -> None:
    """Print how long each takes on SQLite, and how long the others wait meanwhile."""
    print(f"whole files, from the command to its outputs, in a register of {learners:,} learners on SQLite:")
    everybody = people(learners, rows, seed=rows)
    with serving("service", on_sqlite(learners, folder), workers=1) as (port, _):
        _send(folder, port, everybody, achieved)


def measure_on_postgresql(folder: Path, learners: int, rows: int, achieved: int) -> None:
    """Print the same on PostgreSQL, with one worker beside the service."""
    print(f"whole files, from the command to its outputs, in a register of {learners:,} learners on PostgreSQL:")
    everybody = people(learners, rows, seed=rows)
    with postgres_server() as server, postgres_database(server) as empty:
        # It waits for its disk as SQLite does.
        administer(server, "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        url = on_postgresql(learners, empty)
        with serving("service", url, workers=1) as (port, _), serving("worker", url, workers=1):
            _send(folder, port, everybody, achieved)


def _send(folder: Path, port: int, everybody: Sequence[Person], achieved: int) -> None:
    _tell("verify", _verify_file(folder, everybody), port, everybody, "aims: 180 s, p99 200 ms")
    _tell("submit", _achievement_file(folder, everybody[:achieved]), port, everybody, "aim: 20 s to committed")


def _tell(command: str, path: Path, port: int, asked: Sequence[Person], aims: str) -> None:
    started = time.time()
    with _interactive(port, asked) as waits:
        ended = _run(command, path, port)
    took = time.time() - started
    if ended.returncode != 0:
        sys.exit(f"uln {command}: {ended.stdout}{ended.stderr}")
    ordered = sorted(waits)
    peak = _PEAK.search(ended.stderr)
    print(
        f"  uln {command}, {sum(1 for _ in path.open()) - 1:,} rows: {took:.1f} s,"
        f" committed after {_committed(path) - started:.1f} s,"
        f" {int(peak[1]) / 1024 if peak else 0:.0f} MB in the client at most; one learner verified meanwhile"
        f" {len(waits):,} times: p50 {ordered[len(ordered) // 2] * 1000:.0f} ms,"
        f" p99 {ordered[len(ordered) * 99 // 100] * 1000:.0f} ms ({aims})",
        flush=True,
    )


def _run(command: str, path: Path, port: int) -> "subprocess.CompletedProcess[str]":
    settings = {
        "ULN_URL": f"http://127.0.0.1:{port}",
        "ULN_UKPRN": UKPRN,
        "ULN_PASSWORD": PASSWORD,
        "ULN_USERNAME": "bench",
    }
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, command, path],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def _committed(path: Path) -> float:
    """When the last job had ended, as the journal of the run says: to a second."""
    (journal,) = (path.parent / ".uln-journal").glob(f"{path.name}.*.jsonl")
    with journal.open(encoding="utf-8") as lines:
        moments = [found[1] for line in lines if (found := _AT.search(line[:500]))]
    return time.mktime(time.strptime(moments[-1][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone


@contextmanager
def _interactive(port: int, asked: Sequence[Person]) -> Iterator[list[float]]:
    """Verify one learner after another, as at a desk, and keep how long each answer took."""
    waits: list[float] = []
    stop = threading.Event()
    thread = threading.Thread(target=_verify_one_by_one, args=(port, asked, waits, stop))
    thread.start()
    try:
        yield waits
    finally:
        stop.set()
        thread.join()


def _verify_one_by_one(port: int, asked: Sequence[Person], waits: list[float], stop: threading.Event) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for each in asked:
            if stop.wait(_PAUSE):
                return
            message = _message(each)
            started = time.perf_counter()
            connection.request("POST", "/LearnerService.svc", message, {"Content-Type": "text/xml; charset=utf-8"})
            answer = connection.getresponse().read()
            waits.append(time.perf_counter() - started)
            if b"WSVRC001" not in answer:
                sys.exit(f"not verified: {answer[:500]!r}")


def _message(learner: Person) -> bytes:
    asked = VerifyLearnerRqst(
        ukprn=UKPRN,
        org_password=PASSWORD,
        user_name="desk",
        learner_to_verify=MIAPLearnerToVerify(
            uln=learner.uln, given_name=learner.given_name, family_name=learner.family_name
        ),
    )
    return (ENVELOPE % (learner.uln, write(asked, BY_NAME["verifyLearner"].request, {}))).encode()


def _verify_file(folder: Path, learners: Iterable[Person]) -> Path:
    rows = (
        (str(number), each.uln, each.family_name, each.given_name, each.date_of_birth, each.gender)
        for number, each in enumerate(learners)
    )
    return _written(folder / f"VER_{UKPRN}_20240624_001.csv", VERIFICATION, rows)


def _achievement_file(folder: Path, learners: Iterable[Person]) -> Path:
    rows = (
        [
            {
                "AchievementAwardDate": "2024-06-28",
                "Action": "1",
                "ActionDate": "2024-07-01T09:30:00Z",
                "DateofBirth": each.date_of_birth,
                "FamilyName": each.family_name,
                "Gender": each.gender,
                "GivenName": each.given_name,
                "Grade": "Pass",
                "LearnerPostcode": each.last_known_post_code,
                "MisIdentifier": f"M{number}",
                "ProviderUkprn": PROVIDERS[number % len(PROVIDERS)].ukprn,
                "Uln": each.uln,
                "UnitOrQualificationReferenceNumber": _UNIT.reference,
            }.get(name, "")
            for name in ACHIEVEMENTS.names
        ]
        for number, each in enumerate(learners)
    )
    return _written(folder / f"QCF_{UKPRN}_20240624_001.csv", ACHIEVEMENTS, rows)


def _written(path: Path, layout: Layout, rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writing = csv.writer(file, quoting=csv.QUOTE_ALL)
        writing.writerow(layout.names)
        writing.writerows(rows)
    return path


def main() -> None:
    """Measure alone."""
    arguments = argparse.ArgumentParser(description=measure.__doc__)
    arguments.add_argument("--rows", type=int, default=VERIFIED, help="to verify; a fifth of them are awarded")
    arguments.add_argument("--learners", type=int, default=LEARNERS, help="of the register")
    arguments.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    chosen = arguments.parse_args()
    run = measure_on_postgresql if chosen.postgresql else measure
    with tempfile.TemporaryDirectory(prefix="uln-bench-") as name:
        run(Path(name), chosen.learners, chosen.rows, chosen.rows * ACHIEVED // VERIFIED)


if __name__ == "__main__":
    main()
