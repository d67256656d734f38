"""When something fails on our side: the caller gets a number, the log a line, and nobody anything else."""

import asyncio
import io
import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.service import RunningService, make_sandbox, running_sandbox, sandbox_settings
from tests.soap.hostile import ROWS
from tests.soap.wire import GENERATION_2014, TODAY, Answer, find_body, send, verify_body

from uln_server.gate import incident
from uln_server.main import build
from uln_server.operations.call import Call, ChangingUnit, Unit
from uln_server.serving import Listeners, _config, _Server
from uln_server.soap.engine_port import Reply
from uln_server.soap.reply import ReplyForm

FAILED = ROWS["what we fail at"]
PERSONAL = ["Wilhelmina", "Featherstone", "SandboxAO", "1026893096"]
BODY = verify_body(given="Wilhelmina", family="Featherstone")


class Log:
    """What the service writes down while a test runs: its log, and whatever else appears on its output."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self.sink = io.StringIO()
        self._capture = capture

    def incident(self, answer: Answer) -> str:
        """Check that an answer is WSEC0999, and give the one line that was logged of it."""
        FAILED.check(answer)
        return self.line_of(answer)

    def line_of(self, answer: Answer) -> str:
        number = re.search(rb"incident ([0-9a-f]{8})", answer.body)
        assert number is not None
        (line,) = [each for each in self.sink.getvalue().splitlines() if number.group(1).decode() in each]
        printed = self._capture.readouterr()
        for text in (self.sink.getvalue(), printed.out, printed.err, answer.body.decode()):
            assert "Traceback" not in text
            for personal in PERSONAL:
                assert personal not in text
        return line


@pytest.fixture
def log(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Log:
    kept = Log(capfd)
    written = structlog.wrap_logger(
        structlog.WriteLogger(kept.sink), processors=[structlog.processors.JSONRenderer()]
    )
    monkeypatch.setattr(incident, "log", written)
    return kept


class Broken:
    """An engine that fails with everything in its message that must never be told."""

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:  # noqa: ARG002  # the port's signature
        cause = KeyError(call.request)
        raise ValueError("Wilhelmina Featherstone, 1026893096, SandboxAO-000001") from cause


@contextmanager
def serving_with(engine: Broken, folder: Path) -> Iterator[RunningService]:
    """Serve a fresh sandbox with an engine of the test's."""
    url = f"sqlite:///{(folder / 'register.sqlite3').as_posix()}"
    make_sandbox(url)
    settings = sandbox_settings(url)
    listeners = Listeners(settings)
    service = build(settings, engine)
    server = _Server(_config(settings, service.app, secure=False))

    async def serve() -> None:
        service.start()
        try:
            await server.serve([listeners.plain])
        finally:
            service.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield RunningService(url=listeners.addresses[0], settings=settings)
    finally:
        server.should_exit = True
        thread.join(30)
        listeners.close()


def test_no_library_sets_its_own_logging_up(tmp_path: Path) -> None:
    before = list(logging.getLogger("uvicorn").handlers)
    with running_sandbox(tmp_path):
        assert logging.getLogger("uvicorn").handlers == before == []


def test_an_operation_that_fails_tells_a_number_and_no_more(tmp_path: Path, log: Log) -> None:
    with serving_with(Broken(), tmp_path) as broken:
        for path in (TODAY, GENERATION_2014):
            answer = send(broken, BODY, path=path)
            line = log.incident(answer)
            assert "builtins.ValueError" in line
            assert "builtins.KeyError" in line
            assert answer.fault().detail["ErrorActor"] == "verifyLearner"
        send(broken, verify_body(uln="123")).expect_fault("WSEC0001")
        with broken.register() as database, database.reading() as reading:
            codes = [entry.code for entry in reading.audit.query()]
        assert codes.count("WSEC0999") == 2


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that may lose its tables; each test brings them back."""
    with running_sandbox(tmp_path_factory.mktemp("failing")) as running:
        assert send(running, verify_body()).text("ResponseCode") == "WSVRC001"
        yield running


@contextmanager
def away(service: RunningService, table: str) -> Iterator[None]:
    """Take a table out of the register while the service runs."""
    path = service.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("PRAGMA legacy_alter_table = 1")
        connection.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            connection.execute(f"ALTER TABLE away RENAME TO {table}")


@pytest.mark.parametrize("body", [BODY, find_body(given="Wilhelmina", family="Featherstone")])
@pytest.mark.parametrize("table", ["learner", "organisation", "agreement"])
def test_a_register_that_cannot_be_read(own: RunningService, log: Log, table: str, body: str) -> None:
    with away(own, table):
        assert "OperationalError" in log.incident(send(own, body))
    assert send(own, verify_body()).text("ResponseCode") == "WSVRC001"


@pytest.mark.parametrize("table", ["audit", "disclosure", "sandbox_message"])
@pytest.mark.parametrize("body", [verify_body(), find_body()])
def test_nothing_is_disclosed_that_cannot_be_written_down(
    own: RunningService, log: Log, table: str, body: str
) -> None:
    with away(own, table):
        answer = send(own, body)
        assert "JournalFailed" in log.incident(answer)
        for value in (b"Darcie", b"Tucker", b"1976-08-16", b"CV4"):
            assert value not in answer.body
    assert send(own, body).status == 200


def test_a_refusal_that_cannot_be_written_down(own: RunningService, log: Log) -> None:
    with away(own, "audit"):
        assert "JournalFailed" in log.incident(send(own, verify_body(uln="123")))
        assert "JournalFailed" in log.incident(send(own, b"", method="DELETE"))
    send(own, verify_body(uln="123")).expect_fault("WSEC0001")


def test_a_damaged_password_hash(own: RunningService, log: Log) -> None:
    path = own.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("UPDATE organisation SET password_hash = 'Featherstone' WHERE ukprn = '90000004'")
    body = BODY.replace("SBXAO1", "SBXRO4").replace("90000001", "90000004")
    assert "InvalidHash" in log.incident(send(own, body))


def test_a_log_that_has_gone_away(own: RunningService, log: Log) -> None:
    log.sink.close()
    with away(own, "learner"):
        FAILED.check(send(own, BODY))


def test_a_page_that_fails(own: RunningService, log: Log) -> None:
    with away(own, "sandbox_message"):
        answer = send(own, b"", path="/sandbox/messages", method="GET")
        assert answer.status == 500
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert re.fullmatch(FAILED.pattern(), answer.body.decode())
        assert "OperationalError" in log.line_of(answer)
    assert send(own, b"", path="/sandbox/messages", method="GET").status == 200
