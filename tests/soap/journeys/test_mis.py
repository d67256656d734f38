"""A college's MIS enrols a learner: it finds, registers, reads, and updates what it read."""

import re

import pytest
from tests.service import RunningService
from tests.soap.journeys.conversation import Conversation, recorded
from tests.soap.journeys.readers import (
    fault_code,
    find_reply,
    first_learner,
    registered_uln,
    text,
    update_code,
)
from tests.soap.wire import GENERATION_2014, TODAY

ULN = "6306835600"
"""What a fresh sandbox issues first, always."""


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_it_enrols_a_learner(sandbox: RunningService, path: str) -> None:
    enrol(sandbox, path)


def test_it_enrols_a_learner_on_postgresql(postgres_sandbox: RunningService) -> None:
    enrol(postgres_sandbox, TODAY)


def enrol(service: RunningService, path: str) -> None:
    """Carry out the whole journey, over one connection."""
    with Conversation(service, path) as mis:
        searched, learners = find_reply(mis.send("mis-1-find"))
        assert text(searched, "ResponseCode") == "WSRC0001"
        assert learners == []
        # The search comes back as sent; what was nil is not there.
        assert {name: text(searched, name) for name in searched if name != "ResponseCode"} == {
            "FamilyName": "Oyelaran-Price",
            "GivenName": "Tobi",
            "DateOfBirth": "2009-01-30",
            "Gender": "1",
            "LastKnownPostCode": "BS1 5TR",
        }
        assert registered_uln(mis.send("mis-2-register")) == ULN
        assert_version_is_the_one_sent_back(mis)
        assert update_code(mis.send("mis-4-update")) == "WSRC0006"
        assert_updated(mis)
        # Whoever sends the version again that was read before the update is told so.
        assert update_code(mis.send("mis-4-update")) == "WSRC0013"


def assert_version_is_the_one_sent_back(mis: Conversation) -> None:
    _, (learner,) = find_reply(mis.send("mis-3-read"))
    sent = re.search(rb"<VersionNumber>(\d+)</VersionNumber>", recorded("mis-4-update"))
    assert sent is not None
    assert text(learner, "VersionNumber") == sent[1].decode() == "1"
    assert text(learner, "LastKnownPostCode") == "BS1 5TR"
    assert text(learner, "PreferredGivenName") is None
    assert text(learner, "Notes") == ""
    assert text(learner, "LinkedULNs") == ""


def assert_updated(mis: Conversation) -> None:
    answer = mis.send("mis-3-read")
    _, (learner,) = find_reply(answer)
    # Sent anew, sent as it was, and left out of the update.
    assert text(learner, "LastKnownPostCode") == "BS5 0BW"
    assert text(learner, "PreferredGivenName") == "Toby"
    assert text(learner, "EmailAddress") == "tobi@example.com"
    assert text(learner, "Title") == "Mr"
    assert text(learner, "TierLevel") == "2"
    assert text(learner, "VersionNumber") == "2"
    first = first_learner(answer)
    assert first is not None
    assert first.findtext("ULN") == ULN


def test_it_reads_a_refusal_by_its_text(sandbox: RunningService) -> None:
    for path in (TODAY, GENERATION_2014):
        with Conversation(sandbox, path) as mis:
            refused = mis.send("mis-5-wrong-password")
            assert refused.status == 500
            assert fault_code(refused) == "WSEC0005"
            # The connection, and the next message, are none the worse for it.
            answer = mis.send("mis-1-find")
            assert fault_code(answer) is None
            assert text(find_reply(answer)[0], "ResponseCode") == "WSRC0001"
