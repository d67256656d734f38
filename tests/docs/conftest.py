"""A live sandbox for the documentation's commands, as a reader has it: in a folder, under its own addresses."""

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

import uln_client.cli
import uln_server.cli

BIN = Path(sys.executable).parent
MAIN = {"uln": uln_client.cli.main, "uln-server": uln_server.cli.main}
# What makes a line more than one command and its words.
# Settings of the one command, its name, its words.
WORDS = re.compile(r"((?:\w+=\S+ )*)(uln|uln-server) (.*)\s*")
SHELL = re.compile(r"[|&;<>$`*()\\\n]")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where it listens, the folder it was started in, and what it said when it was ready."""

    http: str
    https: str
    folder: Path
    announced: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run one command of ours as ``sh`` does, but in this process: starting another takes most of a second."""
        assert not SHELL.search(command), f"only a shell can run this: {command}"
        settings, name, words = WORDS.fullmatch(self._own(command)).groups()  # type: ignore[union-attr]  # or fails
        given = dict(each.split("=", 1) for each in shlex.split(settings))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(os, "environ", {**self.environment(), **given})
            with pytest.raises(SystemExit) as ended:
                MAIN[name](shlex.split(words))
        for each in (out, err):
            each.seek(0)
        return subprocess.CompletedProcess(command, int(ended.value.code or 0), out.read(), err.read())

    def sh(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the documentation, written for the usual addresses, in a reader's second terminal."""
        return subprocess.run(
            self._own(command),
            shell=True,
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _own(self, command: str) -> str:
        own = command.replace("http://127.0.0.1:8000", self.http).replace("https://127.0.0.1:8443", self.https)
        return own.replace(".venv/bin/", "")

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
