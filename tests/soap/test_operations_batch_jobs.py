"""Batches whose worker rests: outputs of unfinished and ended jobs, and submissions that are sent again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from tests.service import RunningService
from tests.soap.batches import a_worker, counts, learners, state, submit, work_off
from tests.soap.newcomers import Registrar, newcomer
from tests.soap.registers import filled_service
from tests.soap.wire import (
    GENERATION_2014,
    TODAY,
    Answer,
    batch_body,
    batch_output_body,
    envelope,
    send,
    verify_batch_body,
    verify_batch_output_body,
)

from uln_server.batch.job import JobId
from uln_server.store.database import Database

ADDRESSING = "http://www.w3.org/2005/08/addressing"
OLDER_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ROW: dict[str, str | None] = {"ULN": "1026893096", "FamilyName": "Tucker", "GivenName": "Darcie"}
OTHER = {**ROW, "GivenName": "Somebody"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def resting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that works no job off."""
    with filled_service(request, tmp_path_factory, serve_jobs=False) as running:
        yield running


@pytest.fixture
def register(resting: RunningService) -> Iterator[Database]:
    with resting.register() as opened:
        yield opened


@pytest.fixture
def caller(resting: RunningService, register: Database) -> Registrar:
    """An organisation of the test's own; no job of an earlier test is left to be done."""
    work_off(register)
    path = {"sqlite": TODAY, "postgresql": GENERATION_2014}[register.dialect]
    return Registrar(resting, path, register=register)


def output(caller: Registrar, job_id: JobId) -> Answer:
    return send(caller.service, batch_output_body(job_id, caller.credentials), path=caller.path)


def verify_output(caller: Registrar, job_id: JobId) -> Answer:
    return send(caller.service, verify_batch_output_body(job_id, caller.credentials), path=caller.path)


def sent(caller: Registrar, *rows: dict[str, str | None], job_type: str = "FUL", header: str = "") -> JobId:
    body = batch_body(*rows, job_type=job_type, credentials=caller.credentials)
    return submit(caller.service, envelope(body, header), caller.path)


def to_verify(
    caller: Registrar, *rows: dict[str, str | None], email: str | None = None, header: str = ""
) -> JobId:
    body = verify_batch_body(*rows, email=email, credentials=caller.credentials)
    return submit(caller.service, envelope(body, header), caller.path)


def one_row(register: Database) -> None:
    assert a_worker(register, chunk_rows=1, turn_seconds=0).turn()


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two kinds of batches: how it is submitted and asked for, and its codes."""

    submit: Callable[..., JobId]
    ask: Callable[[Registrar, JobId], Answer]
    unfinished: str
    failed: str


REGISTRATION = Kind(sent, output, "WSRC0008", "WSRC0010")
VERIFICATION = Kind(to_verify, verify_output, "WSRC0026", "WSRC0028")
each_kind = pytest.mark.parametrize("kind", [REGISTRATION, VERIFICATION], ids=["registration", "verification"])


@each_kind
def test_an_unfinished_job_has_its_status_and_no_learner(
    caller: Registrar, register: Database, kind: Kind
) -> None:
    job_id = kind.submit(caller, ROW, OTHER)
    waiting = kind.ask(caller, job_id)
    assert state(waiting) == (kind.unfinished, "Waiting", None, None)
    one_row(register)
    begun = kind.ask(caller, job_id)
    assert state(begun) == (kind.unfinished, "InProgress", "a time", None)
    assert not learners(waiting)
    assert not learners(begun)
    assert counts_given(begun) == []
    assert caller.last().disclosed == ()


def counts_given(answer: Answer) -> list[str]:
    return [str(each.tag) for each in answer.reply() if str(each.tag).endswith("Count")]


@each_kind
@pytest.mark.parametrize("end", ["Failed", "Cancelled"])
def test_a_job_that_was_ended_shows_the_rows_that_were_done(
    caller: Registrar, register: Database, kind: Kind, end: str
) -> None:
    job_id = kind.submit(caller, ROW, OTHER)
    one_row(register)
    with register.writing() as writing:
        if end == "Failed":
            writing.jobs.fail(job_id, datetime.now(UTC), "Sent for another year.")
        else:
            writing.jobs.cancel(job_id, datetime.now(UTC))
    answer = kind.ask(caller, job_id)
    assert state(answer) == (kind.failed, end, "a time", "a time")
    (done,) = learners(answer)
    assert done["ULN"] == ROW["ULN"]
    assert caller.last().disclosed == (ROW["ULN"],)
    assert (sum(counts(answer)) if counts_given(answer) else 1) == 1


def test_a_job_that_was_ended_before_it_began_has_no_start(caller: Registrar, register: Database) -> None:
    job_id = sent(caller, ROW)
    with register.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
    answer = output(caller, job_id)
    assert state(answer) == ("WSRC0010", "Cancelled", None, "a time")
    assert counts(answer) == (0, 0, 0, 0, 0)
    assert not learners(answer)


@each_kind
def test_the_same_batch_sent_again_while_it_is_unfinished_has_the_first_number(
    caller: Registrar, register: Database, kind: Kind
) -> None:
    first = kind.submit(caller, ROW, OTHER)
    assert kind.submit(caller, ROW, OTHER) == first
    others = [
        kind.submit(caller, OTHER, ROW),
        kind.submit(caller, ROW),
        kind.submit(caller, ROW, {**OTHER, "MISIdentifier": "1"}),
        kind.submit(caller.another(), ROW, OTHER),
    ]
    assert len({first, *others}) == 5
    work_off(register)
    assert kind.submit(caller, ROW, OTHER) not in {first, *others}


def test_a_check_is_another_batch_than_a_registration_and_so_is_one_with_another_address(
    caller: Registrar,
) -> None:
    assert sent(caller, ROW) != sent(caller, ROW, job_type="CHK")
    plain = to_verify(caller, ROW)
    first = to_verify(caller, ROW, email="one@example.com")
    assert len({plain, first, to_verify(caller, ROW, email="two@example.com")}) == 3
    assert to_verify(caller, ROW, email="one@example.com") == first


def addressed(message_id: str, namespace: str = ADDRESSING) -> str:
    block = f'<a:MessageID xmlns:a="{namespace}">{message_id}</a:MessageID>'
    return f"<soapenv:Header>{block}</soapenv:Header>"


@pytest.mark.parametrize("namespace", [ADDRESSING, OLDER_ADDRESSING])
@pytest.mark.parametrize("name", ["urn:uuid:{}", "x" * 5_000 + "{}"])
def test_the_same_message_id_within_a_day_has_the_first_number(
    caller: Registrar, register: Database, namespace: str, name: str
) -> None:
    name = name.format(caller.ref)
    one = newcomer()
    first = sent(caller, one, header=addressed(name, namespace))
    work_off(register)
    assert sent(caller, one, header=addressed(f"\n {name} ", namespace)) == first
    assert sent(caller, newcomer(), header=addressed(name, namespace)) != first
    assert sent(caller, one, header=addressed(f"{name}!", namespace)) != first
    assert sent(caller.another(), one, header=addressed(name, namespace)) != first
    assert to_verify(caller, ROW, header=addressed(name, namespace)) != first
    yesterday = datetime.now(UTC) - timedelta(days=1, seconds=1)
    caller.execute("UPDATE job SET submitted_at = :at WHERE id = :id", at=stored(register, yesterday), id=first)
    assert sent(caller, one, header=addressed(name, namespace)) != first


def stored(register: Database, moment: datetime) -> object:
    """A moment as a statement of one's own gives it to the database."""
    return moment if register.dialect == "postgresql" else moment.isoformat(timespec="microseconds")


@pytest.mark.parametrize("header", ["<soapenv:Header/>", addressed(" "), addressed("x", "urn:other")])
def test_a_header_without_a_message_id_says_nothing(caller: Registrar, register: Database, header: str) -> None:
    first = sent(caller, ROW, header=header)
    work_off(register)
    assert sent(caller, ROW, header=header) != first


def test_an_accepted_batch_is_stored_with_its_rows_and_its_audit_entry(
    caller: Registrar, register: Database
) -> None:
    before = datetime.now(UTC)
    job_id = sent(caller, ROW, OTHER, job_type="CHK")
    with register.reading() as reading:
        job = reading.jobs.get(job_id)
        rows = [row.given for row, result in reading.jobs.results(job_id) if result is None]
    assert job is not None
    entry = caller.last()
    assert (job.message_id, job.user, job.ukprn) == (entry.message_id, entry.user, f"70{caller.ref}")
    assert (job.form, job.rows, job.done) == ("CHK", 2, 0)
    assert before <= job.submitted_at <= datetime.now(UTC)
    assert [row["given_name"] for row in rows] == ["Darcie", "Somebody"]
