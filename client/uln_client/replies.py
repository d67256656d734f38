"""From an HTTP reply to the body element of the contract, or to the error that it means (domain §4, §12)."""

import logging
from base64 import b64decode

from lxml import etree

from uln_client.connection import Reply
from uln_client.errors import FaultDetail, InvalidReply, ServiceError, ULNError, Unreachable, refusal
from uln_contract.codes import FaultCode, explain
from uln_contract.reading import Element, local_name

log = logging.getLogger("uln_client")

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPE, _BODY, _FAULT = (f"{{{SOAP_11}}}{name}" for name in ("Envelope", "Body", "Fault"))
# What live services say, in a page of any kind, while they are maintained [S].
_MAINTENANCE = b"UnsupportedHttpVerb"
_CLOSED = 503
_BUSY = frozenset({429, 502, _CLOSED, 504})
_XML_KINDS = frozenset({"text/xml", "application/xml", "application/soap+xml"})
_MASK = "********"


def body_of(reply: Reply, secret: str) -> Element:
    """Give the one element in the body of a reply.

    ``secret`` is the password that was sent: a service that quotes it in a fault does not get it into our errors.
    Raises the error that the reply means: :class:`~uln_client.errors.Refused`, ``ServiceError``, ``Unreachable``
    or ``InvalidReply``.
    """
    if _MAINTENANCE in reply.content:
        raise Unreachable(
            "The service is closed for maintenance.",
            "Try again later; the service's operator announces when it opens.",
            status=reply.status,
            unread=True,
            detail=_said(reply, secret),
        )
    if reply.status in _BUSY:
        raise _busy(reply, secret)
    envelope = _parse(reply)
    if envelope is None:
        raise _no_soap(reply)
    child = _only_child(envelope, reply)
    if child.tag == _FAULT:
        raise _fault(child, secret)
    if reply.status != 200:  # noqa: PLR2004  # OK
        raise _invalid(f"HTTP status {reply.status} came with a normal reply")
    return child


def _parse(reply: Reply) -> Element | None:
    """Parse a reply that is meant as XML; ``None`` for a page or anything else that is no envelope."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(reply.content, parser)
    except (etree.XMLSyntaxError, ValueError):
        if reply.content and _kind(reply) in _XML_KINDS:
            raise _invalid(f"it is not well-formed XML (HTTP status {reply.status})") from None
        return None
    if local_name(root) != "Envelope":
        return None
    if root.getroottree().docinfo.doctype:
        raise _invalid("it has a document type declaration")
    if root.tag != _ENVELOPE:
        raise _invalid("it is not a SOAP 1.1 envelope")
    return root


def _only_child(envelope: Element, reply: Reply) -> Element:
    body = envelope.find(_BODY)
    children = [] if body is None else list(body)
    if len(children) != 1:
        raise _invalid(f"its body holds {len(children)} elements instead of one (HTTP status {reply.status})")
    return children[0]


def _invalid(reason: str) -> InvalidReply:
    return InvalidReply(
        f"The reply breaks the contract: {reason}.",
        "Check that the address is that of the service; if it is, report this to the service's operator.",
    )


def _said(reply: Reply, secret: str) -> FaultDetail | None:
    """What a service that turns everybody away says beside it; nothing where a page or a proxy answers."""
    try:
        envelope = _parse(reply)
    except InvalidReply:
        return None
    return None if envelope is None else _detail(envelope, secret)


def _busy(reply: Reply, secret: str) -> Unreachable:
    pause = reply.headers.get("Retry-After", "")
    when = f"Try again in {pause} seconds." if pause.isdecimal() else "Try again later."
    return Unreachable(
        f"The service is busy or not available (HTTP status {reply.status}).",
        when,
        status=reply.status,
        # A service says so in an envelope; a proxy says it also of a service that broke off in the middle.
        unread=reply.status == _CLOSED and SOAP_11.encode() in reply.content,
        detail=_said(reply, secret),
    )


def _no_soap(reply: Reply) -> Unreachable:
    kind = _plain(_kind(reply)) or "nothing that says what it is"
    return Unreachable(
        f"The address answers with HTTP status {reply.status} and {kind}, not with SOAP.",
        _page_remedy(reply.status),
        status=reply.status,
    )


def _kind(reply: Reply) -> str:
    return reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _page_remedy(status: int) -> str:
    if status in _PAGES:
        return _PAGES[status]
    return _REDIRECT if status // 100 == 3 else _FAILED if status // 100 == 5 else _ADDRESS  # noqa: PLR2004  # classes


_PAGES = {
    401: "The server wants other credentials than the message's: check the address and the certificate.",
    403: "The server refuses the connection: it may want your organisation's client certificate "
    "(ULN_CERT, ULN_KEY) or a registered network address.",
    404: "There is no service at this path: check ULN_URL and ULN_PATH.",
    407: "The proxy wants to know who you are: set HTTPS_PROXY with its user and password.",
}
_REDIRECT = "It redirects, and a password is never sent on to another address: set ULN_URL to the right one."
_FAILED = "The server failed before the service could answer: try again later."
_ADDRESS = "Check ULN_URL and its path: another server, a proxy or a sign-in page may stand at that address."


def _fault(fault: Element, secret: str) -> ULNError:
    code = _masked(_text(fault, "faultcode"), secret)
    string = _masked(_text(fault, "faultstring"), secret)
    detail = _detail(fault, secret)
    if detail is None:
        return _plain_fault(code, string)
    if detail.code in _REFUSALS:
        return refusal(FaultCode(detail.code), detail)
    return _failure(code, string, detail)


_REFUSALS = frozenset(FaultCode) - {FaultCode.WSEC0999}


def _failure(code: str, string: str, detail: FaultDetail) -> ServiceError:
    """WSEC0999, or a code that the contract does not list."""
    known = explain(FaultCode.WSEC0999)
    text = (
        known.text
        if detail.code == known.code
        else "The service answered a fault that the contract does not list."
    )
    name = detail.code or "no code"
    return ServiceError(f"{text} ({name})", known.remedy, fault_code=code, fault_string=string, detail=detail)


def _plain_fault(code: str, string: str) -> ServiceError:
    name = code.rpartition(":")[2]
    text, remedy = _SOAP_FAULTS.get(name, _OTHER_FAULT)
    return ServiceError(f"{text} ({name or 'no code'})", remedy, fault_code=code, fault_string=string)


_SOAP_FAULTS = {
    "VersionMismatch": (
        "The service does not take SOAP 1.1 messages at this address.",
        "Check that the address is that of the service, which speaks SOAP 1.1.",
    ),
    "MustUnderstand": (
        "The service was sent a header that it does not know.",
        "Something between client and service adds SOAP headers: send without it.",
    ),
}
_OTHER_FAULT = (
    "The service answered a fault without a code of the contract.",
    "Check that the address is that of the service; if it is, report this to the service's operator.",
)


def _detail(fault: Element, secret: str) -> FaultDetail | None:
    """Find the ``MIAPAPIException``, whatever its prefix and whether its children are qualified or not.

    ExternalService and LearnerServiceR9 declare ``DomainFault``, which is read where it stands alone.
    """
    found = next((node for node in fault.iter("{*}MIAPAPIException")), None)
    if found is None:
        return _domain_fault(fault, secret)

    def said(name: str) -> str:
        return _masked(_text(found, name), secret)

    return FaultDetail(
        code=said("ErrorCode"),
        actor=said("ErrorActor"),
        description=said("Description"),
        further_details=said("FurtherDetails"),
        timestamp=said("ErrorTimestamp"),
    )


def _domain_fault(fault: Element, secret: str) -> FaultDetail | None:
    """Read a ``DomainFault`` that stands alone; its ErrorDetail is base64 of UTF-8 text (domain §4)."""
    found = next((node for node in fault.iter("{*}DomainFault")), None)
    if found is None:
        return None
    detail = _text(found, "ErrorDetail")
    try:
        detail = b64decode(detail, validate=True).decode()
    except ValueError:
        log.debug("the ErrorDetail of a DomainFault is no base64 of UTF-8 text, and kept as it is")
    code, said = _masked(_text(found, "ErrorCode"), secret), _masked(detail, secret)
    return FaultDetail(code=code, actor="", description="", further_details=said, timestamp="")


def _text(parent: Element, name: str) -> str:
    child = next((node for node in parent.iterchildren(f"{{*}}{name}")), None)
    return "" if child is None else (child.text or "").strip()


def _masked(text: str, secret: str) -> str:
    return text.replace(secret, _MASK) if secret else text


def _plain(text: str) -> str:
    """Keep a header's text on one short line of printable characters."""
    return "".join(character for character in text if character.isprintable())[:60]
