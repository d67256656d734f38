"""The mail server of the settings: handing a message over to it, and asking whether it answers (ADR 13)."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime

from uln_server.batch.mail_address import mail_address
from uln_server.settings import Settings

_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_NAME = "ULN Interchange"
_PERMANENT = 500  # the first of the answers that will be no other tomorrow


class Refused(Exception):  # noqa: N818  # the mail server's word
    """The mail server takes this message neither now nor later; ``code`` is its answer."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The mail server answered {code}.")
        self.code = code


class MailServer:
    """Where messages are handed over, as the settings say; ``mail_host`` must be set.

    Everything but ``Refused`` that a method raises (``OSError``, of which ``smtplib.SMTPException`` is one) may
    pass: the server is away, busy, or the settings are wrong. Its words may quote an address.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._from = mail_address(settings.mail_from or "") or ""
        self.host = str(settings.mail_host)
        self.port = settings.mail_port or _PORTS[settings.mail_security]

    @contextmanager
    def connected(self) -> Iterator["Connection"]:
        """Connect, secured and logged in as the settings say."""
        session = self._session()
        try:
            session.ehlo_or_helo_if_needed()
            if self._settings.mail_security == "starttls":
                session.starttls(context=self._trust())
            if self._settings.mail_user is not None and self._settings.mail_password is not None:
                session.login(self._settings.mail_user, self._settings.mail_password.get_secret_value())
            yield Connection(session, self._from)
            with suppress(OSError):
                session.quit()
        finally:
            session.close()

    def _session(self) -> smtplib.SMTP:
        seconds = self._settings.mail_seconds
        if self._settings.mail_security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=seconds, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=seconds)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.mail_ca)


class Connection:
    """A connection to the mail server, for one message after the other."""

    def __init__(self, session: smtplib.SMTP, sender: str) -> None:
        self._session = session
        self._sender = sender

    def send(self, address: str, subject: str, text: str, name: str) -> None:
        """Hand a message over; the same one sent again has the same ``name`` and so the same Message-ID.

        Raises ``Refused``, or an ``OSError`` for what may pass.
        """
        message = self._message(address, subject, text, name)
        try:
            self._session.send_message(message, self._sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = error.recipients[address]
            raise (Refused(code) if code >= _PERMANENT else error) from None
        except smtplib.SMTPDataError as error:
            raise (Refused(error.smtp_code) if error.smtp_code >= _PERMANENT else error) from None

    def _message(self, address: str, subject: str, text: str, name: str) -> EmailMessage:
        """Make the message; its headers refuse line ends by themselves."""
        message = EmailMessage()
        message["From"] = Address(_NAME, addr_spec=self._sender)
        message["To"] = Address(addr_spec=address)
        message["Subject"] = subject
        message["Date"] = localtime()
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2]}>"
        # Out-of-office answers and lists leave such a one alone (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message
