"""What is looked at before a register is served: settings, certificates, database, content."""

import ipaddress
import re
import ssl
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from uln_server.access import hours
from uln_server.access.organisation import Status
from uln_server.access.rates import Rate
from uln_server.sandbox.recognising import has_sandbox_password, sandbox_data_in
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.store.units import Reading

_NO_ADDRESS = re.compile(r"""[\s?#"'&\\<>@]|[^\x21-\x7e]|:/*$|:/(?!/)""")
"""What a public address has nowhere; ``:/`` stands for a port that is empty."""


class Level(StrEnum):
    """How bad it is: an error keeps the service from starting, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right: what and where, and what to do about it."""

    level: Level
    text: str
    remedy: str


def settings_findings(settings: Settings, kind: str) -> Iterator[Finding]:
    """Look at the settings for a register of this kind."""
    if (settings.tls_certificate is None) != (settings.tls_key is None):
        yield _error("Of tls_certificate and tls_key only one is set.", "Set both, or neither.")
    elif settings.tls_certificate is not None and settings.tls_key is not None:
        yield from _listener(settings.tls_certificate, settings.tls_key, kind)
    if settings.tls_client_ca is not None:
        yield from _client_ca(settings.tls_client_ca, kind)
    yield from _addresses(settings, kind)
    yield from _limits(settings)


def database_findings(database: Database, *, passwords: bool = False) -> Iterator[Finding]:
    """Look at a register that is there and current.

    ``passwords`` compares each password with the sandbox's, a quarter of a second an organisation.
    """
    yield from _file(database)
    with database.reading() as reading:
        if reading.register.kind == "production":
            yield from _foreign(reading, passwords=passwords)
            yield from _callers(reading)


def _listener(certificate: Path, key: Path, kind: str) -> Iterator[Finding]:
    try:
        # Without the callback OpenSSL would stop and ask for the passphrase of a sealed key.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        yield _error(
            f"tls_certificate {certificate} and tls_key {key} cannot be used: {_reason(error)}.",
            "Name a PEM chain and its PEM key, without a passphrase, that this user may read.",
        )
    else:
        yield from _certificate(certificate, kind)


def _certificate(file: Path, kind: str) -> Iterator[Finding]:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415  # only where a certificate is configured

    from cryptography import x509  # noqa: PLC0415  # slow to import, and seldom needed

    from uln_server.tls import AUTHORITY_NAME  # noqa: PLC0415  # as above

    certificate = x509.load_pem_x509_certificates(file.read_bytes())[0]
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    if left < timedelta(0):
        yield _error(f"The certificate {file} ended on {certificate.not_valid_after_utc:%Y-%m-%d}.", "Renew it.")
    elif left < timedelta(days=30):
        yield _warning(f"The certificate {file} ends in {left.days} days.", "Renew it.")
    if kind == "production" and AUTHORITY_NAME in certificate.issuer.rfc4514_string():
        yield _error(
            f"The certificate {file} is the sandbox's own.",
            "Use one that your clients' systems trust; the sandbox's key lies on developers' machines.",
        )


def _client_ca(file: Path, kind: str) -> Iterator[Finding]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_verify_locations(file)
    except (OSError, ValueError) as error:
        yield _error(f"tls_client_ca {file} cannot be used: {_reason(error)}.", "Name a PEM bundle of CAs.")
        return
    if kind == "production" and "ULN Interchange development CA" in str(context.get_ca_certs()):
        yield _error(
            f"tls_client_ca {file} trusts the sandbox's CA.", "Take it out: its key lies on developers' machines."
        )


def _addresses(settings: Settings, kind: str) -> Iterator[Finding]:
    if settings.public_url is not None and not _is_address(settings.public_url):
        yield _error(
            "public_url is no http or https address of a host, with or without a port and a path.",
            "Write it like https://lrs.example.org or https://example.org:8443/lrs: no query, fragment, user,"
            " quote, ampersand, backslash or blank.",
        )
    if _is_loopback(settings.host):
        return
    if kind == "sandbox":
        yield _warning(
            f"The sandbox listens on {settings.host}, and its passwords are printed in its documentation.",
            "Keep it inside your own network.",
        )
        return
    if settings.tls_certificate is None:
        yield _warning(
            f"{settings.host} is served over plain http, and every message carries a password.",
            "Set tls_certificate and tls_key, or let nobody but a proxy that ends TLS reach it.",
        )
    if settings.public_url is None:
        yield _warning(
            "public_url is not set: a WSDL names its service by this machine's own address.",
            "Set it to the address that callers use, such as https://lrs.example.org.",
        )


def _limits(settings: Settings) -> Iterator[Finding]:
    read: Mapping[str, Callable[[], object]] = {
        "hours": lambda: hours.of_service(settings.hours),
        "address_rate": lambda: Rate.read(settings.address_rate),
        "organisation_rate": lambda: Rate.read(settings.organisation_rate),
    }
    for name, reading in read.items():
        try:
            reading()
        except ValueError as error:
            what, _, remedy = str(error).partition(": ")
            yield _error(f"{name}: {what}.", f"{remedy[:1].upper()}{remedy[1:]}")
    if settings.maintenance:
        yield _warning(
            "maintenance is set: every message gets the maintenance answer.",
            "Take it out, and start the service again, to open it.",
        )
    if settings.find_first and settings.review_minimum_seconds >= settings.find_maximum_minutes * 60:
        yield _error(
            "review_minimum_seconds is as long as find_maximum_minutes:"
            " nobody could register after possible matches.",
            "Set it lower, or find_maximum_minutes higher; find_first = false asks for no search at all.",
        )


def _file(database: Database) -> Iterator[Finding]:
    file = Path(str(database.url.database))
    if database.dialect != "sqlite" or sys.platform == "win32" or not file.exists():
        return
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield _warning(
            f"Other users of this machine may read {file}, which holds personal data.", f"chmod 600 {file}"
        )


def _foreign(reading: Reading, *, passwords: bool) -> Iterator[Finding]:
    found = sandbox_data_in(reading)
    if found:
        yield _error(
            f"This production register holds the sandbox's {', '.join(found)}.",
            "The sandbox's passwords are public and its learners invented: restore the register from a backup made"
            " before they came in, or start again with another database.",
        )
    for each in reading.organisations.all() if passwords else ():
        if has_sandbox_password(each):
            yield _error(
                f"Organisation {each.ukprn} has a password of the sandbox.",
                f"uln-server org set-password {each.ukprn} --generate",
            )


def _callers(reading: Reading) -> Iterator[Finding]:
    if not any(each.status is Status.ACTIVE and each.agreements for each in reading.organisations.all()):
        yield _warning("No organisation may call.", "Set one up with `uln-server org add`.")


def _is_address(url: str) -> bool:
    """Tell whether a WSDL may carry this in front of a service's path."""
    if _NO_ADDRESS.search(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (
            "they are no pair of PEM files that can be read" if "PEM" in str(error) else str(error.reason or error)
        )
    return str(error.strerror) if isinstance(error, OSError) and error.strerror else str(error)


def _error(text: str, remedy: str) -> Finding:
    return Finding(Level.ERROR, text, remedy)


def _warning(text: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, text, remedy)
