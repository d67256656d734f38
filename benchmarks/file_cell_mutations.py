"""What people and spreadsheets do to a value, by the kind of its column."""

from collections.abc import Callable
from datetime import date
from random import Random

from uln_contract.layouts import Column, ValueKind

Change = Callable[[Random, str], str | None]
"""Gives the value as it is spoilt; ``None`` where that makes no difference."""
_EPOCH = date(1899, 12, 30)


def _day(value: str) -> date:
    return date.fromisoformat(value[:10])


def _form(form: str) -> Change:
    return lambda _, value: _day(value).strftime(form)


def _unpadded(_: Random, value: str) -> str | None:
    day = _day(value)
    text = f"{day.year}-{day.month}-{day.day}"
    return None if text == value else text


def _no_day(random: Random, value: str) -> str:
    return f"{value[:4]}-{random.choice(('02-30', '04-31', '13-01', '00-10'))}"


def _swapped_digits(random: Random, value: str) -> str | None:
    place = random.randrange(1, len(value) - 1)
    if value[place] == value[place + 1]:
        return None
    return value[:place] + value[place + 1] + value[place] + value[place + 2 :]


def _other_digit(random: Random, value: str) -> str:
    place = random.randrange(1, len(value))
    other = random.choice([each for each in "0123456789" if each != value[place]])
    return value[:place] + other + value[place + 1 :]


def _mojibake(_: Random, value: str) -> str | None:
    spoilt = value.encode().decode("cp1252", "replace")
    return None if spoilt == value else spoilt


def _letters_lost(mark: str) -> Change:
    return lambda _, value: None if value.isascii() else "".join(one if one.isascii() else mark for one in value)


def _within(text: str) -> Change:
    def change(random: Random, value: str) -> str:
        place = random.randrange(1, max(len(value), 2))
        return value[:place] + text + value[place:]

    return change


def _looks_alike(_: Random, value: str) -> str | None:
    spoilt = value.replace("0", "O", 1) if "0" in value else value.replace("1", "l", 1)
    return None if spoilt == value else spoilt


DATES: dict[str, Change] = {
    "date 16/08/1976": _form("%d/%m/%Y"),
    "date 08/16/1976": _form("%m/%d/%Y"),
    "date 16-Aug-76": _form("%d-%b-%y"),
    "date 16.08.1976": _form("%d.%m.%Y"),
    "date 19760816": _form("%Y%m%d"),
    "date with a time": lambda _, value: f"{value[:10]} 00:00:00",
    "date as a number": lambda _, value: str((_day(value) - _EPOCH).days),
    "date without zeros": _unpadded,
    "date that there is not": _no_day,
    "date a century on": lambda _, value: f"{int(value[:4]) + 100}{value[4:]}",
    "#####": lambda *_: "##########",
}
NUMBERS: dict[str, Change] = {
    "number as 1.03E+09": lambda _, value: f"{int(value):.5E}",
    "number as 1026893096.0": lambda _, value: f"{value}.0",
    "number with commas": lambda _, value: f"{int(value):,}",
    "number with spaces": lambda _, value: f"{value[:4]} {value[4:7]} {value[7:]}",
    "number with an apostrophe": lambda _, value: f"'{value}",
    "one digit wrong": _other_digit,
    "two digits swapped": _swapped_digits,
    "a digit missing": lambda random, value: value[: (at := random.randrange(len(value)))] + value[at + 1 :],
    "a digit too many": lambda random, value: value + random.choice("0123456789"),
    "letter for a digit": _looks_alike,
}
ANY: dict[str, Change] = {
    "#N/A": lambda *_: "#N/A",
    "control character": _within("\x07"),
    "white space around": lambda _, value: f" {value} ",
    "no-break space behind": lambda _, value: f"{value}\xa0",
    "zero-width space": _within("\u200b"),
}
NAMES: dict[str, Change] = {
    "name read in the wrong encoding": _mojibake,
    "letters lost to \ufffd": _letters_lost("\ufffd"),
    "letters lost to ?": _letters_lost("?"),
    "two spaces": lambda _, value: value.replace(" ", "  ") if " " in value else None,
    "line break within": lambda _, value: value.replace(" ", "\n") if " " in value else None,
    "no letter": lambda random, _: random.choice(("-", ".", "123")),
    "too long": lambda _, value: f"{value} " * 20,
}
CODES: dict[str, Change] = {
    "code that there is not": lambda *_: "7777",
    "code with a decimal point": lambda _, value: f"{value}.0" if value.isdecimal() else None,
    "code in words": lambda *_: "Female",
}
POST_CODES: dict[str, Change] = {
    "postcode in small letters": lambda _, value: value.lower(),
    "postcode without its space": lambda _, value: value.replace(" ", ""),
    "postcode cut off": lambda _, value: value.split()[0],
    "postcode with a dash": lambda _, value: value.replace(" ", "-"),
    "postcode of elsewhere": lambda *_: "75008",
}
EMAILS: dict[str, Change] = {
    "e-mail without @": lambda _, value: value.replace("@", "."),
    "e-mail with a name": lambda _, value: f"Learner <{value}>",
    "two e-mails": lambda _, value: f"{value};{value}",
}
REFERENCES: dict[str, dict[str, Change]] = {
    "ScottishCandidateNumber": {
        "zero lost in front": lambda _, value: value.lstrip("0"),
        "number too long": lambda _, value: value * 2,
    },
    "UCI": {"UCI too short": lambda _, value: value[:-2], "UCI in small letters": lambda _, value: value.lower()},
    "UPN": {"UPN too short": lambda _, value: value[:-2], "UPN in small letters": lambda _, value: value.lower()},
    "ProviderUkprn": {
        "UKPRN too short": lambda _, value: value[:-1],
        "UKPRN with commas": lambda _, value: f"{int(value):,}",
        "UKPRN with a decimal point": lambda _, value: f"{value}.0",
    },
    "UnitOrQualificationReferenceNumber": {
        "reference without slashes, small": lambda _, value: value.replace("/", "").lower(),
        "reference with dashes": lambda _, value: value.replace("/", "-"),
        "reference cut off": lambda _, value: value[:-2],
        "reference in words": lambda *_: "Unit 4",
    },
}
EMPTY = {"value missing": lambda *_: ""}


def changes_of(column: Column) -> dict[str, Change]:
    """Give what may happen to a filled cell of a column."""
    by_kind = {
        ValueKind.DATE: DATES,
        ValueKind.MOMENT: DATES,
        ValueKind.ULN: NUMBERS,
        ValueKind.NAME: NAMES,
        ValueKind.CODE: CODES,
        ValueKind.POST_CODE: POST_CODES,
        ValueKind.EMAIL: EMAILS,
    }
    own: dict[str, Change] = {**by_kind.get(column.kind, {}), **REFERENCES.get(column.name, {})}
    return {**ANY, **own, **(EMPTY if column.required else {})}
