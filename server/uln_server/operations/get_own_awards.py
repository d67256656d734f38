"""GetOwnAwards: what the service holds of an awarding organisation's own awards, a page at a time [O]."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from uln_contract.codes import ResponseCode
from uln_contract.reconciliation_records import GetOwnAwards, GetOwnAwardsResponse
from uln_contract.shape import Table
from uln_server.access.organisation import Agreement
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.own_awards_page import asked
from uln_server.record.own_awards import OwnAward


def get_own_awards(call: Call[GetOwnAwards], unit: Unit) -> Answer:
    """Answer WSRC0050 (a page), WSRC0051 (none, and none to come), or WSRC0043 without the agreement to submit.

    Whatever the learner shares: an organisation always sees its own awards (domain §9). Nothing of the learner is
    told but the ULN that was submitted, and the one that stands for it now. Raises ``Unacceptable`` for conditions
    that contradict each other, and for a token of another page.
    """
    if Agreement.ACHIEVEMENTS_SUBMIT not in call.caller.organisation.agreements:
        return Answer(GetOwnAwardsResponse(response_code=ResponseCode.WSRC0043), ResponseCode.WSRC0043)
    page = asked(call)
    found, behind = unit.awards.own(page.organisation, page.wanted, page.behind, page.size)
    current = _current([each.uln for each in found if each.merged], unit)
    code = ResponseCode.WSRC0050 if found or behind else ResponseCode.WSRC0051
    reply = GetOwnAwardsResponse(
        response_code=code,
        award=_table(found, current),  # type: ignore[arg-type]  # in place of records
        next_page_token=page.token(behind),
    )
    disclosed = dict.fromkeys((*(each.uln for each in found), *current.values()))
    return Answer(reply, code, tuple(disclosed))


def _current(merged: Sequence[str], unit: Unit) -> Mapping[str, str]:
    """Give for each merged ULN the one that stands for it now; one whose master was deleted has none."""
    if not merged:
        return {}
    return {uln: entry.current.uln for uln, entry in unit.learners.entries(merged).items() if entry.merged}


def _table(awards: Sequence[OwnAward], current: Mapping[str, str]) -> Table | tuple[()]:
    if not awards:
        return ()
    held = dict(zip(OwnAward._fields, zip(*awards, strict=True), strict=True))
    columns: dict[str, Sequence[Any]] = {
        "uln": held["uln"],
        "current_uln": [*map(current.get, held["uln"])],
        "unit_or_qualification_reference_number": held["reference"],
        "achievement_award_date": held["award_date"],
        "provider_ukprn": held["provider_ukprn"],
        "grade": held["grade"],
        "language_for_assessment": held["language"],
        "mis_identifier": held["mis_identifier"],
        "submission_type": held["form"],
        "withdrawn": ["true" if each else "false" for each in held["withdrawn"]],
        "version": held["version"],
        "details_action_date": [*map(_utc, held["details_at"])],
        "withdrawal_action_date": [*map(_utc, held["withdrawn_at"])],
        "last_changed": [*map(_utc, held["updated_at"])],
    }
    return Table(columns)


@lru_cache(maxsize=4_096)  # what was submitted together has the same times
def _utc(moment: datetime) -> str:
    """Write a moment as xs:dateTime in UTC; a whole second has no fraction."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
