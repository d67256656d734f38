"""Handing messages over to a mail server: secured as the settings say, or not at all."""

import smtplib
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from tests.store.mail import PASSWORD, USER, Received, mail_server, mail_settings, secured_by

from uln_server import tls
from uln_server.mail_server import MailServer, Refused
from uln_server.settings import Settings

TO = "exams.office@example.ac.uk"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tls.Files:
    return tls.prepare(tmp_path_factory.mktemp("tls"), [])


@pytest.fixture(scope="module", params=["starttls", "tls"])
def secured(request: pytest.FixtureRequest, files: tls.Files) -> Iterator[tuple[Received, Settings]]:
    """A mail server that secures its connections, and the settings that lead to it."""
    with mail_server(context=secured_by(files.server), starttls=request.param == "starttls") as (received, port):
        known = {"mail_user": USER, "mail_password": PASSWORD} if request.param == "starttls" else {}
        yield received, mail_settings(port, mail_security=request.param, mail_ca=files.authority, **known)


def send(settings: Settings, to: str = TO, subject: str = "Job 100001 has ended") -> None:
    with MailServer(settings).connected() as connection:
        connection.send(to, subject, "It has ended.\n.\nReally.", "name")


def test_a_message_goes_over_a_secured_connection(secured: tuple[Received, Settings]) -> None:
    received, settings = secured
    send(settings)
    assert received.receivers == [TO]
    (message,) = received.messages
    assert message["Message-ID"] == "<name@example.org>"
    assert message.get_content().splitlines() == ["It has ended.", ".", "Really."]
    assert received.secured[-1] or settings.mail_security == "tls"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mail_user": USER, "mail_password": SecretStr("wrong")}, smtplib.SMTPException),
        ({"mail_ca": None}, ssl.SSLCertVerificationError),
    ],
)
def test_what_is_wrong_with_the_settings_sends_nothing(
    secured: tuple[Received, Settings], changes: dict[str, Any], error: type[OSError]
) -> None:
    received, settings = secured
    received.envelopes.clear()
    with pytest.raises(error):
        send(settings.model_copy(update=changes))
    assert received.envelopes == []


def test_a_server_that_cannot_secure_its_connection_gets_nothing() -> None:
    with mail_server() as (received, port):
        with pytest.raises(smtplib.SMTPNotSupportedError):
            send(mail_settings(port, mail_security="starttls"))
        assert received.envelopes == []
        for to, subject in ((f"{TO}\r\nBcc: eve@example.org", "x"), (TO, "x\r\nBcc: eve@example.org")):
            with pytest.raises(ValueError, match=r"line|CR|character|header"):
                send(mail_settings(port), to, subject)
        assert received.envelopes == []
        received.answers.append("450 busy")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(mail_settings(port))
        received.answers.append("550 unknown")
        with pytest.raises(Refused, match="550"):
            send(mail_settings(port))


@pytest.mark.parametrize(
    ("given", "port"), [({"mail_security": "tls"}, 465), ({"mail_security": "none"}, 25), ({}, 587)]
)
def test_a_port_follows_from_how_the_connection_is_secured(given: dict[str, str], port: int) -> None:
    settings = Settings.model_validate({"mail_host": "mail.example.org", "mail_from": "lrs@example.org", **given})
    assert MailServer(settings).port == port


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_from": None},
        {"mail_from": "nobody"},
        {"mail_from": "a@example.org\nBcc: eve@example.org"},
        {"mail_user": "uln"},
        {"mail_password": "secret"},
        {"mail_user": "uln", "mail_password": "secret", "mail_security": "none"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError, match="mail_"):
        Settings.model_validate({"mail_host": "mail.example.org", "mail_from": "lrs@example.org", **wrong})


def test_a_password_is_not_shown() -> None:
    given = {"mail_host": "mail.example.org", "mail_from": "lrs@example.org", "mail_user": "uln"}
    settings = Settings.model_validate({**given, "mail_password": "secret"})
    assert "secret" not in f"{settings!r} {settings}"
