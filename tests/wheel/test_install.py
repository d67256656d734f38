"""The package as a stranger has it: built, installed into an environment of its own, used outside the checkout."""

import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.service import RunningService

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CALL = ("verify", "1026893096", "--given-name", "Darcie", "--family-name", "Tucker")
ANNOUNCED_LAST = "Ctrl-C"
pytestmark = pytest.mark.timeout(900)  # packages are built and fetched

# What only the server needs, by the name that is imported.
SERVER_ONLY = {
    "alembic": "alembic",
    "argon2-cffi": "argon2",
    "cryptography": "cryptography",
    "email-validator": "email_validator",
    "faker": "faker",
    "httptools": "httptools",
    "legacy-cgi": "cgi",
    "procrastinate": "procrastinate",
    "psycopg": "psycopg",
    "spyne": "spyne",
    "sqlalchemy": "sqlalchemy",
    "structlog": "structlog",
    "uvicorn": "uvicorn",
    "uvloop": "uvloop",
    "xmlschema": "xmlschema",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that the wheel was installed into, and the empty folder that its commands run in."""

    python: Path
    folder: Path

    def command(self, name: str) -> Path:
        return self.python.with_name(name)

    def run(self, *words: str | Path, code: int = 0) -> str:
        """Run a program that must end with this code; give what it wrote."""
        ran = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stdout + ran.stderr

    def environment(self) -> dict[str, str]:
        """Nothing of this checkout's, and no settings: only what a new user has."""
        kept = {
            name: each for name, each in os.environ.items() if not name.startswith(("ULN_", "PYTHON", "VIRTUAL"))
        }
        return {**kept, "XDG_CONFIG_HOME": str(self.folder), "COLUMNS": "200"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution, as both would be published."""
    made = tmp_path_factory.mktemp("dist")
    _do(sys.executable, "-m", "build", "--outdir", made, ROOT)
    assert len(list(made.glob("*.tar.gz"))) == 1
    (found,) = made.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def client(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The base install: `pip install uln-interchange`."""
    return _installed(str(wheel), tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="session")
def server(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The whole: `pip install 'uln-interchange[server]'`."""
    return _installed(f"{wheel}[server]", tmp_path_factory.mktemp("server"))


def _installed(what: str, folder: Path) -> Installed:
    _do(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    _do(python, "-m", "pip", "install", "--quiet", what)
    (folder / "empty").mkdir()
    return Installed(python, folder / "empty")


def _do(*words: str | Path) -> None:
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_table_below_names_all_that_the_server_needs() -> None:
    """No dependency of the extra may be added without being looked for in the base install."""
    named = {re.split(r"[^\w-]", each)[0].lower() for each in PROJECT["optional-dependencies"]["server"]}
    assert named == set(SERVER_ONLY)


def test_the_base_install_is_the_client_without_what_the_server_needs(client: Installed) -> None:
    absent = [each for each in SERVER_ONLY.values() if each != "cgi"]  # came with Python before 3.13
    look = f"from importlib.util import find_spec; print([each for each in {absent} if find_spec(each)])"
    assert client.run(client.python, "-c", look) == "[]\n"
    assert "No broken requirements" in client.run(client.python, "-m", "pip", "check")


def test_the_client_says_its_version(client: Installed) -> None:
    assert client.run(client.command("uln"), "--version") == f"uln {PROJECT['version']}\n"


def test_the_client_calls_a_sandbox(client: Installed, service: RunningService) -> None:
    (client.folder / "password").write_text("SandboxAO-000001\n")
    who = ("--ukprn", "90000001", "--username", "stranger", "--password-file", "password")
    said = client.run(client.command("uln"), "--url", service.url, *who, *CALL)
    assert said.startswith("1026893096 Darcie Tucker: match (WSVRC001)")


def test_the_server_s_command_says_what_to_install(client: Installed) -> None:
    said = client.run(client.command("uln-server"), "serve", "--sandbox", code=4)
    assert "Only the client is installed" in said
    assert "uln-interchange[server]" in said


def test_the_client_is_typed_for_those_who_use_it(client: Installed) -> None:
    look = "import uln_client, pathlib; print((pathlib.Path(uln_client.__file__).parent / 'py.typed').exists())"
    assert client.run(client.python, "-c", look) == "True\n"


@pytest.fixture(scope="module")
def said(server: Installed) -> Iterator[str]:
    """What a sandbox says that was started where there is no checkout; it serves all of these tests."""
    with (
        (server.folder / "log").open("w") as log,
        subprocess.Popen(
            [server.command("uln-server"), "serve", "--sandbox", "--ephemeral", "--port", "0", "--tls-port", "0"],
            cwd=server.folder,
            env=server.environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            lines: list[str] = []
            while not lines or not lines[-1].startswith(ANNOUNCED_LAST):
                lines.append(process.stdout.readline())
                assert lines[-1], (server.folder / "log").read_text()
            yield "".join(lines)
        finally:
            process.terminate()
            process.wait(20)


def test_the_server_serves_a_sandbox_and_answers_the_call_that_it_proposes(server: Installed, said: str) -> None:
    command = next(line.strip() for line in said.splitlines() if "verify 1026893096" in line)
    ran = subprocess.run(
        command,
        shell=True,
        cwd=server.folder,
        env=server.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.startswith("1026893096 Darcie Tucker: match (WSVRC001)"), ran.stderr


@pytest.mark.parametrize("path", ["/LearnerService.svc", "/2014/LearnerService.svc"])
def test_the_contract_is_in_the_wheel(said: str, path: str) -> None:
    address = re.findall(r"(http://\S+)/LearnerService\.svc", said)[0]
    with urllib.request.urlopen(f"{address}{path}?singleWsdl", timeout=30) as reply:
        assert b"FindLearnerByULN" in reply.read()


def test_a_production_register_is_made_where_there_is_no_checkout(server: Installed) -> None:
    """The migrations are in the wheel too."""
    assert "production register" in server.run(server.command("uln-server"), "init")
    assert f"uln-server {PROJECT['version']}\n" == server.run(server.command("uln-server"), "--version")
