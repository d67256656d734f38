"""Register values in words, for people."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

_MEANINGS = {
    "gender": {"0": "not known", "1": "male", "2": "female", "9": "not specified"},
    "ability_to_share": {
        "0": "privacy notice not seen",
        "1": "privacy notice seen, shares",
        "2": "privacy notice seen, does not share",
    },
}
# What reads badly when it is only the attribute's name with spaces.
_LABELS = {"uln": "ULN", "linked_ulns": "Linked ULNs", "family_name_at_age16": "Family name at 16"}
_WIDTH = 32


def label(name: str) -> str:
    """Give a record's attribute as a label: ``given_name`` is "Given name"."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def register_lines(values: Any) -> Iterator[str]:
    """List what a dataclass of register values holds, a line each; what it does not hold is left out."""
    for field in fields(values):
        text = text_of(field.name, getattr(values, field.name))
        if text:
            yield line_of(field.name, text)


def line_of(name: str, text: str) -> str:
    """Give one attribute's line: its label, and the text beside it."""
    return f"  {label(name):<{_WIDTH}}{text}"


def text_of(name: str, value: object) -> str:
    """Give an attribute's value in words, a code with its meaning; ``""`` for none."""
    if value is None:
        return ""
    if name == "linked_ulns":
        return ", ".join(getattr(value, "uln", ()))
    meaning = _MEANINGS.get(name, {}).get(str(value))
    return f"{value} ({meaning})" if meaning else str(value)
