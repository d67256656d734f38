"""Spyne stands in front, and could be replaced: a second engine answers the same, byte for byte."""

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.service import sandbox_settings
from tests.soap.achievements import achievement
from tests.soap.batches import work_off
from tests.soap.plain_dispatcher import PlainDispatcher
from tests.soap.registers import FIRST, FULL, filled_database
from tests.soap.services import job_body, own_awards_body, r9_body, submission_body
from tests.soap.wire import (
    EXTERNAL,
    GENERATION_2014,
    R9,
    RECONCILIATION,
    TODAY,
    XML_TYPE,
    batch_body,
    batch_output_body,
    demographics_body,
    envelope,
    find_body,
    register_body,
    report_body,
    retrieve_body,
    update_body,
    verify_batch_body,
    verify_batch_output_body,
    verify_body,
)

from uln_contract import records
from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.shape import Record
from uln_server.access.organisation import Agreement, Kind, Organisation, Status
from uln_server.batch.jobs import Jobs
from uln_server.main import Service, build
from uln_server.operations.call import Call, Caller, ChangingUnit, Rules, Unit
from uln_server.operations.catalogue import OPERATIONS
from uln_server.record.recorded import Awards
from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates, Entry, Learners
from uln_server.register.registering import Procedure
from uln_server.register.reporting import Reports
from uln_server.soap.engine import SpyneEngine
from uln_server.soap.engine_port import Engine, Reply
from uln_server.soap.external_service import ExternalService
from uln_server.soap.learner_service import LearnerService
from uln_server.soap.learner_service_r9 import LearnerServiceR9
from uln_server.soap.reconciliation_service import ReconciliationService
from uln_server.soap.reply import ReplyForm
from uln_server.store.database import Database

FORMS = [ReplyForm(linked, empty) for linked in (True, False) for empty in (True, False)]
BY_NAME = {
    each.name: each for each in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
}
DARCIE, JORDAN_OLD, NOBODY = "1026893096", "4444599390", "1000000043"


@pytest.fixture(scope="module")
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with filled_database("sqlite", tmp_path_factory.mktemp("engines"), request) as made:
        assert [answer[0] for answer in answers(made, None, BATCHES)] == [200, 200, 200]
        with Database.open(made) as database:
            work_off(database)
        yield made


@pytest.fixture(scope="module")
def spyne() -> SpyneEngine:
    return SpyneEngine()


Response = tuple[int, bytes]


async def ask(service: Service, path: str, body: bytes, headers: Mapping[str, str] = XML_TYPE) -> Response:
    """Send one message to the application itself, as a server would hand it over."""
    events: list[MutableMapping[str, Any]] = []
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
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: MutableMapping[str, Any]) -> None:
        events.append(event)

    await service.app(scope, receive, send)
    text = b"".join(event.get("body", b"") for event in events[1:])
    return events[0]["status"], re.sub(rb"(<ErrorTimestamp>)[^<]*", rb"\1", text)


def answers(url: str, engine: Engine | None, messages: Iterable[tuple[str, str]] | None = None) -> list[Response]:
    """What a service with this engine answers to each message, LearnerService's on each of its paths."""
    asked = (
        [*((path, body) for path in (TODAY, GENERATION_2014) for body in MESSAGES), *OTHERS]
        if messages is None
        else messages
    )

    async def all_of_them() -> list[Response]:
        service = build(sandbox_settings(url), engine)
        service.start()
        try:
            return [await ask(service, path, envelope(body)) for path, body in asked]
        finally:
            service.close()

    return asyncio.run(all_of_them())


ROWS = (
    {"ULN": DARCIE, "GivenName": "Darcie", "FamilyName": "Tucker", "MISIdentifier": "<1>"},
    {"ULN": JORDAN_OLD, "GivenName": "Jordan", "FamilyName": "Reid"},
    {"ULN": NOBODY, "GivenName": "No", "FamilyName": "Body"},
)
BATCHES = (
    (TODAY, batch_body(*ROWS, job_type="CHK")),
    (TODAY, verify_batch_body(*ROWS)),
    (EXTERNAL, submission_body(achievement(), achievement())),
)
FINISHED_REGISTRATION, FINISHED_VERIFICATION, FINISHED_ACHIEVEMENTS, WAITING = range(100_001, 100_005)
MESSAGES = (
    verify_body(),
    verify_body(JORDAN_OLD, "Jordan", "Reid"),
    verify_body("9276308686", "Sian", "Evans"),
    verify_body(given="Tom & <Jerry>", family="O\u2019Neil \U0001f642"),
    verify_body(NOBODY, extra="<DateOfBirth>1976-08-16</DateOfBirth><Gender>1</Gender>"),
    find_body(),
    find_body(find_type="CHK"),
    find_body(FULL.uln, "Peggy", "Darcy"),
    find_body(FIRST.uln, "Catherine", "Firstly"),
    find_body(JORDAN_OLD, "Jordan", "Reid"),
    find_body(given="-"),
    find_body(NOBODY),
    find_body(uln="1"),
    demographics_body(),
    demographics_body("CHK", EmailAddress="<darcie>"),
    demographics_body(
        GivenName="Alex", FamilyName="Smith", DateOfBirth="2000-01-01", LastKnownPostCode="ZZ99 9ZZ"
    ),
    demographics_body(GivenName="Sam", FamilyName="Taylor", DateOfBirth="1999-05-05", Gender="2"),
    demographics_body(GivenName="Jordan", FamilyName="Reid", DateOfBirth="1985-03-27", Gender="1"),
    demographics_body(GivenName="?"),
    register_body(),
    register_body(GivenName="Nobody"),
    register_body(DateOfBirth="2100-01-01"),
    update_body(),
    update_body(version=9, Notes="<new>"),
    update_body(NOBODY),
    batch_output_body(FINISHED_REGISTRATION),
    batch_output_body(FINISHED_VERIFICATION),
    batch_body(*ROWS, count=1),
    # The second engine's is a repetition, and gets the same number.
    batch_body(ROWS[0], job_type="CHK"),
    batch_output_body(WAITING),
    verify_batch_body(*ROWS, count=5_000),
    verify_batch_body(ROWS[0], email="exams@example.com"),
    verify_batch_output_body(FINISHED_VERIFICATION),
    retrieve_body("1026893096", JORDAN_OLD, NOBODY),
    report_body("GetMergedUnmergedULNs"),
    report_body("GetMergedUnmergedULNs", "2000-01-01", "2000-01-01"),
    report_body("GetDeletedULNs"),
    report_body("GetDeletedULNs", "2020-01-02", "2020-01-01"),
    verify_body(credentials="<OrgPassword>SandboxAO-000001</OrgPassword><UserName>x</UserName>"),
)

OTHERS = (
    (EXTERNAL, job_body(str(FINISHED_ACHIEVEMENTS))),
    (EXTERNAL, job_body(str(FINISHED_VERIFICATION))),
    # The second engine's is a repetition, as above.
    (EXTERNAL, submission_body()),
    (R9, r9_body("GetLearnerLearningEvents")),
    (R9, r9_body("GetLearnerLearningEvents", getType="brief", dateOfBirth="1976-08-16")),
    (R9, r9_body("GetLearnerLearningEvents", uln=JORDAN_OLD, givenName="Jordan", familyName="Reid")),
    (R9, r9_body("GetLearnerLearningEvents", uln=NOBODY)),
    (R9, r9_body("GetLearnerLearningEvents", getType="")),
    (RECONCILIATION, own_awards_body()),
    (RECONCILIATION, own_awards_body(pageSize="2", fromDate="2013-01-01")),
    (RECONCILIATION, own_awards_body(toDate="1999-12-31")),
    (RECONCILIATION, own_awards_body(pageToken="made-up")),
)
"""What goes to the other services, each with its path."""


def test_both_engines_answer_the_same_byte_for_byte(url: str) -> None:
    plain = PlainDispatcher()
    by_spyne, by_plain = answers(url, None), answers(url, plain)
    assert by_plain == by_spyne
    refused_before = 4  # a bad ULN, nobody's credentials, and two that the schema refuses
    assert plain.calls == 2 * (len(MESSAGES) - refused_before) + len(OTHERS)
    assert {status for status, _ in by_plain} == {200, 500}
    found = {name for name in OPERATIONS if any(local(name).encode() in body for _, body in by_plain)}
    assert found == set(OPERATIONS)


def local(operation: str) -> str:
    return BY_NAME[operation].response.rpartition("}")[2]


class Placed(PlainDispatcher):
    """Notes in which thread each operation runs."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, str] = {}

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:
        self.places[call.operation.name] = threading.current_thread().name.partition("_")[0]
        return super().__call__(call, unit, form)


def test_a_report_keeps_no_other_caller_waiting(url: str) -> None:
    """A report of 10,000 entries takes a second: on the event loop nobody else would be answered meanwhile."""
    placed = Placed()
    answers(url, placed)
    in_a_thread = {name for name, place in placed.places.items() if place == "call"}
    assert placed.places.keys() == set(OPERATIONS)
    assert in_a_thread == {
        "registerSingleLearner",
        "updateSingleLearner",
        "submitBatchRegistration",
        "getBatchRegistrationOutput",
        "submitVerifyBatch",
        "getVerifyBatchOutput",
        "getMergedUnmergedULNsReport",
        "getDeletedULNsReport",
        "GetAchievementBatchJob",
        "SubmitAchievementBatchJob",
        "GetOwnAwards",
    }


def test_spyne_has_a_method_for_every_operation_of_the_catalogue() -> None:
    services = (LearnerService, ExternalService, LearnerServiceR9, ReconciliationService)
    assert sorted(name for each in services for name in each.public_methods) == sorted(OPERATIONS)


def test_the_second_engine_is_short_and_knows_no_spyne() -> None:
    text = (Path(__file__).parent / "plain_dispatcher.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
    assert not re.search(r"^\s*(import|from) spyne", text, re.MULTILINE)


ORGANISATION = Organisation(
    id=1,
    kind=Kind.AWARDING_ORGANISATION,
    ukprn="90000001",
    organisation_ref="SBXAO1",
    name="Sandbox Awarding Organisation",
    status=Status.ACTIVE,
    hours="always",
    credential_version=1,
    password_hash="",
    agreements=frozenset(Agreement),
)


RULES = Rules(
    procedure=Procedure(required=True, maximum=timedelta(minutes=120), minimum=timedelta(seconds=5)),
    opt_out=False,
    report_entries=100,
)


def a_call(operation: str, request: Record) -> Call[Any]:
    caller = Caller(ORGANISATION, "tester")
    return Call(BY_NAME[operation], request, caller, datetime.now(UTC), "message", RULES)


def verification(uln: str = DARCIE, given: str = "Darcie") -> records.VerifyLearnerRqst:
    return records.VerifyLearnerRqst(
        org_password="SandboxAO-000001",
        user_name="tester",
        learner_to_verify=records.MIAPLearnerToVerify(uln=uln, family_name="Tucker", given_name=given),
    )


def find(uln: str, family: str) -> records.LearnerByULNRqst:
    return records.LearnerByULNRqst(
        find_type="FUL",
        org_password="SandboxAO-000001",
        user_name="tester",
        uln=uln,
        family_name=family,
        given_name="Jordan",
    )


@pytest.mark.parametrize("form", FORMS)
def test_both_engines_write_each_form_alike(url: str, spyne: SpyneEngine, form: ReplyForm) -> None:
    calls = [
        a_call("verifyLearner", verification()),
        a_call("learnerByULN", find(JORDAN_OLD, "Reid")),
        a_call("learnerByULN", replace(find(DARCIE, "Tucker"), given_name="Darcie")),
    ]
    with Database.open(url) as database, database.snapshot() as unit:
        for call in calls:
            assert spyne(call, unit, form) == PlainDispatcher()(call, unit, form)


class UnreadableRegister(Learners):
    """A register whose disk has gone."""

    @property
    def learners(self) -> Learners:
        return self

    def entry(self, uln: str) -> Entry | None:
        raise OSError(uln)

    def linked(self, uln: str) -> tuple[str, ...]:
        raise OSError(uln)

    def candidates(self, demographics: Demographics) -> Candidates:
        raise OSError(demographics.key)

    def entries(self, ulns: Iterable[str]) -> Mapping[str, Entry]:
        raise OSError(*ulns)

    @property
    def reports(self) -> Reports:
        raise OSError

    @property
    def jobs(self) -> Jobs:
        raise OSError

    @property
    def awards(self) -> Awards:
        raise OSError


@pytest.mark.parametrize("engine", [SpyneEngine(), PlainDispatcher()], ids=["Spyne", "plain"])
def test_what_an_operation_raises_comes_out_as_it_was_raised(engine: Engine) -> None:
    with pytest.raises(OSError, match=DARCIE):
        engine(a_call("verifyLearner", verification()), UnreadableRegister(), FORMS[0])


@pytest.mark.parametrize("engine", [SpyneEngine(), PlainDispatcher()], ids=["Spyne", "plain"])
def test_an_operation_without_a_method_is_a_lookup_error(engine: Engine) -> None:
    request = verification()
    with pytest.raises(LookupError, match="GetLearnerRecord"):
        engine(a_call("getLearnerRecord", request), UnreadableRegister(), FORMS[0])


def test_one_engine_serves_many_threads_without_mixing_their_calls(url: str, spyne: SpyneEngine) -> None:
    """PostgreSQL's calls and large bodies run in threads; each must get its own answer."""
    names = [f"Darcie {number:05}" for number in range(400)]
    with Database.open(url) as database:

        def answer(name: str) -> bytes:
            with database.snapshot() as unit:
                return spyne(a_call("verifyLearner", verification(given=name)), unit, FORMS[0]).envelope

        with ThreadPoolExecutor(8) as pool:
            envelopes = list(pool.map(answer, names))
    for name, text in zip(names, envelopes, strict=True):
        assert f"<SearchedGivenName>{name}</SearchedGivenName>".encode() in text


SPYNE_FREE = ["gate.app", "gate.interchange", "gate.protocol", "operations.catalogue", "register.verifying"]
SPYNE_FREE += ["access.identity", "access.credentials", "store.database", "store.journal", "store.schema"]
SPYNE_FREE += ["soap.engine_port", "soap.faults", "soap.reply", "pages", "settings", "sandbox.installing"]


@pytest.mark.parametrize("last", [[], ["main"]])
def test_nothing_but_the_engine_brings_spyne_in(last: list[str]) -> None:
    modules = ", ".join(f"uln_server.{name}" for name in SPYNE_FREE + last)
    check = f"import sys, {modules}; print(sorted(name for name in sys.modules if name.split('.')[0] == 'spyne'))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True)
    assert (done.stdout == "[]\n") is (not last), done.stdout


def test_spyne_is_silent_and_leaves_the_collector_alone() -> None:
    """Its loggers write whole bodies, passwords included, and it collects garbage inside requests."""
    check = """
import logging, sys
logging.basicConfig(level=1, stream=sys.stdout)
from uln_server.soap.engine import SpyneEngine
import spyne.const
SpyneEngine()
logging.getLogger("spyne.protocol.soap.soap11.invalid").error("SandboxAO-000001")
print(spyne.const.MIN_GC_INTERVAL, [each for each in sys.meta_path if "spyne" in type(each).__module__])
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", check], capture_output=True, check=True, text=True)
    assert (done.stdout, done.stderr) == ("inf []\n", "")
