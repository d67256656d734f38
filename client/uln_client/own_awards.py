"""What the service holds of an organisation's own awards, page by page (GetOwnAwards) [O]."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from lxml import etree

from uln_client.checking import check_request, check_text
from uln_client.errors import SubmissionRefused
from uln_client.identity import Identity
from uln_client.reports import check_dates
from uln_client.sense import answer_of, senseless
from uln_contract.codes import ResponseCode
from uln_contract.operations import RECONCILIATION_SERVICE
from uln_contract.reconciliation_records import GetOwnAwards, GetOwnAwardsResponse, User
from uln_contract.reconciliation_records import OwnAward as Told
from uln_contract.writing import write

PAGE_SIZE = 1_000
"""Awards in a page unless told otherwise: the most that one may hold."""

_ANSWERS = frozenset({ResponseCode.WSRC0043, ResponseCode.WSRC0050, ResponseCode.WSRC0051})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAward:
    """One award of the organisation's own, as the service holds it.

    ``uln`` is the one that was submitted; ``current_uln`` the learner's of today, where ``uln`` was merged into
    it, else ``None``. ``reference`` is as the catalogue writes it. ``final`` is false for a provisional award.

    The moments are aware, in UTC. ``details_action_date`` is the ActionDate that the details come from,
    ``withdrawal_action_date`` that of the last withdrawal or reinstatement (before any, of the creation): the
    service refuses an achievement that would change either with an earlier one. ``last_changed`` is when the
    service took the last change in.
    """

    uln: str
    current_uln: str | None
    reference: str
    award_date: date
    provider_ukprn: str
    grade: str | None
    language: str | None
    mis_identifier: str | None
    final: bool
    withdrawn: bool
    version: int
    details_action_date: datetime
    withdrawal_action_date: datetime
    last_changed: datetime

    @property
    def merged(self) -> bool:
        """Whether the ULN is an old one: use ``current_uln`` from now on."""
        return self.current_uln is not None


def question(  # noqa: PLR0913  # the fields of the contract
    who: Identity,
    *,
    from_date: date | str | None,
    to_date: date | str | None,
    provider_ukprn: str | None,
    updated_since: datetime | str | None,
    page_size: int,
) -> GetOwnAwards:
    """Give the request for the first page.

    Raises :class:`~uln_client.errors.InvalidValue` for what the service could only refuse.
    """
    first, last = (str(each) if each else None for each in (from_date, to_date))
    since = updated_since.isoformat() if isinstance(updated_since, datetime) else updated_since or None
    asked = GetOwnAwards(
        invoking_user=User(
            org_password=who.password.get_secret_value(),
            organisation_ref=who.organisation_ref or who.ukprn,
            user_name=who.user_name,
        ),
        from_date=first,
        to_date=last,
        provider_ukprn=provider_ukprn or None,
        updated_since=since,
        page_size=page_size,
    )
    check_text(asked)
    check_request(etree.fromstring(write(asked, RECONCILIATION_SERVICE[0].request, {})), "reconciliation")
    if first is not None:
        check_dates(first, last)
    return asked


def walked(asked: GetOwnAwards, ask: Callable[[GetOwnAwards], GetOwnAwardsResponse]) -> Iterator[OwnAward]:
    """Ask for one page after the other, and give their awards as they come.

    Raises :class:`~uln_client.errors.SubmissionRefused` for WSRC0043, and
    :class:`~uln_client.errors.InvalidReply` for a reply that makes no sense.
    """
    token: str | None = None
    while True:
        reply = ask(replace(asked, page_token=token))
        code = answer_of("GetOwnAwards", reply.response_code, _ANSWERS)
        if code is ResponseCode.WSRC0043:
            raise SubmissionRefused(code)
        if code is ResponseCode.WSRC0051 and (reply.award or reply.next_page_token):
            raise senseless(f"{code} came with awards, or with more to come")
        yield from map(_own_award, reply.award)
        if reply.next_page_token is None:
            return
        if reply.next_page_token == token:
            raise senseless("its NextPageToken is the one that was sent")
        token = reply.next_page_token


def _own_award(told: Told) -> OwnAward:
    return OwnAward(
        uln=told.uln,
        current_uln=told.current_uln,
        reference=told.unit_or_qualification_reference_number,
        award_date=_day(told.achievement_award_date),
        provider_ukprn=told.provider_ukprn,
        grade=told.grade,
        language=told.language_for_assessment,
        mis_identifier=told.mis_identifier,
        final=told.submission_type == "Final",
        withdrawn=told.withdrawn.strip() in _TRUE,
        version=told.version,
        details_action_date=_moment(told.details_action_date),
        withdrawal_action_date=_moment(told.withdrawal_action_date),
        last_changed=_moment(told.last_changed),
    )


_TRUE = frozenset({"true", "1"})
_DAY = len("YYYY-MM-DD")


def _day(text: str) -> date:
    # An xs:date may have a time zone behind the day.
    try:
        return date.fromisoformat(text.strip()[:_DAY])
    except ValueError:
        raise senseless("an AchievementAwardDate is no day of the calendar") from None


def _moment(text: str) -> datetime:
    """Read an xs:dateTime; the service writes UTC, and says so with Z."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise senseless("a date and time of an award cannot be read") from None
