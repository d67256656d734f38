"""Wrong passwords cost time: of one organisation from one address, and nobody else (domain §11)."""

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.service import RunningService
from tests.soap.limits import assert_answered, assert_refused, last_entry
from tests.soap.registers import PASSWORD, add_organisation, credentials, filled_service
from tests.soap.wire import Answer, send, verify_body
from tests.store.builders import quick

from uln_server.access.credentials import hash_password

ROW = "a password after too many wrong ones"
WRONG = "AnyOrganisation-"
HERE, THERE = "127.0.0.1", "127.0.0.2"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """As it is delivered, but that one password is checked at a time and one may wait for its turn."""
    with filled_service(
        request, tmp_path_factory, wrong_password_longest_delay=300, proofs_at_once=1, proofs_waiting=2
    ) as running:
        yield running


class Caller:
    """An organisation that has not called yet; its password is checked in no time, or in that of a real one."""

    def __init__(self, service: RunningService, hashing: Callable[[str], str] = quick) -> None:
        self.service = service
        self.ref = f"PAS{next(_numbers):03}"
        with service.register() as register:
            self.ukprn = add_organisation(register, self.ref, hashing=hashing).ukprn

    def call(self, password: str = PASSWORD, source: str = HERE) -> Answer:
        sender = credentials(self.ref, password=password)
        return send(self.service, verify_body(credentials=sender), source=source)

    def guess(self, times: int) -> None:
        for _ in range(times):
            self.call(WRONG).expect_fault("WSEC0005")


@pytest.fixture
def caller(service: RunningService) -> Caller:
    return Caller(service)


def test_after_five_wrong_ones_the_next_must_wait(caller: Caller) -> None:
    caller.guess(5)
    assert_refused(caller.call(WRONG), ROW, 1)
    entry = last_entry(caller.service)
    assert (entry.code, entry.organisation, entry.address) == ("HTTP429", caller.ukprn, HERE)
    assert_refused(caller.call(), ROW, 1)  # nor is the right one looked at


def test_after_the_wait_each_more_doubles_it_and_a_right_one_starts_anew(service: RunningService) -> None:
    wrong, right = Caller(service), Caller(service)
    wrong.guess(5)
    right.guess(5)
    time.sleep(1.01)
    assert_answered(right.call())
    wrong.guess(1)
    assert_refused(wrong.call(WRONG), ROW, 2)
    right.guess(5)
    assert_refused(right.call(WRONG), ROW, 1)


def test_nobody_else_waits(caller: Caller) -> None:
    caller.guess(5)
    assert_answered(Caller(caller.service).call())
    caller.call(WRONG, THERE).expect_fault("WSEC0005")
    assert_answered(caller.call(source=THERE))


def test_a_remembered_password_passes_at_once_and_ends_the_wait(caller: Caller) -> None:
    assert_answered(caller.call())
    caller.guess(5)
    assert_refused(caller.call(WRONG), ROW, 1)
    assert_answered(caller.call())
    caller.guess(5)
    assert_refused(caller.call(WRONG), ROW, 1)


UNKNOWN = {
    "an unknown organisation": credentials("NOBODY"),
    "no identifier at all": credentials(),
    "identifiers that disagree": credentials("SBXAO1", "90000002"),
}


@pytest.mark.parametrize("sender", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_who_is_unknown_waits_as_whoever_is_known(service: RunningService, sender: str) -> None:
    for _ in range(5):
        send(service, verify_body(credentials=sender)).expect_fault("WSEC0003")
    assert_refused(send(service, verify_body(credentials=sender)), ROW, 1)


def test_what_is_no_valid_message_is_told_so_and_not_counted(caller: Caller) -> None:
    body = verify_body(uln="none", credentials=credentials(caller.ref, password=WRONG))
    for _ in range(6):
        send(caller.service, body).expect_fault("WSEC0001")
    caller.guess(5)
    send(caller.service, body).expect_fault("WSEC0001")
    assert_refused(caller.call(WRONG), ROW, 1)


def test_a_flood_of_wrong_ones_takes_one_place_in_the_queue(service: RunningService) -> None:
    """Two may wait: were each of the flood in the queue, neither it nor the newcomers would find room."""
    caller, *newcomers = [Caller(service, hash_password) for _ in range(4)]
    with ThreadPoolExecutor(20) as pool:
        flood = [pool.submit(caller.call, WRONG) for _ in range(60)]
        for each in newcomers:
            assert_answered(each.call())
        statuses = [each.result().status for each in flood]
    assert set(statuses) == {500, 429}
    assert 5 <= statuses.count(500) <= 8  # more only as its waits end, of 1, 2 and 4 seconds


def test_a_herd_of_right_ones_is_checked_once(service: RunningService) -> None:
    """Two may wait: were each of them checked, most would find no room."""
    caller = Caller(service, hash_password)
    with ThreadPoolExecutor(20) as pool:
        for answer in pool.map(lambda _: caller.call(), range(20)):
            assert_answered(answer)


def test_a_password_that_was_right_is_checked_again_during_the_wait(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One misconfigured system does not lock out another at its address, even where nothing is remembered."""
    with filled_service(request, tmp_path_factory, wrong_password_longest_delay=300, proof_seconds=0) as forgetful:
        caller = Caller(forgetful)
        assert_answered(caller.call())
        caller.guess(5)
        assert_refused(caller.call(WRONG), ROW, 1)
        assert_answered(caller.call())


def test_a_password_that_was_right_does_not_wait_behind_a_flood_of_strangers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each claims to be another organisation, so that none of them has to wait, and the queue is always full."""
    patience = {"proof_seconds": 0, "proofs_at_once": 1, "proofs_waiting": 1}
    with filled_service(request, tmp_path_factory, **patience) as crowded:
        caller = Caller(crowded)
        assert_answered(caller.call())
        with ThreadPoolExecutor(6) as pool:
            strangers = [verify_body(credentials=credentials(f"NO{number:04}")) for number in range(30)]
            flood = [pool.submit(send, crowded, each) for each in strangers]
            for _ in range(6):
                assert_answered(caller.call(source=THERE))
            assert 503 in {each.result().status for each in flood}
