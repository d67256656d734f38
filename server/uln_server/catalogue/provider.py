"""Learning providers that are known by their UKPRN (domain §9)."""

import re
from dataclasses import dataclass

_UKPRN = re.compile(r"[1-9][0-9]{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of the list."""

    ukprn: str
    name: str


def is_ukprn(text: str) -> bool:
    """Tell whether a text has the form of a provider's UKPRN: eight digits, the first not 0."""
    return _UKPRN.fullmatch(text) is not None
