"""Whom a message says it comes from, and whether that organisation may do what it asks (domain §4, §11)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from uln_contract.codes import FaultCode
from uln_server.access import hours
from uln_server.access.organisation import Agreement, Kind, Organisation, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The credentials in a message's body, as sent; ``None`` or blank is "not given".

    Either identifier may stand in either field: live clients put the UKPRN into OrganisationRef (domain §11).
    In LearnerService the published pattern keeps a UKPRN out of OrganisationRef.
    """

    ukprn: str | None = None
    organisation_ref: str | None = None
    password: str | None = field(default=None, repr=False)
    user_name: str | None = None

    def identifiers(self) -> tuple[str, ...]:
        """Give the identifiers that were sent, UKPRN first, without surrounding space."""
        given = (self.ukprn, self.organisation_ref)
        return tuple(text.strip() for text in given if text is not None and text.strip())


class Organisations(Protocol):
    """The organisations that are known; read anew for every message."""

    def by_identifier(self, identifier: str) -> Organisation | None:
        """Find by UKPRN or OrganisationRef, case ignored."""
        ...


class Refused(Exception):  # noqa: N818  # what happened to the caller, not an error of ours
    """The caller may not do this. ``code`` is the fault's ErrorCode, ``text`` says why and what to do."""

    def __init__(self, code: FaultCode, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


def resolve(claim: Claim, organisations: Organisations) -> Organisation | None:
    """Find the one organisation that a claim names.

    ``None`` when no identifier was sent, when none is known, or when two do not name the same organisation;
    ``why_unknown`` puts the reason into words.
    """
    identifiers = claim.identifiers()
    if not identifiers:
        return None
    organisation = organisations.by_identifier(identifiers[0])
    if organisation is None or not all(_names(organisation, each) for each in identifiers):
        return None
    return organisation


def why_unknown(claim: Claim) -> str:
    """Say what is wrong with the identifiers of a claim that ``resolve`` gave ``None`` for.

    The text rests on the claim alone: which of two identifiers the register holds is not the caller's to learn.
    """
    identifiers = claim.identifiers()
    if not identifiers:
        return "Neither UKPRN nor OrganisationRef was given: send one of them."
    if len({each.upper() for each in identifiers}) > 1:
        return (
            "UKPRN and OrganisationRef do not name one and the same known organisation:"
            " send only one of them, or correct the other."
        )
    return (
        "No organisation is known by the UKPRN or OrganisationRef given:"
        " check it, or have the organisation set up first."
    )


def admit(  # noqa: PLR0913  # one fact about the call each, all by name
    organisation: Organisation | None,
    *,
    proven: bool,
    needs: Agreement | None,
    only: Kind | None = None,
    now: datetime,
    claim: Claim | None = None,
    service_hours: str = hours.ALWAYS,
) -> Organisation:
    """Give an organisation that may pass, or raise ``Refused`` with the first reason against it (domain §4, [O]).

    The order: WSEC0003 unknown, WSEC0005 wrong password, WSEC0003 suspended, WSEC0004 out of hours, WSEC0006
    wrong kind of organisation (``only``, where one alone may call) or agreement missing (``needs``). ``proven``
    says whether the password was right; ``now`` is aware; ``claim`` lets the text about an unknown organisation
    say what was wrong with the identifiers. ``service_hours`` hold for everybody: only within them the
    organisation's own are asked [O].
    """
    if organisation is None:
        raise Refused(FaultCode.WSEC0003, why_unknown(claim) if claim else _UNKNOWN)
    if not proven:
        raise Refused(FaultCode.WSEC0005, _WRONG)
    if organisation.status is Status.SUSPENDED:
        raise Refused(FaultCode.WSEC0003, _SUSPENDED)
    if not hours.is_open(service_hours, now):
        raise Refused(FaultCode.WSEC0004, f"The service is open {service_hours} UK time: {_THEN}")
    if not hours.is_open(organisation.hours, now):
        raise Refused(FaultCode.WSEC0004, _closed(organisation.hours))
    if only is not None and organisation.kind is not only:
        raise Refused(FaultCode.WSEC0006, f"Only an organisation of the kind '{only}' may call this: {_KIND}")
    if needs is not None and needs not in organisation.agreements:
        raise Refused(FaultCode.WSEC0006, _missing(needs))
    return organisation


_UNKNOWN = "The organisation is not known: check UKPRN and OrganisationRef, or have it set up first."
_WRONG = (
    "OrgPassword is not this organisation's password: it has exactly 16 characters, and case matters."
    " Ask whoever runs the service for a new one if it is lost."
)
_THEN = "send the message again then."
_KIND = "if yours is one, have whoever runs the service correct its kind."
_SUSPENDED = "The organisation is suspended: ask whoever runs the service to resume it."


def _closed(opening: str) -> str:
    if opening == hours.NEVER:
        return "The service is closed to this organisation at all times: ask whoever runs the service."
    return f"The service is open to this organisation {opening} UK time: {_THEN}"


def _missing(agreement: Agreement) -> str:
    return (
        f"The organisation has no agreement '{agreement}', which this operation needs:"
        " sign it with whoever runs the service."
    )


def _names(organisation: Organisation, identifier: str) -> bool:
    return identifier.upper() in (organisation.ukprn.upper(), organisation.organisation_ref.upper())
