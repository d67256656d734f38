"""The maintenance switch: in the register, followed by every process, answered whatever else is broken."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.service import RunningService, make_sandbox, running, running_sandbox, sandbox_settings
from tests.soap.hostile import first_answer, head
from tests.soap.limits import assert_answered, assert_refused, last_entry
from tests.soap.registers import filled_database
from tests.soap.test_gate_patience import connected
from tests.soap.wire import GENERATION_2014, TODAY, Answer, send, verify_body

from uln_client import AwardingOrganisation
from uln_client.errors import Unreachable
from uln_server.cli.checking import Level, settings_findings

ROW = "a message during maintenance"
TOLD = "Open again at 14:00 <sharp>."
SECONDS = 4.0


def switch(service: RunningService, told: str | None) -> None:
    with service.register() as register, register.writing() as writing:
        writing.register.set_maintenance(told)


def until(seen: Callable[[], bool]) -> None:
    """Wait for what must happen within a second or so."""
    end = time.monotonic() + SECONDS
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for(service: RunningService, status: int) -> None:
    until(lambda: send(service, verify_body()).status == status)


def assert_closed(answer: Answer, told: str = "") -> None:
    assert_refused(answer, ROW, 60)
    details = answer.fault().detail["FurtherDetails"]
    assert "UnsupportedHttpVerb" in details
    assert told in details
    assert b"UnsupportedHttpVerb" in answer.body


def page(service: RunningService, path: str = TODAY) -> bytes:
    answer = send(service, b"", method="GET", path=path)
    assert answer.status == 200
    return answer.body


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_all_processes_follow_the_switch(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Two services on one register, as two processes or two nodes would be."""
    before = threads()
    with (
        filled_database(dialect, tmp_path, request) as url,
        running(sandbox_settings(url)) as one,
        running(sandbox_settings(url)) as other,
    ):
        assert_answered(send(one, verify_body()))
        assert b"Closed for maintenance." not in page(one)
        switch(one, TOLD)
        for service in (one, other):
            wait_for(service, 503)
            assert_closed(send(service, verify_body()), TOLD)
            assert b"Closed for maintenance.</strong> Open again at 14:00 &lt;sharp&gt;." in page(service)
            entry = last_entry(service)
            assert (entry.code, entry.address, entry.operation) == ("HTTP503", "127.0.0.1", None)
        switch(other, None)
        for service in (one, other):
            wait_for(service, 200)
        assert len(threads()) == len(before) + 2
    assert threads() == before


def threads() -> set[int | None]:
    """Those that follow a switch at present."""
    return {each.ident for each in threading.enumerate() if each.name == "maintenance"}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that was started into maintenance."""
    with running_sandbox(tmp_path_factory.mktemp("closed"), maintenance=True, address_rate="1/day") as service:
        yield service


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_maintenance_comes_before_anything_about_the_message(closed: RunningService, path: str) -> None:
    assert_closed(send(closed, b"no message", path=path))
    assert_closed(send(closed, b"", path=path))
    assert_closed(send(closed, b"{}", path=path, headers={"Content-Type": "application/json"}))
    with connected(closed, head("Content-Length: 99999999")) as connection:
        assert_closed(first_answer(connection))


def test_pages_and_contract_stay_readable(closed: RunningService) -> None:
    assert b"Closed for maintenance." in page(closed)
    assert b"definitions" in page(closed, f"{TODAY}?wsdl")
    assert page(closed, "/sandbox/messages")
    assert send(closed, b"", method="PUT").status == 405
    assert send(closed, b"x", path="/Nothing.svc").status == 404


def test_the_client_calls_it_maintenance(closed: RunningService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere")
    started = time.monotonic()
    with (
        AwardingOrganisation(
            url=closed.url, ukprn="90000001", orgref="SBXAO1", password="SandboxAO-000001", username="u"
        ) as organisation,
        pytest.raises(Unreachable, match="closed for maintenance") as raised,
    ):
        organisation.verify("1026893096", given_name="Darcie", family_name="Tucker")
    assert raised.value.status == 503
    assert time.monotonic() - started < 10  # and does not wait inside the call until it is over


@contextmanager
def unreadable(file: Path) -> Iterator[None]:
    """A database whose register and audit trail are out of the way."""
    with closing(sqlite3.connect(file)) as connection:
        for name in ("register", "audit"):
            connection.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
        yield
        for name in ("register", "audit"):
            connection.execute(f"ALTER TABLE {name}_away RENAME TO {name}")


def test_the_answer_is_the_same_while_the_database_cannot_be_used(tmp_path: Path) -> None:
    """Neither read, so that the last known state holds, nor written; where a write hangs, nobody waits long."""
    file = tmp_path / "register.sqlite3"
    url = f"sqlite:///{file.as_posix()}"
    make_sandbox(url)
    with running(sandbox_settings(url)) as service:
        switch(service, TOLD)
        wait_for(service, 503)
        with unreadable(file):
            time.sleep(1.1)
            assert_closed(send(service, verify_body()), TOLD)
            assert TOLD.partition("<")[0].encode() in page(service)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            assert_closed(send(service, verify_body()), TOLD)
            assert 1 < time.monotonic() - started < 5
            connection.execute("ROLLBACK")
        switch(service, None)
        wait_for(service, 200)


def test_the_setting_is_pointed_out_before_the_service_starts(closed: RunningService) -> None:
    (found,) = settings_findings(closed.settings, "sandbox")
    assert (found.level, found.text) == (
        Level.WARNING,
        "maintenance is set: every message gets the maintenance answer.",
    )
