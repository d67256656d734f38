"""Whose address it is that something is counted by."""

from functools import lru_cache
from ipaddress import IPv6Address

# What one subscriber is given at the least: all of its addresses are one caller's (RFC 6177).
_SUBSCRIBER_BITS = 64
_UNKNOWN = "unknown"


def counted(address: str | None) -> str:
    """Give the name under which an address is counted: an IPv6 address by its /64, one that holds IPv4 as that.

    Callers without an address, as behind a Unix socket, count as one.
    """
    if address is None:
        return _UNKNOWN
    return _network(address) if ":" in address else address


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    hidden = 128 - _SUBSCRIBER_BITS
    return f"{IPv6Address(int(parsed) >> hidden << hidden)}/{_SUBSCRIBER_BITS}"
