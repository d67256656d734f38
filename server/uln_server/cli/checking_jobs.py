"""What ``uln-server check`` alone looks at: whether jobs are worked off, and the mail server answers."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from smtplib import SMTPResponseException

from uln_server.cli.checking import Finding, Level
from uln_server.mail_server import MailServer
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.store.job_work import Waiting
from uln_server.working import serves_jobs


def jobs_findings(settings: Settings, database: Database) -> Iterator[Finding]:
    """Look for jobs that wait while nobody takes a turn."""
    lease = timedelta(seconds=settings.job_lease_seconds)
    with database.reading() as reading:
        waiting = reading.job_work.waiting(lease)
        sandbox = reading.register.kind == "sandbox"
    if waiting.since is None or not _unattended(waiting, lease):
        return
    since = f"{waiting.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield Finding(
        Level.WARNING,
        f"Jobs wait ({waiting.jobs}, the first since {since}), and nobody works them off.",
        "Start `uln-server serve`: as it is set up, it works jobs off itself."
        if serves_jobs(settings, sandbox=sandbox, dialect=database.dialect)
        else "Start `uln-server worker`, on any machine with these settings, or set serve_jobs = true.",
    )


def _unattended(waiting: Waiting, lease: timedelta) -> bool:
    """Tell whether nobody is there, or whoever is there has taken no turn for as long as a claim may hold [O]."""
    if waiting.workers == 0:
        return True
    latest = max(filter(None, (waiting.since, waiting.last_turn)))
    return waiting.now - latest > lease


def mail_findings(settings: Settings) -> Iterator[Finding]:
    """Connect to the mail server and log in, as for a message."""
    if settings.mail_host is None:
        return
    server = MailServer(settings)
    try:
        with server.connected():
            pass
    except OSError as error:
        yield Finding(
            Level.WARNING,
            f"The mail server {server.host}:{server.port} takes no messages from here: {_reason(error)}.",
            "Compare the settings that begin with mail_ with what its operator says. Messages wait for a day.",
        )


def _reason(error: OSError) -> str:
    """Say what went wrong without the server's words, which may quote a name."""
    if isinstance(error, SMTPResponseException):
        return f"it answers {error.smtp_code} ({type(error).__name__})"
    return error.strerror or type(error).__name__
