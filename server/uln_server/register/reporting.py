"""What happened to ULNs between two dates: merged, unmerged, deleted (domain §4, §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from uln_server.register.event import EventKind


@dataclass(frozen=True, slots=True)
class Period:
    """From the first instant, included, to the last, excluded; both aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """A record as a report names it: as it stands today, not as it stood then [O]."""

    uln: str
    family_name: str
    given_name: str
    date_of_birth: str

    def __repr__(self) -> str:
        """Say which record, and nothing of the person: what is printed may come into a log."""
        return f"<Named {self.uln}>"


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A merge or an unmerge: when (aware, UTC), the master, and the record that was linked to it."""

    at: datetime
    master: Named
    linked: Named


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deleted ULN: when (aware, UTC), and which."""

    at: datetime
    uln: str


class Reports(Protocol):
    """The register's events, as the two reports ask for them; oldest first, ``most`` of them at the most."""

    def links(self, kind: EventKind, period: Period, most: int) -> Sequence[LinkChange]:
        """Give the merges or unmerges of a period; those of records that were deleted since are left out [O]."""

    def deletions(self, period: Period, most: int) -> Sequence[Deletion]:
        """Give the deletions of a period."""
