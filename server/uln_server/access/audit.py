"""What is kept of a message: the audit entry always, its text in a sandbox."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, and whose record was shown: kept of every message, refused ones too; never a learner's name.

    ``at`` is aware, UTC. ``message_id`` is made by us and no other entry's. ``organisation`` is the
    caller's UKPRN, or whatever identifier an unknown caller claimed. ``code`` is the answer's response or fault
    code, or the HTTP status of an earlier refusal. ``disclosed`` lists the ULNs whose record was in the answer.
    ``reason`` says why, where the code alone does not: which cause of WSRC0021, what an operator wrote.
    """

    at: datetime
    message_id: str
    organisation_id: int | None = None
    organisation: str | None = None
    user: str | None = None
    operation: str | None = None
    code: str
    disclosed: tuple[str, ...] = ()
    address: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """A request and its reply as a sandbox shows them, credentials masked by whoever made this.

    ``reading`` says how the request was read and why it was refused, in words. The texts may hold what the
    caller calls personal data, so no repr shows them.
    """

    at: datetime
    message_id: str
    path: str
    operation: str | None
    code: str
    reading: str = field(repr=False)
    request: str = field(repr=False)
    reply: str = field(repr=False)
