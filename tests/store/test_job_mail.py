"""Messages about jobs that have ended: sent once, to whoever asked for it, whatever the mail server does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs
from tests.store.adding import ADDING, submit, the_job
from tests.store.builders import an_organisation
from tests.store.mail import SENDER, Received, mail_server, mail_settings

from uln_server.batch.job import JobKind, JobStatus
from uln_server.mailing import GIVEN_UP_AFTER, Mailing
from uln_server.store.database import Database
from uln_server.working import Working, WorkingThread

TO = "exams.office@example.ac.uk"
KINDS = (JobKind.REGISTRATION,)
LEASE = timedelta(seconds=30)
SOON = timedelta(milliseconds=20)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Received, int]]:
    with mail_server() as (received, port):
        yield received, port


@pytest.fixture
def post(shared: tuple[Received, int]) -> tuple[Received, int]:
    received, _ = shared
    received.envelopes.clear()
    received.answers.clear()
    return shared


@pytest.fixture
def organisation(database: Database) -> int:
    with database.writing() as writing:
        writing.register.create("production")
    return an_organisation(database).id


def cancelled(database: Database, organisation: int, to: str = TO, name: str = "org_email") -> int:
    """A job that an operator ended: with its address, and so with a message that is due."""
    job_id = submit(database, organisation, 2, given={name: to})
    with database.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
    return job_id


def mailing(database: Database, port: int) -> Mailing:
    return Mailing(mail_settings(port), database, first_pause=SOON)


def due(database: Database) -> int:
    return database.reading().job_mail.due()


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@contextmanager
def working(database: Database, port: int) -> Iterator[None]:
    settings = mail_settings(port, job_lease_seconds=2)
    thread = WorkingThread(Working(settings, database, ADDING, mailing=mailing(database, port)))
    thread.start()
    try:
        yield
    finally:
        thread.close()


def test_whoever_works_a_job_off_sends_one_message_about_it(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    told = submit(database, organisation, 5, given={"org_email": TO})
    untold = submit(database, organisation, 1)
    with working(database, port):
        await_that(lambda: len(received.envelopes) > 0)
        await_that(lambda: the_job(database, untold).status.finished)
    assert due(database) == 0
    (message,) = received.messages
    assert [(each.mail_from, each.rcpt_tos) for each in received.envelopes] == [(SENDER, [TO])]
    assert message["Subject"] == f"Job {told} has ended: Successful"
    assert (message["To"], message["From"]) == (TO, f"ULN Interchange <{SENDER}>")
    assert message["Auto-Submitted"] == "auto-generated"
    said = message.get_content()
    assert f"uln job {told}" in said
    assert "5 of 5" in said
    assert "4  RC001: " in said
    assert "Newcomer" not in received.envelopes[0].content.decode()  # type: ignore[union-attr]  # bytes
    state = database.reading().job_mail.state(told)
    assert state is not None
    assert (state.due_at, state.tries, state.sent_at is not None) == (None, 1, True)
    assert database.reading().job_mail.state(1) is None


def test_a_mail_server_that_is_away_is_waited_for(database: Database, organisation: int) -> None:
    with mail_server() as (_, port):
        pass
    job_id = cancelled(database, organisation, name="email")
    with capture_logs() as log, working(database, port):

        def tried() -> bool:
            state = database.reading().job_mail.state(job_id)
            return state is not None and state.tries > 1

        await_that(tried)
        done = submit(database, organisation, 3)
        await_that(lambda: the_job(database, done).status is JobStatus.SUCCESSFUL)
        with mail_server(port) as (received, _):
            await_that(lambda: bool(received.envelopes))
            await_that(lambda: database.reading().job_mail.state(job_id).sent_at is not None)  # type: ignore[union-attr]  # the job is there
    assert received.receivers == [TO]
    assert {"completion mail trouble", "completion mail sent"} <= {each["event"] for each in log}
    assert "example" not in str(log)


def test_what_is_refused_for_good_is_not_tried_again_and_holds_up_no_other(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    refused, sent = cancelled(database, organisation), cancelled(database, organisation, "other@example.org")
    received.answers.append(f"550 no such mailbox {TO}")
    with capture_logs() as log:
        mailing(database, port).send_due()
    assert due(database) == 0
    assert received.receivers == ["other@example.org"]
    states = [database.reading().job_mail.state(each) for each in (refused, sent)]
    assert [each is not None and each.sent_at is not None for each in states] == [False, True]
    assert {"event": "completion mail refused", "job": refused, "code": 550, "log_level": "warning"} in log
    assert "example" not in str(log)


def test_what_is_refused_for_now_is_tried_again(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    job_id = cancelled(database, organisation)
    received.answers.append("451 greylisted")
    sending = mailing(database, port)
    sending.send_due()
    assert received.envelopes == []
    await_that(lambda: due(database) == 1)
    sending.send_due()
    assert received.receivers == [TO]
    assert database.reading().job_mail.state(job_id).tries == 2  # type: ignore[union-attr]  # it is known


def test_many_at_once_send_each_message_once(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    addresses = sorted(f"office{number:02}@example.org" for number in range(12))
    for each in addresses:
        cancelled(database, organisation, each)
    threads = [threading.Thread(target=mailing(database, port).send_due) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert received.receivers == addresses


def test_no_message_is_sent_about_what_was_undone(database: Database, organisation: int) -> None:
    job_id = submit(database, organisation, 1, given={"org_email": TO})

    def undone() -> None:
        with database.writing() as writing:
            writing.jobs.cancel(job_id, datetime.now(UTC))
            raise TimeoutError

    with pytest.raises(TimeoutError):
        undone()
    assert due(database) == 0


@pytest.mark.parametrize(
    "given", [{}, {"org_email": None}, {"org_email": "eve@example.org\r\nBcc: x@example.org"}]
)
def test_without_an_address_there_is_nothing_to_be_sent(
    database: Database, organisation: int, given: dict[str, str | None]
) -> None:
    job_id = submit(database, organisation, 1, given=given)
    with database.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC))
    assert due(database) == 0


def test_each_end_of_a_job_has_its_message(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    job_id, sending = cancelled(database, organisation), mailing(database, port)
    sending.send_due()
    with database.writing() as writing:
        writing.jobs.retry(job_id, datetime.now(UTC))
    assert due(database) == 0
    with database.writing() as writing:
        writing.jobs.fail(job_id, datetime.now(UTC), "Ask Kim Doe.")
    sending.send_due()
    first, second = received.messages
    assert (first["Subject"][-9:], second["Subject"][-6:]) == ("Cancelled", "Failed")
    assert first["Message-ID"] != second["Message-ID"]
    assert "Kim" not in second.get_content()


def test_whoever_dies_while_it_sends_leaves_the_message_to_others(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    cancelled(database, organisation)
    with database.writing() as writing:
        late = writing.job_mail.take(SOON)
        assert writing.job_mail.take(SOON) is None
    assert late is not None
    await_that(lambda: due(database) == 1)
    mailing(database, port).send_due()
    assert received.receivers == [TO]
    with database.writing() as writing:
        writing.job_mail.later(late, -LEASE)
    assert due(database) == 0


def test_a_message_that_nobody_could_send_is_given_up_after_a_day(
    database: Database, organisation: int, post: tuple[Received, int]
) -> None:
    received, port = post
    job_id = submit(database, organisation, 1, given={"org_email": TO})
    with database.writing() as writing:
        writing.jobs.cancel(job_id, datetime.now(UTC) - GIVEN_UP_AFTER - SOON)
    assert due(database) == 1
    mailing(database, port).send_due()
    assert (due(database), received.envelopes) == (0, [])
