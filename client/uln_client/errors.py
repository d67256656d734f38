"""What can go wrong when an awarding organisation calls, as one tree.

::

    ULNError
    ├── UsageError                  the call cannot be made as it stands; nothing was sent
    │   └── InvalidValue            a value breaks the contract; nothing was sent
    ├── Refused                     the service read the message and refused it (a fault with a WSEC code)
    │   ├── UnknownOrganisation     WSEC0003
    │   ├── OutOfHours              WSEC0004
    │   ├── WrongPassword           WSEC0005
    │   ├── NotPermitted            WSEC0006
    │   └── SubmissionRefused       a job was not made: WSRC0043, WSEC0044 to 0047, WSRC0017, WSRC0030; or own
    │                               awards were not shown: WSRC0043
    ├── ServiceError                the service failed, or answered a fault outside the contract
    ├── JobFailed                   a job ended before its last row: it failed, or its operator cancelled it
    ├── Unreachable                 no service answered: connection, time-out, TLS, maintenance, a web page
    └── InvalidReply                something answered, but not with what the contract says

Every message says what happened and what to do about it. None carries a credential or a learner's details:
those are attributes, for the caller that wants them.
"""
# ruff: noqa: N818  # the names say what happened; the root alone ends in Error, and UsageError by habit

from dataclasses import dataclass

from uln_contract.codes import FaultCode, ResponseCode, explain


class ULNError(Exception):
    """The root of the tree: ``text`` says what happened, ``remedy`` what to do next (whole sentences)."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(f"{text} {remedy}")
        self.text = text
        self.remedy = remedy

    def advise(self, sentence: str) -> None:
        """Add a sentence to the remedy, and so to the message."""
        self.remedy = f"{self.remedy} {sentence}"
        self.args = (f"{self.text} {self.remedy}",)


class UsageError(ULNError):
    """The call cannot be made as it stands: a setting is missing or wrong. Nothing was sent."""


class InvalidValue(UsageError):
    """A value breaks the contract. Nothing was sent.

    ``field`` is the contract's element name; ``rule`` says what the contract asks for. ``value`` is what was
    given, and ``None`` for a credential; it is not in the message, so that a log of messages holds no names.
    """

    def __init__(self, field: str, value: str | None, rule: str, remedy: str) -> None:
        super().__init__(f"{field} {rule}", remedy)
        self.field = field
        self.value = value
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultDetail:
    """The ``MIAPAPIException`` of a fault, credentials masked; ``""`` where the service sent nothing.

    A ``DomainFault`` that stands alone says its code and ``further_details``. ``code`` is its ErrorCode as sent.
    ``description`` and ``further_details`` may quote what was sent.
    """

    code: str
    actor: str
    description: str
    further_details: str
    timestamp: str


_OUR_RULE = "This service's rule:"


class Refused(ULNError):
    """The service read the message and refused it: ``code`` is the fault's, ``detail`` all that it said."""

    code: FaultCode | ResponseCode

    def __init__(self, code: FaultCode | ResponseCode, detail: FaultDetail) -> None:
        explanation = explain(code)
        # What is only a rule of ours does not belong into the sentence that says what happened.
        happened, mark, rule = explanation.text.partition(_OUR_RULE)
        super().__init__(f"{happened.strip()} ({code})", f"{mark}{rule} {explanation.remedy}".strip())
        self.code = code
        self.detail = detail


class UnknownOrganisation(Refused):
    """WSEC0003: the organisation is unknown, suspended, or named by two identifiers that disagree."""


class OutOfHours(Refused):
    """WSEC0004: the service is closed to this organisation at this hour."""


class WrongPassword(Refused):
    """WSEC0005: the organisation's password is wrong."""


class NotPermitted(Refused):
    """WSEC0006: the organisation may not use this operation."""


class SubmissionRefused(Refused):
    """The service made no job of a submission, and said why by a ResponseCode instead of a fault.

    Without the agreement to submit (WSRC0043) it does not show own awards either.
    """

    def __init__(self, code: ResponseCode) -> None:
        nothing_said = FaultDetail(code=code, actor="", description="", further_details="", timestamp="")
        super().__init__(code, nothing_said)


_LEAVES: dict[FaultCode, type[Refused]] = {
    FaultCode.WSEC0003: UnknownOrganisation,
    FaultCode.WSEC0004: OutOfHours,
    FaultCode.WSEC0005: WrongPassword,
    FaultCode.WSEC0006: NotPermitted,
}


def refusal(code: FaultCode, detail: FaultDetail) -> Refused:
    """Give the leaf of the tree that belongs to a fault code; codes without a leaf of their own give `Refused`."""
    return _LEAVES.get(code, Refused)(code, detail)


class ServiceError(ULNError):
    """The service failed, or answered a fault outside the contract.

    ``fault_code`` and ``fault_string`` are the SOAP fault's own, credentials masked; ``detail`` is its
    ``MIAPAPIException``, where it has one (WSEC0999, or a code that the contract does not list).
    """

    def __init__(
        self,
        text: str,
        remedy: str,
        *,
        fault_code: str = "",
        fault_string: str = "",
        detail: FaultDetail | None = None,
    ) -> None:
        super().__init__(text, remedy)
        self.fault_code = fault_code
        self.fault_string = fault_string
        self.detail = detail


class JobFailed(ULNError):
    """A job ended before its last row; what was done before stays done.

    ``job_id`` is its number, ``status`` the service's word for it: Failed or Cancelled.
    """

    def __init__(self, job_id: int, status: str, reason: str) -> None:
        super().__init__(
            f"Job {job_id} ended before it was complete ({status}).{f' {reason}' if reason else ''}",
            f"What was done before stays done, and uln job {job_id} shows it. Ask the service's operator, and "
            "send the rest again when it is mended.",
        )
        self.job_id = job_id
        self.status = status


class Unreachable(ULNError):
    """No service answered. ``status`` is the HTTP status, or ``None`` when there was no HTTP answer at all.

    ``unread`` is true when the service itself said, before it read the message, to come again later. ``detail`` is
    what it said then: when it opens, for example.
    """

    def __init__(
        self,
        text: str,
        remedy: str,
        *,
        status: int | None = None,
        unread: bool = False,
        detail: FaultDetail | None = None,
    ) -> None:
        super().__init__(text, remedy)
        self.status = status
        self.unread = unread
        self.detail = detail


class InvalidReply(ULNError):
    """Something answered, but not with what the contract says; nothing in the reply may be relied on."""
