"""How long a body may take to arrive."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from uln_server.gate import body
from uln_server.gate.body import Incoming, Room, read_body, spool_body
from uln_server.gate.head import Head
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal

HEAD = Head(charset=None, action=None, gzipped=False)
PART: MutableMapping[str, Any] = {"type": "http.request", "body": b"x" * 50_000, "more_body": True}


async def receive_two_parts_and_wait(parts: list[MutableMapping[str, Any]]) -> MutableMapping[str, Any]:
    if parts:
        return parts.pop()
    await asyncio.sleep(30)
    raise AssertionError("nobody waits as long")


@pytest.mark.parametrize("spooled", [True, False])
def test_what_was_sent_quickly_buys_no_long_pause(monkeypatch: pytest.MonkeyPatch, *, spooled: bool) -> None:
    """At a byte a second 100,000 bytes would buy a day."""
    monkeypatch.setattr(body, "_AHEAD", 0.05)
    settings = Settings(body_seconds=0.05, body_rate=1)

    async def read() -> None:
        parts = [PART, PART]
        incoming = Incoming(lambda: receive_two_parts_and_wait(parts), Room(1_000_000))
        whole = spool_body(incoming, HEAD, settings, 1_000_000) if spooled else read_body(incoming, HEAD, settings)
        with pytest.raises(HttpRefusal, match="did not arrive in time") as refused:
            await whole
        assert refused.value.status == 408

    asyncio.run(asyncio.wait_for(read(), 10))
