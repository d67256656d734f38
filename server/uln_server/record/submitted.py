"""An achievement as it was submitted, and what can be wrong with it by itself: field data, FD… (domain §9) [O]."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from uln_contract.codes import AchievementCode
from uln_contract.names import has_letters
from uln_contract.ulns import is_valid
from uln_server.catalogue.reference import key_of
from uln_server.record.action import Action, Actions
from uln_server.record.award import Details
from uln_server.record.finding import Finding, Findings
from uln_server.register.times import LONDON, london_day

Fields = Mapping[str, str | None]
"""The fields of the contract type Achievement, by their names there; blank is "not given"."""

_LONGEST = {
    "FamilyName": 35,
    "GivenName": 35,
    "Grade": 35,
    "LanguageForAssessment": 35,
    "LearnerPostcode": 9,
    "MisIdentifier": 128,
    "ActionReason": 254,
}
# Of all but the postcode's.
_SHORTEST_LIMIT = 35
_GENDERS = frozenset({0, 1, 2, 9})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
# An xs:dateTime, or a day alone, as a file may have it.
_MOMENT = re.compile(
    r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}"
    r"(?:T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?(?:Z|[+-][01][0-9]:[0-5][0-9])?)?",
    re.ASCII,
)


# Not frozen: there is one for each row, and a frozen one takes twice as long to make.
@dataclass(slots=True, kw_only=True, repr=False)
class Submitted:
    """An achievement with nothing wrong in itself.

    ``reference`` is the catalogue's key. ``action_at`` is aware, in UTC; ``details.award_date`` and
    ``date_of_birth`` are London days, ``YYYY-MM-DD``. ``None`` is "not given".
    """

    uln: str
    reference: str
    given_name: str
    family_name: str
    date_of_birth: str | None
    gender: str | None
    post_code: str | None
    action: Action
    action_at: datetime
    reason: str | None
    details: Details


def read(given: Fields, actions: Actions, today: date) -> Submitted | Findings:
    """Give the achievement, or everything that is wrong with its fields.

    ``today`` is the day of submission in London: no date may lie after it.
    """
    reading = _Reading(given, today)
    submitted = reading.submitted(actions)
    return submitted if submitted and not reading.findings else tuple(reading.findings)


class _Moment(NamedTuple):
    """A moment in UTC, and its day in London: a program that writes midnight in UTC means the day that begins."""

    at: datetime
    day: date
    written_day: str


@lru_cache(maxsize=16_384)  # a submission has the same dates again and again, of birth too
def _moment(text: str) -> _Moment | None:
    """Read a moment; without a time zone it is London's."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        day, moment = moment.date(), moment.replace(tzinfo=LONDON)
    else:
        day = london_day(moment)
    return _Moment(moment.astimezone(UTC), day, day.isoformat())


@lru_cache(maxsize=256)
def _number(text: str) -> int | None:
    """Read an integer; ``None`` for a text that is none."""
    return int(text) if _INTEGER.fullmatch(text) else None


class _Reading:
    """Reads the fields of one achievement, and collects what is wrong with them."""

    def __init__(self, given: Fields, today: date) -> None:
        self._given = {name: text for name, value in given.items() if value and (text := value.strip())}
        # Seldom is a text not printable, or longer than any field may be: then each is looked at by itself.
        texts = self._given.values()
        self._plain = "".join(texts).isprintable() and max(map(len, texts), default=0) <= _SHORTEST_LIMIT
        self._today = today
        self.findings: list[Finding] = []

    def submitted(self, actions: Actions) -> Submitted | None:
        """Give what was read; ``None``, or nothing to be used, when there are findings."""
        text = self._given.get if self._plain else self._text
        award_date = self._day("AchievementAwardDate", self._required("AchievementAwardDate"))
        action = self._action(actions)
        action_at = self._moment("ActionDate", self._required("ActionDate"))
        reason = text("ActionReason")
        date_of_birth = self._day("DateofBirth", text("DateofBirth"))
        family_name = self._name("FamilyName")
        gender = self._gender(text("Gender"))
        given_name = self._name("GivenName")
        grade, language = text("Grade"), text("LanguageForAssessment")
        post_code, mis_identifier = self._text("LearnerPostcode"), text("MisIdentifier")
        provider = self._required("ProviderUkprn")
        uln, reference = self._uln(), self._reference()
        if not (award_date and action and action_at):
            return None
        return Submitted(
            uln=uln,
            reference=reference,
            given_name=given_name,
            family_name=family_name,
            date_of_birth=date_of_birth,
            gender=gender,
            post_code=post_code,
            action=action,
            action_at=action_at.at,
            reason=reason,
            details=Details(
                award_date=award_date,
                provider_ukprn=provider or "",
                grade=grade,
                language=language,
                mis_identifier=mis_identifier,
            ),
        )

    def _found(self, code: AchievementCode, name: str) -> None:
        self.findings.append(Finding(code, name))

    def _text(self, name: str) -> str | None:
        """Give a text without outer white space; a value that is too long for its field counts as read."""
        text = self._given.get(name)
        if text is None:
            return None
        too_long = name in _LONGEST and len(text) > _LONGEST[name]
        if too_long or (not self._plain and _CONTROL.search(text)):
            self._found(AchievementCode.FD002, name)
        return text

    def _required(self, name: str) -> str | None:
        text = self._given.get(name) if self._plain else self._text(name)
        if text is None:
            self._found(AchievementCode.FD001, name)
        return text

    def _name(self, name: str) -> str:
        text = self._required(name)
        if text and not has_letters(text):
            self._found(AchievementCode.FD001, name)
        return text or ""

    def _action(self, actions: Actions) -> Action | None:
        text = self._required("Action")
        number = None if text is None else _number(text)
        action = None if number is None else actions.of(number)
        if text is not None and action is None:
            self._found(AchievementCode.FD005, "Action")
        return action

    def _gender(self, text: str | None) -> str | None:
        if text is None:
            return None
        number = _number(text)
        if number not in _GENDERS:
            self._found(AchievementCode.FD007, "Gender")
        return None if number is None else str(number)

    def _moment(self, name: str, text: str | None) -> _Moment | None:
        if text is None:
            return None
        moment = _moment(text)
        if moment is None:
            self._found(AchievementCode.FD003, name)
        elif moment.day > self._today:
            self._found(AchievementCode.FD004, name)
        return moment

    def _day(self, name: str, text: str | None) -> str | None:
        moment = self._moment(name, text)
        return moment and moment.written_day

    def _uln(self) -> str:
        uln = self._required("Uln")
        if uln and not is_valid(uln):
            self._found(AchievementCode.FD006, "Uln")
        return uln or ""

    def _reference(self) -> str:
        name = "UnitOrQualificationReferenceNumber"
        text = self._required(name)
        key = key_of(text) if text else None
        if text and key is None:
            self._found(AchievementCode.FD008, name)
        return key or ""
