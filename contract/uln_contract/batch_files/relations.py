"""What a record's values say together, and the service refuses before it looks anything up (domain §3, §6)."""

from collections.abc import Mapping
from datetime import date

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.layouts import FileKind

Values = Mapping[str, str]
"""A record's values by the layout's names of the columns, as they are sent; what is blank is not there."""
FIVE = ("GivenName", "FamilyName", "DateOfBirth", "Gender", "LastKnownPostCode")
"""By which a learner without a ULN is known (domain §6)."""
_NAMES = FIVE[:2]  # told as missing already
_TO_CREATE = ("VerificationType", "AbilityToShare", "PrivacyNoticeSeen")
_DESCRIBED = "999"  # the VerificationType that needs words
_YOUNGEST, _OLDEST = 13, 110  # at registration (domain §3)
_DAY = 10  # characters of a date


class Relations:
    """Judges a record's values together.

    ``has`` are the layout's columns, ``today`` the day in London. A column in ``broken`` has an error of its own,
    and nothing more is said of it.
    """

    def __init__(self, kind: FileKind, has: frozenset[str], today: date) -> None:
        self._to_create = tuple(each for each in _TO_CREATE if each in has)
        self._today = today
        self._of = {
            FileKind.REGISTRATION: self._registration,
            FileKind.ACHIEVEMENTS: self._achievement,
            FileKind.VERIFICATION: _nothing,
        }[kind]

    def judge(self, values: Values, broken: frozenset[str]) -> list[Finding]:
        """Give what is wrong, or worth a look, between the values."""
        return self._of(values, broken)

    def _registration(self, values: Values, broken: frozenset[str]) -> list[Finding]:
        findings = []
        with_uln = "ULN" in values
        if not with_uln:
            findings = [_one_of_five(name) for name in FIVE if name not in values and name not in _NAMES]
            findings += [_to_create(name) for name in self._to_create if name not in values]
        if values.get("VerificationType") == _DESCRIBED and "OtherVerificationDescription" not in values:
            findings.append(_undescribed())
        birth = values.get("DateOfBirth")
        if birth and "DateOfBirth" not in broken:
            findings += self._age(birth, with_uln=with_uln)
        captured = values.get("DateOfAddressCapture")
        if birth and captured and captured < birth and broken.isdisjoint(("DateOfBirth", "DateOfAddressCapture")):
            findings.append(_before("DateOfAddressCapture", captured, "DateOfBirth", birth))
        return findings

    def _age(self, birth: str, *, with_uln: bool) -> list[Finding]:
        day, today = date.fromisoformat(birth), self._today
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        if _YOUNGEST <= age <= _OLDEST:
            return []
        words = f"DateOfBirth makes the learner {age} years old, and {_YOUNGEST} to {_OLDEST} is usual."
        if with_uln:
            # Who is registered already is not refused for the age.
            return [found(ValueCode.UNLIKELY_DATE, words, column="DateOfBirth", value=birth)]
        words = (
            f"DateOfBirth makes the learner {age} years old; only at {_YOUNGEST} to {_OLDEST} one is registered."
        )
        return [found(ValueCode.AGE, words, column="DateOfBirth", value=birth)]

    def _achievement(self, values: Values, broken: frozenset[str]) -> list[Finding]:
        birth, award = values.get("DateofBirth"), values.get("AchievementAwardDate")
        if not birth or not award or birth[:_DAY] < award[:_DAY]:
            return []
        if not broken.isdisjoint(("DateofBirth", "AchievementAwardDate")):
            return []
        return [_before("AchievementAwardDate", award, "DateofBirth", birth)]


def _nothing(values: Values, broken: frozenset[str]) -> list[Finding]:  # noqa: ARG001  # as the others are called
    return []


def _one_of_five(name: str) -> Finding:
    words = f"{name} is empty, and a learner without a ULN is known by names, date of birth, gender and postcode."
    return found(ValueCode.FIVE, words, f"Give {name}, or the learner's ULN.", column=name)


def _to_create(name: str) -> Finding:
    words = f"{name} is empty: without it a learner who is not in the register yet cannot be registered."
    return found(ValueCode.NEW_LEARNER, words, f"Give {name}.", column=name)


def _undescribed() -> Finding:
    words = "OtherVerificationDescription is empty, and VerificationType is 999."
    return found(ValueCode.DESCRIPTION, words, column="OtherVerificationDescription")


def _before(name: str, value: str, earlier: str, day: str) -> Finding:
    words = f"{name} is not after {earlier}, {day[:_DAY]}."
    remedy = "Correct the one that is wrong."
    return found(ValueCode.UNLIKELY_DATE, words, remedy, column=name, value=value, severity=Severity.WARNING)
