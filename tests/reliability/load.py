"""Callers that send messages from several threads, and remember what they sent and what was answered."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.service import RunningService
from tests.soap.registers import credentials
from tests.soap.wire import TODAY, XML_TYPE, envelope, find_body, verify_body

DARCIE, NOBODY = "1026893096", "1000000043"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
PASSWORD, WRONG = "SandboxAO-000001", "SandboxAO-000002"
_CODE = re.compile(rb"<(?:ResponseCode|ErrorCode)>([A-Z0-9]+)</")

Expected = tuple[str, tuple[str, ...]]
"""The code that a message must get, and the ULNs that its answer shows."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a user that sends no other; ``named`` is false where it is refused before it is read."""

    user: str
    body: str
    expected: Expected
    named: bool = True


def a_message(rng: random.Random, user: str) -> Message:
    """One of the messages that callers send: mostly good ones, each kind of answer and refusal among them."""
    who = credentials("SBXAO1", password=PASSWORD, user=user)
    kinds = (
        (8, Message(user, verify_body(credentials=who), ("WSVRC001", (DARCIE,)))),
        (4, Message(user, verify_body(given="Brian", credentials=who), ("WSVRC005", ()))),
        (8, Message(user, find_body(credentials=who), ("WSRC0004", (DARCIE,)))),
        (4, Message(user, find_body(find_type="CHK", credentials=who), ("WSRC0004", ()))),
        (4, Message(user, find_body(JORDAN_OLD, "Jordan", "Reid", credentials=who), ("WSRC0022", (JORDAN,)))),
        (4, Message(user, find_body(NOBODY, credentials=who), ("WSRC0001", ()))),
        (1, Message(user, find_body("1", credentials=who), ("WSEC0001", ()), named=False)),
        (1, Message(user, verify_body(credentials=who.replace(PASSWORD, WRONG)), ("WSEC0005", ()))),
    )
    return rng.choices([each for _, each in kinds], [weight for weight, _ in kinds])[0]


@dataclass(slots=True)
class Caller:
    """One thread's connection and memory. It stops at its first unanswered message, unless it is to go on."""

    service: RunningService
    name: str
    rng: random.Random
    goes_on: bool
    sent: list[Message] = field(default_factory=list)
    answered: list[Message] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unanswered: int = 0

    def work(self, stop: threading.Event) -> None:
        connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=30)
        while not stop.is_set():
            message = a_message(self.rng, f"{self.name}.{len(self.sent)}")
            self.sent.append(message)
            try:
                connection.request("POST", TODAY, envelope(message.body), XML_TYPE)
                body = connection.getresponse().read()
            except (http.client.HTTPException, OSError):
                self.unanswered += 1
                connection.close()
                if not self.goes_on:
                    break
            else:
                self._take(message, body)
        connection.close()

    def _take(self, message: Message, body: bytes) -> None:
        self.answered.append(message)
        found = _CODE.search(body)
        code = found[1].decode() if found else repr(body[:300])
        if code != message.expected[0]:
            self.wrong.append(f"{message.user}: {code} instead of {message.expected[0]}")


class Load:
    """Several callers at once."""

    def __init__(self, callers: list[Caller]) -> None:
        self.callers = callers

    @property
    def answers(self) -> int:
        return sum(len(each.answered) for each in self.callers)

    @property
    def wrong(self) -> list[str]:
        return [each for caller in self.callers for each in caller.wrong]

    def await_answers(self, more: int, seconds: float = 60.0) -> None:
        """Wait until there are so many answers more."""
        wanted, deadline = self.answers + more, time.monotonic() + seconds
        while self.answers < wanted:
            assert time.monotonic() < deadline, f"{wanted - self.answers} of {more} answers did not come"
            time.sleep(0.002)

    def named(self) -> dict[str, Expected]:
        """What each message whose user was read must have left, if it left anything."""
        return {each.user: each.expected for caller in self.callers for each in caller.sent if each.named}

    def answered(self) -> set[str]:
        """The users of the answered messages that were read."""
        return {each.user for caller in self.callers for each in caller.answered if each.named}

    def unnamed(self) -> tuple[Counter[Expected], Counter[Expected]]:
        """What the messages that were refused unread must have left at least, and at most."""
        return (
            Counter(each.expected for caller in self.callers for each in caller.answered if not each.named),
            Counter(each.expected for caller in self.callers for each in caller.sent if not each.named),
        )


@contextmanager
def load(
    service: RunningService, name: str, rng: random.Random, callers: int, *, goes_on: bool = False
) -> Iterator[Load]:
    """Send from so many threads until the block ends, or until the service is gone."""
    made = Load(
        [Caller(service, f"{name}.{number}", random.Random(rng.random()), goes_on) for number in range(callers)]
    )
    stop = threading.Event()
    threads = [threading.Thread(target=each.work, args=(stop,), name=each.name) for each in made.callers]
    for each in threads:
        each.start()
    try:
        yield made
    finally:
        stop.set()
        for each in threads:
            each.join(60)
    assert not any(each.is_alive() for each in threads)
