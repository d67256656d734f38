"""A mail server of the tests: it keeps what it takes, and answers as it is told to."""

import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from uln_server.settings import Settings

USER, PASSWORD = "uln", "a password of the mail server"
SENDER = "lrs@example.org"


class Received:
    """What came, as envelopes; ``answers`` are given to the next receivers, instead of yes."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.secured: list[bool] = []
        self.answers: deque[str] = deque()

    async def handle_RCPT(  # noqa: N802  # the library's name and signature
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.answers:
            return self.answers.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # as above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server
        self.secured.append(session.ssl is not None)
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [_message(each) for each in self.envelopes]

    @property
    def receivers(self) -> list[str]:
        return sorted(receiver for each in self.envelopes for receiver in each.rcpt_tos)


def _message(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=policy.default)


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    del server, session, envelope, mechanism
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    port: int = 0, context: ssl.SSLContext | None = None, *, starttls: bool = False
) -> Iterator[tuple[Received, int]]:
    """Run one, and give what it receives and its port; with STARTTLS it wants that first, and a login."""
    received = Received()
    options: dict[str, Any] = {"ssl_context": context}
    if starttls:
        options = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _knows,
        }
    controller = Controller(received, "127.0.0.1", port or _free_port(), **options)
    controller.start()
    try:
        yield received, controller.port
    finally:
        controller.stop()


def secured_by(server: Path) -> ssl.SSLContext:
    """What a mail server secures its connections with, from the PEM of its certificate and key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return context


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def mail_settings(port: int, **changes: object) -> Settings:
    fields = {"mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none", "mail_from": SENDER}
    return Settings.model_validate({**fields, **changes})
