"""The composition root: settings in, a service out."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from uln_contract import schema
from uln_server import pages
from uln_server.access.audit import SandboxMessage
from uln_server.access.credentials import Proofs
from uln_server.gate.app import GateApp, Pages
from uln_server.gate.identity import Prover
from uln_server.gate.interchange import Interchange, Parts
from uln_server.gate.maintenance import Maintenance
from uln_server.gate.trail import Trail
from uln_server.operations.call import Operations, Rules
from uln_server.operations.catalogue import OPERATIONS
from uln_server.record.kept import KeptRecords
from uln_server.register.registering import Procedure
from uln_server.sandbox.masking import masked_exchange
from uln_server.sandbox.messages_page import messages_page
from uln_server.settings import Settings
from uln_server.soap.engine import SpyneEngine
from uln_server.soap.engine_port import Engine
from uln_server.soap.faults import encoded
from uln_server.store.database import Database
from uln_server.store.journal import Journal

_SHOWN = 100


class NotInitialised(Exception):  # noqa: N818  # a state of the register
    """The database holds no register yet: ``uln-server init`` makes one."""


@dataclass(slots=True)
class Service:
    """One process of the service: its ASGI application, and what must be started and closed with it."""

    app: GateApp
    interchange: Interchange
    journal: Journal
    maintenance: Maintenance
    database: Database

    def start(self) -> None:
        """Begin to write; on the running event loop."""
        self.journal.start(asyncio.get_running_loop())
        self.maintenance.start()

    def close(self) -> None:
        """Write what is left, and let go of threads and connections."""
        self.interchange.close()
        self.maintenance.close()
        self.journal.close()
        self.database.close()


def build(settings: Settings, engine: Engine | None = None, operations: Operations = OPERATIONS) -> Service:
    """Compose a service. ``engine`` is Spyne's unless another is given; ``NotInitialised`` without a register.

    ``operations`` are those that it carries out, each of which the engine must have too.
    """
    database = Database.open(settings.database)
    with database.reading() as reading:
        kind = reading.register.kind
    if kind is None:
        database.close()
        raise NotInitialised(settings.database)
    sandbox = kind == "sandbox"
    journal = Journal(database)
    interchange = Interchange(
        Parts(
            settings=settings,
            database=database,
            journal=journal,
            engine=engine or SpyneEngine(),
            operations=operations,
            rules=_rules(settings),
            prover=Prover(Proofs(settings.proof_seconds), settings),
            kept=KeptRecords(room=settings.kept_records_bytes),
            keep=_keep if sandbox and settings.sandbox_messages else _keep_nothing,
        )
    )
    for contract in ("2014", "external", "r9", "reconciliation"):
        schema.compiled(contract)
    maintenance = Maintenance(_switch(database), always=settings.maintenance)
    app = GateApp(settings, interchange, _pages(database, sandbox=sandbox), maintenance)
    return Service(app, interchange, journal, maintenance, database)


def _switch(database: Database) -> Callable[[], str | None]:
    """How maintenance is looked up in the register."""

    def look() -> str | None:
        with database.reading() as reading:
            return reading.register.maintenance

    return look


def _rules(settings: Settings) -> Rules:
    """What the operator decided about the operations."""
    procedure = Procedure(
        required=settings.find_first,
        maximum=timedelta(minutes=settings.find_maximum_minutes),
        minimum=timedelta(seconds=settings.review_minimum_seconds),
    )
    return Rules(
        procedure=procedure,
        opt_out=settings.opt_out,
        report_entries=settings.report_entries,
        achievements_per_job=settings.achievements_per_job,
    )


def _keep_nothing(trail: Trail, code: str, reading: str, reply: bytes) -> None:  # the port's signature
    """A production register keeps no message."""


def _keep(trail: Trail, code: str, text: str, reply: bytes) -> SandboxMessage:
    """A sandbox keeps the message for its page, whatever was a password in it masked."""
    read = text or ("Read after bringing it to contract form." if trail.kindly else "Read as sent.")
    request, answer, reading = masked_exchange(trail.raw, reply, read.encode())
    # DomainFault says the same once more, where no mask would find a word of it.
    answer = answer.replace(encoded(read), encoded(reading))
    return trail.message(code, reading=reading, request=request, reply=answer)


def _pages(database: Database, *, sandbox: bool) -> Pages:
    def messages() -> str:
        with database.reading() as reading:
            return messages_page(reading.messages.last(_SHOWN))

    others = {"/sandbox/messages": messages} if sandbox else {}
    return Pages(service=pages.service_page, others=others)
