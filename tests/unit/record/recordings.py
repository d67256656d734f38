"""What a register shows of Darcie's awards, for the tests of the record's rules."""

from typing import Any

from tests.unit.learners import DARCIE
from tests.unit.record.submissions import AO

from uln_server.catalogue.entry import EntryKind
from uln_server.record.action import Form
from uln_server.record.recorded import Recorded

RECORDED = Recorded(
    number=17,
    uln=DARCIE.uln,
    organisation=AO,
    award_date="2026-06-30",
    provider_ukprn="10000001",
    grade="Pass",
    language="Welsh",
    form=Form.FINAL,
    withdrawn=False,
    recorded_at="2026-07-01T08:30:15.250000+00:00",
    reference="K/501/5773",
    kind=EntryKind.UNIT,
    title="Wiring",
    type="QCF",
    level="Level 2",
    credit=10,
    organisation_name="Sandbox Awarding Organisation",
    provider_name="Invented College",
)


def recorded(**changes: Any) -> Recorded:
    return RECORDED._replace(**changes)
