"""Jobs whose rows are learners to be added, and what must hold of them however often they were broken off."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.store.builders import a_learner

from uln_server.batch.job import Fields, Job, JobKind, Processors, Row, RowResult, Submission
from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.store.database import Database

EVERY_FIFTH = 5
"""Which rows are refused."""
_numbers = itertools.count(1)


class Adding:
    """Registers a learner for each row, all of a chunk at once, and refuses every fifth."""

    def process(self, job: Job, rows: Sequence[Row], unit: Any) -> Sequence[RowResult]:
        by = Author(at=datetime.now(UTC), message_id=job.message_id, user=job.user)
        wanted = [row for row in rows if row.position % EVERY_FIFTH]
        newcomers = [a_learner("", given_name=row.given["GivenName"]) for row in wanted]
        added = unit.learners.register_all(newcomers, by) if newcomers else ()
        ulns = {row.position: each.uln for row, each in zip(wanted, added, strict=True)}
        return [_result(row.position, ulns.get(row.position)) for row in rows]


def _result(position: int, uln: str | None) -> RowResult:
    return RowResult(position, "RC006") if uln is None else RowResult(position, "RC001", {"ULN": uln})


ADDING: Processors = {JobKind.REGISTRATION: Adding()}


def people(count: int) -> Iterator[Fields]:
    return ({"GivenName": f"Newcomer{number}", "Notes": None} for number in range(1, count + 1))


def a_submission(organisation_id: int, **changes: Any) -> Submission:
    number = next(_numbers)
    fields: dict[str, Any] = {
        "kind": JobKind.REGISTRATION,
        "form": "FUL",
        "organisation_id": organisation_id,
        "ukprn": "90000001",
        "user": "Someone",
        "message_id": f"message-{number}",
        "digest": f"{number:064}",
        "at": datetime.now(UTC),
    }
    return Submission(**{**fields, **changes})


def submit(database: Database, organisation_id: int, rows: int, **changes: Any) -> int:
    return database.change(lambda unit: unit.jobs.submit(a_submission(organisation_id, **changes), people(rows)))


def the_job(database: Database, job_id: int) -> Job:
    job = database.reading().jobs.get(job_id)
    assert job is not None
    return job


def assert_once(database: Database, *job_ids: int) -> None:
    """Each row that is done has one result, each registration its row, and the counters add up; at one moment."""
    answered: Counter[tuple[str | None, str]] = Counter()
    with database.snapshot() as reading:
        registered = Counter(
            (each.message_id, each.uln) for each in reading.events.after() if each.kind is EventKind.REGISTERED
        )
        for job_id in job_ids:
            job = the_job(database, job_id)
            pairs = list(reading.jobs.results(job_id))
            assert [row.position for row, _ in pairs] == list(range(1, job.rows + 1))
            results = [result for _, result in pairs if result is not None]
            assert [each.position for each in results] == list(range(1, job.done + 1))
            assert Counter(each.code for each in results) == job.counts
            ulns = [str(each.values["ULN"]) for each in results if each.code == "RC001"]
            answered.update((job.message_id, uln) for uln in ulns)
            names = [row.given["GivenName"] for row, _ in pairs]
            held = {uln: each.asked.given_name for uln, each in reading.learners.entries(ulns).items()}
            shown = {each.values["ULN"]: row.given["GivenName"] for row, each in pairs if each and each.values}
            assert held == shown
            assert len(set(names)) == job.rows
    assert answered == registered
