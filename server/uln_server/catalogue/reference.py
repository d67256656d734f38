"""Reference numbers of units and qualifications, in every way they are written (domain §9).

A unit's is written ``K/501/5773``, a qualification's ``600/1166/X`` or ``500/4606/8``; older lists leave the
slashes out. That is the same number: what is compared is the key, eight characters without slashes, in capitals.
"""

import re
from functools import lru_cache

from uln_server.catalogue.entry import EntryKind

_UNIT = re.compile(r"[A-Z]/[0-9]{3}/[0-9]{4}")
# The letter in front is Qualifications Wales's: C00/1234/5.
_QUALIFICATION = re.compile(r"[A-Z0-9][0-9]{2}/[0-9]{4}/[0-9X]")
_BARE = re.compile(r"[A-Z][0-9]{7}|[A-Z0-9][0-9]{6}[0-9X]")

SHAPES = "K/501/5773 (a unit), 600/1166/X or 500/4606/8 (a qualification), or the same without slashes"
"""What a reference looks like, for people."""


@lru_cache(maxsize=4_096)  # a submission has the same few again and again
def key_of(reference: str) -> str | None:
    """Give what a reference is compared by; ``None`` for a text that is none. Case and outer space are ignored."""
    given = reference.strip().upper()
    if not given.isascii():
        return None
    if _UNIT.fullmatch(given) or _QUALIFICATION.fullmatch(given) or _BARE.fullmatch(given):
        return given.replace("/", "")
    return None


def kind_of(reference: str) -> EntryKind:
    """Tell a unit from a qualification by the way a reference is written.

    Without slashes a number that begins with a letter and ends with a digit is a unit's [O].
    """
    given = reference.strip().upper()
    if _QUALIFICATION.fullmatch(given):
        return EntryKind.QUALIFICATION
    return EntryKind.UNIT if given[:1].isalpha() and given[-1:].isdigit() else EntryKind.QUALIFICATION


def shown(key: str, kind: EntryKind) -> str:
    """Write a key with its slashes, as this kind of entry has them."""
    first, second = (1, 4) if kind is EntryKind.UNIT else (3, 7)
    return f"{key[:first]}/{key[first:second]}/{key[second:]}"
