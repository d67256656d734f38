"""A change of who may call works at once: in a warm process, in every process, on both databases."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service import RunningService, commanded, running_sandbox
from tests.soap.registers import PASSWORD, add_organisation, credentials, filled_database, filled_service
from tests.soap.wire import Answer, find_body, send, verify_body
from tests.store.builders import quick

from uln_server.access.credentials import hash_password
from uln_server.access.organisation import Agreement
from uln_server.store.units import Writing

OTHER = "AnotherPassword+"
OLD, NEW = PASSWORD, OTHER
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


class Caller:
    """An organisation of the test's own, whose changes are made through a second handle on the register."""

    def __init__(self, service: RunningService) -> None:
        self.service = service
        self.ref = f"OWN{next(_numbers):03}"
        with service.register() as register:
            add_organisation(register, self.ref)

    def call(self, password: str = OLD) -> Answer:
        return send(self.service, verify_body(credentials=credentials(self.ref, password=password)))

    def change(self, work: Callable[[Writing], object]) -> None:
        with self.service.register() as register, register.writing() as writing:
            work(writing)

    def assert_admitted(self, password: str = OLD) -> None:
        assert self.call(password).text("ResponseCode") == "WSVRC001"

    def assert_refused(self, code: str, text: str, password: str = OLD) -> None:
        self.call(password).expect_fault(code, text)


@pytest.fixture
def warm(service: RunningService) -> Caller:
    """A caller whose password the process remembers."""
    caller = Caller(service)
    caller.assert_admitted()
    caller.assert_admitted()
    return caller


def test_a_new_organisation_may_call_at_once(service: RunningService) -> None:
    send(service, verify_body(credentials=credentials("BRANDN"))).expect_fault("WSEC0003")
    with service.register() as register:
        add_organisation(register, "BRANDN")
    assert send(service, verify_body(credentials=credentials("BRANDN"))).status == 200


def test_a_changed_password(warm: Caller) -> None:
    warm.change(lambda writing: writing.organisations.set_password(warm.ref, NEW, hashing=quick))
    warm.assert_refused("WSEC0005", "OrgPassword is not")
    warm.assert_admitted(NEW)
    warm.assert_refused("WSEC0005", "OrgPassword is not")
    warm.change(lambda writing: writing.organisations.set_password(warm.ref, OLD, hashing=quick))
    warm.assert_refused("WSEC0005", "OrgPassword is not", NEW)
    warm.assert_admitted(OLD)


def test_a_suspension_and_its_end(warm: Caller) -> None:
    warm.change(lambda writing: writing.organisations.suspend(warm.ref))
    warm.assert_refused("WSEC0003", "suspended")
    warm.assert_refused("WSEC0005", "OrgPassword is not", NEW)
    warm.change(lambda writing: writing.organisations.resume(warm.ref))
    warm.assert_admitted()


def test_a_withdrawn_agreement_and_a_new_one(warm: Caller) -> None:
    warm.change(lambda writing: writing.organisations.withdraw(warm.ref, Agreement.REGISTER_READ))
    warm.assert_refused("WSEC0006", "register-read")
    warm.change(lambda writing: writing.organisations.agree(warm.ref, Agreement.REGISTER_READ))
    warm.assert_admitted()


def test_opening_hours(warm: Caller) -> None:
    warm.change(lambda writing: writing.organisations.set_hours(warm.ref, "never"))
    warm.assert_refused("WSEC0004", "closed to this organisation at all times")
    warm.change(lambda writing: writing.organisations.set_hours(warm.ref, "always"))
    warm.assert_admitted()


def test_a_learner_deleted_or_merged_meanwhile(warm: Caller) -> None:
    search = find_body("1174112637", "Priya", "Natarajan", credentials=credentials(warm.ref))
    assert send(warm.service, search).text("ResponseCode") == "WSRC0004"
    warm.change(lambda writing: writing.learners.merge("1174112637", "6936002314"))
    merged = send(warm.service, search)
    assert (merged.text("ResponseCode"), merged.text("MasterSubstituted")) == ("WSRC0022", "Y")
    warm.change(lambda writing: writing.learners.unmerge("1174112637"))
    assert send(warm.service, search).text("ResponseCode") == "WSRC0004"


def test_one_wrong_password_does_not_lock_the_right_one_out(warm: Caller) -> None:
    for _ in range(3):
        warm.assert_refused("WSEC0005", "OrgPassword is not", NEW)
    warm.assert_admitted()


CHECKED_EACH_TIME = {
    "an unknown organisation": credentials("NOBODY"),
    "no identifier at all": credentials(),
    "identifiers that disagree": credentials("SBXAO1", "90000002"),
    "a wrong password": credentials("SBXAO1"),
    "a suspended organisation's wrong password": credentials("SBXSU3"),
}


@pytest.fixture(scope="module")
def one_at_a_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service in which one password is checked at a time, and none waits."""
    folder = tmp_path_factory.mktemp("narrow")
    with running_sandbox(folder, hashing=hash_password, proofs_at_once=1, proofs_waiting=1) as running:
        assert send(running, verify_body()).status == 200
        yield running


@pytest.mark.parametrize("caller", CHECKED_EACH_TIME.values(), ids=CHECKED_EACH_TIME.keys())
def test_who_is_not_proven_takes_the_slow_check(one_at_a_time: RunningService, caller: str) -> None:
    """Eight addresses at once, and a queue of one: the check takes so long that somebody finds the queue full.

    Whose password is remembered never waits there. So nobody learns from the time an answer takes, or from a full
    queue, whether an organisation exists.
    """
    body = verify_body(credentials=caller)
    together = threading.Barrier(8)

    def call(number: int) -> int:
        together.wait()
        return send(one_at_a_time, body, source=f"127.0.0.{number}").status

    with ThreadPoolExecutor(8) as pool:
        pending = [pool.submit(call, 2 + number) for number in range(8)]
        assert send(one_at_a_time, verify_body()).text("ResponseCode") == "WSVRC001"
        statuses = [each.result() for each in pending]
    assert set(statuses) == {500, 503}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_changes_reach_every_process_at_once(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (tmp_path / "uln-server.toml").write_text("wrong_password_tries = 100\n")  # both processes see many here
    with filled_database(dialect, tmp_path, request) as url, commanded(url, tmp_path, workers=2) as (_, service):
        caller = Caller(service)
        for _ in range(12):  # connections are shared out between the two; both remember the password now
            caller.assert_admitted()
        caller.change(lambda writing: writing.organisations.set_password(caller.ref, NEW, hashing=quick))
        for _ in range(6):
            caller.assert_refused("WSEC0005", "OrgPassword is not")
        for _ in range(12):
            caller.assert_admitted(NEW)
        caller.change(lambda writing: writing.organisations.suspend(caller.ref))
        for _ in range(12):
            caller.assert_refused("WSEC0003", "suspended", NEW)
        caller.change(lambda writing: writing.organisations.resume(caller.ref))
        caller.change(lambda writing: writing.organisations.withdraw(caller.ref, Agreement.REGISTER_READ))
        for _ in range(12):
            caller.assert_refused("WSEC0006", "register-read", NEW)
