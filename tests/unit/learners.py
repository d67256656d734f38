"""Learners for the tests of the pure rules, named after the sandbox's."""

from dataclasses import replace
from datetime import UTC, datetime

from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

DARCIE = Learner(
    uln="1026893096",
    status=Status.ACTIVE,
    version=1,
    created_at=LONG_AGO,
    updated_at=LONG_AGO,
    given_name="Darcie",
    family_name="Tucker",
    date_of_birth="1976-08-16",
    gender="2",
    last_known_post_code="CV4 9EE",
    ability_to_share="1",
    verification_type="1",
)
SIAN = replace(
    DARCIE,
    uln="9276308686",
    given_name="Siân",
    family_name="O’Brien-Łukasz",  # noqa: RUF001  # the sandbox's own spelling
    preferred_given_name="Nell",
    previous_family_name="Evans",
    family_name_at_age16="Pritchard",
    date_of_birth="2001-02-28",
)
REED = replace(
    DARCIE, uln="6936002314", given_name="Jordan", family_name="Reed", date_of_birth="1985-03-27", gender="1"
)
REID = replace(
    REED, uln="4444599390", family_name="Ainsley", status=Status.MERGED, master_uln=REED.uln, given_name="Jay"
)


def alone(learner: Learner) -> Entry:
    return Entry(asked=learner, current=learner)


MERGED = Entry(asked=REID, current=REED)
