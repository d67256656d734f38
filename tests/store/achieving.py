"""A register in which achievements can be recorded, and jobs of achievements that are worked off on it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tests.store.adding import a_submission
from tests.store.builders import an_organisation
from tests.unit.record.submissions import AO, UNIT

from uln_server.access.organisation import Organisation
from uln_server.batch.achieving import FINDINGS, Achieving
from uln_server.batch.job import Fields, Job, JobKind, Processors
from uln_server.batch.worker import Worker
from uln_server.catalogue.entry import Entry
from uln_server.record.action import ACTIONS
from uln_server.register.authorship import Author
from uln_server.register.learner import Learner
from uln_server.store.catalogue import Change
from uln_server.store.database import Database

ACHIEVING: Processors = {JobKind.ACHIEVEMENTS: Achieving(ACTIONS)}
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def prepared(database: Database, *learners: Learner, entries: Iterable[Entry] = (UNIT,)) -> Organisation:
    """Make the register one in production with these learners and this catalogue, and give an AO."""
    found = [Change(None, each) for each in entries]
    with database.writing() as writing:
        writing.register.create("production")
        for each in learners:
            writing.learners.add(each)
        writing.catalogue.put(found, Author(at=NOW, message_id="catalogue"))
    return an_organisation(database, AO)


def submit(database: Database, by: Organisation, *given: Fields, form: str = "Final") -> int:
    submission = a_submission(by.id, ukprn=by.ukprn, kind=JobKind.ACHIEVEMENTS, form=form, at=NOW)
    return database.change(lambda unit: unit.jobs.submit(submission, given))


def work_off(database: Database, chunk_rows: int = 2) -> None:
    """Work off what there is."""
    worker = Worker(database, ACHIEVING, lease=timedelta(seconds=30), trouble=_unexpected, chunk_rows=chunk_rows)
    while worker.turn():
        pass


def codes(database: Database, job_id: int) -> Iterator[tuple[str, str]]:
    """Each row's code and findings."""
    for _, result in database.reading().jobs.results(job_id):
        assert result is not None
        yield result.code, result.values.get(FINDINGS) or ""


def worked_off(database: Database, by: Organisation, *given: Fields, form: str = "Final") -> list[tuple[str, str]]:
    """Submit a job and work it off, two rows a chunk."""
    job_id = submit(database, by, *given, form=form)
    work_off(database)
    return list(codes(database, job_id))


def _unexpected(job: Job, error: Exception) -> None:  # noqa: ARG001  # the worker's signature
    raise error
