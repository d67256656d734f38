"""What is put right in a value when a file is sent, because only one thing can be meant (domain §8) [O].

White space, what cannot be seen, the case of codes, the space in a postcode. Each is told as a finding.
"""

import re
import unicodedata

from uln_contract.layouts import Column, ValueKind

# Zero width, direction marks, soft hyphen, byte-order mark. The joiners U+200C and U+200D are letters' own in some
# scripts and stay.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\ufeff"))
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2044\u2215", "/"),
    }
)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]+")
_BFPO = re.compile(r"BFPO([0-9]{1,4})", re.ASCII)
_POST_CODE = re.compile(r"([A-Z]{1,2}[0-9R][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})", re.ASCII)
# Codes that are written in capitals whoever has them; an identifier of the caller's own system is not one of them.
_CAPITALS = frozenset({"Nationality", "UCI", "UPN", "UnitOrQualificationReferenceNumber"})


def folded(text: str, kind: ValueKind) -> str:
    """Give a text without outer white space, what cannot be seen, and more than one space within.

    A reference is the caller's own: within it nothing is touched.
    """
    seen = text if text.isascii() else text.translate(_UNSEEN)
    return seen.strip() if kind is ValueKind.REFERENCE else " ".join(seen.split())


def in_capitals(column: Column) -> bool:
    """Tell whether a column's codes are written in capitals."""
    return column.name in _CAPITALS


def post_code(text: str) -> str | None:
    """Give a postcode as it is usually written, ``CV4 9EE``; ``None`` for what is none (domain §3)."""
    letters = _NOT_ALPHANUMERIC.sub("", plain(text).upper())
    forces = _BFPO.fullmatch(letters)
    if forces:
        return f"BFPO {forces[1]}"
    found = _POST_CODE.fullmatch(letters)
    return f"{found[1]} {found[2]}" if found else None


def plain(text: str) -> str:
    """Give a text with typewriter's dashes and quotation marks, and full-width letters and digits narrow."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS))
