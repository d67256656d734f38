"""How often an address and an organisation may call: each for itself, the first before its body is read."""

import itertools
import time
from collections.abc import Callable, Iterator

import pytest
from tests.service import RunningService
from tests.soap.hostile import first_answer, head
from tests.soap.limits import assert_answered, assert_refused, last_entry
from tests.soap.registers import add_organisation, credentials, filled_service
from tests.soap.test_gate_patience import connected
from tests.soap.wire import GENERATION_2014, TODAY, send, verify_body

from uln_server.access.organisation import Status
from uln_server.cli.checking import Level, settings_findings

ADDRESS, ORGANISATION = "an address that sends too often", "an organisation that sends too often"
_numbers = itertools.count(2)


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Six messages of an address at once and three of an organisation, and then one in ten or twenty minutes."""
    with filled_service(
        request, tmp_path_factory, address_rate="6/hour", organisation_rate="3/hour", wrong_password_tries=100
    ) as running:
        yield running


@pytest.fixture
def address() -> Callable[[], str]:
    """Addresses of this machine from which nobody has called yet."""
    return lambda: f"127.0.0.{next(_numbers)}"


def organisation(service: RunningService, **fields: object) -> str:
    """A message from an organisation that has not called yet."""
    ref = f"LIM{next(_numbers):03}"
    with service.register() as register:
        add_organisation(register, ref, **fields)
    return verify_body(credentials=credentials(ref))


def test_an_address_that_sends_too_often(service: RunningService, address: Callable[[], str]) -> None:
    here, there = address(), address()
    for _ in range(6):
        send(service, b"no message", source=here).expect_fault("WSEC0001", faultcode="soapenv:Client")
    assert_refused(send(service, organisation(service), source=here), ADDRESS, 600)
    entry = last_entry(service)
    assert (entry.code, entry.address) == ("HTTP429", here)
    assert (entry.organisation, entry.operation) == (None, None)
    assert_refused(send(service, b"", source=here, path=GENERATION_2014), ADDRESS, 600)
    assert_answered(send(service, organisation(service), source=there))


def test_it_is_told_so_before_its_body_was_sent_and_whatever_its_head_says(service: RunningService) -> None:
    """All from the address that test clients have anyway; whoever else uses it here has its messages refused."""
    for _ in range(6):
        send(service, b"no message")
    for lines in (["Content-Length: 8000000"], ["Content-Length: 99999999"], ["Content-Encoding: br"]):
        with connected(service, head(*lines)) as connection:
            assert_refused(first_answer(connection), ADDRESS, 600)


def test_what_is_no_message_is_not_counted(service: RunningService, address: Callable[[], str]) -> None:
    here = address()
    for _ in range(4):
        assert send(service, b"", method="GET", path=TODAY, source=here).status == 200
        assert send(service, b"", method="PUT", source=here).status == 405
        assert send(service, b"x", path="/Nothing.svc", source=here).status == 404
    for _ in range(6):
        assert send(service, b"no message", source=here).status == 500
    assert send(service, b"no message", source=here).status == 429
    assert send(service, b"", method="GET", path=f"{TODAY}?wsdl", source=here).status == 200


def test_several_organisations_share_their_address_s_rate(
    service: RunningService, address: Callable[[], str]
) -> None:
    here, there = address(), address()
    one, other = organisation(service), organisation(service)
    for body in (one, other, one, other, one, other):
        assert_answered(send(service, body, source=here))
    assert_refused(send(service, organisation(service), source=here), ADDRESS, 600)
    assert_refused(send(service, one, source=there), ORGANISATION, 1200)


def test_an_organisation_that_sends_too_often_from_anywhere(
    service: RunningService, address: Callable[[], str]
) -> None:
    body, here = organisation(service), address()
    for _ in range(3):
        assert_answered(send(service, body, source=address()))
    assert_refused(send(service, body, source=here), ORGANISATION, 1200)
    entry = last_entry(service)
    assert (entry.code, entry.operation, entry.disclosed) == ("HTTP429", "verifyLearner", ())
    assert f"<OrganisationRef>{(entry.organisation or '')[2:]}<" in body
    assert_answered(send(service, organisation(service), source=here))


def test_nobody_uses_up_another_s_messages(service: RunningService, address: Callable[[], str]) -> None:
    """Nor does what is refused before it is known who calls count for anybody."""
    body, here = organisation(service), address()
    wrong = body.replace("AnyOrganisation+", "AnyOrganisation-")
    for _ in range(4):
        send(service, wrong, source=here).expect_fault("WSEC0005")
    here = address()
    for _ in range(2):
        send(service, body.replace("<ULN>1", "<ULN>x"), source=here).expect_fault("WSEC0001")
    for _ in range(3):
        assert_answered(send(service, body, source=here))


def test_its_place_among_the_refusals(service: RunningService, address: Callable[[], str]) -> None:
    """After the contract and the password, before suspension, hours and agreements (domain §4)."""
    body = organisation(service, status=Status.SUSPENDED, hours="never", agreements=())
    here = address()
    for _ in range(3):
        send(service, body, source=here).expect_fault("WSEC0003", "suspended")
    assert_refused(send(service, body, source=here), ORGANISATION, 1200)
    send(service, body.replace("AnyOrganisation+", "AnyOrganisation-"), source=here).expect_fault("WSEC0005")
    send(service, body.replace("<ULN>1", "<ULN>x"), source=here).expect_fault("WSEC0001")


def test_time_brings_more(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    with filled_service(request, tmp_path_factory, organisation_rate="5/second") as service:
        statuses = [send(service, verify_body()).status for _ in range(5)]
        while statuses[-1] == 200:  # a slow machine takes a message's time for a message
            statuses.append(send(service, verify_body()).status)
        assert statuses[-1] == 429
        time.sleep(0.21)
        assert_answered(send(service, verify_body()))


@pytest.mark.parametrize("name", ["address_rate", "organisation_rate"])
def test_a_rate_that_is_none_keeps_the_service_from_starting(service: RunningService, name: str) -> None:
    (found,) = settings_findings(service.settings.model_copy(update={name: "many"}), "sandbox")
    assert found.level is Level.ERROR
    assert found.text == f"{name}: 'many' is no rate."
    assert found.remedy.startswith("Write a whole number above 0")
