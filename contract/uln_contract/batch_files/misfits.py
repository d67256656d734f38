"""Why a value does not fit its column, and what would: told so that one correction is enough (domain §3, §8)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from uln_contract import ulns
from uln_contract.achievement_fields import moment
from uln_contract.batch_files.damage import scientific
from uln_contract.batch_files.dates import meant
from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.fixing import plain, post_code
from uln_contract.batch_files.relations import FIVE
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.field_rules import FIELD_RULES, Rule
from uln_contract.layouts import Column, FileKind, ValueKind
from uln_contract.references import SHAPES, key_of

UNKNOWN_ULN = "9999999999"
"""The funding return's "unknown ULN" (domain §2)."""
_ULN_SHAPED = re.compile(r"[1-9][0-9]{9}", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_WHOLE = re.compile(r"[^0-9+.-]*\+?0*([0-9]+)(?:\.0*)?[^0-9]*", re.ASCII)
_LONGEST = 300  # characters of what anything more can be said of
_SCOTTISH = 9  # digits of a Scottish Candidate Number
_NOTHING = frozenset({*("", "-", "--", ".", "?", "n/a", "na", "nan", "nil", "none", "null", "tbc", "not given")})
# Where a text can be read in several ways, years between which a date of birth lies, and any other [O].
_BIRTHS = {FileKind.REGISTRATION: (100, 13), FileKind.VERIFICATION: (100, 5), FileKind.ACHIEVEMENTS: (100, 5)}
_OTHER_DATES = (60, 0)

# How people write codes; the right one by the words, without their case. What is not listed has no clear code [O].
_GENDERS = {
    **dict.fromkeys(("m", "male", "man", "boy"), "1"),
    **dict.fromkeys(("f", "female", "woman", "girl"), "2"),
    **dict.fromkeys(("u", "unknown", "not known"), "0"),
    **dict.fromkeys(("x", "not specified", "prefer not to say"), "9"),
}
_IN_WORDS: Mapping[str, Mapping[str, str]] = {
    "Gender": _GENDERS,
    "PrivacyNoticeSeen": {
        **dict.fromkeys(("y", "yes", "true", "seen", "2"), "1"),
        **dict.fromkeys(("n", "no", "false", "not seen"), "0"),
    },
    "VerificationType": {
        "not provided": "0",
        "relationship with school": "1",
        "passport": "2",
        "driving licence": "3",
        "driving license": "3",
        "identity card": "4",
        "id card": "4",
        "national insurance card": "5",
        "certificate of entitlement to funding": "6",
        "bank card": "7",
        "other": "999",
    },
    "Nationality": {"british": "GBR", "united kingdom": "GBR", "irish": "IRL"},
    "Action": {
        **dict.fromkeys(("create", "new", "add"), "1"),
        **dict.fromkeys(("update", "change"), "2"),
        "withdraw": "3",
        "reinstate": "4",
        "promote": "5",
    },
}
# Letters that are taken for digits in a postcode, and the other way round.
_MISREAD = str.maketrans("OILSZ", "01152")


class Asked(NamedTuple):
    """A text that does not fit, and what is asked: the column, the kind of file, the last possible day."""

    column: Column
    kind: FileKind
    today: date
    text: str

    def found(
        self, code: ValueCode, words: str, remedy: str | None = None, severity: Severity | None = None
    ) -> Finding:
        """Make a finding on this text; ``words`` continue a sentence that begins with the column's name."""
        name = self.column.name
        return found(code, f"{name} {words}", remedy, column=name, value=self.text, severity=severity)

    @property
    def or_empty(self) -> str:
        """The way out that a column has which may be empty."""
        return " Or leave it empty." if self.may_be_empty else ""

    @property
    def may_be_empty(self) -> bool:
        """Whether nothing is missing without the column: the five may be empty beside a ULN alone."""
        beside = self.kind is FileKind.REGISTRATION and self.column.name in FIVE
        return not (self.column.required or beside)


def missing(column: Column) -> Finding:
    """Say that a column is empty that every record fills."""
    words = f"{column.name} is empty, and every record needs it."
    return found(ValueCode.MISSING, words, f"Fill it in. {_rule(column).remedy}", column=column.name)


def too_long(asked: Asked, most: int) -> Finding:
    """Say that a text is longer than its column takes."""
    words = f"has {len(asked.text)} characters, and at most {most} fit."
    return asked.found(ValueCode.LENGTH, words, f"Shorten it to {most} characters.{asked.or_empty}")


def no_letter(asked: Asked) -> Finding:
    """Say that a name has no letter."""
    return asked.found(ValueCode.NO_LETTER, "has no letter in it, and so is no name.")


def misfit(asked: Asked) -> Finding:
    """Say why a text of a column that has a form is not in it."""
    if asked.text.casefold() in _NOTHING:
        return _nothing(asked)
    if len(asked.text) > _LONGEST:
        return _general(asked)
    by_kind = _BY_KIND.get(asked.column.kind)
    return (by_kind and by_kind(asked)) or _general(asked)


def _nothing(asked: Asked) -> Finding:
    words = f"holds {asked.text!r}, which is a word for nothing."
    remedy = "Leave the cell empty." if asked.may_be_empty else f"Fill it in. {_rule(asked.column).remedy}"
    return asked.found(ValueCode.SPREADSHEET_ERROR, words, remedy)


def _general(asked: Asked) -> Finding:
    column, most = asked.column, asked.column.type.maximum
    if len(asked.text) > most and (column.type.pattern is None or column.kind is ValueKind.EMAIL):
        return too_long(asked, most)
    rule = _rule(column)
    return asked.found(ValueCode.FORM, rule.words, rule.remedy)


def _rule(column: Column) -> Rule:
    """Give the words for a column: the message's own where it carries the column, else its meaning."""
    rule = FIELD_RULES.get(column.element or "") if column.element != "AbilityToShare" else None
    if rule is not None or column.name == "AbilityToShare":
        return rule or FIELD_RULES[column.name]
    how = "one of its codes, such as" if column.kind is ValueKind.CODE else "it like"
    return Rule(f"does not fit: {column.type.meaning}", f"Write {how} {column.type.example}.")


def _write(asked: Asked, right: str, code: ValueCode, words: str) -> Finding:
    return asked.found(code, words, f"Write {right}.")


def _uln(asked: Asked) -> Finding | None:
    text = asked.text
    if text == UNKNOWN_ULN:
        words = "is 9999999999, the funding return's number for an unknown ULN, and nobody's."
        return asked.found(ValueCode.UNKNOWN_ULN, words, _WITHOUT_ULN[asked.kind])
    if _ULN_SHAPED.fullmatch(text):
        words = "has a check digit that does not fit: a digit was misread, or two were swapped."
        return asked.found(ValueCode.CHECK_DIGIT, words, f"Copy it again from its source.{asked.or_empty}")
    if scientific(text):
        return _shortened(asked)
    digits = "".join(_DIGITS.findall(re.sub(r"\.0*\Z", "", plain(text))))
    if ulns.is_valid(digits):
        return _write(asked, digits, ValueCode.TYPOGRAPHY, "has other characters than its ten digits.")
    if _DIGITS.fullmatch(text):
        words = f"has {len(text)} digits, and a ULN has ten, the first not 0."
        return asked.found(ValueCode.FORM, words, f"Copy it again from its source.{asked.or_empty}")
    words = "is no ULN: ten digits, the first not 0, the last a check digit."
    return asked.found(ValueCode.FORM, words, f"Copy it from its source, without spaces.{asked.or_empty}")


_WITHOUT_ULN = {
    FileKind.REGISTRATION: "Leave ULN empty: the learner is looked for, or registered, by the other details.",
    FileKind.VERIFICATION: "Give the learner's own ULN, or take the row out.",
    FileKind.ACHIEVEMENTS: "Give the learner's own ULN; without one nothing can be recorded.",
}


def _shortened(asked: Asked) -> Finding:
    words = "is a number that a spreadsheet has shortened, so that its last digits are lost."
    remedy = (
        "Format the column as text in the spreadsheet, and write the number again from its source."
        f"{asked.or_empty}"
    )
    return asked.found(ValueCode.SCIENTIFIC, words, remedy)


def _date(asked: Asked) -> Finding | None:
    birth = asked.column.name.casefold() == "dateofbirth"
    most, least = _BIRTHS[asked.kind] if birth else _OTHER_DATES
    text = plain(asked.text)
    if text != asked.text and _fits(asked.column, text):
        return _write(asked, text, ValueCode.TYPOGRAPHY, "has other signs than hyphens between its numbers.")
    if scientific(text):
        return _shortened(asked)
    latest = date(asked.today.year - least, 12, 31) if least else asked.today
    read = meant(text, date(asked.today.year - most + 1, 1, 1), latest)
    future = [each for each in read.days if date.fromisoformat(each) > asked.today]
    if read.days and future == list(read.days):
        words = f"is in the future, and is written in another form than YYYY-MM-DD: it reads {read.days[0]}."
        return asked.found(ValueCode.FUTURE, words)
    return _reading(asked, read.code, read.days)


def _reading(asked: Asked, code: ValueCode, days: tuple[str, ...]) -> Finding | None:
    if code is ValueCode.OTHER_DATE:
        return _write(asked, _timed(asked, days[0]), code, "is written in another form than YYYY-MM-DD.")
    if code is ValueCode.AMBIGUOUS_DATE:
        words = f"can be read in several ways: {' or '.join(days)}."
        return asked.found(code, words, f"Write the right one of {' and '.join(days)}.")
    if code is ValueCode.SERIAL_DATE:
        words = "is a number: what a spreadsheet keeps instead of a date."
        return _write(asked, f"{days[0]}, which is the number's day in a spreadsheet, if it is right", code, words)
    if code is ValueCode.NO_SUCH_DAY:
        return asked.found(code, "is no day of the calendar between 1800 and 2099, or has no such month.")
    return None


def _timed(asked: Asked, day: str) -> str:
    """Keep the time of a moment that only lacks the letter T."""
    timed = asked.text.replace(" ", "T", 1)
    return timed if asked.column.kind is ValueKind.MOMENT and moment(timed) else day


def _fits(column: Column, text: str) -> bool:
    if column.kind is ValueKind.MOMENT:
        return moment(text) is not None
    return bool(text) and bool(column.type.fits(text))


def in_words(column: Column, text: str) -> str | None:
    """Give the code that a word stands for, such as 2 for Female; ``None`` for what is no such word."""
    return _IN_WORDS.get(column.name, {}).get(plain(text).casefold())


def _code(asked: Asked) -> Finding | None:
    words = _rule(asked.column).words
    right = in_words(asked.column, asked.text)
    if right is not None:
        return _write(asked, right, ValueCode.CODE_IN_WORDS, words)
    whole = _WHOLE.fullmatch(plain(asked.text))
    if whole is not None and whole[1] != asked.text and _fits(asked.column, whole[1]):
        return _write(asked, whole[1], ValueCode.CODE_IN_WORDS, words)
    return None


def _post_code(asked: Asked) -> Finding | None:
    right = post_code(asked.text)
    if right is not None:
        return _write(asked, right, ValueCode.TYPOGRAPHY, "has signs in it that no postcode has.")
    right = _reread(asked.text)
    if right is None:
        return None
    words = "is no postcode; a letter was probably written for a digit."
    return asked.found(ValueCode.FORM, words, f"Write {right} if that is meant.{asked.or_empty}")


def _reread(text: str) -> str | None:
    """Give the postcode that it is once letters are taken for the digits that they look like, or ``None``."""
    letters = "".join(text.upper().split())
    outward, inward = letters[:-3], letters[-3:]
    inward = inward[:1].translate(_MISREAD) + inward[1:]
    outwards = (
        outward,
        outward[:1] + outward[1:].translate(_MISREAD),
        outward[:2] + outward[2:].translate(_MISREAD),
    )
    return next((right for each in outwards if (right := post_code(each + inward))), None)


def _email(asked: Asked) -> Finding | None:
    right = (
        plain(asked.text).casefold().removeprefix("mailto:").strip(" <>\"';,.").replace(",", ".").replace(" ", "")
    )
    if right and asked.column.type.fits(right):
        return _write(asked, right, ValueCode.TYPOGRAPHY, "has signs in it that no e-mail address has.")
    return None


def _reference(asked: Asked) -> Finding | None:
    text = asked.text
    if scientific(text):
        return _shortened(asked)
    if asked.column.name == "UnitOrQualificationReferenceNumber":
        return _unit(asked)
    if asked.column.name == "ScottishCandidateNumber" and _DIGITS.fullmatch(text) and len(text) < _SCOTTISH:
        words = f"has {len(text)} digits instead of 9: a spreadsheet has probably taken zeros away in front."
        return asked.found(ValueCode.LEADING_ZERO, words, f"Write {text.zfill(_SCOTTISH)} if that is meant.")
    right = "".join(re.findall(r"[0-9A-Za-z]+", re.sub(r"\.0+\Z", "", plain(text)))).upper()
    if right != text and _fits(asked.column, right):
        return _write(asked, right, ValueCode.TYPOGRAPHY, "has signs in it that do not belong there.")
    return None


def _unit(asked: Asked) -> Finding:
    text = plain(asked.text).upper()
    bare = "".join(re.findall(r"[0-9A-Z]+", text))
    letters = next((each for each in (text.strip("'\" "), bare) if key_of(each)), bare)
    if key_of(letters):
        words = "has the letters and digits of a reference number, with other signs between them."
        return _write(asked, letters, ValueCode.TYPOGRAPHY, words)
    padded = letters.zfill(8)
    if letters[:-1].isdigit() and key_of(padded):
        words = (
            f"has {len(letters)} characters instead of 8: a spreadsheet has probably taken zeros away in front."
        )
        return asked.found(ValueCode.LEADING_ZERO, words, f"Write {padded} if that is meant.")
    words = f"is no reference number: {SHAPES}."
    return asked.found(ValueCode.FORM, words, "Copy it again from the catalogue.")


_BY_KIND = {
    ValueKind.ULN: _uln,
    ValueKind.DATE: _date,
    ValueKind.MOMENT: _date,
    ValueKind.CODE: _code,
    ValueKind.POST_CODE: _post_code,
    ValueKind.EMAIL: _email,
    ValueKind.REFERENCE: _reference,
}
