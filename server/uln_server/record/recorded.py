"""Awards as they are recorded: what is shown of each, what changes, and what happened to it (domain §9, §10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from uln_server.record.award import Award, AwardKey, Outcome


class AwardChange(NamedTuple):
    """One step of an award, and where it comes from.

    ``before`` is the award as it was, ``None`` before it was created; ``position`` the job's row.
    """

    before: Award | None
    after: Award
    outcome: Outcome
    action_at: datetime
    reason: str | None
    position: int


class Recorded(NamedTuple):
    """One award as it is shown, with what the catalogue and the lists of names say about it today.

    ``number`` is that of the event that created it: no other award has it, and it stays. ``uln`` is the one that
    was submitted, ``organisation`` a UKPRN, ``form`` a value of ``Form``. ``recorded_at`` is when the register
    took it in: ISO 8601 in UTC, the seconds and whatever follows them. From ``reference`` on, as it is written,
    it is the catalogue's, ``kind`` a value of ``EntryKind``; names are ``None`` where no list has one.
    """

    number: int
    uln: str
    organisation: str
    award_date: str
    provider_ukprn: str
    grade: str | None
    language: str | None
    form: str
    withdrawn: bool
    recorded_at: str
    reference: str
    kind: str
    title: str
    type: str | None
    level: str | None
    credit: int | None
    organisation_name: str | None
    provider_name: str | None


class Awards(Protocol):
    """The awards as an operation reads them."""

    def recorded(self, uln: str) -> list[Recorded]:
        """Give a learner's awards, withdrawn ones and those under ULNs that were merged into this one too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardEvent:
    """What happened to an award.

    ``id`` grows with each event. ``at`` is when it was recorded, ``action_at`` the ActionDate; both aware, UTC.
    ``before`` has the earlier values of what changed, by the names of ``Recorded``, times as ISO 8601. ``version``
    is the award's since then.
    """

    id: int
    at: datetime
    kind: Outcome
    key: AwardKey
    version: int
    action_at: datetime
    before: Mapping[str, Any]
    reason: str | None
    job_id: int
    position: int
    message_id: str
    user: str | None
