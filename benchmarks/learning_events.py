"""Reading a Personal Learning Record of 200 learning events: one again and again, and each anew."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import job_messages
from benchmarks.job_registers import UNITS, Person, people
from benchmarks.registers import UKPRN
from benchmarks.sides import Side, compare, http_request

from uln_server.batch.achieving import Achieving
from uln_server.batch.job import Fields, Job, JobKind, Submission
from uln_server.batch.worker import Worker
from uln_server.record.action import ACTIONS, Form
from uln_server.store.database import Database

EVENTS = 200
LEARNERS = 20
CONNECTIONS = (8, 32)


def measure(registers: Mapping[str, str], size: int, folder: Path) -> None:
    """Record what learners achieved, and ask for all of it.

    The same learner is asked for again and again, whose record the service keeps ready, and learners in turn of a
    service that keeps nothing: each record is read and written as when it is asked for the first time.
    """
    who = people(size, LEARNERS, seed=EVENTS)
    sides = []
    for database, url in registers.items():
        _record(url, who)
        requests = [
            http_request(job_messages.learning_events(each, "FULL"), "/LearnerServiceR9.svc") for each in who
        ]
        name = f"GetLearnerLearningEvents, FULL, {EVENTS} events, {database}"
        again = f"{name}, one learner again and again"
        anew = f"{name}, {LEARNERS} learners in turn, each read anew (nothing kept)"
        sides.append(Side(again, "service", url, "WSRC0004", requests[:1]))
        sides.append(Side(anew, "unkept", url, "WSRC0004", requests))
    compare(sides, folder, CONNECTIONS)


def _record(url: str, who: Sequence[Person]) -> None:
    with Database.open(url) as database:
        organisation = database.reading().organisations.by_identifier(UKPRN)
        if organisation is None:
            raise ValueError("The register lacks the benchmark's organisation.")
        submission = Submission(
            kind=JobKind.ACHIEVEMENTS,
            form=Form.FINAL,
            organisation_id=organisation.id,
            ukprn=UKPRN,
            user="bench",
            message_id="benchmark",
            digest=secrets.token_hex(32),
            at=datetime.now(UTC),
        )
        database.change(lambda unit: unit.jobs.submit(submission, list(_achieved(who))))
        processors = {JobKind.ACHIEVEMENTS: Achieving(ACTIONS)}
        worker = Worker(
            database, processors, lease=timedelta(minutes=1), trouble=_unexpected, chunk_rows=500, turn_seconds=60
        )
        while worker.turn():
            pass


def _achieved(who: Sequence[Person]) -> Iterator[Fields]:
    for each in who:
        for unit in UNITS[:EVENTS]:
            yield {
                "AchievementAwardDate": "2026-06-30T00:00:00",
                "Action": "1",
                "ActionDate": "2026-07-01T09:30:00Z",
                "FamilyName": each.family_name,
                "GivenName": each.given_name,
                "Grade": "Pass",
                "LanguageForAssessment": "English",
                "ProviderUkprn": "10001000",
                "Uln": each.uln,
                "UnitOrQualificationReferenceNumber": unit.reference,
            }


def _unexpected(job: Job, error: Exception) -> None:  # noqa: ARG001  # the worker's signature
    raise error
