"""The whole way of a message of ExternalService and LearnerServiceR9, with operations that say who they saw."""

import asyncio
import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import pytest
from tests.service import sandbox_settings
from tests.soap.registers import PASSWORD, filled_database
from tests.soap.services import (
    R9_FIELDS,
    invoking_organisation,
    invoking_organisation_r10,
    invoking_user,
    job_body,
    r9_body,
    submission_body,
)
from tests.soap.wire import EXTERNAL, R9, TODAY, XML_TYPE, Answer, envelope, verify_body

from uln_contract import external_records, r9_records
from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9
from uln_server.access.organisation import Agreement
from uln_server.main import Service, build
from uln_server.operations import call as calls
from uln_server.operations.call import Call, Operation, Operations, Unit
from uln_server.operations.catalogue import OPERATIONS
from uln_server.soap.engine import ServiceEngine, SpyneEngine
from uln_server.soap.engine_port import Reply
from uln_server.soap.reply import ReplyForm
from uln_server.soap.service import operation
from uln_server.store.database import Database

# isort: split
from spyne import ServiceBase

NAMES = [each.name for each in (*EXTERNAL_SERVICE, *LEARNER_SERVICE_R9)]
SEEN: list[Call[Any]] = []


def seen(call: Call[Any], unit: Unit) -> calls.Answer:  # noqa: ARG001  # as every operation
    """Keep the call and say nothing."""
    SEEN.append(call)
    return calls.Answer(call.operation.response_record(), "WSRC0018")


CARRIED_OUT: Operations = {**OPERATIONS, **dict.fromkeys(NAMES, Operation(Agreement.REGISTER_READ, seen))}


class AchievementService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """ExternalService with a method."""

    @operation
    def GetAchievementBatchJob(call: Call[external_records.GetAchievementBatchJob], unit: Unit) -> calls.Answer:  # noqa: N802, N805  # the contract's name; Spyne's methods have no self
        """Tell of a job."""
        return seen(call, unit)


class RecordService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """LearnerServiceR9 with methods, one of whose names differs from LearnerService's by case alone."""

    @operation
    def LearnerByUln(call: Call[r9_records.LearnerByUln], unit: Unit) -> calls.Answer:  # noqa: N802, N805  # as above
        """Find."""
        return seen(call, unit)

    @operation
    def GetLearnerLearningEvents(call: Call[r9_records.GetLearnerLearningEvents], unit: Unit) -> calls.Answer:  # noqa: N802, N805  # as above
        """Give events."""
        return seen(call, unit)


class Engines:
    """The engine, with methods for two of the services."""

    def __init__(self) -> None:
        self._others = SpyneEngine()
        self._engines = {
            "ExternalService": ServiceEngine(AchievementService, EXTERNAL_SERVICE, "urn:external"),
            "LearnerServiceR9": ServiceEngine(RecordService, LEARNER_SERVICE_R9, "http://tempuri.org/"),
        }

    def __call__(self, call: Call[Any], unit: Any, form: ReplyForm) -> Reply:
        """Dispatch by service."""
        return self._engines.get(call.operation.service, self._others)(call, unit, form)


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with filled_database("sqlite", tmp_path_factory.mktemp("services"), request) as made:
        yield made


async def posted(service: Service, path: str, body: str, action: str) -> Answer:
    """Send one message to the application itself, as a server would hand it over."""
    events: list[MutableMapping[str, Any]] = []
    headers = {**XML_TYPE, "SOAPAction": action}
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": envelope(body), "more_body": False}

    async def send(event: MutableMapping[str, Any]) -> None:
        events.append(event)

    await service.app(scope, receive, send)
    answered = {name.decode(): value.decode() for name, value in events[0]["headers"]}
    return Answer(events[0]["status"], answered, b"".join(each.get("body", b"") for each in events[1:]), path)


def answers(url: str, path: str, *bodies: str, action: str = "", **settings: object) -> list[Answer]:
    """What a service answers to messages, one after the other."""

    async def all_of_them() -> list[Answer]:
        service = build(sandbox_settings(url, **settings), Engines(), CARRIED_OUT)
        service.start()
        try:
            return [await posted(service, path, body, action) for body in bodies]
        finally:
            service.close()

    return asyncio.run(all_of_them())


BODIES: Mapping[str, tuple[str, str]] = {
    "GetAchievementBatchJob": (EXTERNAL, job_body()),
    "LearnerByUln": (R9, r9_body("LearnerByUln")),
    "GetLearnerLearningEvents": (R9, r9_body("GetLearnerLearningEvents")),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_message_reaches_its_operation_and_its_reply_is_valid(url: str, name: str) -> None:
    SEEN.clear()
    path, body = BODIES[name]
    qualified, bare = answers(url, path, body, re.sub(r' xmlns="[^"]*"', "", body))
    first, second = SEEN
    assert qualified.body == bare.body
    assert etree_name(qualified) == f"{name}Response"
    assert first.request == second.request
    assert (first.operation.name, first.caller.user) == (name, "tester")
    assert first.caller.organisation.ukprn == "90000001"


def etree_name(answer: Answer) -> str:
    return str(answer.reply().tag).rpartition("}")[2]


def user(reference: str | None, password: str | None = "SandboxAO-000001", name: str | None = "tester") -> str:
    return job_body(user=invoking_user(reference, password, name))


def organisation(
    ukprn: str | None,
    reference: str | None = None,
    password: str | None = "SandboxAO-000001",
    name: str = "tester",
) -> str:
    caller = invoking_organisation(ukprn, password, name, reference)
    return r9_body("LearnerByUln", invokingOrganisation=caller)


def reader(ukprn: str | None, reference: str | None = None, password: str = "SandboxAO-000001") -> str:
    caller = invoking_organisation_r10(ukprn, password, "tester", reference)
    return r9_body("GetLearnerLearningEvents", invokingOrganisation=caller)


KNOWN = {
    "External, reference": (EXTERNAL, user("SBXAO1")),
    "External, UKPRN": (EXTERNAL, user("90000001")),
    "External, in another case, with space": (EXTERNAL, user(" sbxao1 ")),
    "R9, UKPRN": (R9, organisation("90000001")),
    "R9, reference": (R9, organisation(None, "SBXAO1")),
    "R9, both": (R9, organisation("90000001", "SBXAO1")),
    "R9, both nil but one": (R9, organisation("", "SBXAO1")),
    "R9, each in the other's place": (R9, organisation("SBXAO1", "90000001")),
    "R9, the same twice": (R9, organisation("90000001", "90000001")),
    "events, UKPRN": (R9, reader("90000001")),
    "events, UKPRN in the place of the reference": (R9, reader(None, "90000001")),
    "events, both": (R9, reader("90000001", "SBXAO1")),
}


@pytest.mark.parametrize(("path", "body"), KNOWN.values(), ids=KNOWN.keys())
def test_either_identifier_in_either_field_is_enough(url: str, path: str, body: str) -> None:
    (answer,) = answers(url, path, body)
    answer.reply()


UNKNOWN = {
    "External, nobody": (EXTERNAL, job_body(user=None), "WSEC0003", "Neither"),
    "External, nil": (EXTERNAL, job_body(user=""), "WSEC0003", "Neither"),
    "External, without identifier": (EXTERNAL, user(None), "WSEC0003", "Neither"),
    "External, unknown": (EXTERNAL, user("NOBODY"), "WSEC0003", "No organisation is known"),
    "External, without end": (EXTERNAL, user("NOBODY" * 2000), "WSEC0003", "No organisation is known"),
    "External, no password": (EXTERNAL, user("SBXAO1", None), "WSEC0005", "exactly 16 characters"),
    "External, a short password": (EXTERNAL, user("SBXAO1", "SandboxAO"), "WSEC0005", "exactly 16 characters"),
    "External, a long password": (EXTERNAL, user("SBXAO1", "S" * 9000), "WSEC0005", "exactly 16 characters"),
    "External, no user": (EXTERNAL, user("SBXAO1", name=None), "WSEC0001", "invokingUser/UserName"),
    "External, a long user": (EXTERNAL, user("NOBODY", name="x" * 36), "WSEC0001", "1 to 35 characters"),
    "External, suspended": (EXTERNAL, user("SBXSU3", "SandboxSU-000003"), "WSEC0003", "suspended"),
    "External, no agreement": (EXTERNAL, user("BAREST", PASSWORD), "WSEC0006", "register-read"),
    "R9, nil": (R9, r9_body("LearnerByUln", invokingOrganisation=""), "WSEC0003", "Neither"),
    "R9, left out": (R9, r9_body("LearnerByUln", invokingOrganisation=None), "WSEC0003", "Neither"),
    "R9, two that disagree": (R9, organisation("90000001", "SBXLP2"), "WSEC0003", "one and the same"),
    "R9, wrong password": (R9, organisation("90000001", password="SandboxAO-000002"), "WSEC0005", "case matters"),
    "R9, a blank user": (R9, organisation("90000001", name=" "), "WSEC0001", "invokingOrganisation/Username"),
    "events, two that disagree": (R9, reader("90000001", "SBXLP2"), "WSEC0003", "one and the same"),
    "events, wrong password": (R9, reader("90000001", password="x"), "WSEC0005", "case matters"),
}


@pytest.mark.parametrize(("path", "body", "code", "text"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_caller_who_may_not_pass(url: str, path: str, body: str, code: str, text: str) -> None:
    (answer,) = answers(url, path, body)
    fault = answer.expect_fault(code, text)
    assert fault.domain == (code, fault.detail["FurtherDetails"])


def test_what_is_written_down_of_a_caller_without_end_is_short(url: str) -> None:
    answers(url, EXTERNAL, user("NOBODY" * 2000))
    with Database.open(url) as database, database.reading() as reading:
        last = list(reading.audit.query(code="WSEC0003"))[-1]
        assert last.organisation == ("NOBODY" * 7)[:40]
        assert last.operation == "GetAchievementBatchJob"


def test_a_soapaction_of_another_operation_of_the_service_is_refused(url: str) -> None:
    named = "http://api.lrs.qcf.gov.uk/services/IExternalService/SubmitAchievementBatchJob"
    (answer,) = answers(url, EXTERNAL, job_body(), action=f'"{named}"')
    answer.expect_fault(
        "WSEC0001", "SOAPAction names SubmitAchievementBatchJob, the body asks for GetAchievementBatchJob."
    )


@pytest.mark.parametrize("action", ["verifyLearner", "learnerByULN", "GetAchievementBatchJob", "urn:x", ""])
def test_any_other_says_nothing(url: str, action: str) -> None:
    """learnerByULN differs from LearnerServiceR9's own by case alone."""
    (answer,) = answers(url, R9, BODIES["LearnerByUln"][1], action=action)
    answer.reply()


def test_an_operation_of_theirs_is_none_of_learner_service(url: str) -> None:
    verified, other = answers(url, TODAY, verify_body(), job_body())
    assert verified.text("ResponseCode") == "WSVRC001"
    other.expect_fault("WSEC0002", "ExternalService has it")


def test_strict_settings_refuse_what_is_not_in_contract_form(url: str) -> None:
    body = BODIES["GetAchievementBatchJob"][1]
    good, bare = answers(url, EXTERNAL, body, re.sub(r' xmlns="[^"]*"', "", body), strict_requests=True)
    good.reply()
    assert bare.fault().code == "WSEC0001"


@pytest.mark.parametrize(
    ("path", "body"),
    [(EXTERNAL, submission_body()), *((R9, r9_body(name)) for name in R9_FIELDS if name not in BODIES)],
)
def test_an_operation_without_a_method_is_our_own_failure(url: str, path: str, body: str) -> None:
    (answer,) = answers(url, path, body)
    fault = answer.expect_fault("WSEC0999", "incident ")
    assert fault.domain[0] == "WSEC0999"


def test_the_engine_as_served_has_no_method_of_an_operation_to_come(url: str) -> None:
    SEEN.clear()
    answers(url, *BODIES["LearnerByUln"])
    (call,) = SEEN
    with (
        Database.open(url) as database,
        database.snapshot() as unit,
        pytest.raises(LookupError, match="LearnerByUln"),
    ):
        SpyneEngine()(call, unit, ReplyForm(linked_ulns_qualified=False, send_empty_linked_ulns=False))


def test_an_organisations_own_form_holds_for_its_exception_beside_domain_fault(url: str) -> None:
    with Database.open(url) as database, database.writing() as writing:
        writing.organisations.set_forms("CLOSED", fault_qualified=True, linked_ulns_qualified=None)
    (answer,) = answers(url, EXTERNAL, user("CLOSED", PASSWORD))
    fault = answer.fault(qualified=True)
    assert fault.domain == ("WSEC0004", fault.detail["FurtherDetails"])
