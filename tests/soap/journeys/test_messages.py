"""The recorded messages are whole requests, each is described, and each is sent by some journey."""

import re
from pathlib import Path

import pytest
from tests.soap.journeys.conversation import MESSAGES, head_and_body, recorded

FOLDER = Path(__file__).parent
NAMES = sorted(file.stem for file in MESSAGES.iterdir())


def test_every_message_is_described_and_no_other() -> None:
    described = re.findall(
        r"`((?:mis|department|review|viewer|optional)-[\w-]+)`", (FOLDER / "README.md").read_text("utf-8")
    )
    assert sorted(described) == NAMES


def test_every_message_is_sent() -> None:
    tests = "".join(file.read_text("utf-8") for file in FOLDER.glob("test_*.py"))
    sent = set(re.findall(r'"((?:mis|department|review|viewer)-[\w-]+)"', tests))
    steps = re.findall(r'f"optional-\{client\}-([\w-]+)"', tests)
    sent |= {f"optional-{client}-{step}" for client in ("empty", "nil", "absent") for step in steps}
    assert sorted(sent) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_one_whole_request(name: str) -> None:
    head, body = head_and_body(recorded(name))
    lines = head.decode("ascii").split("\r\n")
    service = "LearnerServiceR9" if name.startswith("viewer-") else "LearnerService"
    assert lines[0] == f"POST /{service}.svc HTTP/1.1"
    assert lines[-2:] == ["", ""]
    assert not any("\n" in line or "\r" in line for line in lines)
    lengths = [line.partition(": ")[2] for line in lines if line.lower().startswith("content-length:")]
    assert lengths == [str(len(body))]
