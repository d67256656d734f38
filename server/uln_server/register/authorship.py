"""Who makes a change: kept with it in the register's history (domain §6)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """When, by which message and for whom a record is changed.

    ``at`` is aware, in UTC. ``message_id`` is the audit's number of the message or command that makes the change,
    so that the history leads to the audit and back. ``organisation_id`` is the store's, ``organisation`` its UKPRN
    and ``user`` the person whom the caller named. The operator's own commands have no organisation; their user is
    the audit's ``operator:`` and a name.
    """

    at: datetime
    message_id: str
    organisation_id: int | None = None
    organisation: str | None = None
    user: str | None = None
