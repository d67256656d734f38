import pytest

from uln_server.catalogue.entry import EntryKind
from uln_server.catalogue.reference import key_of, kind_of, shown


@pytest.mark.parametrize(
    ("written", "key", "kind", "with_slashes"),
    [
        ("K/501/5773", "K5015773", EntryKind.UNIT, "K/501/5773"),
        ("k5015773", "K5015773", EntryKind.UNIT, "K/501/5773"),
        ("600/1166/X", "6001166X", EntryKind.QUALIFICATION, "600/1166/X"),
        (" 6001166x ", "6001166X", EntryKind.QUALIFICATION, "600/1166/X"),
        ("500/4606/8", "50046068", EntryKind.QUALIFICATION, "500/4606/8"),
        ("50046068", "50046068", EntryKind.QUALIFICATION, "500/4606/8"),
        ("C00/1234/5", "C0012345", EntryKind.QUALIFICATION, "C00/1234/5"),
        ("C001234X", "C001234X", EntryKind.QUALIFICATION, "C00/1234/X"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(
    written: str, key: str, kind: EntryKind, with_slashes: str
) -> None:
    assert key_of(written) == key
    assert key_of(with_slashes) == key
    assert kind_of(written) is kind
    assert shown(key, kind) == with_slashes


@pytest.mark.parametrize(
    "written",
    [
        *("", "K/501/577", "K/5015/773", "K501/5773", "600/1166", "600-1166-X", "6/001166X"),
        *("60011666X", "KK015773", "K/501/577X", "6001166ß"),
        "\uff16\uff10\uff10/1166/8",  # digits of another script
    ],
)
def test_anything_else_is_no_reference(written: str) -> None:
    assert key_of(written) is None
