"""Achievements for the tests of the record's rules: a unit that Darcie was awarded, and what is known about it."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.unit.learners import DARCIE, alone

from uln_server.catalogue.entry import Availability, Entry, EntryKind
from uln_server.record.action import ACTIONS, Form
from uln_server.record.judging import Known
from uln_server.record.submitted import Submitted, read

TODAY = date(2026, 9, 1)
AO, OTHER_AO = "90000001", "90000002"
GIVEN: dict[str, str | None] = {
    "AchievementAwardDate": "2026-06-30T00:00:00",
    "Action": "1",
    "ActionDate": "2026-07-01T09:30:00",
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "10000001",
    "Uln": DARCIE.uln,
    "UnitOrQualificationReferenceNumber": "K/501/5773",
}
UNIT = Entry(
    key="K5015773",
    reference="K/501/5773",
    kind=EntryKind.UNIT,
    title="Wiring",
    credit=10,
    owner_ukprn=AO,
    availability=Availability.RESTRICTED,
    grades=("Pass",),
    operational_start="2020-01-01",
    certification_end="2026-08-31",
)
KNOWN = Known(organisation=AO, form=Form.FINAL, learner=alone(DARCIE), entry=UNIT)


def submitted(**fields: str | None) -> Submitted:
    """An achievement with nothing wrong in its fields."""
    made = read({**GIVEN, **fields}, ACTIONS, TODAY)
    assert isinstance(made, Submitted), made
    return made


def known(**changes: Any) -> Known:
    return replace(KNOWN, **changes)
