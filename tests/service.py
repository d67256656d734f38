"""The real service, running in a thread of the test's own process: real sockets, and coverage sees it."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.store.builders import quick

from uln_server.sandbox.installing import install
from uln_server.serving import Listeners, run
from uln_server.settings import Settings
from uln_server.store import schema
from uln_server.store.database import Database


@dataclass(slots=True)
class RunningService:
    """Where it listens, and the register behind it."""

    url: str
    settings: Settings
    failures: list[BaseException] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://").partition(":")[0]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @contextmanager
    def register(self) -> Iterator[Database]:
        """The service's register, as a second process would open it."""
        with Database.open(self.settings.database) as database:
            yield database


def sandbox_settings(database_url: str, **overrides: object) -> Settings:
    """Settings of a service on free ports, with patience short enough for tests."""
    # Wrong passwords come from this one address all day, and seldom is the delay after them what a test is about.
    patience: dict[str, object] = {"port": 0, "tls_port": 0, "wrong_password_longest_delay": 0}
    values = {"database": database_url, **patience, **overrides}
    return Settings.model_validate(values)


def make_sandbox(database_url: str, *, hashing: Callable[[str], str] = quick) -> None:
    """Make a sandbox register in an existing or new database; its passwords are checked as they are hashed."""
    with Database.open(database_url) as database:
        schema.upgrade(database)
        with database.writing() as writing:
            if writing.register.kind is None:
                writing.register.create("sandbox")
            install(writing, hashing=hashing)


@contextmanager
def running(settings: Settings) -> Iterator[RunningService]:
    """Run a service on an existing register until the block ends; its failures are the test's."""
    listeners = Listeners(settings)
    stop, ready = threading.Event(), threading.Event()
    service = RunningService(url=listeners.addresses[0], settings=settings)

    def work() -> None:
        try:
            run(settings, listeners, stop, ready.set)
        except BaseException as failure:  # noqa: BLE001  # handed to the test below
            service.failures.append(failure)
            ready.set()

    thread = threading.Thread(target=work, name="service")
    thread.start()
    try:
        assert ready.wait(20), "the service did not start"
        if not service.failures:
            yield service
    finally:
        stop.set()
        thread.join(30)
        listeners.close()
    if service.failures:
        raise service.failures[0]


@contextmanager
def running_sandbox(
    folder: Path, *, hashing: Callable[[str], str] = quick, **overrides: object
) -> Iterator[RunningService]:
    """Run a fresh SQLite sandbox in a folder."""
    url = f"sqlite:///{(folder / 'register.sqlite3').as_posix()}"
    make_sandbox(url, hashing=hashing)
    with running(sandbox_settings(url, **overrides)) as service:
        yield service


@contextmanager
def commanded(
    url: str, folder: Path, *, workers: int = 1
) -> Iterator[tuple[subprocess.Popen[str], RunningService]]:
    """Run the command itself, as an operator does, on a sandbox that is there; its log is in ``folder``."""
    options = ["--workers", str(workers), "--port", "0", "--tls-port", "0", "--database", url]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [Path(sys.executable).with_name("uln-server"), "serve", "--sandbox", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            said = "".join(iter(process.stdout.readline, "Ctrl-C ends it.\n"))
            (address,) = re.findall(r"(http://\S+)/LearnerService\.svc", said)
            yield process, RunningService(url=address, settings=sandbox_settings(url))
        finally:
            process.terminate()
            try:
                process.wait(30)
            finally:
                process.kill()
