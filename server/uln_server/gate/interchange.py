"""A message's way through: understood, admitted, carried out, written down, answered (design: one way for all)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from uln_contract.codes import FaultCode
from uln_contract.reading import Element
from uln_contract.shape import OperationContract, Record
from uln_server.access.audit import AuditEntry, SandboxMessage
from uln_server.access.identity import Claim, Organisations, Refused, admit, resolve
from uln_server.access.organisation import Organisation
from uln_server.gate.envelope import addressed_as, check_action, open_envelope, recognise
from uln_server.gate.head import Head
from uln_server.gate.identity import Proof, Prover, check_user_name, claim_of
from uln_server.gate.incident import unexpected
from uln_server.gate.readers import KnownTags, Readers
from uln_server.gate.records import read_spooled
from uln_server.gate.request import read_request
from uln_server.gate.spool import Spool, SpooledRows
from uln_server.gate.trail import Trail
from uln_server.gate.xml import XmlLimits, parse
from uln_server.operations.call import Call, Caller, ChangingUnit, Operations, Rules, Unacceptable, Unit
from uln_server.record.kept import KeptRecords
from uln_server.register.finds import FindMade
from uln_server.settings import Settings
from uln_server.soap.engine_port import Engine, Reply
from uln_server.soap.faults import ContractFault, FaultForm, Refusal, fault_envelope
from uln_server.soap.reply import ReplyForm

T = TypeVar("T")

# Above this many bytes a document is understood in a thread: lxml lets go of the interpreter meanwhile.
_LARGE = 64 * 1024
# Up to this many, a document is searched for tags that are new, which takes milliseconds on the event loop; larger
# ones are read apart anyway.
_CHECKED = 256 * 1024
# Spooled messages that are large are carried out in threads of their own, so that others do not wait for them.
_SPOOLED_AT_ONCE = 2
# Of a spooled message as much is kept for the sandbox's page as the page shows at most.
_RAW_KEPT = 256 * 1024
# What is rare in a message is looked for in its tree only if its bytes have it. A spooled one's tree is small.
_ANYTHING = b"encodingStyle href XMLSchema-instance type"


class Reading(Unit, Protocol):
    """What one call reads in one snapshot."""

    @property
    def organisations(self) -> Organisations:
        """The organisations, as they are now."""


class AuditWriting(Protocol):
    """Where a change's audit entry is written along with it."""

    def add(self, entry: AuditEntry) -> None:
        """Write an entry."""


class MessageKeeping(Protocol):
    """Where a sandbox keeps a message along with the change that it asked for."""

    def add(self, message: SandboxMessage) -> None:
        """Keep a message."""


class Writing(ChangingUnit, Protocol):
    """What one call changes in one transaction."""

    @property
    def organisations(self) -> Organisations:
        """The organisations, as they are now."""

    @property
    def audit(self) -> AuditWriting:
        """The audit trail."""

    @property
    def messages(self) -> MessageKeeping:
        """The messages that a sandbox keeps."""


class Database(Protocol):
    """Where the register is kept."""

    @property
    def waits(self) -> bool:
        """Whether a read may wait on the network, and so must not be done on the event loop."""

    def snapshot(self) -> AbstractContextManager[Reading]:
        """Open one state of the register for one call."""

    def change(self, work: Callable[[Writing], T]) -> T:
        """Carry out a change in a transaction, and give its result once that is committed."""


class Journal(Protocol):
    """Where each message is written down before its answer leaves."""

    def write(
        self, entry: AuditEntry, message: SandboxMessage | None = None, find: FindMade | None = None
    ) -> asyncio.Future[None]:
        """Write; done when it is committed."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What goes back over HTTP."""

    status: int
    body: bytes
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A valid message: what it asks for, and who its sender claims to be."""

    operation: OperationContract
    request: Record
    claim: Claim
    rows: SpooledRows | None = None


@dataclass(frozen=True, slots=True)
class _Unproven:
    """The password must be checked with Argon2 first."""

    organisation: Organisation | None


@dataclass(frozen=True, slots=True)
class Parts:
    """What an interchange is composed of."""

    settings: Settings
    database: Database
    journal: Journal
    engine: Engine
    operations: Operations
    rules: Rules
    prover: Prover
    kept: KeptRecords
    keep: Callable[[Trail, str, str, bytes], SandboxMessage | None]


class Interchange:
    """Answers messages. One a process, on its event loop; short calls run straight through it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limits = XmlLimits(elements=parts.settings.element_limit)
        self._threads = ThreadPoolExecutor(parts.settings.call_threads, thread_name_prefix="call")
        self._spooled = ThreadPoolExecutor(_SPOOLED_AT_ONCE, thread_name_prefix="spooled")
        self._readers = Readers(parts.settings.call_threads, "reading")
        self._spool_readers = Readers(_SPOOLED_AT_ONCE, "reading spooled")
        self._known_tags = KnownTags()

    def close(self) -> None:
        """End the threads."""
        for readers in (self._readers, self._spool_readers):
            readers.close()
        for each in (self._threads, self._spooled):
            each.shutdown(wait=True, cancel_futures=True)
        self._parts.prover.close()

    async def answer(self, head: Head, body: bytes | Spool, trail: Trail) -> Answered:
        """Answer one message; whatever happens, the answer is a reply or a documented fault, and written down."""
        trail.raw = body if isinstance(body, bytes) else body.start(_RAW_KEPT)
        try:
            reply = await self._reply(head, body, trail)
        except Refusal as refusal:
            return await self.refuse(refusal, trail)
        except Exception as failure:  # noqa: BLE001  # the last line: nothing leaves as a traceback
            return await self.refuse(_unexpected(failure, trail), trail)
        return Answered(200, reply.envelope) if trail.committed else await self._written(reply, trail)

    async def refuse(self, refusal: Refusal, trail: Trail) -> Answered:
        """Answer with a refusal, written down like any other answer."""
        envelope = fault_envelope(refusal, _fault_form(trail), actor=trail.actor)
        try:
            kept = self._parts.keep(trail, refusal.code, refusal.text, envelope)
            await self._parts.journal.write(trail.entry(refusal.code), kept)
        except Exception as failure:  # noqa: BLE001  # what cannot be written down is answered as our own failure
            return _unwritten(failure, trail)
        return Answered(refusal.status, envelope, refusal)

    async def _written(self, reply: Reply, trail: Trail) -> Answered:
        try:
            kept = self._parts.keep(trail, reply.answer.code, "", reply.envelope)
            await self._parts.journal.write(trail.answered(reply.answer), kept, reply.answer.find)
        except Exception as failure:  # noqa: BLE001  # nothing may be disclosed that was not written down
            return _unwritten(failure, trail)
        return Answered(200, reply.envelope)

    async def _reply(self, head: Head, body: bytes | Spool, trail: Trail) -> Reply:
        large = len(body) > _LARGE

        def understand() -> _Asked:
            return self._understand(head, body, trail)

        spooled = large and isinstance(body, Spool)
        threads = self._spooled if spooled else self._threads
        readers = self._spool_readers if spooled else self._readers
        start = body if isinstance(body, bytes) else body.start(_LARGE)
        apart = len(body) > _CHECKED or spooled or not self._known_tags.have(start)
        asked = await (readers.read(understand) if apart else _lane(understand, threads if large else None))
        try:
            threaded = large or self._parts.database.waits or self._takes_time(asked)
            return await self._answered(asked, trail, threads if threaded else None)
        finally:
            if asked.rows is not None:
                asked.rows.close()

    async def _answered(self, asked: _Asked, trail: Trail, threads: ThreadPoolExecutor | None) -> Reply:
        first = await _lane(lambda: self._attempt(asked, trail), threads)
        if isinstance(first, Reply):
            return first
        proof = await self._parts.prover.prove(first.organisation, asked.claim, trail.address)
        return await _lane(lambda: self._admitted(asked, trail, proof), threads)

    def _understand(self, head: Head, body: bytes | Spool, trail: Trail) -> _Asked:
        """From bytes to a valid request (domain §4: WSEC0001, 0002, 0001)."""
        settings = self._parts.settings
        if isinstance(body, bytes):
            # In UTF-16 each letter has a NUL beside it: without them, what is rare is found there as well.
            letters = body.replace(b"\0", b"") if b"\0" in body else body
            return self._recognised(parse(body, head.charset, self._limits), letters, head, trail)
        most = settings.achievements_per_job
        root, rows = read_spooled(body, head.charset, most, strict=settings.strict_requests)
        try:
            return replace(self._recognised(root, _ANYTHING, head, trail), rows=rows)
        except BaseException:
            rows.close()
            raise

    def _recognised(self, root: Element, letters: bytes, head: Head, trail: Trail) -> _Asked:
        """From a document to a valid request; ``letters`` are its bytes, searched for what is rare."""
        child = open_envelope(root, letters)
        trail.wsa_message_id = addressed_as(root)
        operation = trail.operation = recognise(child, trail.endpoint.service)
        if operation.name not in self._parts.operations:
            raise ContractFault(
                FaultCode.WSEC0002,
                f"{operation.name} is part of the contract, but this release does not carry it out yet.",
                actor=operation.name,
            )
        check_action(head.action, operation)
        request, trail.kindly = read_request(
            child, operation, letters, strict=self._parts.settings.strict_requests
        )
        check_user_name(request, operation)
        trail.claim = claim_of(request)
        return _Asked(operation, request, trail.claim)

    def _writes(self, asked: _Asked) -> bool:
        return self._parts.operations[asked.operation.name].writes

    def _takes_time(self, asked: _Asked) -> bool:
        return self._writes(asked) or self._parts.operations[asked.operation.name].long

    def _attempt(self, asked: _Asked, trail: Trail) -> Reply | _Unproven:
        """Carry out the call of a caller whose password this process remembers.

        For a change as well that is looked at in a snapshot first: nobody without a password takes a lock.
        """

        def remembered(organisation: Organisation) -> bool:
            return self._parts.prover.remembers(organisation, asked.claim, trail.address)

        with self._parts.database.snapshot() as reading:
            organisation = trail.organisation = resolve(asked.claim, reading.organisations)
            if organisation is None or not remembered(organisation):
                return _Unproven(organisation)
            if not self._writes(asked):
                return self._carry_out(asked, trail, reading, proven=True)
        return self._change(asked, trail, remembered)

    def _admitted(self, asked: _Asked, trail: Trail, proof: Proof | None) -> Reply:
        """Carry out the call, or refuse it, with the outcome of the password check that was made for it."""

        def holds(organisation: Organisation) -> bool:
            return proof is not None and proof.holds_for(organisation)

        if self._writes(asked) and proof is not None:
            return self._change(asked, trail, holds)
        with self._parts.database.snapshot() as reading:
            organisation = trail.organisation = resolve(asked.claim, reading.organisations)
            proven = organisation is not None and holds(organisation)
            return self._carry_out(asked, trail, reading, proven=proven)

    def _change(self, asked: _Asked, trail: Trail, proves: Callable[[Organisation], bool]) -> Reply:
        """Carry out a call that changes: who calls, the effect and its audit entry in one transaction (ADR 2).

        Who calls is looked at again within it: a suspension that was committed before it began is seen, and one
        that comes later holds from the next message.
        """

        def work(writing: Writing) -> Reply:
            organisation = trail.organisation = resolve(asked.claim, writing.organisations)
            proven = organisation is not None and proves(organisation)
            reply = self._carry_out(asked, trail, writing, proven=proven)
            kept = self._parts.keep(trail, reply.answer.code, "", reply.envelope)
            writing.audit.add(trail.answered(reply.answer))
            if kept is not None:
                writing.messages.add(kept)
            return reply

        reply = self._parts.database.change(work)
        trail.committed = True
        return reply

    def _carry_out(self, asked: _Asked, trail: Trail, unit: Reading | Writing, *, proven: bool) -> Reply:
        """Admit the caller (domain §4: 0003, 0005, 0003, 0004, 0006) and run the operation, in one transaction."""
        operation, now = asked.operation, datetime.now(UTC)
        called, opening = self._parts.operations[operation.name], self._parts.settings.hours
        if proven and trail.organisation is not None:
            self._parts.prover.count(trail.organisation)
        try:
            organisation = admit(
                trail.organisation,
                proven=proven,
                needs=called.needs,
                only=called.only,
                now=now,
                claim=asked.claim,
                service_hours=opening,
            )
        except Refused as refused:
            raise ContractFault(refused.code, refused.text, actor=operation.name) from None
        caller = Caller(organisation, asked.claim.user_name or "")
        call = Call(
            operation=operation,
            request=asked.request,
            caller=caller,
            now=now,
            message_id=trail.message_id,
            rules=self._parts.rules.of(organisation),
            wsa_message_id=trail.wsa_message_id,
            rows=asked.rows,
            kept=self._parts.kept,
        )
        try:
            return self._parts.engine(call, unit, _reply_form(trail, organisation))
        except Unacceptable as unacceptable:
            raise ContractFault(FaultCode.WSEC0001, unacceptable.text) from None


async def _lane(work: Callable[[], T], threads: ThreadPoolExecutor | None) -> T:
    """Run work at once, or in a thread if it may wait or is long."""
    if threads is None:
        return work()
    return await asyncio.get_running_loop().run_in_executor(threads, work)


def _reply_form(trail: Trail, organisation: Organisation) -> ReplyForm:
    own = organisation.linked_ulns_qualified
    form = trail.endpoint.reply
    return form if own is None else replace(form, linked_ulns_qualified=own)


def _fault_form(trail: Trail) -> FaultForm:
    own = trail.organisation.fault_qualified if trail.organisation else None
    form = trail.endpoint.fault
    return form if own is None else replace(form, qualified=own)


def _unexpected(failure: Exception, trail: Trail) -> ContractFault:
    return unexpected(failure, actor=trail.actor, message=trail.message_id)


def _unwritten(failure: Exception, trail: Trail) -> Answered:
    """The answer in place of one that could not be written down."""
    refusal = _unexpected(failure, trail)
    return Answered(refusal.status, fault_envelope(refusal, _fault_form(trail), actor=trail.actor), refusal)
