"""An achievement as it was submitted, and what can be wrong with it by itself: field data, FD… (domain §9) [O]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from uln_contract.achievement_fields import CONTROL, GENDERS, LONGEST, Moment, moment, number
from uln_contract.codes import AchievementCode
from uln_contract.names import has_letters
from uln_contract.references import key_of
from uln_contract.ulns import is_valid
from uln_server.record.action import Action, Actions
from uln_server.record.award import Details
from uln_server.record.finding import Finding, Findings

Fields = Mapping[str, str | None]
"""The fields of the contract type Achievement, by their names there; blank is "not given"."""

# Of all but the postcode's.
_SHORTEST_LIMIT = 35


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
        too_long = name in LONGEST and len(text) > LONGEST[name]
        if too_long or (not self._plain and CONTROL.search(text)):
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
        read = None if text is None else number(text)
        action = None if read is None else actions.of(read)
        if text is not None and action is None:
            self._found(AchievementCode.FD005, "Action")
        return action

    def _gender(self, text: str | None) -> str | None:
        if text is None:
            return None
        read = number(text)
        if read not in GENDERS:
            self._found(AchievementCode.FD007, "Gender")
        return None if read is None else str(read)

    def _moment(self, name: str, text: str | None) -> Moment | None:
        if text is None:
            return None
        read = moment(text)
        if read is None:
            self._found(AchievementCode.FD003, name)
        elif read.day > self._today:
            self._found(AchievementCode.FD004, name)
        return read

    def _day(self, name: str, text: str | None) -> str | None:
        read = self._moment(name, text)
        return read and read.written_day

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
