"""By which name an address is counted."""

import pytest

from uln_server.gate.addresses import counted


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no:address", "no:address"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_one_caller(address: str | None, name: str) -> None:
    assert counted(address) == name
