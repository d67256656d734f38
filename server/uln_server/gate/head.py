"""What the head of a request must say before its body is read: path, method, type, charset, length."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message

from uln_server.gate.xml import known_charset
from uln_server.soap.faults import HttpRefusal

_SOAP12_TYPE = "application/soap+xml"


@dataclass(frozen=True, slots=True)
class Head:
    """A POST's head, checked. ``charset`` is Python's name of it, ``None`` when the type names none."""

    charset: str | None
    action: str | None
    gzipped: bool
    length: int | None


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; of a name that comes twice the first value counts."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def check_head(headers: Mapping[str, str], body_limit: int) -> Head:
    """Check a POST's headers; ``HttpRefusal`` 400, 413 or 415 (domain §4)."""
    length = _length(headers.get("content-length"))
    if length is not None and length > body_limit:
        raise too_large(body_limit)
    media_type, charset = _media_type(headers.get("content-type"))
    if media_type not in {"text/xml", _SOAP12_TYPE}:
        raise HttpRefusal(
            415, f"Content-Type '{media_type[:40]}' is not read here. Send SOAP 1.1 as text/xml; charset=utf-8."
        )
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise HttpRefusal(
            415, f"Content-Encoding '{coding[:40]}' is not read here. Send the body plain or as gzip."
        )
    return Head(
        charset=None if charset is None else known_charset(charset),
        action=headers.get("soapaction"),
        gzipped=coding.endswith("gzip"),
        length=length,
    )


def too_large(limit: int) -> HttpRefusal:
    """The refusal of a body over the limit, as sent or inflated."""
    return HttpRefusal(413, f"The body is larger than {limit} bytes. Split the request into several.")


def _length(value: str | None) -> int | None:
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        raise HttpRefusal(400, "Content-Length is not a number. Send the body's length in bytes.")
    return int(value)


# The same few values come with every request of a client, and the parser is slow.
_MEDIA_TYPES: dict[str | None, tuple[str, str | None]] = {None: ("", None)}


def _media_type(value: str | None) -> tuple[str, str | None]:
    known = _MEDIA_TYPES.get(value)
    if known is None:
        message = Message()
        message["Content-Type"] = (value or "")[:500].replace("\r", " ").replace("\n", " ")
        charset = message.get_param("charset")
        known = (message.get_content_type(), charset.strip("' ") if isinstance(charset, str) else None)
        if "/" not in (value or ""):
            known = ((value or "").strip(), None)
        if len(_MEDIA_TYPES) < 200:  # noqa: PLR2004  # enough for every honest client, and no store for others
            _MEDIA_TYPES[value] = known
    return known
