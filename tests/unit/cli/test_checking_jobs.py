"""What ``check`` says of jobs that nobody works off, and of a mail server that does not answer."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.store.adding import submit
from tests.store.builders import an_organisation
from tests.store.mail import PASSWORD, mail_server, secured_by
from tests.unit.cli.running import Operator

from uln_server import tls
from uln_server.batch.job import JobKind
from uln_server.cli.checking_jobs import jobs_findings
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.working import Working, WorkingThread

LONG_AGO = timedelta(hours=1)


def told(database: Database, **settings: bool) -> list[str]:
    chosen = Settings.model_validate({"database": str(database.url), **settings})
    return [f"{each.level}: {each.text} {each.remedy}" for each in jobs_findings(chosen, database)]


@pytest.fixture
def organisation(database: Database) -> int:
    with database.writing() as writing:
        writing.register.create("production")
    return an_organisation(database).id


def test_jobs_that_nobody_works_off_are_a_warning(database: Database, organisation: int) -> None:
    assert told(database) == []
    submit(database, organisation, 1, at=datetime.now(UTC) - LONG_AGO)
    (said,) = told(database, serve_jobs=False)
    assert said.startswith("warning: Jobs wait (1, the first since 20")
    assert "uln-server worker" in said
    assert "uln-server serve" in told(database, serve_jobs=True)[0]
    # Somebody took a turn: all the others wait for theirs.
    submit(database, organisation, 1, at=datetime.now(UTC) - LONG_AGO)
    with database.writing() as writing:
        assert writing.job_work.claim(JobKind, timedelta(seconds=60)) is not None
    assert len(told(database)) == (database.dialect == "postgresql")


def test_a_job_that_has_just_come_is_none_where_somebody_may_see_it_soon(
    database: Database, organisation: int
) -> None:
    settings = Settings(database=database.url.render_as_string(hide_password=False))
    thread = WorkingThread(Working(settings, database, {}))
    thread.start()
    try:
        submit(database, organisation, 1)
        if database.dialect == "postgresql":
            while database.reading().job_work.waiting(timedelta(seconds=60)).workers == 0:
                time.sleep(0.005)
        assert told(database) == []
    finally:
        thread.close()


def test_a_mail_server_is_asked(sandbox: Operator, folder: Path) -> None:
    file = folder / "uln-server.toml"
    fields = 'mail_host = "127.0.0.1"\nmail_from = "lrs@example.org"\n'
    with mail_server() as (received, port):
        file.write_text(f'{fields}mail_port = {port}\nmail_security = "none"\n')
        assert sandbox.run("check").err == ""
        file.write_text(f"{fields}mail_port = {port}\n")
        assert "takes no messages from here: SMTPNotSupportedError" in sandbox.run("check").err
    assert received.envelopes == []
    ran = sandbox.run("check")
    assert ran.exit == 0
    assert f"warning: The mail server 127.0.0.1:{port} takes no messages from here: " in ran.err


def test_a_password_that_the_mail_server_refuses_is_said_and_not_shown(sandbox: Operator, folder: Path) -> None:
    made = tls.prepare(folder / "tls", [])
    with mail_server(context=secured_by(made.server), starttls=True) as (_, port):
        (folder / "uln-server.toml").write_text(
            f'mail_host = "127.0.0.1"\nmail_from = "lrs@example.org"\nmail_port = {port}\nmail_user = "uln"\n'
            f'mail_password = "not {PASSWORD}"\nmail_ca = "{made.authority.as_posix()}"\n'
        )
        said = sandbox.run("check").err
    assert "it answers 535 (SMTPAuthenticationError)" in said
    assert PASSWORD not in said
