"""What is printed of a record may come into a log: it says which record, and nothing of the person."""

import pytest
from tests.store.builders import THEN, a_learner

from uln_contract.codes import ResponseCode
from uln_server.register.entry import Candidates, Entry, Unmerged
from uln_server.register.finds import FindMade
from uln_server.register.matching import Search
from uln_server.register.reporting import LinkChange, Named

LEARNER = a_learner(notes="Sits in the front row")
NAMED = Named(LEARNER.uln, LEARNER.family_name, LEARNER.given_name, LEARNER.date_of_birth)
PRINTED = {
    "record": LEARNER,
    "unmerged record": Unmerged._make(getattr(LEARNER, name) for name in Unmerged._fields),
    "demographics": LEARNER.demographics,
    "candidates": Candidates((Entry(asked=LEARNER, current=LEARNER),), complete=True),
    "search": Search(demographics=LEARNER.demographics, email_address="sian@example.com"),
    "find": FindMade(organisation_id=1, demographics=LEARNER.demographics, at=THEN, code=ResponseCode.WSRC0001),
    "report": LinkChange(THEN, NAMED, NAMED),
}


@pytest.mark.parametrize("what", PRINTED)
def test_nothing_of_a_person_is_printed(what: str) -> None:
    printed = f"{PRINTED[what]!r} {PRINTED[what]}"
    told = (LEARNER.given_name, LEARNER.family_name, LEARNER.date_of_birth, "CF10", "front row", "sian@")
    assert [each for each in told if each in printed] == []


@pytest.mark.parametrize("what", ["record", "unmerged record", "candidates", "report"])
def test_it_is_said_which_record(what: str) -> None:
    assert LEARNER.uln in repr(PRINTED[what])
