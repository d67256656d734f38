"""A process of its own, as an operator runs it: what it takes in memory, and what it writes to its log."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.service import RunningService, sandbox_settings
from tests.soap import hostile_achievements, hostile_http, hostile_soap, hostile_xml
from tests.soap.hostile import head
from tests.soap.services import ACHIEVEMENT, submission_body
from tests.soap.test_gate_patience import connected, works
from tests.soap.wire import EXTERNAL, envelope, find_body, send, verify_body
from tests.unit.cli.test_serving import FREE, serving

CASES = [*hostile_http.CASES, *hostile_xml.CASES, *hostile_soap.CASES, *hostile_achievements.CASES]
MEGABYTE = 1024 * 1024
PRIVATE = [
    *("SandboxAO", "SandboxSU", "SandboxNS", "SandboxLP", "Wilhelmina", "Featherstone", "Darcie", "Tucker"),
    *("1026893096", "1976-08-16", "CV4"),
]


@dataclass(frozen=True, slots=True)
class Process:
    """The service, and where its memory and its log can be read."""

    service: RunningService
    pid: int
    log: Path

    def memory(self, name: str = "VmRSS") -> int:
        """Bytes in memory now, or at most so far (``VmHWM``)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"{name}:\s+(\d+) kB", status)
        assert found is not None
        return int(found.group(1)) * 1024


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("process")
    with serving("--sandbox", *FREE, folder=folder) as started:
        url = f"sqlite:///{(folder / 'var' / 'register.sqlite3').as_posix()}"
        service = RunningService(started.addresses[0], sandbox_settings(url))
        yield Process(service, started._process.pid, folder / "log")
        assert started.end() == 0


def test_a_batch_of_any_size_is_taken_in_within_the_same_memory(process: Process) -> None:
    """As a tree it would take over 100 MB. The first test of this module: what is looked at is the most so far."""
    few, many = (envelope(submission_body(*[ACHIEVEMENT] * count)) for count in (1_000, 20_000))
    assert send(process.service, few, path=EXTERNAL).text("ResponseCode") == "WSRC0040"
    before = process.memory("VmHWM")
    assert send(process.service, many, path=EXTERNAL).text("ResponseCode") == "WSRC0040"
    assert process.memory("VmHWM") - before < 25 * MEGABYTE
    assert len(many) > 14 * MEGABYTE


def send_all(process: Process) -> int:
    """Send every hostile message, and give the memory that is taken after them."""
    with ThreadPoolExecutor(4) as pool:
        for case, answer in zip(CASES, pool.map(lambda case: case.send(process.service), CASES), strict=True):
            assert answer.status >= 400, case
    return process.memory()


def test_hostile_messages_leave_no_memory_behind_and_nothing_in_the_log(process: Process) -> None:
    assert send(process.service, verify_body(given="Wilhelmina", family="Featherstone")).status == 200
    assert send(process.service, find_body()).status == 200
    before = send_all(process)
    # One round holds more than 100 MB of messages, several times as much as trees; what an allocator keeps for
    # itself comes and goes.
    after = [send_all(process) for _ in range(2)]
    assert min(after) - before < 50 * MEGABYTE
    assert process.memory("VmHWM") < 500 * MEGABYTE
    works(process.service)
    log = process.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    for private in PRIVATE:
        assert private not in log


def test_many_who_each_send_half_a_large_body_take_no_more_than_their_room(process: Process) -> None:
    works(process.service)
    before = process.memory()
    half = head(f"Content-Length: {8 * MEGABYTE}") + b"x" * (7 * MEGABYTE)
    with ExitStack() as stack:
        with ThreadPoolExecutor(8) as pool:
            for connection in pool.map(lambda _: connected(process.service, half), range(50)):
                stack.enter_context(connection)
        time.sleep(0.5)
        assert process.memory() - before < 300 * MEGABYTE
        assert works(process.service) < 2
