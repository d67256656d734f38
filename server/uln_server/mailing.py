"""Telling the sender of a job by mail that it has ended, beside whatever works jobs off (ADR 13)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from smtplib import SMTPResponseException

from uln_server.batch.completion import address_of, completion
from uln_server.logs import tell
from uln_server.mail_server import Connection, MailServer, Refused
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.store.job_mail import TakenMail

GIVEN_UP_AFTER = timedelta(days=1)
"""How long after a job's end a message about it is still tried [O]."""
LONGEST_PAUSE = timedelta(minutes=10)
"""Between two tries at most; the first pause is five seconds, each further one twice as long [O]."""
_FIRST_PAUSE = timedelta(seconds=5)
_ANSWERS = 20  # of the mail server about one message, at most: so long others leave it alone
_LOOK_SECONDS = 5.0  # between two looks for what others ended, and for what is to be tried again
_END_SECONDS = 5.0
_NO_ADDRESS = 553  # as a mail server says it


class Mailing:
    """Sends what is due, on a thread of its own, one message after the other.

    At least once [O]: a process that dies between the mail server's yes and its own note of it leaves the message
    to be sent again, under the same Message-ID. ``first_pause`` is how soon a message is tried again.
    """

    def __init__(self, settings: Settings, database: Database, *, first_pause: timedelta = _FIRST_PAUSE) -> None:
        self._server = MailServer(settings)
        self._service = settings.public_url
        self._database = database
        self._lease = timedelta(seconds=_ANSWERS * settings.mail_seconds)
        self._first_pause = first_pause
        self._look_seconds = min(_LOOK_SECONDS, first_pause.total_seconds())
        self._ended = threading.Event()
        self._bell = threading.Event()

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Send while the block runs; a message that is under way at its end is not waited for long."""
        thread = threading.Thread(target=self._run, name="mail", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._bell.set()
            thread.join(_END_SECONDS)

    def ring(self) -> None:
        """Look now: a job has ended."""
        self._bell.set()

    def send_due(self) -> None:
        """Send what is due; what cannot be sent now is left for later.

        Raises ``StoreError`` where the database is in the way.
        """
        self.give_up()
        taken = self._next()
        if taken is None:
            return
        try:
            with self._server.connected() as connection:
                while taken is not None:
                    self._send(taken, connection)
                    taken = None if self._ended.is_set() else self._next()
        except OSError as error:
            if taken is not None:
                self._try_later(taken, error)

    def give_up(self) -> None:
        """Never send what has waited too long, or was due before there was a mail server."""
        before = datetime.now(UTC) - GIVEN_UP_AFTER
        with self._database.writing() as writing:
            given_up = writing.job_mail.give_up(before)
        if given_up:
            tell("warning", "completion mail given up", messages=given_up)

    def _run(self) -> None:
        while not self._ended.is_set():
            # Before the look, so that whoever rings meanwhile is heard.
            self._bell.clear()
            try:
                with self._database.reading() as reading:
                    due = reading.job_mail.due()
                if due:
                    self.send_due()
            except Exception as error:  # noqa: BLE001  # the messages wait, and the jobs go on
                tell("warning", "completion mail trouble", error=type(error).__name__)
            self._bell.wait(self._look_seconds)

    def _next(self) -> TakenMail | None:
        with self._database.writing() as writing:
            return writing.job_mail.take(self._lease)

    def _send(self, taken: TakenMail, connection: Connection) -> None:
        try:
            self._hand_over(taken, connection)
        except Refused as error:
            tell("warning", "completion mail refused", job=taken.job.id, code=error.code)
            with self._database.writing() as writing:
                writing.job_mail.drop(taken)
            return
        with self._database.writing() as writing:
            writing.job_mail.sent(taken)
        tell("info", "completion mail sent", job=taken.job.id, tries=taken.tries)

    def _hand_over(self, taken: TakenMail, connection: Connection) -> None:
        address = address_of(taken.job)
        if address is None:
            raise Refused(_NO_ADDRESS)
        with self._database.reading() as reading:
            sandbox = reading.register.kind == "sandbox"
        said = completion(taken.job, sandbox=sandbox, service=self._service)
        connection.send(address, said.subject, said.text, _name(taken))

    def _try_later(self, taken: TakenMail, error: OSError) -> None:
        """Let a message wait, and log by type and number alone: the server's words may quote an address."""
        pause = min(LONGEST_PAUSE, self._first_pause * 2 ** min(taken.tries - 1, 16))
        code = error.smtp_code if isinstance(error, SMTPResponseException) else None
        tell("warning", "completion mail trouble", job=taken.job.id, error=type(error).__name__, code=code)
        with self._database.writing() as writing:
            writing.job_mail.later(taken, pause)


def _name(taken: TakenMail) -> str:
    """What tells the message about this end of this job from any other."""
    ended = taken.job.finished_at or taken.until
    return f"uln-job-{taken.job.id}-{ended:%Y%m%dT%H%M%S%f}"
