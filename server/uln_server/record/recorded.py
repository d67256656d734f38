"""Awards as they are recorded: what is shown of each, what changes, and what happened to it (domain §9, §10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from uln_server.catalogue.entry import EntryKind
from uln_server.record.action import Form
from uln_server.record.award import Award, AwardKey, Details, Outcome


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
    """One award with what the catalogue and the lists say about it.

    ``uln``, ``key`` and ``organisation`` are the award's key, ``provider_name`` and ``organisation_name`` those
    of today, if they are listed. ``created_at`` is when the register took it in, ``updated_at`` when it was last
    changed. From ``reference`` on it is the catalogue's: the reference as it is written, and so on.
    """

    uln: str
    key: str
    organisation: str
    award_date: str
    provider_ukprn: str
    grade: str | None
    language: str | None
    mis_identifier: str | None
    details_at: datetime
    form: Form
    withdrawn: bool
    withdrawn_at: datetime
    version: int
    created_at: datetime
    updated_at: datetime
    organisation_name: str | None
    provider_name: str | None
    reference: str
    kind: EntryKind
    title: str
    type: str | None
    level: str | None
    sub_level: str | None
    credit: int | None
    guided_learning_hours: int | None
    subject_area: str | None
    grading_type: str | None

    @property
    def award(self) -> Award:
        """The award alone, for the rules (``record.credit``)."""
        return Award(
            key=AwardKey(self.organisation, self.uln, self.key),
            details=Details(
                award_date=self.award_date,
                provider_ukprn=self.provider_ukprn,
                grade=self.grade,
                language=self.language,
                mis_identifier=self.mis_identifier,
            ),
            details_at=self.details_at,
            form=self.form,
            withdrawn=self.withdrawn,
            withdrawn_at=self.withdrawn_at,
            version=self.version,
        )


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
