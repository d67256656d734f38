"""What a sandbox's learners have achieved, fixed for ever: clients' tests are written against it [O].

``docs/sandbox.md`` shows the same content; a test holds the two together. It shows what there is to see: awards by
two awarding organisations, one unit by both of them, a provisional one, awards under a ULN that was merged and
under its master, and one of a learner who does not share.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from uln_server.catalogue.reference import key_of
from uln_server.record.action import Form
from uln_server.record.award import Award, AwardKey, Details, Outcome
from uln_server.record.recorded import AwardChange
from uln_server.sandbox.catalogue_content import FIRST, SECOND

NO_JOB = 0
"""The job that the events of these awards name: none, for every real one has a larger number [O]."""
RECORDED_AT = datetime(2013, 8, 22, 8, 15, tzinfo=UTC)
_COLLEGE = "90000002"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxAward:
    """An award of the sandbox; its ActionDate is its award date. ``reference`` is written as in the catalogue."""

    uln: str
    reference: str
    organisation: str
    award_date: str
    language: str | None = "English"
    form: Form = Form.FINAL

    @property
    def award(self) -> Award:
        """The award as it is kept."""
        at = datetime.fromisoformat(self.award_date).replace(tzinfo=UTC)
        return Award(
            key=AwardKey(self.organisation, self.uln, key_of(self.reference) or ""),
            details=Details(
                award_date=self.award_date,
                provider_ukprn=_COLLEGE,
                grade="Pass",
                language=self.language,
                mis_identifier=None,
            ),
            details_at=at,
            form=self.form,
            withdrawn=False,
            withdrawn_at=at,
        )

    @property
    def creation(self) -> AwardChange:
        """How it came into the register."""
        award = self.award
        return AwardChange(None, award, Outcome.CREATED, award.details_at, None, NO_JOB)


_DARCIE, _JORDAN, _JORDAN_BEFORE, _PRIYA = "1026893096", "6936002314", "4444599390", "1174112637"

AWARDS = (
    SandboxAward(uln=_DARCIE, reference="S/900/0201", organisation=FIRST, award_date="2012-11-30"),
    SandboxAward(uln=_DARCIE, reference="S/900/0201", organisation=SECOND, award_date="2012-12-14"),
    SandboxAward(
        uln=_DARCIE, reference="S/900/0006", organisation=FIRST, award_date="2013-04-26", language="Welsh"
    ),
    SandboxAward(uln=_DARCIE, reference="900/0002/1", organisation=SECOND, award_date="2013-07-05", language=None),
    SandboxAward(
        uln=_DARCIE,
        reference="S/900/0007",
        organisation=FIRST,
        award_date="2013-08-16",
        form=Form.PROVISIONAL,
    ),
    SandboxAward(uln=_JORDAN_BEFORE, reference="S/900/0202", organisation=FIRST, award_date="2012-11-30"),
    SandboxAward(uln=_JORDAN, reference="S/900/0203", organisation=SECOND, award_date="2013-01-25"),
    SandboxAward(uln=_PRIYA, reference="S/900/0204", organisation=FIRST, award_date="2013-06-28"),
)
