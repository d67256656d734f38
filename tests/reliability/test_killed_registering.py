"""Killed while it registers, the service has every learner whose ULN it answered, and no half of one.

``ULN_TEST_KILLS`` and ``ULN_TEST_FIRST_SEED`` mean what they mean in ``test_killed``; a quarter of the kills.
"""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from tests.reliability.test_killed import FIRST_SEED, KILLS, Register, assert_sound
from tests.service import RunningService
from tests.soap.newcomers import Fields, five, newcomer
from tests.soap.registers import credentials, filled_database
from tests.soap.wire import TODAY, XML_TYPE, demographics_body, envelope, register_body

from uln_server.register.event import EventKind
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner

SEEDS = range(FIRST_SEED, FIRST_SEED + max(1, KILLS // 4))
_ULN = re.compile(rb"<ULN>(\d{10})</ULN>")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    folder = tmp_path_factory.mktemp("registering")
    with filled_database(request.param, folder, request) as url:
        made = Register(url, folder)
        yield made
        made.killed()


@dataclass(slots=True)
class Registrar:
    """One thread that finds and registers one learner after the other, until the service is gone."""

    service: RunningService
    user: str
    answered: dict[str, str] = field(default_factory=dict)
    """By family name, the ULN that was answered."""
    open: Fields | None = None
    """Whom it was registering when the service went."""
    wrong: int = 0
    """Answers without a ULN: there must be none."""

    def work(self, stop: threading.Event) -> None:
        connection = http.client.HTTPConnection(self.service.host, self.service.port, timeout=30)
        try:
            while not stop.is_set():
                self.open = newcomer()
                found = _ULN.search(self.reply(connection, self.open))
                if found is None:
                    self.wrong += 1
                    break
                self.answered[str(self.open["FamilyName"])] = found[1].decode()
                self.open = None
        except (http.client.HTTPException, OSError):
            return
        finally:
            connection.close()

    def reply(self, connection: http.client.HTTPConnection, fields: Fields) -> bytes:
        """Find and register; the reply to the registration."""
        who = credentials("SBXAO1", password="SandboxAO-000001", user=self.user)
        self._sent(connection, demographics_body("CHK", who, **five(fields)))
        return self._sent(connection, register_body(who, **fields))

    def _sent(self, connection: http.client.HTTPConnection, body: str) -> bytes:
        connection.request("POST", TODAY, envelope(body), XML_TYPE)
        return connection.getresponse().read()


@contextmanager
def registering(service: RunningService, seed: int, registrars: int) -> Iterator[list[Registrar]]:
    """Register from so many threads until the block ends, or until the service is gone."""
    made = [Registrar(service, f"seed {seed}.{number}") for number in range(registrars)]
    stop = threading.Event()
    threads = [threading.Thread(target=each.work, args=(stop,), name=each.user) for each in made]
    for each in threads:
        each.start()
    try:
        yield made
    finally:
        stop.set()
        for each in threads:
            each.join(60)


def await_ulns(made: list[Registrar], number: int) -> None:
    deadline = time.monotonic() + 60
    while sum(len(each.answered) for each in made) < number:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def in_register(url: str) -> dict[str, str]:
    """Every ULN of the register with its family name."""
    with Database.open(url) as database:
        line = database.line(Role.READING)
        rows = line.rows(Prepared(select(learner.c.uln, learner.c.family_name)))
        line.close()
    return {row[0]: row[1] for row in rows}


def assert_whole(url: str) -> None:
    """Each ULN has one event of its registration, each of those by a message its audit row; none is left over."""
    with Database.open(url) as database, database.reading() as reading:
        registrations = [each for each in reading.events.after() if each.kind is EventKind.REGISTERED]
        audited = {each.message_id: each.disclosed for each in reading.audit.query() if each.code == "WSRC0005"}
    held = in_register(url)
    assert Counter(each.uln for each in registrations) == Counter(held.keys())
    assert {each.message_id: (each.uln,) for each in registrations if each.message_id} == audited
    newcomers = [name for name in held.values() if name.startswith("Newcomer")]
    assert len(newcomers) == len(set(newcomers)) == len(audited)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_uln_that_was_answered_is_in_the_register(register: Register, seed: int) -> None:
    rng = random.Random(seed)
    server = register.served()
    with registering(server.service, seed, rng.randint(2, 8)) as made:
        await_ulns(made, rng.randint(1, 60))
        time.sleep(rng.uniform(0, 0.02))
        server.kill(rng)
        register.killed()
    assert [each.wrong for each in made] == [0] * len(made)
    assert_sound(register.url)
    assert_whole(register.url)
    answered = {uln: name for each in made for name, uln in each.answered.items()}
    assert answered.items() <= in_register(register.url).items()
    assert_sent_again(register, [each.open for each in made if each.open is not None])


def assert_sent_again(register: Register, unanswered: list[Fields]) -> None:
    """Who was not answered was registered or was not: whoever sends it again learns which. Never twice."""
    again = Registrar(register.served().service, "again")
    connection = http.client.HTTPConnection(again.service.host, again.service.port, timeout=30)
    names = set(in_register(register.url).values())
    for fields in unanswered:
        reply = again.reply(connection, fields)
        there = str(fields["FamilyName"]) in names
        assert (b"WSRC0021" if there else b"WSRC0005") in reply, reply
    connection.close()
    assert_whole(register.url)
