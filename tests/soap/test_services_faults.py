"""Which details a fault of ExternalService and LearnerServiceR9 carries, as the settings say."""

from collections.abc import Iterator
from html import unescape

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.services import job_body, r9_body
from tests.soap.wire import EXTERNAL, R9, TODAY, send

from uln_server.sandbox.masking import MASK
from uln_server.soap.faults import encoded

FAULTSTRING = "uk.gov.miap.lrs.api.exceptions.MIAPAPIException"
PASSWORD = "SandboxAO-000001"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service whose ExternalService sends DomainFault alone, and whose LearnerServiceR9 the other."""
    folder = tmp_path_factory.mktemp("alone")
    with running_sandbox(folder, external_fault="DomainFault", r9_fault="MIAPAPIException") as service:
        yield service


def test_domain_fault_alone(alone: RunningService) -> None:
    fault = send(alone, r9_body("ViewAudit"), path=EXTERNAL).fault()
    assert fault.detail == {}
    assert fault.faultstring == FAULTSTRING
    assert fault.domain[0] == "WSEC0002"
    assert "LearnerServiceR9 has it" in fault.domain[1]


def test_the_exception_alone(alone: RunningService) -> None:
    fault = send(alone, r9_body("ViewAudit"), path=R9).expect_fault("WSEC0002", "does not carry it out yet")
    assert fault.domain == ()


def test_learner_service_knows_nothing_of_it(alone: RunningService) -> None:
    assert send(alone, job_body(), path=TODAY).expect_fault("WSEC0002").domain == ()


@pytest.mark.parametrize("path", [EXTERNAL, R9, TODAY])
def test_a_refusal_of_http_can_be_read_in_the_answers_text(alone: RunningService, path: str) -> None:
    """Live clients look for a word in the body: base64 hides it, so that the faultstring says it."""
    answer = send(alone, b"", path=path)
    words = "The request has no body. Send a SOAP 1.1 envelope."
    assert answer.status == 400
    assert words.encode() in answer.body
    fault = answer.fault()
    assert fault.faultstring == (words if path == EXTERNAL else FAULTSTRING)
    assert fault.code == "WSEC0001"


def test_the_word_of_maintenance_is_in_every_form(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("closed")
    with running_sandbox(folder, external_fault="DomainFault", maintenance=True) as service:
        for path, body in ((EXTERNAL, job_body()), (R9, r9_body("ViewAudit"))):
            answer = send(service, body, path=path)
            assert answer.status == 503
            assert b"UnsupportedHttpVerb" in answer.body
            assert "UnsupportedHttpVerb" in answer.fault().domain[1]


def test_a_sandbox_shows_no_password_that_a_domain_fault_quotes(alone: RunningService) -> None:
    """Whoever writes a password into the wrong place reads it in the fault; nobody else does, in base64 either."""
    body = f'<x:Nothing xmlns:x="urn:{PASSWORD}"><OrgPassword>{PASSWORD}</OrgPassword></x:Nothing>'
    text = send(alone, body, path=EXTERNAL).fault().domain[1]
    assert PASSWORD in text
    page = unescape(send(alone, b"", path="/sandbox/messages", method="GET", headers={}).body.decode())
    assert encoded(text.replace(PASSWORD, MASK)) in page
    assert encoded(text) not in page
    assert PASSWORD not in page
