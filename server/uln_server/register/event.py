"""What happens to the records of the register, as notices and feeds will tell it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What was done to a record."""

    REGISTERED = "registered"
    UPDATED = "updated"
    MERGED = "merged"
    UNMERGED = "unmerged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change of one record: whose, when, by whom; never a name.

    ``id`` grows with each event. ``at`` is aware, in UTC. ``master_uln`` is the master of a merge or unmerge.
    ``version`` is the record's after the change. ``organisation`` is the UKPRN, ``user`` the person named, and
    ``message_id`` the audit entry of the message that did it; all three are ``None`` for what was there before.
    """

    id: int
    at: datetime
    kind: EventKind
    uln: str
    master_uln: str | None
    version: int
    message_id: str | None
    organisation: str | None
    user: str | None
