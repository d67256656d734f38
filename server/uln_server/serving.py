"""Running the service: listeners, event loops, worker processes."""

import asyncio
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn

from uln_contract import schema
from uln_server import logs, memory
from uln_server.batch.job import Processors
from uln_server.gate.incident import report
from uln_server.gate.protocol import GateProtocol
from uln_server.main import Service, build
from uln_server.open_files import connections_that_fit
from uln_server.settings import Settings
from uln_server.supervising import supervise
from uln_server.working import Working, WorkingThread, serves_jobs

_SWITCH_SECONDS = 0.0005

Ready = Callable[[list[str]], None]


class Listeners:
    """The sockets of a service, bound once and shared by its workers."""

    def __init__(self, settings: Settings) -> None:
        self.plain = _bound(settings.host, settings.port)
        self.secure = _bound(settings.host, settings.tls_port) if settings.tls_certificate else None

    @property
    def addresses(self) -> list[str]:
        """The addresses that were bound, http first."""
        found = [_address("http", self.plain)]
        return found if self.secure is None else [*found, _address("https", self.secure)]

    def close(self) -> None:
        """Let the ports go."""
        self.plain.close()
        if self.secure is not None:
            self.secure.close()


def serve(
    settings: Settings,
    *,
    ready: Ready | None = None,
    kind: str | None = None,
    processors: Processors | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM. ``ready`` gets the addresses once calls are answered; ``kind`` is logged.

    ``processors``, this release's unless others are given, work jobs off in each process, where the settings say
    that the service does so itself.
    Raises ``OSError`` when an address cannot be bound and ``NotInitialised`` without a register.
    """
    logs.configure(settings.log_level)
    listeners = Listeners(settings)

    def announce() -> None:
        logs.tell("info", "service started", addresses=listeners.addresses, workers=settings.workers, kind=kind)
        if ready:
            ready(listeners.addresses)

    try:
        if settings.workers > 1:
            supervise(partial(work, processors=processors), (settings, listeners), settings.workers, announce)
        else:
            stop = threading.Event()
            with _stopped_by_signals(stop):
                run(settings, listeners, stop, announce, processors)
        logs.tell("info", "service stopped")
    finally:
        listeners.close()


def work(
    settings: Settings,
    listeners: Listeners,
    stop: threading.Event,
    ready: Callable[[], None],
    processors: Processors | None = None,
) -> None:
    """One worker process: its supervisor passes the signals on."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logs.configure(settings.log_level)
    run(settings, listeners, stop, ready, processors)


def run(
    settings: Settings,
    listeners: Listeners,
    stop: threading.Event,
    ready: Callable[[], None],
    processors: Processors | None = None,
) -> None:
    """Serve in this thread, on an event loop of its own, until ``stop`` is set."""
    memory.settle()
    # Without log_config=None it would set its own logging up, over ours.
    factory = uvicorn.Config(app=None, loop="auto", log_config=None).get_loop_factory()  # type: ignore[arg-type]  # no app needed to choose a loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(settings, listeners, stop, ready, processors))


async def _serve(
    settings: Settings,
    listeners: Listeners,
    stop: threading.Event,
    ready: Callable[[], None],
    processors: Processors | None,
) -> None:
    settings = settings.model_copy(update={"connections": connections_that_fit(settings.connections)})
    service = build(settings)
    # The journal must not wait 5 ms for the interpreter each time that it comes back from the disk.
    sys.setswitchinterval(_SWITCH_SECONDS)
    service.start()
    jobs = _jobs(settings, service, processors)
    try:
        servers = [_Server(_config(settings, service.app, secure=False))]
        sockets = [listeners.plain]
        if listeners.secure is not None:
            servers.append(_Server(_config(settings, service.app, secure=True)))
            sockets.append(listeners.secure)
        tasks = [asyncio.create_task(each.serve([one])) for each, one in zip(servers, sockets, strict=True)]
        tasks.append(asyncio.create_task(_watch(servers, stop, ready)))
        await asyncio.gather(*tasks)
    finally:
        if jobs is not None:
            jobs.close()
        service.close()


def _jobs(settings: Settings, service: Service, processors: Processors | None) -> WorkingThread | None:
    """Begin to work jobs off beside the calls, where the service is to do so."""
    with service.database.reading() as reading:
        sandbox = reading.register.kind == "sandbox"
    if not serves_jobs(settings, sandbox=sandbox, dialect=service.database.dialect):
        return None
    jobs = WorkingThread(Working(settings, service.database, processors))
    jobs.start()
    return jobs


async def _watch(servers: list["_Server"], stop: threading.Event, ready: Callable[[], None]) -> None:
    """Say when all listen, warm up what the first refusal would wait for, and pass the stop on."""
    while not all(each.started for each in servers):  # noqa: ASYNC110  # uvicorn offers a flag, no event
        await asyncio.sleep(0.01)
    ready()
    await _warm_up()
    gc.collect()
    gc.freeze()
    while not stop.is_set():  # noqa: ASYNC110  # set from a signal handler or another thread
        await asyncio.sleep(0.1)
    for each in servers:
        each.should_exit = True


async def _warm_up() -> None:
    """Build what the first refusal would otherwise wait for; if that fails, as without files to open, it will."""
    try:
        contracts = ("2014", "external", "r9", "reconciliation")
        await asyncio.get_running_loop().run_in_executor(None, schema.prepare_explanations, *contracts)
    except Exception as failure:  # noqa: BLE001  # no reason to end a service that answers
        report(failure)


class _Server(uvicorn.Server):
    """uvicorn's server; signals are ours, since two of them run side by side."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _config(settings: Settings, app: Any, *, secure: bool) -> uvicorn.Config:
    tls: dict[str, Any] = {}
    if secure:
        tls = {
            "ssl_certfile": settings.tls_certificate,
            "ssl_keyfile": settings.tls_key,
            "ssl_ca_certs": str(settings.tls_client_ca) if settings.tls_client_ca else None,
            "ssl_cert_reqs": 1 if settings.tls_client_ca else 0,
        }
    return uvicorn.Config(
        app,
        http=GateProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=10,
        backlog=2048,
        **tls,
    )


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    previous = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _address(scheme: str, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
