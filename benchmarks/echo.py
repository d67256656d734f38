"""The yardstick: a bare Spyne echo of ComplexModels, validated by Spyne's own lxml validator.

It stands on the same HTTP server, event loop and number of processes as the service, so that what differs is the
work alone; and it does none: no organisation, no register, no audit.
"""

import asyncio
import socket
import threading
from typing import Any

import uvicorn

from uln_server.soap import compatibility  # noqa: F401  # must come before Spyne

# isort: split
from spyne import Application, ComplexModel, MethodContext, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11
from spyne.server import ServerBase

NAMESPACE = "http://echo.example/"


class LearnerToVerify(ComplexModel):  # type: ignore[misc]  # Spyne has no types
    """The same fields as the contract's request."""

    __namespace__ = NAMESPACE
    OrganisationRef = Unicode(6)
    UKPRN = Unicode(8)
    OrgPassword = Unicode(16)
    UserName = Unicode(35)
    ULN = Unicode(10, pattern="[1-9][0-9]{9}")
    FamilyName = Unicode(35)
    GivenName = Unicode(35)
    DateOfBirth = Unicode(10)
    Gender = Unicode(1)


class EchoService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """Gives back what it was given."""

    @rpc(LearnerToVerify, _returns=LearnerToVerify)  # type: ignore[untyped-decorator]  # the same
    def echo(ctx: Any, learner: Any) -> Any:  # noqa: N805  # Spyne's way
        """Echo."""
        return learner


class Echo(ServerBase):  # type: ignore[misc]  # Spyne has no types
    """Spyne called straight from ASGI."""

    transport = "http://schemas.xmlsoap.org/soap/http"

    def __init__(self) -> None:
        super().__init__(
            Application([EchoService], NAMESPACE, in_protocol=Soap11(validator="lxml"), out_protocol=Soap11())
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002  # ASGI's signature
        """Answer one request."""
        event = await receive()
        initial: Any = MethodContext(self, MethodContext.SERVER)
        initial.in_string = [event["body"]]
        (context,) = self.generate_contexts(initial, "utf-8")
        self.get_in_object(context)
        self.get_out_object(context)
        self.get_out_string(context)
        body = b"".join(context.out_string)
        context.close()
        headers = [(b"content-type", b"text/xml; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def work(listener: socket.socket, stop: threading.Event, ready: Any) -> None:
    """One process of the echo."""
    config = uvicorn.Config(Echo(), http="httptools", ws="none", lifespan="off", access_log=False, log_config=None)
    server = uvicorn.Server(config)

    async def serve() -> None:
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  # uvicorn offers a flag, no event
            await asyncio.sleep(0.01)
        ready()
        await asyncio.get_running_loop().run_in_executor(None, stop.wait)
        server.should_exit = True
        await task

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(serve())


def message() -> bytes:
    """One request body."""
    fields = {
        "OrganisationRef": "SBXAO1",
        "UKPRN": "90000001",
        "OrgPassword": "SandboxAO-000001",
        "UserName": "bench",
        "ULN": "1026893096",
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "1976-08-16",
        "Gender": "2",
    }
    inner = "".join(f"<e:{name}>{value}</e:{name}>" for name, value in fields.items())
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<e:echo xmlns:e="{NAMESPACE}"><e:learner>{inner}</e:learner></e:echo></s:Body></s:Envelope>'
    ).encode()
