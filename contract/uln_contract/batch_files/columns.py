"""One column's values judged, each by itself: what is sent of it, and what there is to say (domain §3, §8, §9).

Of most values there is nothing to say: one test settles those. What was found of the others is remembered, because
lists repeat their dates, references and names.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from uln_contract import ulns
from uln_contract.achievement_fields import GENDERS, moment, number
from uln_contract.batch_files.damage import damaged, scientific
from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.fixing import folded, in_capitals, post_code
from uln_contract.batch_files.misfits import Asked, misfit, missing, no_letter, too_long
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.codes import AchievementCode
from uln_contract.layouts import Column, FileKind, ValueKind
from uln_contract.names import has_letters
from uln_contract.references import key_of

ACTIONS = frozenset(range(1, 6))
"""The numbers of Action, unless the service's operator has set others (domain §9) [O]."""
_REMEMBERED = 32_768  # values of one column
_SHORT = 64  # characters of a value that is remembered: the others seldom come twice, and would fill the memory
_UKPRN = re.compile(r"[1-9][0-9]{7}", re.ASCII)
_MOMENTS = (ValueKind.DATE, ValueKind.MOMENT)
_FIRST_YEAR = 1950  # of dates that are not of birth: an earlier one is worth a look [O]
_YOUNGEST, _OLDEST = 5, 110  # years old that whoever is verified or has an achievement is likely to be [O]


class Verdict(NamedTuple):
    """What is sent of a value, and what there is to say of it; ``row`` is not among the findings' places yet."""

    text: str
    findings: tuple[Finding, ...] = ()


class ColumnCheck:
    """Judges the values of one column.

    ``plain`` tells of most good values that there is nothing to say of them, and they are sent as they are; it
    never says so of any other. ``judge`` tells the rest. ``today`` is the day in London: no date lies after it.
    ``remembered`` values of the others are kept.
    """

    def __init__(
        self,
        column: Column,
        kind: FileKind,
        today: date,
        *,
        actions: frozenset[int] = ACTIONS,
        remembered: int = _REMEMBERED,
    ) -> None:
        self.column = column
        self._kind = kind
        self._today = today
        self._actions = actions
        self._remembered = remembered
        self._known: dict[str, Verdict] = {}
        self._clean: set[str] = set()
        self.plain: Callable[[str], object] = _plain(column, kind) or self._clean.__contains__

    def judge(self, value: str) -> Verdict:
        """Give what is sent of a value that is not plain, and the findings on it; a blank one is "not given"."""
        known = self._known.get(value)
        if known is None:
            known = self._judged(value)
            if len(value) <= _SHORT:
                self._remember(value, known)
        return known

    def _remember(self, value: str, verdict: Verdict) -> None:
        if len(self._known) + len(self._clean) >= self._remembered:
            self._known.clear()
            self._clean.clear()
        if verdict == (value, ()):
            self._clean.add(value)
        else:
            self._known[value] = verdict

    def _judged(self, value: str) -> Verdict:
        text = folded(value, self.column.kind)
        if not text:
            return Verdict("", (self._coded(missing(self.column)),) if self.column.required else ())
        broken = damaged(self.column.name, text)
        if broken is not None:
            return Verdict(text, (self._coded(broken),))
        usual = self._usual(text)
        asked = Asked(self.column, self._kind, self._today, usual)
        findings = tuple(map(self._coded, self._findings(asked)))
        if not any(each.refuses for each in findings) and usual != value:
            findings = (_told(self.column.name, value, text, usual), *findings)
        return Verdict(usual, findings)

    def _usual(self, text: str) -> str:
        """Give a code or postcode as it is usually written, where only one thing can be meant."""
        if self.column.kind is ValueKind.POST_CODE:
            usual = post_code(text)
            return usual if usual and usual.replace(" ", "") == "".join(text.split()).upper() else text
        if self._kind is FileKind.ACHIEVEMENTS and self.column.kind is ValueKind.CODE:
            read = number(text)
            return text if read is None else str(read)
        capitals = text.upper() if in_capitals(self.column) else text
        return capitals if capitals != text and self._fits(capitals) else text

    def _findings(self, asked: Asked) -> list[Finding]:
        column, text = self.column, asked.text
        if len(text) > column.type.maximum and _measured(column):
            return [too_long(asked, column.type.maximum)]
        if column.kind in (ValueKind.NAME, ValueKind.TEXT):
            if column.kind is ValueKind.NAME and not has_letters(text):
                return [no_letter(asked)]
            return _doubtful_name(asked)
        if not self._fits(text):
            return [misfit(asked)]
        return self._of_date(asked) if column.kind in _MOMENTS else self._doubtful(asked)

    def _fits(self, text: str) -> bool:
        column = self.column
        if column.kind is ValueKind.ULN:
            return ulns.is_valid(text)
        if column.kind is ValueKind.MOMENT:
            return moment(text) is not None
        if self._kind is FileKind.ACHIEVEMENTS:
            return self._fits_achievement(text)
        return bool(column.type.fits(text))

    def _fits_achievement(self, text: str) -> bool:
        """Tell what the service accepts, which is more than the file's description has in its example."""
        name = self.column.name
        if name == "Action":
            return number(text) in self._actions
        if name == "Gender":
            return number(text) in GENDERS
        if name == "UnitOrQualificationReferenceNumber":
            return key_of(text) is not None
        return name == "ProviderUkprn" or len(text) <= self.column.type.maximum

    def _of_date(self, asked: Asked) -> list[Finding]:
        day = _day(asked)
        if day is None:
            return [asked.found(ValueCode.NO_SUCH_DAY, "is no day of the calendar.")]
        if day > self._today:
            return [asked.found(ValueCode.FUTURE, f"is in the future: today is {self._today}.")]
        if not _likely(self.column.name, day, self._today, self._kind):
            words = f"is a possible date, and an unlikely one: {day.year} for {self.column.name}."
            return [asked.found(ValueCode.UNLIKELY_DATE, words)]
        return []

    def _doubtful(self, asked: Asked) -> list[Finding]:
        """Say what the service takes, and still is likely to be wrong."""
        name, text = self.column.name, asked.text
        if name == "ProviderUkprn" and not _UKPRN.fullmatch(text):
            words = "has not eight digits, the first not 0: the service will refuse the achievement (BR006)."
            return [asked.found(ValueCode.UNLIKELY_UKPRN, words)]
        if self.column.kind is ValueKind.POST_CODE and post_code(text) != text:
            usual = post_code(text)
            remedy = f"Write {usual}." if usual else None
            words = "is no postcode of the United Kingdom, and can agree with no register's."
            return [asked.found(ValueCode.UNLIKELY_POST_CODE, words, remedy)]
        if self.column.kind is ValueKind.REFERENCE and scientific(text):
            words = "looks like a number that a spreadsheet has shortened, so that its last digits are lost."
            return [asked.found(ValueCode.SCIENTIFIC, words, severity=ValueCode.WHITE_SPACE.severity)]
        return []

    def _coded(self, finding: Finding) -> Finding:
        """Give an achievement's error the code that the service would give it."""
        if self._kind is not FileKind.ACHIEVEMENTS or not finding.refuses:
            return finding
        code = _FIELD_DATA.get(finding.code) or _BY_COLUMN.get(self.column.name)
        return finding if code is None else replace(finding, code=code.value)


_FIELD_DATA = {
    ValueCode.MISSING.value: AchievementCode.FD001,
    ValueCode.NO_LETTER.value: AchievementCode.FD001,
    ValueCode.LENGTH.value: AchievementCode.FD002,
    ValueCode.CONTROL.value: AchievementCode.FD002,
    ValueCode.FUTURE.value: AchievementCode.FD004,
}
_BY_COLUMN = {
    **dict.fromkeys(("AchievementAwardDate", "ActionDate", "DateofBirth"), AchievementCode.FD003),
    "Action": AchievementCode.FD005,
    "Uln": AchievementCode.FD006,
    "Gender": AchievementCode.FD007,
    "UnitOrQualificationReferenceNumber": AchievementCode.FD008,
}


def _measured(column: Column) -> bool:
    """Tell whether all that a column asks of a long text is that it be shorter."""
    free = column.kind in (ValueKind.NAME, ValueKind.TEXT)
    return free or (column.type.pattern is None and column.kind is not ValueKind.CODE)


def _day(asked: Asked) -> date | None:
    if asked.column.kind is ValueKind.MOMENT:
        read = moment(asked.text)
        return read and read.day
    try:
        return date.fromisoformat(asked.text)
    except ValueError:
        return None


def _likely(name: str, day: date, today: date, kind: FileKind) -> bool:
    if name.casefold() != "dateofbirth":
        return day.year >= _FIRST_YEAR
    # To be registered, a learner has to have an age: that is asked of the record as a whole.
    return kind is FileKind.REGISTRATION or _YOUNGEST <= today.year - day.year <= _OLDEST


def _doubtful_name(asked: Asked) -> list[Finding]:
    text = asked.text
    if asked.column.kind is not ValueKind.NAME:
        return []
    if "?" in text:
        words = (
            f"has a question mark in it, {text[:40]!r}: a program writes one for a letter that it does not know."
        )
        return [asked.found(ValueCode.QUESTION_MARK, words)]
    unlikely = _NOT_IN_NAMES.search(text)
    if unlikely:
        how = "begins with" if unlikely[0] in "+-" else "has in it"
        words = f"{how} {unlikely[0]!r}, as names do not."
        return [asked.found(ValueCode.UNLIKELY_NAME, words)]
    return []


_NOT_IN_NAMES = re.compile(r"[0-9=@<>{}\[\]|\\;*%_~^$£\"!]|^[+-]")


def _told(column: str, value: str, text: str, usual: str) -> Finding:
    """Say what is put right; ``text`` is the value without white space, ``usual`` what is sent."""
    if text == usual:
        words = f"{column} has white space that does not belong there, or characters that cannot be seen."
        return found(ValueCode.WHITE_SPACE, words, f"Write {usual}.", column=column, value=value, fixed=usual)
    words = f"{column} is not spelt in the usual way, and is sent as {usual}."
    return found(ValueCode.SPELLING, words, f"Write {usual}.", column=column, value=value, fixed=usual)


def _plain(column: Column, kind: FileKind) -> Callable[[str], object] | None:  # noqa: PLR0911  # one a kind
    """Give the quick test of a column, if there is one besides looking at what is known already.

    Whatever fits it holds to every rule of its own and is spelt as usual.
    """
    if column.kind is ValueKind.ULN:
        return ulns.is_valid
    if column.kind in (ValueKind.NAME, ValueKind.TEXT):
        pattern = _PLAIN_NAME if column.kind is ValueKind.NAME else _PLAIN_TEXT
        return re.compile(pattern.format(most=column.type.maximum), re.ASCII).fullmatch
    if column.kind is ValueKind.POST_CODE:
        return _PLAIN_POST_CODE
    if column.name.casefold() == "misidentifier":
        return _PLAIN_REFERENCE
    if column.name == "ProviderUkprn":
        return _UKPRN.fullmatch
    if column.kind is ValueKind.CODE and kind is not FileKind.ACHIEVEMENTS and column.type.pattern is not None:
        return column.type.fits
    return None


_PLAIN_NAME = r"(?=.{{1,{most}}}\Z)[A-Za-z]+(?:[ '.-][A-Za-z]+)*"
_PLAIN_TEXT = r"(?=.{{1,{most}}}\Z)[A-Za-z0-9][!-~]*(?: [!-~]+)*"
_PLAIN_POST_CODE = re.compile(r"[A-Z]{1,2}[0-9R][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}", re.ASCII).fullmatch
_PLAIN_REFERENCE = re.compile(r"(?![0-9.]+[eE])[A-Za-z0-9_/:.-]{1,128}", re.ASCII).fullmatch
