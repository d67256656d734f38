"""An awarding organisation's own awards, to be given back to it a page at a time [O].

The pages follow one order, by ULN and catalogue key, which no award ever changes; each begins behind the last
award that was looked at. So an award that is there during the whole walk is on exactly one page, whatever is
added, changed or withdrawn meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from uln_server.record.action import Form


class Place(NamedTuple):
    """Where in the order an award stands: the ULN that was submitted, and the catalogue's key."""

    uln: str
    reference: str


BEFORE_ALL = Place("", "")
"""Before every award."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which awards are asked for; ``None`` narrows nothing.

    ``from_date`` and ``to_date`` are award dates, ``YYYY-MM-DD``, both included. ``updated_since`` is aware and
    included: when the register took in an award's last change.
    """

    from_date: str | None = None
    to_date: str | None = None
    provider_ukprn: str | None = None
    updated_since: datetime | None = None


class OwnAward(NamedTuple):
    """One award as it is held. Times are aware, in UTC; those called ``…_at`` but the last are ActionDates.

    ``key`` is the catalogue's, ``reference`` as the catalogue writes it; ``merged`` says whether the ULN was
    merged into another one.
    """

    uln: str
    key: str
    award_date: str
    provider_ukprn: str
    grade: str | None
    language: str | None
    mis_identifier: str | None
    form: Form
    withdrawn: bool
    version: int
    details_at: datetime
    withdrawn_at: datetime
    updated_at: datetime
    reference: str
    merged: bool

    @property
    def place(self) -> Place:
        """Where in the order it stands."""
        return Place(self.uln, self.key)


class OwnAwards(NamedTuple):
    """A page of awards, and behind which place the next page begins; ``None`` for the last one.

    A page may hold fewer awards than were asked for, or none, and not be the last: of those that were looked at,
    few may be wanted.
    """

    awards: Sequence[OwnAward]
    behind: Place | None
