"""One award of the list beside the same award of the register: what differs between them [O].

A blank in the list says nothing, and is not compared. A grade is compared as the service compares it, without case
and space. Of what is withdrawn on both sides nothing more is compared: it counts for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from uln_client.achievements import Action
from uln_client.own_awards import OwnAward
from uln_contract.achievement_fields import Moment, moment, number

AWARD_DATE, PROVIDER, GRADE = "AchievementAwardDate", "ProviderUkprn", "Grade"
LANGUAGE, MIS_IDENTIFIER = "LanguageForAssessment", "MisIdentifier"
FORM = "SubmissionType"
"""Whether an award is final; a file's rows do not say it, but what it is submitted as."""
FINAL, PROVISIONAL = "Final", "Provisional"


class Kind(StrEnum):
    """What an award comes to. Each of the list is of one kind; ``EXTRA`` are those of the register alone."""

    SAME = "same"
    DIFFERENT = "different"
    MISSING = "missing in the register"
    WITHDRAWN = "withdrawn in the register"
    NOT_WITHDRAWN = "not withdrawn in the register"
    EXTRA = "extra in the register"
    NOT_COMPARED = "not compared"

    @property
    def differs(self) -> bool:
        """Whether the two sides disagree, or nobody can say."""
        return self is not Kind.SAME


class Remark(StrEnum):
    """What is told besides, and is no difference."""

    REPEATED = "repeated in the list"
    MERGED = "held under another ULN of the learner"
    FINAL_ALREADY = "final already"
    UNLISTED = "withdrawn in the register, and not in the list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of the list.

    ``place`` is its place among the rows, counted from 0, and ``number`` the row as the file counts it. ``key`` is
    what its reference is compared by. ``values`` are texts by the layout's names. A row that is not ``good`` has
    errors: it is known which award it is about, and nothing else of it is used.
    """

    place: int
    number: int
    uln: str
    key: str
    values: Mapping[str, str] = field(repr=False)
    good: bool = True

    @property
    def action(self) -> int:
        """What was done with it, by the numbers of :class:`~uln_client.achievements.Action`."""
        return number(self.values["Action"]) or 0

    @property
    def withdrawn(self) -> bool:
        """Whether the list has it as withdrawn."""
        return self.action == Action.WITHDRAW

    @property
    def action_date(self) -> datetime:
        """When that was decided, in UTC."""
        return _moment(self.values["ActionDate"]).at

    def final(self, *, provisional: bool) -> bool:
        """Whether it is final: in a list of provisional awards only what was promoted."""
        return not provisional or self.action == Action.PROMOTE


class Difference(NamedTuple):
    """A field that differs, and what each side has; ``""`` is "not given"."""

    field: str
    listed: str
    held: str


class Verdict(NamedTuple):
    """What the comparison of an award came to."""

    kind: Kind
    differences: tuple[Difference, ...] = ()


def compared(listed: Listed, award: OwnAward, *, provisional: bool) -> Verdict:
    """Compare an award; ``provisional`` says that the list is one of provisional awards."""
    if not listed.good:
        return Verdict(Kind.NOT_COMPARED)
    if listed.withdrawn:
        return Verdict(Kind.SAME if award.withdrawn else Kind.NOT_WITHDRAWN)
    found = tuple(_differences(listed, award, provisional=provisional))
    if award.withdrawn:
        return Verdict(Kind.WITHDRAWN, found)
    return Verdict(Kind.DIFFERENT if found else Kind.SAME, found)


def unheld(listed: Listed) -> Verdict:
    """Say what it means that the register has nothing of an award: what the list has as withdrawn, agrees."""
    if not listed.good:
        return Verdict(Kind.NOT_COMPARED)
    return Verdict(Kind.SAME if listed.withdrawn else Kind.MISSING)


def final_already(listed: Listed, award: OwnAward, *, provisional: bool) -> bool:
    """Whether an award is listed as provisional, and became final meanwhile: that is never taken back."""
    return listed.good and not listed.withdrawn and award.final and not listed.final(provisional=provisional)


def held_values(award: OwnAward) -> dict[str, str]:
    """Give an award's details by the layout's names, what there is none of left out."""
    found = {
        AWARD_DATE: award.award_date.isoformat(),
        PROVIDER: award.provider_ukprn,
        GRADE: award.grade,
        LANGUAGE: award.language,
        MIS_IDENTIFIER: award.mis_identifier,
    }
    return {name: text for name, text in found.items() if text}


def _differences(listed: Listed, award: OwnAward, *, provisional: bool) -> Iterator[Difference]:
    held = held_values(award)
    for name in (AWARD_DATE, PROVIDER, GRADE, LANGUAGE, MIS_IDENTIFIER):
        ours, theirs = listed.values.get(name, ""), held.get(name, "")
        if ours and _key(name, ours) != _key(name, theirs):
            yield Difference(name, ours, theirs)
    if listed.final(provisional=provisional) and not award.final:
        yield Difference(FORM, FINAL, PROVISIONAL)


def _key(name: str, text: str) -> str:
    if name == GRADE:
        return "".join(text.split()).casefold()
    return _moment(text).written_day if name == AWARD_DATE else text


def _moment(text: str) -> Moment:
    read = moment(text)
    if read is None:
        raise ValueError("only rows that were found good are compared")
    return read
