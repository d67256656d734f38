"""What is shown of an award leads back to the award that the rules know."""

from datetime import UTC, datetime

from tests.unit.record.submissions import KNOWN, submitted

from uln_server.catalogue.entry import EntryKind
from uln_server.record.action import Form
from uln_server.record.judging import judge
from uln_server.record.recorded import Recorded

AT = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)


def test_an_award_that_is_shown_is_the_one_that_was_made() -> None:
    shown = Recorded(
        uln="1026893096",
        key="K5015773",
        organisation="90000001",
        award_date="2026-06-30",
        provider_ukprn="10000001",
        grade="Pass",
        language="Welsh",
        mis_identifier="row-1",
        details_at=AT,
        form=Form.FINAL,
        withdrawn=False,
        withdrawn_at=AT,
        version=1,
        created_at=AT,
        updated_at=AT,
        organisation_name=None,
        provider_name=None,
        reference="K/501/5773",
        kind=EntryKind.UNIT,
        title="Wiring",
        type=None,
        level=None,
        sub_level=None,
        credit=10,
        guided_learning_hours=None,
        subject_area=None,
        grading_type=None,
    )
    made = judge(submitted(LanguageForAssessment="Welsh", MisIdentifier="row-1"), KNOWN).award
    assert shown.award == made
