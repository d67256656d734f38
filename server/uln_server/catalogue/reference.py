"""Reference numbers of units and qualifications as the catalogue shows them (domain §9).

What they look like and what they are compared by is the contract's, because files are checked by it as well.
"""

from uln_contract.references import QUALIFICATION, SHAPES, key_of
from uln_server.catalogue.entry import EntryKind

__all__ = ["SHAPES", "key_of", "kind_of", "shown"]


def kind_of(reference: str) -> EntryKind:
    """Tell a unit from a qualification by the way a reference is written.

    Without slashes a number that begins with a letter and ends with a digit is a unit's [O].
    """
    given = reference.strip().upper()
    if QUALIFICATION.fullmatch(given):
        return EntryKind.QUALIFICATION
    return EntryKind.UNIT if given[:1].isalpha() and given[-1:].isdigit() else EntryKind.QUALIFICATION


def shown(key: str, kind: EntryKind) -> str:
    """Write a key with its slashes, as this kind of entry has them."""
    first, second = (1, 4) if kind is EntryKind.UNIT else (3, 7)
    return f"{key[:first]}/{key[first:second]}/{key[second:]}"
