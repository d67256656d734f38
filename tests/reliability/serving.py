"""The command's own processes, a supervisor and its workers, so that they can be killed as a crash would."""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from tests.service import RunningService, sandbox_settings

SERVER = Path(sys.executable).with_name("uln-server")
_ENDED_WITHIN = 20.0


class Serving:
    """A server that said it is ready: where it listens, and its processes."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self._process = process
        self._log = log
        assert process.stdout is not None
        said = "".join(iter(process.stdout.readline, "Ctrl-C ends it.\n"))
        found = re.search(r"(http://\S+)/LearnerService\.svc", said)
        assert found, self.log
        self.service = RunningService(url=found[1], settings=sandbox_settings(url))
        self._supervisor = psutil.Process(process.pid)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def workers(self) -> list[psutil.Process]:
        """The processes that answer calls; multiprocessing has one more, which only tidies up."""
        return [each for each in self._supervisor.children() if "spawn_main" in _words(each)]

    def kill(self, rng: random.Random) -> None:
        """Kill all processes at once, in any order, as a power cut would; and wait until none is left."""
        family = [self._supervisor, *self._supervisor.children(recursive=True)]
        rng.shuffle(family)
        for each in family:
            each.kill()
        self._ended(family)

    def kill_supervisor(self) -> None:
        """Kill the supervisor alone: its workers must notice, and leave the ports to the next one."""
        family = [self._supervisor, *self._supervisor.children(recursive=True)]
        self._supervisor.kill()
        self._ended(family)

    def stop(self) -> int:
        """End it in order, and give its exit code."""
        self._process.terminate()
        return self._process.wait(_ENDED_WITHIN)

    def _ended(self, family: list[psutil.Process]) -> None:
        self._process.wait(_ENDED_WITHIN)
        _, alive = psutil.wait_procs(family, _ENDED_WITHIN)
        assert alive == []


def _words(process: psutil.Process) -> str:
    try:
        return str(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@contextmanager
def serving(url: str, folder: Path, workers: int = 2) -> Iterator[Serving]:
    """Serve a sandbox register until the block ends, or until it is killed in it."""
    log = folder / "log"
    options = ("--workers", str(workers), "--port", "0", "--tls-port", "0", "--database", url)
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [SERVER, "serve", "--sandbox", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield Serving(process, url, log)
        finally:
            # Its workers end with it: their pipes close.
            process.kill()


def checked(url: str, folder: Path) -> str:
    """What `uln-server check` says of a register; it must be fit to be served."""
    ran = subprocess.run(
        [SERVER, "check", "--database", url], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
