"""Batches of registrations for tests: rows as a caller sends them, and a register to work them off in."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.unit.learners import DARCIE

from uln_contract.records import BatchLearner
from uln_server.batch.job import Job, JobKind, Processor, Row
from uln_server.batch.registering import RegisteringUnit, Registration
from uln_server.batch.registration_rows import CHECK, FULL, OF_FILE, given, marked
from uln_server.register.demographics import Demographics
from uln_server.register.learner import Learner
from uln_server.store.database import Database
from uln_server.store.units import Writing

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
JOB = Job(
    id=100_001,
    kind=JobKind.REGISTRATION,
    form=FULL,
    organisation_id=1,
    ukprn="90000003",
    user="tester",
    message_id="message",
    submitted_at=NOW,
    rows=1,
)
CHECKING = replace(JOB, form=CHECK)
IN_A_FILE = replace(JOB, given=OF_FILE)
NEWCOMER = BatchLearner(
    mis_identifier="MIS-0042",
    given_name="Wilhelmina",
    family_name="Ashdown",
    date_of_birth="2004-05-06",
    gender="2",
    last_known_post_code="LS1 4AP",
    ability_to_share="1",
    verification_type="2",
)


def like(learner: Learner, **fields: str | None) -> BatchLearner:
    """A row with a learner's five, sent without ULN unless one is given."""
    sent: dict[str, Any] = {each.name: getattr(learner, each.name) for each in dataclasses.fields(Demographics)}
    return BatchLearner(**{**sent, "ability_to_share": "1", "verification_type": "1", **fields})


def of_darcie(**fields: str | None) -> BatchLearner:
    """A row that says who Darcie is, and her ULN."""
    return like(DARCIE, **{"uln": DARCIE.uln, **fields})


def rows(*learners: BatchLearner) -> list[Row]:
    return [Row(position, each) for position, each in enumerate(given(learners), 1)]


def of_file(learner: BatchLearner, **more: str) -> dict[str, str | None]:
    """A row as a file gives it, with what only a file has."""
    sent: Mapping[str, str | None] = {each.attribute: getattr(learner, each.attribute) for each in learner.FIELDS}
    return {**sent, **more}


def work_off_file(database: Database, *learners: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """The code of each row of a file, and the ULN beside it."""
    with database.writing() as writing:
        return worked_off(writing, [Row(place, each) for place, each in enumerate(marked(learners), 1)], IN_A_FILE)


def work_off(
    database: Database, *learners: BatchLearner, job: Job = JOB, opt_out: bool = False
) -> list[tuple[str, str | None]]:
    """The code of each row, and the ULN beside it."""
    with database.writing() as writing:
        return worked_off(writing, rows(*learners), job, opt_out=opt_out)


def worked_off(
    writing: Writing, given_rows: Sequence[Row], job: Job = JOB, *, opt_out: bool = False
) -> list[tuple[str, str | None]]:
    """The same, in a transaction that goes on."""
    processor: Processor[RegisteringUnit] = Registration(opt_out=opt_out, clock=lambda: NOW)
    results = processor.process(job, given_rows, writing)
    assert [each.position for each in results] == [each.position for each in given_rows]
    return [(each.code, each.values.get("uln")) for each in results]
