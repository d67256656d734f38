"""The address that a WSDL carries (domain §12): configured, or this request's own if its host is allowed."""

import re
from collections.abc import MutableMapping
from typing import Any

from uln_server.settings import Settings

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?\Z")


def public_address(settings: Settings, scope: MutableMapping[str, Any]) -> str:
    """Give scheme and host without a slash at the end; rendered anew for each request, never remembered."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    sent = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    match = _HOST.match(sent)
    allowed = {name.lower() for name in settings.allowed_hosts}
    if match and match["name"].lower() in allowed:
        return f"{scope['scheme']}://{sent}"
    host, port = scope.get("server") or (settings.host, settings.port)
    return f"{scope['scheme']}://{f'[{host}]' if ':' in str(host) else host}:{port}"
