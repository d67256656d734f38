"""The TLS files of the settings, checked before the first call, where the setting can still be named."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from uln_client.errors import UsageError

if TYPE_CHECKING:
    from uln_client.settings import Settings


def trust(settings: "Settings") -> bool | str:
    """Give what the service's certificate is checked against: a bundle's path, or ``True`` for the usual CAs.

    Raises :class:`~uln_client.errors.UsageError` for a bundle that is missing or cannot be used.
    """
    if settings.ca is None:
        return True
    bundle = str(_file(settings.ca, "ULN_CA"))
    _load("ULN_CA", lambda context: context.load_verify_locations(bundle))
    return bundle


def own(settings: "Settings") -> tuple[str, str] | None:
    """Give the paths of the organisation's own certificate and key, ``None`` when it shows none.

    Raises :class:`~uln_client.errors.UsageError` for files that are missing, encrypted or do not belong together.
    """
    if settings.cert is None:
        return None
    cert, key = _file(settings.cert, "ULN_CERT"), _file(settings.key or settings.cert, "ULN_KEY")
    _load("ULN_CERT and ULN_KEY", lambda context: context.load_cert_chain(cert, key, password=_no_pass_phrase))
    return str(cert), str(key)


def _no_pass_phrase() -> str:
    """Stand for the pass phrase that nobody is asked for: OpenSSL would otherwise wait at the terminal."""
    return ""


def _file(path: Path, name: str) -> Path:
    expanded = path.expanduser()
    if not expanded.is_file():
        raise UsageError(f"{name}: there is no file {path}.", "Give the path of a PEM file.")
    return expanded


def _load(name: str, load: Callable[[ssl.SSLContext], None]) -> None:
    try:
        load(ssl.create_default_context())
    except (ssl.SSLError, OSError, ValueError):
        raise UsageError(
            f"{name}: not usable as PEM.",
            "Certificate and key must be PEM, belong together, and the key must not be encrypted: "
            "openssl pkey -in encrypted.pem -out key.pem",
        ) from None
