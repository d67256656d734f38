"""What the head of a request must say before its body is read: length, type, charset, codings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache

from uln_server.gate.xml import known_charset
from uln_server.soap.faults import HttpRefusal

_SOAP12_TYPE = "application/soap+xml"
_TYPE_KEPT = 500


@dataclass(frozen=True, slots=True)
class Head:
    """A POST's head, checked. ``charset`` is Python's name of it, ``None`` when the type names none."""

    charset: str | None
    action: str | None
    gzipped: bool


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; of a name that comes twice the first value counts."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def has_body(headers: Mapping[str, str]) -> bool:
    """Whether these headers announce a body."""
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def check_head(headers: Mapping[str, str], body_limit: int) -> Head:
    """Check a POST's headers; ``HttpRefusal`` 400, 413 or 415 (domain §4)."""
    # What is no number, or contradicts another length, never came this far: it ends the connection.
    if int(headers.get("content-length", "0")) > body_limit:
        raise too_large(body_limit)
    transfer = headers.get("transfer-encoding", "chunked").strip().lower()
    if transfer != "chunked":
        raise HttpRefusal(
            400, f"Transfer-Encoding '{transfer[:40]}' is not read here. Send chunked, or Content-Length."
        )
    media_type, charset = _media_type(headers.get("content-type", "")[:_TYPE_KEPT])
    if media_type not in {"text/xml", _SOAP12_TYPE}:
        raise HttpRefusal(415, f"{_sent_as(media_type)} Send SOAP 1.1 as text/xml; charset=utf-8.")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip", "x-gzip", ""}:
        raise HttpRefusal(
            415, f"Content-Encoding '{coding[:40]}' is not read here. Send the body plain or as gzip."
        )
    return Head(
        charset=None if charset is None else known_charset(charset),
        action=headers.get("soapaction"),
        gzipped=coding.endswith("gzip"),
    )


def too_large(limit: int) -> HttpRefusal:
    """The refusal of a body over the limit, as sent or inflated."""
    return HttpRefusal(413, f"The body is larger than {limit} bytes. Split the request into several.")


def _sent_as(media_type: str) -> str:
    if not media_type:
        return "There is no Content-Type."
    return f"Content-Type '{media_type[:40]}' is not read here."


# The same few values come with every request of a client, and the parser is slow.
@lru_cache(maxsize=200)
def _media_type(value: str) -> tuple[str, str | None]:
    """Media type in lower case, as sent if it is none, and its charset."""
    sent = value.partition(";")[0].strip()
    if sent.count("/") != 1:
        return sent, None
    message = Message()
    message["Content-Type"] = value
    charset = message.get_param("charset")
    return sent.lower(), (charset.strip("' ") or None) if isinstance(charset, str) else None
