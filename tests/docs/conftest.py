"""A live sandbox for the documentation's commands, as a reader has it: in a folder, under its own addresses."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where it listens, the folder it was started in, and what it said when it was ready."""

    http: str
    https: str
    folder: Path
    announced: str

    def sh(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the documentation, written for the usual addresses, in a reader's second terminal."""
        own = command.replace("http://127.0.0.1:8000", self.http).replace("https://127.0.0.1:8443", self.https)
        return subprocess.run(
            own.replace(".venv/bin/", ""),
            shell=True,
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        """What the client knows by itself at the usual address alone."""
        return {
            **_plain_environment(self.folder),
            "ULN_URL": self.http,
            "ULN_UKPRN": "90000001",
            "ULN_PASSWORD": "SandboxAO-000001",
            "ULN_USERNAME": "reader",
        }


def _plain_environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ULN_")}
    return {
        **kept,
        "PATH": os.pathsep.join([str(BIN), kept.get("PATH", "")]),
        "XDG_CONFIG_HOME": str(folder),
        "COLUMNS": "200",
    }


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("reader")
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [BIN / "uln-server", "serve", "--sandbox", "--port", "0", "--tls-port", "0"],
            cwd=folder,
            env=_plain_environment(folder),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as server,
    ):
        try:
            yield _announced(server, folder)
        finally:
            server.terminate()
            server.wait(20)


def _announced(server: subprocess.Popen[str], folder: Path) -> Sandbox:
    lines: list[str] = []
    assert server.stdout is not None
    for line in server.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    else:
        pytest.fail(f"the sandbox did not start: {(folder / 'log').read_text()}")
    http, https = (line.strip().removesuffix("/LearnerService.svc") for line in lines[1:3])
    return Sandbox(http=http, https=https, folder=folder, announced="".join(lines))
