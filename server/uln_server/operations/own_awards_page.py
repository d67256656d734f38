"""Which page of its awards an organisation asks for, and how the next one is asked for [O].

A token says behind which award the next page begins, and for whom and under which conditions it was made. It is no
secret: whoever makes one up gets nothing but their own awards, from another place on.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from uln_contract.reconciliation_records import GetOwnAwards
from uln_server.operations.call import Call, Unacceptable
from uln_server.record.own_awards import BEFORE_ALL, Place, Wanted
from uln_server.register.times import LONDON

PAGE_SIZE = 500
"""Awards on a page unless the request says otherwise; the schema takes 1 to 1,000 [O]."""

_VERSION = b"\x01"
_DIGEST, _ULN = 8, 10  # bytes of a token after its version
_SHOWN = 40  # characters of a value that is refused


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page of an organisation's awards: which ones are wanted, behind which, and how many at most."""

    organisation: str
    wanted: Wanted
    behind: Place
    size: int

    def token(self, behind: Place | None) -> str | None:
        """Give what the page behind this place is asked for with; ``None`` for no place."""
        if behind is None:
            return None
        written = _VERSION + self._digest(behind) + "".join(behind).encode()
        return urlsafe_b64encode(written).decode().rstrip("=")

    def _digest(self, behind: Place) -> bytes:
        wanted = self.wanted
        since = wanted.updated_since and wanted.updated_since.isoformat()
        conditions = (wanted.from_date, wanted.to_date, wanted.provider_ukprn, since)
        text = json.dumps([self.organisation, *conditions, *behind])
        return blake2b(text.encode(), digest_size=_DIGEST, person=b"own awards").digest()


def asked(call: Call[GetOwnAwards]) -> PageAsked:
    """Read a request.

    ``Unacceptable`` for a toDate before fromDate, a moment that no calendar has, and a pageToken that was not made
    for this organisation and these conditions.
    """
    request = call.request
    if request.from_date and request.to_date and request.to_date < request.from_date:
        raise Unacceptable(
            f"GetOwnAwards/toDate: '{request.to_date}' comes before fromDate '{request.from_date}'."
            " Send the earlier date as fromDate."
        )
    wanted = Wanted(
        from_date=request.from_date,
        to_date=request.to_date,
        provider_ukprn=request.provider_ukprn,
        updated_since=_moment(request.updated_since),
    )
    first = PageAsked(call.caller.organisation.ukprn, wanted, BEFORE_ALL, request.page_size or PAGE_SIZE)
    if request.page_token is None:
        return first
    behind = _place(request.page_token)
    if behind is None or first.token(behind) != request.page_token:
        raise Unacceptable(
            f"GetOwnAwards/pageToken: '{request.page_token[:_SHOWN]}' was not given to this organisation for these"
            " conditions. Send NextPageToken of the page before as it came, with the same fromDate, toDate,"
            " providerUkprn and updatedSince; or leave it out, and begin with the first page."
        )
    return PageAsked(first.organisation, wanted, behind, first.size)


def _moment(text: str | None) -> datetime | None:
    """Read an xs:dateTime, in UTC; without a time zone it is London's."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        aware = moment.replace(tzinfo=LONDON) if moment.tzinfo is None else moment
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unacceptable(
            f"GetOwnAwards/updatedSince: '{text[:_SHOWN]}' is no moment that this service can reckon with."
            " Send one like 2024-02-05T09:30:00Z, or leave it out."
        ) from None


def _place(token: str) -> Place | None:
    """Give the place that a token names, which anybody may have written; ``None`` if it has not even its form."""
    try:
        written = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        text = written[len(_VERSION) + _DIGEST :].decode("ascii")
    except ValueError:
        return None
    return Place(text[:_ULN], text[_ULN:])
