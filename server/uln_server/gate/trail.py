"""What becomes known of a message on its way through; the audit entry and the sandbox's page are made of it."""

import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from uln_contract.shape import OperationContract
from uln_server.access.audit import AuditEntry, SandboxMessage
from uln_server.access.identity import Claim
from uln_server.access.organisation import Organisation
from uln_server.gate.endpoints import Endpoint
from uln_server.operations.call import Answer


def _message_id() -> str:
    """A name that no other message has, in order of time: the audit's indexes grow at one end only."""
    return f"{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"


@dataclass(slots=True)
class Trail:
    """Filled in as the message passes each check; whatever is still ``None`` was not reached.

    ``wsa_message_id`` is the sender's own name of the message, from WS-Addressing. ``committed`` says that the
    entry was written along with the change that the message asked for.
    """

    endpoint: Endpoint
    address: str | None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    message_id: str = field(default_factory=_message_id)
    wsa_message_id: str | None = None
    raw: bytes = field(default=b"", repr=False)
    operation: OperationContract | None = None
    claim: Claim | None = None
    organisation: Organisation | None = None
    kindly: bool = False
    committed: bool = False

    @property
    def actor(self) -> str:
        """The operation's name, or the service's while it is not known: what a fault calls its ErrorActor [O]."""
        return self.operation.name if self.operation else self.endpoint.service

    def entry(self, code: str, disclosed: tuple[str, ...] = ()) -> AuditEntry:
        """The audit entry of this message, answered with ``code``."""
        organisation = self.organisation
        claimed = self.claim.identifiers()[:1] if self.claim else ()
        return AuditEntry(
            at=self.at,
            message_id=self.message_id,
            organisation_id=organisation.id if organisation else None,
            organisation=organisation.ukprn if organisation else next(iter(claimed), None),
            user=self.claim.user_name if self.claim else None,
            operation=self.operation.name if self.operation else None,
            code=code,
            disclosed=disclosed,
            address=self.address,
        )

    def answered(self, answer: Answer) -> AuditEntry:
        """The audit entry of this message, answered by its operation."""
        return replace(self.entry(answer.code, answer.disclosed), reason=answer.reason)

    def message(self, code: str, reading: str, request: str, reply: str) -> SandboxMessage:
        """The message as a sandbox keeps it; the texts are masked by the caller."""
        return SandboxMessage(
            at=self.at,
            message_id=self.message_id,
            path=self.endpoint.path,
            operation=self.operation.name if self.operation else None,
            code=code,
            reading=reading,
            request=request,
            reply=reply,
        )
