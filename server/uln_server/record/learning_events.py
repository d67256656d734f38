"""Which learning events of a learner a caller sees, and as whom it asks (domain §10)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from uln_server.access.organisation import Agreement
from uln_server.catalogue.entry import EntryKind
from uln_server.record.action import Form
from uln_server.record.recorded import Recorded

STATUSES: Mapping[str, str] = {Form.FINAL: "F", Form.PROVISIONAL: "P"}
"""Status of an event: F is seen, P for a provisional one ours [O]."""
SOURCES: Mapping[str, str] = {EntryKind.UNIT: "QCFU", EntryKind.QUALIFICATION: "AO"}
"""Source of an event that an awarding organisation submitted [S]."""


class GetType(StrEnum):
    """How much of each event is shown [S]."""

    FULL = "FULL"
    BRIEF = "BRIEF"


class UserType(StrEnum):
    """As whom a caller speaks [S]."""

    LEARNER = "LNR"
    ORGANISATION = "ORG"
    CAREERS_SERVICE = "SER"


_NEEDS = {
    UserType.LEARNER: Agreement.SPEAK_FOR_LEARNERS,
    UserType.CAREERS_SERVICE: Agreement.SPEAK_AS_CAREERS_SERVICE,
}


def speaks_as(claim: str, agreements: Collection[Agreement]) -> UserType:
    """Tell as whom a caller is taken: a claim counts with the agreement for it, and else as an organisation's [O].

    ``claim`` is userType as sent; letter case and surrounding space are ignored [O].
    """
    claimed = claim.strip().upper()
    for each, needed in _NEEDS.items():
        if claimed == each and needed in agreements:
            return each
    return UserType.ORGANISATION


def seen_alone(user_type: UserType, ukprn: str, *, shares: bool) -> str | None:
    """Give the organisation, by UKPRN, whose awards alone a caller sees; ``None`` for everybody's.

    Of a learner who does not share, an organisation or careers service sees what it awarded itself; the learner
    sees everything.
    """
    return None if shares or user_type is UserType.LEARNER else ukprn


def visible(recorded: Recorded, organisation: str | None) -> Recorded:
    """Give what is seen of a learner's awards, or of those by one organisation alone, their order kept.

    Nobody sees what was withdrawn [O].
    """
    standing = recorded.only([not each for each in recorded.withdrawn])
    if organisation is None:
        return standing
    return standing.only([each == organisation for each in standing.organisation])
