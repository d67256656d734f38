"""The layouts of batch files, in one place for both sides (domain §8)."""

from collections.abc import Mapping

from uln_contract.layouts.achievements import ACHIEVEMENTS
from uln_contract.layouts.layout import NAMESPACE, Column, FileKind, Layout, ValueKind
from uln_contract.layouts.registration import REGISTRATION_2A, REGISTRATION_3A
from uln_contract.layouts.verification import VERIFICATION

LAYOUTS: Mapping[str, Layout] = {
    each.name: each for each in (REGISTRATION_3A, REGISTRATION_2A, VERIFICATION, ACHIEVEMENTS)
}
"""Every layout by its name: ``3A``, ``2A``, ``verify``, ``achievement``. Of a kind, the first is what we write."""


def layouts_of(kind: FileKind) -> tuple[Layout, ...]:
    """Give the layouts of files of this kind, the one that we write first."""
    return tuple(each for each in LAYOUTS.values() if each.kind is kind)


__all__ = [
    "ACHIEVEMENTS",
    "LAYOUTS",
    "NAMESPACE",
    "REGISTRATION_2A",
    "REGISTRATION_3A",
    "VERIFICATION",
    "Column",
    "FileKind",
    "Layout",
    "ValueKind",
    "layouts_of",
]
