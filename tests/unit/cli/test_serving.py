"""``serve`` as a process of its own: what it prints, how it ends, what it leaves."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from tests.unit.cli.running import Operator

SERVER = Path(sys.executable).with_name("uln-server")
FREE = ("--port", "0", "--tls-port", "0")


class Serving:
    """A server that said it is ready."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, last: str) -> None:
        self._process = process
        self._log = folder / "log"
        started = time.monotonic()
        assert process.stdout is not None
        self.said = ""
        for line in process.stdout:
            self.said += line
            if line.startswith(last):
                break
        self.seconds = time.monotonic() - started
        used = psutil.Process(process.pid).cpu_times()
        self.seconds_of_work = used.user + used.system

    @property
    def addresses(self) -> list[str]:
        return re.findall(r"  (https?://[^/]+)/LearnerService\.svc", self.said)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(number)
        return self._process.wait(20)

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]


@contextmanager
def serving(*words: str, folder: Path, last: str = "Ctrl-C") -> Iterator[Serving]:
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [SERVER, "serve", *words],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder), "TEMP": str(folder)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield Serving(process, folder, last)
        finally:
            process.kill()


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/LearnerService.svc?wsdl", timeout=10) as reply:
        return b"LearnerPortType" in reply.read()


def test_a_sandbox_makes_itself_keeps_its_data_and_starts_again_quickly(folder: Path, operator: Operator) -> None:
    with serving("--sandbox", *FREE, folder=folder) as first:
        assert answers(first.addresses[0])
        assert (folder / "var/tls/client-90000005.pfx").exists()
        assert first.end() == 0
    assert "Traceback" not in first.log
    operator.does("org", "suspend", "90000001")
    certificate = (folder / "var/tls/server.pem").read_bytes()
    with serving("--sandbox", *FREE, folder=folder) as second:
        assert second.end(signal.SIGINT) == 0
    assert second.seconds_of_work < 3
    assert second.seconds < 15  # where others keep the processor busy
    assert (folder / "var/tls/server.pem").read_bytes() == certificate
    assert "suspended" in operator.does("org", "list").splitlines()[1]


def test_it_prints_addresses_a_credential_and_a_first_call_and_logs_start_and_stop(
    sandbox: Operator, folder: Path
) -> None:
    del sandbox
    (folder / "uln-server.toml").write_text("log_level = 'info'")
    with serving("--sandbox", *FREE, folder=folder) as server:
        http, https = server.addresses
        assert http.startswith("http://127.0.0.1:")
        assert https.startswith("https://127.0.0.1:")
        assert "UKPRN 90000001, OrganisationRef SBXAO1, password SandboxAO-000001" in server.said
        command = server.said.splitlines()[-2].strip()
        ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=folder)
        assert "Darcie Tucker: match (WSVRC001)" in ran.stdout, ran.stderr
        server.end()
        started, stopped = server.events
    assert (started["event"], stopped["event"]) == ("service started", "service stopped")
    assert (started["kind"], started["workers"], started["level"]) == ("sandbox", 1, "info")
    assert started["addresses"] == server.addresses


def test_start_and_stop_are_logged_from_info_on(sandbox: Operator, folder: Path) -> None:
    del sandbox
    (folder / "uln-server.toml").write_text("log_level = 'warning'")
    with serving("--sandbox", *FREE, folder=folder) as server:
        server.end()
        assert server.events == []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_an_ephemeral_sandbox_leaves_nothing(folder: Path, ending: signal.Signals) -> None:
    with serving("--sandbox", "--ephemeral", *FREE, folder=folder) as server:
        assert [each.name for each in folder.iterdir() if each.name.startswith("uln-sandbox-")]
        server.end(ending)
    assert [each.name for each in folder.iterdir()] == ["log"]


def test_a_production_register_is_served_without_the_sandbox_s_words(production: Operator, folder: Path) -> None:
    del production
    with serving("--port", "0", folder=folder, last="  http") as server:
        assert answers(server.addresses[0])
        assert "andbox" not in server.said
        assert server.end() == 0
    assert "No organisation may call" in server.log
    assert not (folder / "var/tls").exists()


def test_a_register_is_served_as_what_it_is(operator: Operator, production: Operator) -> None:
    assert "cannot become a sandbox one" in production.fails(4, "serve", "--sandbox")
    operator.does("init", "--sandbox", "--database", "sqlite:///other.sqlite3")
    assert "is a sandbox" in operator.fails(4, "serve", "--database", "sqlite:///other.sqlite3")


@pytest.mark.parametrize(
    "words", [("--ephemeral",), ("--sandbox", "--ephemeral", "--database", "sqlite:///x.sqlite3")]
)
def test_ephemeral_goes_with_a_sandbox_of_its_own(operator: Operator, words: tuple[str, ...]) -> None:
    assert "--sandbox --ephemeral" in operator.fails(2, "serve", *words)


def test_a_port_in_use_is_named_with_the_way_out(sandbox: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = sandbox.fails(4, "serve", "--sandbox", "--port", port, "--tls-port", "0")
    assert f"port {port} (http)" in said
    assert "in use already" in said
    assert "--port" in said


def test_an_address_of_another_machine_is_named(sandbox: Operator) -> None:
    said = sandbox.fails(4, "serve", "--sandbox", "--host", "192.0.2.1", *FREE)
    assert "192.0.2.1" in said
    assert "cannot be listened on" in said


def test_an_administering_command_loads_nothing_slow() -> None:
    slow = "{'alembic', 'cryptography', 'faker', 'spyne', 'uvicorn', 'psycopg', 'zeep', 'xmlschema'}"
    check = f"import sys, uln_server.cli.application; print(sorted({slow} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_client_without_the_server_says_how_to_install_it() -> None:
    check = "import sys; sys.modules['sqlalchemy'] = None; from uln_server.cli import main; main(['--help'])"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert ran.returncode == 4
    assert "sqlalchemy is missing" in ran.stderr
    assert "uln-interchange[server]" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_help_and_version(operator: Operator) -> None:
    assert "serve" in operator.does("--help")
    assert re.fullmatch(r"uln-server \d+\.\d+\.\d+\n", operator.does("--version"))
