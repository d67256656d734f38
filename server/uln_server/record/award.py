"""An award as it is held, and what an action makes of it (domain §9) [O].

An award is one unit or qualification, by one awarding organisation, under one ULN: the same unit through another
provider, or with a better grade, is the same award. Three things about it are each kept with the ActionDate that
they come from, so that an older action never undoes a newer one, in whatever order the two arrive: its details;
whether it is withdrawn; whether it is final, which once true stays true.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from uln_contract.codes import AchievementCode
from uln_server.record.action import Action, Form


class AwardKey(NamedTuple):
    """What makes two submissions the same award: the organisation's UKPRN, the ULN sent, the catalogue's key."""

    organisation: str
    uln: str
    reference: str


# Not frozen, either of them, though nobody changes one: there are some for each row of a batch, and a frozen one
# takes twice as long to make.
@dataclass(slots=True, kw_only=True)
class Details:
    """What an update replaces, as a whole. ``award_date`` is ``YYYY-MM-DD``, UK time."""

    award_date: str
    provider_ukprn: str
    grade: str | None
    language: str | None
    mis_identifier: str | None


@dataclass(slots=True, kw_only=True)
class Award:
    """One award; times are ActionDates, aware, in UTC. ``version`` grows by one with each change."""

    key: AwardKey
    details: Details
    details_at: datetime
    form: Form
    withdrawn: bool
    withdrawn_at: datetime
    """Of the action that withdrew or reinstated it last; before any, of the one that created it."""
    version: int = 1


class Outcome(StrEnum):
    """What an action did."""

    CREATED = "created"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    PROMOTED = "promoted"


class Step(NamedTuple):
    """What was done, and the award as it is then."""

    outcome: Outcome
    award: Award


class Deed(NamedTuple):
    """What is done with an award: the action and its date, the details sent, the submission's type."""

    action: Action
    at: datetime
    details: Details
    form: Form


def act(held: Award | None, key: AwardKey, deed: Deed) -> Step | AchievementCode:
    """Carry an action out, or say why not: a code BR….

    ``held`` is the award of this key, if there is one. With the same ActionDate, what arrives later counts.
    """
    if deed.action is Action.CREATE:
        return _create(held, key, deed)
    if held is None:
        return AchievementCode.BR007
    match deed.action:
        case Action.UPDATE:
            return _update(held, deed)
        case Action.WITHDRAW:
            return AchievementCode.BR009 if held.withdrawn else _mark(held, deed, Outcome.WITHDRAWN)
        case Action.REINSTATE:
            return _mark(held, deed, Outcome.REINSTATED) if held.withdrawn else AchievementCode.BR008
        case _:
            return AchievementCode.BR010 if held.form is Form.FINAL else _promote(held, deed)


def _create(held: Award | None, key: AwardKey, deed: Deed) -> Step | AchievementCode:
    """Create an award; the final one for a provisional one promotes it, and is no second award."""
    if held is None:
        created = Award(
            key=key,
            details=deed.details,
            details_at=deed.at,
            form=deed.form,
            withdrawn=False,
            withdrawn_at=deed.at,
        )
        return Step(Outcome.CREATED, created)
    if held.withdrawn:
        return AchievementCode.BR012
    provisional = held.form is Form.PROVISIONAL
    return _promote(held, deed) if provisional and deed.form is Form.FINAL else AchievementCode.BR011


def _update(held: Award, deed: Deed) -> Step | AchievementCode:
    if deed.at < held.details_at:
        return AchievementCode.BR013
    return Step(Outcome.UPDATED, _changed(held, details=deed.details, details_at=deed.at))


def _mark(held: Award, deed: Deed, outcome: Outcome) -> Step | AchievementCode:
    if deed.at < held.withdrawn_at:
        return AchievementCode.BR013
    withdrawn = outcome is Outcome.WITHDRAWN
    return Step(outcome, _changed(held, withdrawn=withdrawn, withdrawn_at=deed.at))


def _promote(held: Award, deed: Deed) -> Step:
    """Make an award final, whenever that was; its details are the sent ones unless newer ones are held."""
    final = _changed(held, form=Form.FINAL)
    newer = deed.at >= held.details_at
    return Step(Outcome.PROMOTED, replace(final, details=deed.details, details_at=deed.at) if newer else final)


def _changed(held: Award, **changes: object) -> Award:
    return replace(held, version=held.version + 1, **changes)  # type: ignore[arg-type]  # fields of Award
