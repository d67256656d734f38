"""What stands for a number or one of a few words on the command line, read in our own words for what is wrong."""

import math
from collections.abc import Sequence

from uln_client.errors import InvalidValue


def one_of(option: str, text: str, words: Sequence[str]) -> str:
    """Give one of these words, whatever its case. Raises :class:`~uln_client.errors.InvalidValue`."""
    found = next((word for word in words if word.lower() == text.strip().lower()), None)
    if found is None:
        listed = f"{', '.join(words[:-1])} or {words[-1]}"
        raise InvalidValue(
            option, text, f"is {text!r}, and must be {listed}.", f"Write one of them, such as {words[0]}."
        )
    return found


def whole(option: str, text: str, least: int, most: int) -> int:
    """Give a whole number within bounds, both included. Raises as :func:`one_of`."""
    number = int(text) if text.strip().isdecimal() and len(text) <= len(str(most)) else least - 1
    if not least <= number <= most:
        rule = f"is {text!r}, and must be a whole number from {least} to {most}."
        raise InvalidValue(option, text, rule, f"Write it in digits alone, like {least}.")
    return number


def seconds(option: str, text: str) -> float:
    """Give a number of seconds, 0 or more. Raises as :func:`one_of`."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        rule = f"is {text!r}, and must be a number of seconds, 0 or more."
        raise InvalidValue(option, text, rule, "Write it like 5 or 2.5.")
    return number
