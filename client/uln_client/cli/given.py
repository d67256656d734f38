"""Achievements as a person gives them: by options, or as a JSON list of a few."""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from uln_client.achievements import Action
from uln_client.errors import InvalidValue, UsageError
from uln_contract.external_records import Achievement

ACTIONS = {action.name.lower(): action for action in Action}
# What an option is called, by the record's attribute; a JSON object's names may be either, or the contract's.
OPTIONS = {
    "uln": "--uln",
    "given_name": "--given-name",
    "family_name": "--family-name",
    "unit_or_qualification_reference_number": "--reference",
    "achievement_award_date": "--award-date",
    "provider_ukprn": "--provider",
    "grade": "--grade",
    "action": "--action",
    "action_date": "--action-date",
    "action_reason": "--reason",
    "date_of_birth": "--date-of-birth",
    "gender": "--gender",
    "learner_postcode": "--post-code",
    "language_for_assessment": "--language",
    "mis_identifier": "--mis-identifier",
}
_IN_FILE = {attribute: option.removeprefix("--").replace("-", "_") for attribute, option in OPTIONS.items()}
"""What the names in a file are called when something is wrong with one."""
_NAMES = ", ".join(_IN_FILE.values())
_REQUIRED = (
    *("uln", "given_name", "family_name", "unit_or_qualification_reference_number"),
    *("achievement_award_date", "provider_ukprn"),
)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?)?", re.ASCII
)
_DATES = ("achievement_award_date", "action_date", "date_of_birth")


def _bare(name: str) -> str:
    return re.sub("[-_ ]", "", name).lower()


_ATTRIBUTES = {
    **{_bare(field.attribute): field.attribute for field in Achievement.FIELDS},
    **{_bare(field.name): field.attribute for field in Achievement.FIELDS},
    **{_bare(option): attribute for attribute, option in OPTIONS.items()},
}


def from_options(given: Mapping[str, str | None], references: list[str]) -> list[Achievement]:
    """Give one achievement for each reference, all else as the options say.

    Raises :class:`~uln_client.errors.UsageError` for an option that is missing, or whose value cannot be meant.
    """
    values = {name: value for name, value in given.items() if value is not None}
    name = "unit_or_qualification_reference_number"
    return [_achievement({**values, name: each}, "", OPTIONS) for each in references or [""]]


def from_json(file: str) -> list[Achievement]:
    """Read a JSON list of achievements from a file, ``-`` for stdin; a single object is a list of one.

    Raises :class:`~uln_client.errors.UsageError` for what is no such list; it names the place.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"The file {file} cannot be read.", "Give a UTF-8 text file that you may read.") from None
    except ValueError as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{_named(file)} is no JSON{place}.", _EXAMPLE) from None
    listed = content if isinstance(content, list) else [content]
    if not listed:
        raise UsageError(f"{_named(file)} holds no achievement.", _EXAMPLE)
    return [_from_object(each, f"Achievement {number}: ") for number, each in enumerate(listed, 1)]


def _named(file: str) -> str:
    return "What stands on stdin" if file == "-" else f"The file {file}"


_EXAMPLE = (
    'Give a list of objects: [{"uln": "1026893096", "given_name": "Darcie", "family_name": "Tucker", "reference": '
    '"S/900/0001", "award_date": "2024-06-28", "provider": "90000002"}]'
)


def _from_object(content: object, place: str) -> Achievement:
    if not isinstance(content, dict):
        raise UsageError(f"{place}it is no object.", _EXAMPLE)
    return _achievement(dict(_named_values(content, place)), place, _IN_FILE)


def _named_values(content: Mapping[str, object], place: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, value in content.items():
        attribute = _ATTRIBUTES.get(_bare(name))
        if attribute is None:
            near = get_close_matches(_bare(name), _ATTRIBUTES, 1)
            hint = f"Is {_IN_FILE[_ATTRIBUTES[near[0]]]} meant?" if near else f"The names are {_NAMES}."
            raise UsageError(f"{place}an achievement has no {name}.", hint)
        if attribute in seen:
            raise UsageError(f"{place}{_IN_FILE[attribute]} is given twice.", f"Leave one of them out: {name}.")
        seen.add(attribute)
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            raise UsageError(
                f"{place}{_IN_FILE[attribute]} is neither text nor a whole number.", 'Write it as "text".'
            )
        if value is not None:
            yield attribute, str(value)


def _achievement(values: Mapping[str, str], place: str, called: Mapping[str, str]) -> Achievement:
    """Make an achievement of texts; ``called`` has what each field is called where that is not its attribute."""
    kept = {name: text.strip() for name, text in values.items() if text.strip()}
    missing = [called.get(name, name) for name in _REQUIRED if name not in kept]
    if missing:
        raise UsageError(f"{place}{', '.join(missing)} must be given.", "Every achievement needs them.")
    for name in _DATES:
        _check(name, kept, place, called, _is_moment, _DATE_RULE)
    _check("gender", kept, place, called, _GENDERS.__contains__, _GENDER_RULE)
    typed: dict[str, Any] = {
        **kept,
        "action": _action(kept.get("action", "create"), place, called),
        "action_date": kept.get("action_date") or datetime.now(UTC).isoformat(timespec="seconds"),
        "gender": int(kept["gender"]) if "gender" in kept else None,
    }
    return Achievement(**typed)


_GENDERS = frozenset("0129")
_GENDER_RULE = ("must be 0, 1, 2 or 9.", "0: not known; 1: male; 2: female; 9: not specified.")
_DATE_RULE = (
    "must be a date as YYYY-MM-DD, with or without a time after it.",
    "Write a day that exists, like 2024-06-28 or 2024-06-28T09:30:00Z.",
)


def _check(  # noqa: PLR0913, PLR0917  # a rule of one field
    name: str, kept: Mapping[str, str], place: str, called: Mapping[str, str], right: Any, rule: tuple[str, str]
) -> None:
    if name in kept and not right(kept[name]):
        raise InvalidValue(f"{place}{called.get(name, name)}", kept[name], *rule)


def _is_moment(text: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(text)) and datetime.fromisoformat(text).year > 0
    except ValueError:
        return False


def _action(text: str, place: str, called: Mapping[str, str]) -> int:
    """Give the number of an action that is named, or given as its number."""
    action = ACTIONS.get(text.lower())
    if action is not None:
        return action
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004  # what an xs:int surely holds
        rule = f"must be one of {', '.join(ACTIONS)}, or a number."
        raise InvalidValue(f"{place}{called.get('action', 'action')}", text, rule, "Write create for a new one.")
    return int(text)
