"""Reference numbers of units and qualifications, in every way they are written (domain §9).

A unit's is written ``K/501/5773``, a qualification's ``600/1166/X`` or ``500/4606/8``; older lists leave the
slashes out. That is the same number: what is compared is the key, eight characters without slashes, in capitals.
"""

import re
from functools import lru_cache

UNIT = re.compile(r"[A-Z]/[0-9]{3}/[0-9]{4}")
"""A unit's with its slashes, in capitals."""
# The letter in front is Qualifications Wales's: C00/1234/5.
QUALIFICATION = re.compile(r"[A-Z0-9][0-9]{2}/[0-9]{4}/[0-9X]")
"""A qualification's with its slashes, in capitals."""
_BARE = re.compile(r"[A-Z][0-9]{7}|[A-Z0-9][0-9]{6}[0-9X]")

SHAPES = "K/501/5773 (a unit), 600/1166/X or 500/4606/8 (a qualification), or the same without slashes"
"""What a reference looks like, for people."""


@lru_cache(maxsize=4_096)  # a submission has the same few again and again
def key_of(reference: str) -> str | None:
    """Give what a reference is compared by; ``None`` for a text that is none. Case and outer space are ignored."""
    given = reference.strip().upper()
    if not given.isascii():
        return None
    if UNIT.fullmatch(given) or QUALIFICATION.fullmatch(given) or _BARE.fullmatch(given):
        return given.replace("/", "")
    return None
