"""Awards as they are recorded: what is shown of each, what changes, and what happened to it (domain §9, §10)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any, NamedTuple, Protocol

from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.own_awards import OwnAwards, Place, Wanted


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
    """A learner's awards as they are shown, with what the catalogue and the lists of names say about them today.

    Each field is a column with a value for every award, all in the same order: of two hundred awards, objects
    would take longer to make than to read and write. ``number`` is that of the event that created an award: no
    other has it, and it stays. ``uln`` is the one that was submitted, ``organisation`` a UKPRN, ``form`` a value
    of ``Form``. ``recorded_at`` is when the register took it in: ISO 8601 in UTC, the seconds and whatever
    follows them. From ``reference`` on, as it is written, it is the catalogue's, ``kind`` a value of
    ``EntryKind``; names are ``None`` where no list has one.
    """

    number: Sequence[int]
    uln: Sequence[str]
    organisation: Sequence[str]
    award_date: Sequence[str]
    provider_ukprn: Sequence[str]
    grade: Sequence[str | None]
    language: Sequence[str | None]
    form: Sequence[str]
    withdrawn: Sequence[bool]
    recorded_at: Sequence[str]
    reference: Sequence[str]
    kind: Sequence[str]
    title: Sequence[str]
    type: Sequence[str | None]
    level: Sequence[str | None]
    credit: Sequence[int | None]
    organisation_name: Sequence[str | None]
    provider_name: Sequence[str | None]

    @property
    def size(self) -> int:
        """How many awards there are."""
        return len(self.number)

    def only(self, chosen: Sequence[bool]) -> "Recorded":
        """Give the awards that are chosen, their order kept."""
        return self if all(chosen) else Recorded._make(tuple(compress(column, chosen)) for column in self)


class Awards(Protocol):
    """The awards as an operation reads them."""

    def recorded(self, uln: str) -> Recorded:
        """Give a learner's awards, withdrawn ones and those under ULNs that were merged into this one too."""

    def state(self, uln: str) -> Hashable:
        """Give what changes whenever ``recorded`` may give something else, at a small part of its cost."""

    def own(self, organisation: str, wanted: Wanted, behind: Place, most: int) -> OwnAwards:
        """Give the next page of an organisation's awards, by its UKPRN: at most ``most``, those behind a place."""


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
