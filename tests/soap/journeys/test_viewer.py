"""A college's adviser looks at what learners have achieved."""

from tests.service import RunningService
from tests.soap.journeys.conversation import Conversation
from tests.soap.journeys.readers import fault_code, learner_record
from tests.soap.wire import R9


def test_it_shows_the_record_and_adds_up_its_credits(service: RunningService) -> None:
    with Conversation(service, R9) as viewer:
        verified, found, events = learner_record(viewer.send("viewer-1-full"))
        assert (verified, found) == (True, "1026893096")
        assert sum(int(each.get("Credits", "0")) for each in events) == 10
        assert {each["Status"] for each in events} == {"F", "P"}
        verified, found, events = learner_record(viewer.send("viewer-2-merged"))
        assert (verified, found) == (True, "6936002314")
        assert [each["Subject"] for each in events] == ["Search for a Job", "Be Interviewed"]


def test_it_is_told_that_the_details_are_another_s(service: RunningService) -> None:
    with Conversation(service, R9) as viewer:
        assert learner_record(viewer.send("viewer-3-another")) == (False, "", [])


def test_it_finds_a_fault_by_its_text(service: RunningService) -> None:
    with Conversation(service, R9) as viewer:
        answer = viewer.send("viewer-4-wrong-password")
        assert fault_code(answer) == answer.fault().domain[0] == "WSEC0005"
