"""Many callers at once: each hears of its own message, whatever stands beside it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.registers import add_organisation, credentials
from tests.soap.wire import Answer, send, verify_body

from uln_server.access.credentials import hash_password

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


def test_passwords_at_once_are_each_their_own(tmp_path: Path) -> None:
    """Right, wrong and another organisation's, all mixed: nobody passes on a neighbour's proof.

    Their checks take as long as real ones, so that many are under way together.
    """
    calls = {
        "right": (credentials("FIRST1", password="PasswordOfFirst1"), 200),
        "another's": (credentials("SECND2", password="PasswordOfFirst1"), 500),
        "its own": (credentials("SECND2", password="PasswordOfSecnd2"), 200),
        "wrong": (credentials("FIRST1", password="PasswordOfNobody"), 500),
    }
    order = [*calls] * 6
    with running_sandbox(tmp_path) as service, ThreadPoolExecutor(AT_ONCE) as pool:
        with service.register() as register:
            add_organisation(register, "FIRST1", password="PasswordOfFirst1", hashing=hash_password)
            add_organisation(register, "SECND2", password="PasswordOfSecnd2", hashing=hash_password)
        answers = pool.map(lambda name: send(service, verify_body(credentials=calls[name][0])), order)
        for name, answer in zip(order, answers, strict=True):
            assert (name, answer.status) == (name, calls[name][1])
            if answer.status == 500:
                answer.expect_fault("WSEC0005")
