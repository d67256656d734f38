"""Three clients that leave fields empty, nil, or out: the register then holds the same, and the replies agree."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.service import running, sandbox_settings
from tests.soap.journeys.conversation import Conversation
from tests.soap.journeys.readers import find_reply, registered_uln, text, update_code
from tests.soap.wire import GENERATION_2014, TODAY
from tests.store import databases

from uln_server.register.learner import Learner

CLIENTS = ("empty", "nil", "absent")
ULN = "6306835600"
THEN = datetime(2024, 1, 1, tzinfo=UTC)
"""In the place of the moments that alone may differ."""


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_not_given_is_not_given_however_it_is_sent(sandbox_file: Path, tmp_path: Path, path: str) -> None:
    outcomes = [outcome(client, path, sandbox_file, tmp_path) for client in CLIENTS]
    replies, learners = zip(*outcomes, strict=True)
    assert replies[0] == replies[1] == replies[2]
    assert learners[0] == learners[1] == learners[2]
    held = learners[0]
    # Given when registered and not in the update; given in the update alone; never given.
    assert (held.place_of_birth, held.notes) == ("Bangor", "Prefers Welsh")
    assert (held.email_address, held.last_known_post_code, held.version) == ("nia@example.com", "LL55 1AB", 2)
    assert (held.title, held.middle_other_name, held.date_of_address_capture, held.nationality) == (None,) * 4


def outcome(client: str, path: str, sandbox_file: Path, folder: Path) -> tuple[list[bytes], Learner]:
    """One client's whole journey on a register of its own: every reply, and the record that is left."""
    url = databases.sqlite_copy(sandbox_file, folder / f"{client}.sqlite3")
    with running(sandbox_settings(url)) as service:
        with Conversation(service, path) as caller:
            found = caller.send(f"optional-{client}-1-find")
            assert text(find_reply(found)[0], "ResponseCode") == "WSRC0001"
            registered = caller.send(f"optional-{client}-2-register")
            assert registered_uln(registered) == ULN
            updated = caller.send(f"optional-{client}-3-update")
            assert update_code(updated) == "WSRC0006"
            read = caller.send(f"optional-{client}-4-read")
            assert text(find_reply(read)[1][0], "ULN") == ULN
        with service.register() as register, register.reading() as reading:
            held = reading.learners.get(ULN)
    assert held is not None
    replies = [each.body for each in (found, registered, updated, read)]
    return replies, replace(held, created_at=THEN, updated_at=THEN)
