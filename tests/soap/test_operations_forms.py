"""How a reply and a fault are written: the endpoint's form, a setting's, an organisation's own (interop)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.registers import PASSWORD, add_organisation, credentials, filled_service
from tests.soap.wire import EXCEPTIONS, GENERATION_2014, LEARNER, TODAY, find_body, send, verify_body

QUALIFIED, PLAIN = f"{{{LEARNER}}}LinkedULNs", "LinkedULNs"
PATHS = pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
OWN = {"QUALIF": (True, True), "UNQUAL": (False, False), "MIXED1": (True, False), "MIXED2": (False, True)}


@contextmanager
def with_own_forms(
    request: pytest.FixtureRequest, factory: pytest.TempPathFactory, **settings: object
) -> Iterator[RunningService]:
    with filled_service(request, factory, **settings) as running:
        with running.register() as register:
            for ref, (fault, linked) in OWN.items():
                forms = {"fault_qualified": fault, "linked_ulns_qualified": linked}
                add_organisation(register, ref, **forms)
        yield running


@pytest.fixture(scope="module")
def usual(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with with_own_forms(request, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def turned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """Every choice the other way round."""
    settings = {
        "today_fault_qualified": True,
        "today_linked_ulns_qualified": False,
        "generation_2014_fault_qualified": True,
        "generation_2014_linked_ulns_qualified": True,
        "send_empty_linked_ulns": False,
    }
    with with_own_forms(request, tmp_path_factory, **settings) as running:
        yield running


MERGED = {"uln": "4444599390", "given": "Jordan", "family": "Reid"}


def linked_of(service: RunningService, path: str, caller: str = "") -> list[str]:
    """The names under which LinkedULNs came."""
    who = {"credentials": caller} if caller else {}
    answer = send(service, find_body(**MERGED, **who), path=path)
    assert answer.status == 200
    found = [each for each in answer.payload().iter() if str(each.tag).endswith("LinkedULNs")]
    assert [[child.tag for child in each] for each in found] == [["ULN"]]
    return [str(each.tag) for each in found]


def assert_fault(service: RunningService, path: str, caller: str, *, qualified: bool) -> None:
    answer = send(service, verify_body(credentials=caller), path=path)
    assert answer.status == 500
    assert answer.fault(qualified=qualified).code == "WSEC0005"


@pytest.mark.parametrize(("path", "name"), [(TODAY, QUALIFIED), (GENERATION_2014, PLAIN)])
def test_linked_ulns_as_live_replies_have_them(usual: RunningService, path: str, name: str) -> None:
    assert linked_of(usual, path) == [name]


@pytest.mark.parametrize(("path", "name"), [(TODAY, PLAIN), (GENERATION_2014, QUALIFIED)])
def test_linked_ulns_as_a_setting_says(turned: RunningService, path: str, name: str) -> None:
    assert linked_of(turned, path) == [name]


@PATHS
@pytest.mark.parametrize("ref", OWN)
def test_an_organisations_own_choice_comes_before_path_and_settings(
    usual: RunningService, turned: RunningService, ref: str, path: str
) -> None:
    fault, linked = OWN[ref]
    for service in (usual, turned):
        assert linked_of(service, path, credentials(ref)) == [QUALIFIED if linked else PLAIN]
        assert_fault(service, path, credentials(ref, password=PASSWORD[::-1]), qualified=fault)


@PATHS
def test_faults_are_unqualified_unless_a_setting_says_otherwise(
    usual: RunningService, turned: RunningService, path: str
) -> None:
    wrong = credentials("SBXAO1", password=PASSWORD)
    assert_fault(usual, path, wrong, qualified=False)
    assert_fault(turned, path, wrong, qualified=True)


@PATHS
def test_a_refusal_before_anybody_is_known_has_the_endpoints_form(
    usual: RunningService, turned: RunningService, path: str
) -> None:
    body = verify_body(uln="1", credentials=credentials("QUALIF"))
    assert send(usual, body, path=path).fault().code == "WSEC0001"
    assert send(turned, body, path=path).fault(qualified=True).code == "WSEC0001"


@PATHS
def test_the_prefix_of_a_faults_detail_is_always_the_one_that_clients_look_for(
    usual: RunningService, turned: RunningService, path: str
) -> None:
    for service in (usual, turned):
        body = send(service, b"no XML", path=path).body
        assert f'<ns10:MIAPAPIException xmlns:ns10="{EXCEPTIONS}">'.encode() in body
        assert body.count(b"xmlns:soapenv=") == 1


@PATHS
def test_empty_linked_ulns_are_sent_unless_a_setting_says_otherwise(
    usual: RunningService, turned: RunningService, path: str
) -> None:
    assert b"LinkedULNs" in send(usual, find_body(), path=path).body
    answer = send(turned, find_body(), path=path)
    assert b"LinkedULNs" not in answer.body
    assert b"<Notes></Notes>" in answer.body
    assert answer.text("ResponseCode") == "WSRC0004"


@PATHS
def test_a_reply_without_a_learner_knows_no_forms(turned: RunningService, path: str) -> None:
    assert send(turned, find_body(family="Nobody"), path=path).text("ResponseCode") == "WSRC0001"
    assert send(turned, verify_body(), path=path).text("ResponseCode") == "WSVRC001"


@PATHS
def test_what_every_reply_looks_like(usual: RunningService, path: str) -> None:
    """UTF-8, one envelope, no Header, no nil and no type: strict readers trip over each."""
    for body in (verify_body(), find_body(), find_body(**MERGED), find_body(find_type="CHK")):
        answer = send(usual, body, path=path)
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        assert answer.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope ')
        for unwanted in (b"Header", b"xsi:", b"nil", b"encodingStyle", b"xmlns=", b"tns:"):
            assert unwanted not in answer.body


def test_a_changed_form_holds_from_the_next_message(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as running, running.register() as register:
        assert send(running, find_body()).reply().find(f"Learner/{QUALIFIED}") is not None
        with register.writing() as writing:
            writing.organisations.set_forms("90000001", fault_qualified=None, linked_ulns_qualified=False)
        assert send(running, find_body(), path=GENERATION_2014).reply().find(f"Learner/{PLAIN}") is not None
        assert PLAIN in [each.tag for each in send(running, find_body()).payload().iter()]
