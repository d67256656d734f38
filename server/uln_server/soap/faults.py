"""What the service answers when it refuses.

    Refusal                     anything that is answered instead of a reply
    ├── HttpRefusal             an HTTP status, before XML is understood (400, 404, 405, 408, 413, 415, 429, 503)
    └── SoapFault               HTTP 500 and a fault
        ├── VersionMismatch     the envelope is not SOAP 1.1
        ├── MustUnderstand      a header block that must be understood is not known
        └── ContractFault       MIAPAPIException with a WSEC code
            └── UnreadableXml   WSEC0001 with faultcode soapenv:Client: nothing could be read at all

Shape, prefix and texts of MIAPAPIException: domain §12. ExternalService and LearnerServiceR9 declare DomainFault
instead, and send both (domain §4).
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from uln_contract.codes import FaultCode, explain
from uln_contract.writing import escape
from uln_server.register.times import london_time

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
EXCEPTIONS = "http://api.lrs.miap.gov.uk/exceptions"
DOMAIN_FAULTS = "http://api.lrs.qcf.gov.uk/faults"

_FAULTSTRING = "uk.gov.miap.lrs.api.exceptions.MIAPAPIException"
_VALIDATOR = "uk.gov.miap.lrs.api.learner.utils.MSGValidator.validateSOAPMSG()"
_BADLY_FORMED = "Invalid request, The request was badly formed"


class Refusal(Exception):  # noqa: N818  # the domain's word; nothing went wrong on our side
    """Anything that is answered instead of a reply. ``code`` is what the audit keeps; ``text`` may be sent."""

    code: str
    status: int

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class HttpRefusal(Refusal):
    """A refusal before the XML is understood."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.code = f"HTTP{status}"
        self.headers = dict(headers or {})


class SoapFault(Refusal):
    """A refusal as a SOAP fault; HTTP 500 (SOAP 1.1 §6.2)."""

    status = 500
    faultcode = "soapenv:Server"


class VersionMismatch(SoapFault):
    """The envelope is not a SOAP 1.1 one (SOAP 1.1 §4.4.1)."""

    code = "VersionMismatch"
    faultcode = "soapenv:VersionMismatch"


class MustUnderstand(SoapFault):
    """A header block with mustUnderstand="1" that this service does not know (SOAP 1.1 §4.4.1)."""

    code = "MustUnderstand"
    faultcode = "soapenv:MustUnderstand"


class ContractFault(SoapFault):
    """MIAPAPIException: one of the WSEC fault codes (domain §4).

    ``text`` goes out as FurtherDetails: what was wrong, where, and what to do. ``actor`` is the operation,
    or for WSEC0001 the validator's name as live faults have it.
    """

    def __init__(self, code: FaultCode, text: str, *, actor: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.actor = _VALIDATOR if code is FaultCode.WSEC0001 else actor


class UnreadableXml(ContractFault):
    """WSEC0001 for bytes that are no XML: the only MIAPAPIException with soapenv:Client (domain §12) [O]."""

    faultcode = "soapenv:Client"

    def __init__(self, text: str) -> None:
        super().__init__(FaultCode.WSEC0001, text)


class FaultDetail(StrEnum):
    """What stands in a fault's detail (domain §4): DomainFault, LearnerService's MIAPAPIException, or both."""

    BOTH = "both"
    DOMAIN_FAULT = "DomainFault"
    MIAPAPI_EXCEPTION = "MIAPAPIException"


@dataclass(frozen=True, slots=True)
class FaultForm:
    """How the detail is written: what is in it, and whether MIAPAPIException's children carry its namespace."""

    qualified: bool = False
    detail: FaultDetail = FaultDetail.MIAPAPI_EXCEPTION


def _description(code: FaultCode) -> str:
    return _BADLY_FORMED if code is FaultCode.WSEC0001 else explain(code).text


def _detail(code: FaultCode, actor: str, text: str, form: FaultForm, now: datetime) -> str:
    parts = []
    if form.detail is not FaultDetail.MIAPAPI_EXCEPTION:
        parts.append(_domain_fault(code, text))
    if form.detail is not FaultDetail.DOMAIN_FAULT:
        parts.append(_exception(code, actor, text, form, now))
    return f"<detail>{''.join(parts)}</detail>"


def encoded(text: str) -> str:
    """Give an explanation as ErrorDetail carries it: base64 of UTF-8 [O]."""
    return b64encode(text.encode()).decode("ascii")


def _domain_fault(code: FaultCode, text: str) -> str:
    return (
        f'<f:DomainFault xmlns:f="{DOMAIN_FAULTS}"><f:ErrorCode>{code.value}</f:ErrorCode>'
        f"<f:ErrorDetail>{encoded(text)}</f:ErrorDetail></f:DomainFault>"
    )


def _exception(code: FaultCode, actor: str, text: str, form: FaultForm, now: datetime) -> str:
    children = {
        "ErrorCode": code.value,
        "ErrorActor": actor,
        "Description": _description(code),
        "FurtherDetails": text,
        "ErrorTimestamp": london_time(now),
    }
    prefix = "ns10:" if form.qualified else ""
    inner = "".join(f"<{prefix}{name}>{escape(value)}</{prefix}{name}>" for name, value in children.items())
    return f'<ns10:MIAPAPIException xmlns:ns10="{EXCEPTIONS}">{inner}</ns10:MIAPAPIException>'


_OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="{SOAP11}"><soapenv:Body>'.encode()
)
_CLOSING = b"</soapenv:Body></soapenv:Envelope>"


def envelope(*body: bytes) -> bytes:
    """Put one body element, in whatever pieces, into a SOAP 1.1 envelope, UTF-8, without a Header."""
    return b"".join((_OPENING, *body, _CLOSING))


def fault_envelope(refusal: Refusal, form: FaultForm, *, actor: str, now: datetime | None = None) -> bytes:
    """Write a refusal as a fault.

    ``actor`` stands in when the refusal names none. An HTTP refusal is written as WSEC0001 with
    ``soapenv:Client``, so that a client that only reads faults still learns what happened [O]; where DomainFault
    stands alone its words are the faultstring, since clients search the answer's text for them (domain §12) [O].
    """
    faultcode = refusal.faultcode if isinstance(refusal, SoapFault) else "soapenv:Client"
    string, detail = escape(refusal.text), ""
    if isinstance(refusal, ContractFault):
        string = _FAULTSTRING
        code = FaultCode(refusal.code)
        detail = _detail(code, refusal.actor or actor, refusal.text, form, now or datetime.now(UTC))
    elif isinstance(refusal, HttpRefusal):
        string = string if form.detail is FaultDetail.DOMAIN_FAULT else _FAULTSTRING
        detail = _detail(FaultCode.WSEC0001, _VALIDATOR, refusal.text, form, now or datetime.now(UTC))
    said = f"<faultcode>{faultcode}</faultcode><faultstring>{string}</faultstring>{detail}"
    return envelope(f"<soapenv:Fault>{said}</soapenv:Fault>".encode())
