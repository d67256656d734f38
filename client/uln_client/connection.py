"""One connection to a service over HTTP: time-outs, TLS, and what is tried again.

The only module that knows requests and urllib3.
"""

import logging
import time
from copy import copy
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, ReadTimeoutError
from urllib3.util.retry import Retry

from uln_client.errors import InvalidReply, Unreachable
from uln_client.identity import is_loopback
from uln_client.tls import own, trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

    from uln_client.settings import Settings

log = logging.getLogger("uln_client")

# More than the largest reply of the contract (5,000 verified learners) can need.
REPLY_LIMIT = 16 * 1024 * 1024
# A service that asks for a longer pause is not called again: the caller is told how long instead.
PAUSE_LIMIT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP reply, read whole: ``headers`` ignore case, ``content`` is unpacked."""

    status: int
    headers: "Mapping[str, str]"
    content: bytes


class _Repeats(Retry):
    """Repeat what failed before the service answered, or what it asked to have repeated (429, 503).

    A reply time-out is not repeated: whoever set a time-out has waited for as long as they meant to. Faults come
    with 500 and are answers, so they are not repeated either.
    """

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})
    TIMED_OUT_TOO = False

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> Self:
        """Refuse the repeats that would make things worse; leave the others to the library."""
        if isinstance(error, ReadTimeoutError) and not self.TIMED_OUT_TOO:
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > PAUSE_LIMIT:
            raise MaxRetryError(_pool, url or "")
        return super().increment(method, url, response, error, _pool, _stacktrace)


class _NamedRepeats(_Repeats):
    """Repeat a message after a time-out too: it has a name, by which the service knows it again."""

    TIMED_OUT_TOO = True


def _repeats(times: int, kind: type[_Repeats] = _Repeats) -> _Repeats:
    return kind(
        total=times,
        redirect=0,
        other=0,
        allowed_methods=frozenset({"GET", "POST"}),
        status_forcelist=frozenset({502, 504}),
        backoff_factor=0.5,
        backoff_max=8,
        raise_on_status=False,
    )


class Connection:
    """Posts messages to one service; safe to use from several threads.

    Raises :class:`~uln_client.errors.UsageError` for TLS files that are missing or cannot be used, and
    :class:`~uln_client.errors.Unreachable` from each call that got no HTTP reply.
    """

    def __init__(self, settings: "Settings", address: str) -> None:
        self.address = address
        self._timeout = (settings.connect_timeout, settings.timeout)
        self._verify, self._cert = trust(settings), own(settings)
        self._repeating = self._session(HTTPAdapter(max_retries=_repeats(settings.retries)))
        self._named = self._session(HTTPAdapter(max_retries=_repeats(settings.retries, _NamedRepeats)))
        self._once = self._session(HTTPAdapter(max_retries=Retry(0, read=False, redirect=0)))

    def at(self, address: str) -> Self:
        """Give a connection to another service of the same host, which shares what is kept open."""
        other = copy(self)
        other.address = address
        return other

    def _session(self, adapter: HTTPAdapter) -> requests.Session:
        session = requests.Session()
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.headers["User-Agent"] = f"uln-client/{version('uln-interchange')}"
        # A proxy of the environment cannot reach this machine's own services.
        session.trust_env = not is_loopback(urlsplit(self.address).hostname or "")
        return session

    def close(self) -> None:
        """Close every connection that is kept open."""
        for session in (self._repeating, self._named, self._once):
            session.close()

    def post(
        self, message: "bytes | IO[bytes]", headers: "Mapping[str, str]", *, repeatable: bool, named: bool = False
    ) -> Reply:
        """Send a message, which may lie in a file, and read the reply whole.

        Only a repeatable one is ever sent twice; one that is ``named``, so that the service knows it again, after
        a time-out too.
        """
        session = self._named if named else self._repeating if repeatable else self._once
        return self._answered(session, "POST", self.address, data=message, headers=dict(headers))

    def get(self, url: str) -> Reply:
        """Read a document that stands beside the service."""
        return self._answered(self._repeating, "GET", url)

    def _answered(self, session: requests.Session, method: str, url: str, **sent: Any) -> Reply:
        started = time.monotonic()
        try:
            reply = self._exchange(session, method, url, **sent)
        except (requests.RequestException, HTTPError, OSError) as error:
            log.debug("%s %s: %s", method, url, type(error).__name__)
            raise _unreachable(url, error) from None
        took = (time.monotonic() - started) * 1000
        log.debug("%s %s: %d, %d bytes in %.0f ms", method, url, reply.status, len(reply.content), took)
        return reply

    def _exchange(self, session: requests.Session, method: str, url: str, **sent: Any) -> Reply:
        # A redirect is never followed: it would carry the password to an address that nobody chose.
        # verify is given with each request because the environment's bundle outranks the session's.
        with session.request(
            method,
            url,
            timeout=self._timeout,
            verify=self._verify,
            cert=self._cert,
            allow_redirects=False,
            stream=True,
            **sent,
        ) as response:
            return Reply(status=response.status_code, headers=response.headers, content=_read(response))


def _read(response: requests.Response) -> bytes:
    content = bytearray()
    try:
        for part in response.iter_content(65536):
            content += part
            if len(content) > REPLY_LIMIT:
                raise _too_long()
    except (requests.RequestException, HTTPError, OSError):
        raise Unreachable(
            f"The reply of {urlsplit(response.url).netloc} broke off before it was complete.",
            "Try again; if the service is slow, set ULN_TIMEOUT higher.",
            status=response.status_code,
        ) from None
    return bytes(content)


def _too_long() -> InvalidReply:
    return InvalidReply(
        f"The reply is longer than {REPLY_LIMIT} bytes, more than any reply of the contract.",
        "Check that the address is that of the service; if it is, report this to its operator.",
    )


def _unreachable(url: str, error: Exception) -> Unreachable:
    """Say in the caller's terms why there was no reply."""
    host = urlsplit(url).netloc
    for kinds, text, remedy in _CAUSES:
        if isinstance(error, kinds):
            return Unreachable(text.format(host=host), remedy)
    return Unreachable(f"The call to {host} failed ({type(error).__name__}).", "Try again.")


_TRUST = (
    "Set ULN_CA to the bundle of the service's CA, and ULN_CERT and ULN_KEY to your organisation's certificate. "
    "The host in the address must be one that the service's certificate names."
)
_START = (
    "Check that the address is right and the service is running; "
    "the sandbox is started with: uln-server serve --sandbox"
)
_CAUSES: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    (
        (requests.exceptions.SSLError,),
        "The TLS connection to {host} was refused or its certificate is not trusted.",
        _TRUST,
    ),
    (
        (requests.exceptions.ProxyError,),
        "The proxy on the way to {host} refused the connection.",
        "Check HTTPS_PROXY and NO_PROXY in the environment.",
    ),
    (
        (requests.exceptions.ConnectTimeout,),
        "{host} did not accept a connection in time.",
        "Check the address and the firewall, or set ULN_CONNECT_TIMEOUT higher.",
    ),
    (
        (requests.exceptions.ReadTimeout, ReadTimeoutError),
        "{host} did not answer in time.",
        "Try again later, or set ULN_TIMEOUT higher.",
    ),
    (
        (requests.exceptions.ConnectionError,),
        "There is no connection to {host}, or it broke before an answer came.",
        _START,
    ),
)
