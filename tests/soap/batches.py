"""Batches: submitted, waited for, worked off by hand, and their outputs read."""

import re
import time
from datetime import timedelta

import pytest
from lxml import etree
from tests.service import RunningService
from tests.soap.wire import TODAY, Answer, batch_output_body, send, verify_batch_output_body

from uln_server.batch.achieving import Achieving
from uln_server.batch.job import Job, JobKind, Processors
from uln_server.batch.registering import Registration
from uln_server.batch.verifying import Verification
from uln_server.batch.worker import TURN_SECONDS, Worker
from uln_server.record.action import ACTIONS
from uln_server.store.database import Database

PROCESSORS: Processors = {
    JobKind.REGISTRATION: Registration(opt_out=False),
    JobKind.VERIFICATION: Verification(),
    JobKind.ACHIEVEMENTS: Achieving(ACTIONS),
}
UNFINISHED = re.compile(rb"<ResponseCode>(WSRC0008|WSRC0026)</ResponseCode>")
COUNTS = (
    *("NewLearnersCount", "ExistsUpdatedLearnersCount", "PossibleMatchLearnersCount"),
    *("LearnersNotFoundCount", "RejectedLearnersCount"),
)
TIMES = ("JobStartedDateTime", "JobFinishedDateTime")
PATIENCE_SECONDS = 20.0


def submit(service: RunningService, body: str | bytes, path: str = TODAY) -> int:
    """Submit a batch that is accepted, and give its number."""
    answer = send(service, body, path=path)
    assert answer.text("ResponseCode") in {"WSRC0007", "WSRC0025"}
    return int(answer.text("JobID") or 0)


def finished(service: RunningService, body: str, path: str = TODAY) -> Answer:
    """Ask for an output until it says that the job has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while UNFINISHED.search((answer := send(service, body, path=path)).body):
        assert time.monotonic() < deadline, answer.body
        time.sleep(0.01)
    return answer


def registered(service: RunningService, body: str, credentials: str, path: str = TODAY) -> Answer:
    """Submit a batch registration and wait for its output."""
    return finished(service, batch_output_body(submit(service, body, path), credentials), path)


def verified(service: RunningService, body: str, credentials: str, path: str = TODAY) -> Answer:
    """Submit a batch verification and wait for its output."""
    return finished(service, verify_batch_output_body(submit(service, body, path), credentials), path)


def learners(answer: Answer) -> list[dict[str, str]]:
    """The learners of an output; of what comes several times, such as flags, all together."""
    rows = answer.reply().xpath("Learner|VerifiedLearner")
    return [_texts(each) for each in rows]


def _texts(row: etree._Element) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in row:
        before = texts.get(str(each.tag))
        texts[str(each.tag)] = f"{before} {each.text}" if before else each.text or ""
    return texts


def state(answer: Answer) -> tuple[str | None, ...]:
    """Response code, status, and whether each time is there."""
    times = [answer.text(name) for name in TIMES]
    assert all(each is None or re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", each) for each in times)
    said = (None if each is None else "a time" for each in times)
    return (answer.reply()[0].text, answer.text("JobStatus"), *said)


def counts(answer: Answer) -> tuple[int, ...]:
    return tuple(int(answer.text(name) or -1) for name in COUNTS)


def a_worker(database: Database, *, chunk_rows: int = 500, turn_seconds: float = TURN_SECONDS) -> Worker:
    def trouble(job: Job, error: Exception) -> None:
        pytest.fail(f"{job.id}: {error!r}")

    return Worker(
        database,
        PROCESSORS,
        lease=timedelta(seconds=60),
        trouble=trouble,
        chunk_rows=chunk_rows,
        turn_seconds=turn_seconds,
    )


def work_off(database: Database) -> None:
    """Let every job of a register be finished where no worker runs."""
    worker = a_worker(database)
    while worker.turn():
        pass
