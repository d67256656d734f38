"""An admissions desk shows possible matches to a person, and registers when none of them is the one."""

import pytest
from tests.service import RunningService
from tests.soap.journeys.conversation import Conversation
from tests.soap.journeys.readers import find_reply, first_learner, registered_uln, text
from tests.soap.wire import GENERATION_2014, TODAY

from uln_server.access.organisation import OwnProcedure
from uln_server.register.registering import Cause

COLLEGE = "90000002"


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_a_person_reviews_the_matches_before_the_learner_is_registered(sandbox: RunningService, path: str) -> None:
    with Conversation(sandbox, path) as desk:
        assert_shown(desk)
        # Nobody can have looked at two learners by now.
        assert registered_uln(desk.send("review-2-register")) is None
        assert causes(sandbox) == [Cause.REVIEWED_TOO_QUICKLY]
        # The time for the review passes: for this test, the service asks for none.
        with sandbox.register() as register, register.writing() as writing:
            writing.organisations.set_procedure(COLLEGE, OwnProcedure(minimum_seconds=0))
        assert registered_uln(desk.send("review-2-register")) == "6306835600"
        # Now the learner is there, and found before those who only resemble her.
        assert registered_uln(desk.send("review-2-register")) is None
        assert causes(sandbox) == [Cause.REVIEWED_TOO_QUICKLY, Cause.DUPLICATE]
        found, learners = find_reply(desk.send("review-1-find"))
        assert text(found, "ResponseCode") == "WSRC0004"
        assert [text(each, "OtherVerificationDescription") for each in learners] == [
            "Letter from the school & a witness"
        ]


def assert_shown(desk: Conversation) -> None:
    """What the person sees: the search as it was sent, and each learner, the best first."""
    answer = desk.send("review-1-find")
    searched, learners = find_reply(answer)
    assert text(searched, "ResponseCode") == "WSRC0003"
    assert text(searched, "LastKnownPostCode") == "m12wd"
    shown = ("ULN", "GivenName", "FamilyName", "DateOfBirth", "Gender", "LastKnownPostCode", "EmailAddress")
    assert [[text(each, name) for name in shown] for each in learners] == [
        ["3100000020", "Sam", "Taylor", "1999-05-05", "9", "M1 2WD", None],
        ["3100000012", "Sam", "Taylor", "1999-05-05", "9", "LS1 4AP", None],
    ]
    first = first_learner(answer)
    assert first is not None
    assert first.findtext("ULN") == "3100000020"


def causes(service: RunningService) -> list[str]:
    """Why registrations were refused, as the audit trail keeps it, in order."""
    with service.register() as register, register.reading() as reading:
        return [entry.reason or "" for entry in reading.audit.query(code="WSRC0021")]
