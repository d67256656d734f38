"""Many callers at once: each hears of its own message, whatever stands beside it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from tests.service import RunningService
from tests.soap.wire import CREDENTIALS, Answer, send, verify_body

AT_ONCE = 24
# Above this size a message is understood in a thread of its own.
PADDING = "<!--" + "x" * 70_000 + "-->"


@dataclass(frozen=True, slots=True)
class Told:
    """A message with values of its own, and the words of its answer that must come back, and no one else's."""

    number: int
    large: bool

    @property
    def mark(self) -> str:
        return f"M{self.number:04d}M"

    @property
    def body(self) -> str:
        padding = PADDING if self.large else ""
        match self.number % 4:
            case 0:
                return verify_body(given=self.mark) + padding
            case 1:
                return verify_body(uln=self.mark) + padding
            case 2:
                return verify_body(extra=f"<{self.mark}>x</{self.mark}>") + padding
            case _:
                return verify_body(extra=f"<Gender>{self.mark}</Gender>") + padding

    def check(self, answer: Answer) -> None:
        assert set(re.findall(rb"M\d{4}M", answer.body)) == {self.mark.encode()}
        if self.number % 4 == 0:
            assert answer.text("ResponseCode") == "WSVRC005"
        else:
            answer.expect_fault("WSEC0001", self.mark)


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_two_hundred_at_once_are_each_told_of_their_own_message(service: RunningService, *, large: bool) -> None:
    messages = [Told(number, large=large) for number in range(200)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for message, answer in zip(
            messages, pool.map(lambda message: send(service, message.body), messages), strict=True
        ):
            message.check(answer)


def test_passwords_at_once_are_each_their_own(service: RunningService) -> None:
    """Right, wrong and another organisation's, all mixed: nobody passes on a neighbour's proof."""
    college = CREDENTIALS.replace("SBXAO1", "SBXLP2").replace("90000001", "90000002")
    calls = {
        "right": (CREDENTIALS, 200),
        "another's": (college, 500),
        "its own": (college.replace("SandboxAO-000001", "SandboxLP-000002"), 200),
        "wrong": (CREDENTIALS.replace("SandboxAO-000001", "SandboxAO-000002"), 500),
    }
    order = [*calls] * 6
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda name: send(service, verify_body(credentials=calls[name][0])), order)
        for name, answer in zip(order, answers, strict=True):
            assert (name, answer.status) == (name, calls[name][1])
            if answer.status == 500:
                answer.expect_fault("WSEC0005")
