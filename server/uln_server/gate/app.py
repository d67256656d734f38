"""The service as an ASGI application: routes, documents, and messages handed to the interchange."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from uln_server.gate import documents
from uln_server.gate.addresses import counted
from uln_server.gate.body import ClientLeft, Incoming, Receive, Room, linger, read_body, spool_body
from uln_server.gate.endpoints import Endpoint, endpoints
from uln_server.gate.head import Head, check_head, has_body, headers_of
from uln_server.gate.incident import unexpected
from uln_server.gate.interchange import Answered, Interchange
from uln_server.gate.maintenance import ClosedForMaintenance, Maintenance
from uln_server.gate.public_address import public_address
from uln_server.gate.rates import RateLimit
from uln_server.gate.trail import Trail
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal, fault_envelope

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_XML = "text/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_ALLOW = "GET, HEAD, POST"
# A page shows text that callers sent: nothing in it may run or be fetched.
_PAGE_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)
_NONE: Mapping[str, str] = {}
# During maintenance the database may be what is maintained: nobody waits longer than this for the audit entry.
_UNWRITTEN_AFTER = 2.0


@dataclass(frozen=True, slots=True)
class Content:
    """A response's body and type."""

    body: bytes
    media_type: str = _XML
    status: int = 200


@dataclass(frozen=True, slots=True)
class Pages:
    """What is shown to people: an endpoint's page and, where there are any, others by path.

    An endpoint's is made of its address and of what the operator says during maintenance, ``None`` at other times.
    """

    service: Callable[[Endpoint, str, str | None], str]
    others: Mapping[str, Callable[[], str]]


class GateApp:
    """The ASGI application of one process."""

    def __init__(
        self, settings: Settings, interchange: Interchange, pages: Pages, maintenance: Maintenance
    ) -> None:
        self.settings = settings
        self._interchange = interchange
        self._pages = pages
        self._maintenance = maintenance
        self._rate = RateLimit(settings.address_rate, "This address sends more messages than it may")
        self._room = Room(settings.body_limit)
        self._spool_room = Room(settings.external_body_limit)
        self._endpoints = {each.path.lower(): each for each in endpoints(settings)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever happens, nobody sees a traceback."""
        path = str(scope["path"]).lower().rstrip("/").replace("/./", "/")
        endpoint = self._endpoints.get(path)
        spooled = endpoint is not None and endpoint.spooled
        incoming = Incoming(receive, self._spool_room if spooled else self._room)
        try:
            if endpoint is not None and scope["method"] == "POST":
                await self._post(endpoint, scope, incoming, send)
            else:
                await self._other(endpoint, path, scope, incoming, send)
        except ClientLeft:
            return
        except Exception as failure:  # noqa: BLE001  # the last line, for what the interchange never saw
            actor = endpoint.service if endpoint else "LearnerService"
            fault = unexpected(failure, actor=actor)
            if endpoint is None:
                await _send(send, Content(fault.text.encode(), _TEXT, fault.status))
            else:
                form = endpoint.fault
                await _send(send, Content(fault_envelope(fault, form, actor=actor), _XML, fault.status))
        finally:
            incoming.release()

    def unreadable(self, refusal: HttpRefusal, target: str) -> tuple[bytes, str]:
        """Body and type of a refusal of what was no request; ``target`` is as much as came of its path."""
        endpoint = self._endpoints.get(target.partition("?")[0].lower().rstrip("/"))
        if endpoint is None:
            return refusal.text.encode(), _TEXT
        return fault_envelope(refusal, endpoint.fault, actor=endpoint.service), _XML

    async def _post(self, endpoint: Endpoint, scope: Scope, incoming: Incoming, send: Send) -> None:
        trail = _trail(endpoint, scope)
        try:
            self._maintenance.check()
            self._rate.check(counted(trail.address))
            head = check_head(headers_of(scope["headers"]), endpoint.body_limit)
            answered = await self._answered(endpoint, incoming, head, trail)
        except HttpRefusal as refusal:
            answered = await self._refused(refusal, trail)
        content = Content(answered.body, _XML, answered.status)
        if isinstance(answered.refusal, HttpRefusal):
            await self._send_last(send, incoming, content, answered.refusal.headers)
        else:
            await _send(send, content)

    async def _answered(self, endpoint: Endpoint, incoming: Incoming, head: Head, trail: Trail) -> Answered:
        if not endpoint.spooled:
            return await self._interchange.answer(head, await read_body(incoming, head, self.settings), trail)
        with await spool_body(incoming, head, self.settings, endpoint.body_limit) as body:
            return await self._interchange.answer(head, body, trail)

    async def _refused(self, refusal: HttpRefusal, trail: Trail) -> Answered:
        """Answer with a refusal; with that of maintenance also when nothing can be written down, at once."""
        if not isinstance(refusal, ClosedForMaintenance):
            return await self._interchange.refuse(refusal, trail)
        try:
            async with asyncio.timeout(_UNWRITTEN_AFTER):
                answered = await self._interchange.refuse(refusal, trail)
        except TimeoutError:
            answered = None
        if answered is not None and answered.refusal is refusal:
            return answered
        envelope = fault_envelope(refusal, trail.endpoint.fault, actor=trail.actor)
        return Answered(refusal.status, envelope, refusal)

    async def _other(
        self, endpoint: Endpoint | None, path: str, scope: Scope, incoming: Incoming, send: Send
    ) -> None:
        """Answer what is no message: a document, a page, or a refusal, on service paths as a fault (domain §4)."""
        incoming.whole = not has_body(headers_of(scope["headers"]))
        headers: Mapping[str, str] = {}
        try:
            content = self._document(endpoint, path, scope["method"], scope)
        except HttpRefusal as refusal:
            headers = refusal.headers
            content = Content(refusal.text.encode(), _TEXT, refusal.status)
            if endpoint is not None:
                answered = await self._interchange.refuse(refusal, _trail(endpoint, scope))
                content = Content(answered.body, _XML, answered.status)
        if incoming.whole:
            await _send(send, content, headers)
        else:
            await self._send_last(send, incoming, content, headers)

    async def _send_last(
        self, send: Send, incoming: Incoming, content: Content, headers: Mapping[str, str]
    ) -> None:
        """Send an answer to a request that is still on its way, and close the connection once it was read."""
        await _send(send, content, {**headers, "Connection": "close"}, more=True)
        await linger(incoming, self.settings)
        await send({"type": "http.response.body"})

    def _document(self, endpoint: Endpoint | None, path: str, method: str, scope: Scope) -> Content:
        """What a GET finds; ``HttpRefusal`` 404 and 405."""
        if endpoint is not None:
            _only(method, _ALLOW)
            return self._of_service(endpoint, scope)
        page = self._pages.others.get(path or "/")
        content = None if page is None else Content(page().encode(), _HTML)
        content = content or self._beside(path)
        if content is None:
            paths = ", ".join(each.path for each in self._endpoints.values())
            raise HttpRefusal(404, f"Nothing is here. The services are {paths}.")
        _only(method, "GET, HEAD")
        return content

    def _of_service(self, endpoint: Endpoint, scope: Scope) -> Content:
        address = public_address(self.settings, scope) + endpoint.path
        query = {
            name.lower(): value
            for name, value in parse_qsl(scope["query_string"].decode("latin-1")[:500], keep_blank_values=True)
        }
        if "wsdl" in query:
            return Content(documents.wsdl(endpoint, address))
        if "singlewsdl" in query:
            return Content(documents.single_wsdl(endpoint, address))
        if "xsd" in query:
            found = documents.schema_of_service(endpoint, query["xsd"], address)
            if found is None:
                raise HttpRefusal(404, f"There is no schema '{query['xsd'][:40]}'. ?wsdl names them.")
            return Content(found)
        return Content(self._pages.service(endpoint, address, self._maintenance.text).encode(), _HTML)

    def _beside(self, path: str) -> Content | None:
        """A schema beside its service, or at the place that the WSDL's own relative imports name."""
        folder, _, name = path.rpartition("/")
        for endpoint in self._endpoints.values():
            if folder in endpoint.folders:
                found = documents.schema(endpoint, name)
                if found is not None:
                    return Content(found)
        return None


def _trail(endpoint: Endpoint, scope: Scope) -> Trail:
    client = scope.get("client")
    return Trail(endpoint=endpoint, address=client[0] if client else None)


def _only(method: str, allowed: str) -> None:
    if method not in {"GET", "HEAD"}:
        raise HttpRefusal(405, f"The method is not allowed here. Use {allowed}.", {"Allow": allowed})


async def _send(send: Send, content: Content, headers: Mapping[str, str] = _NONE, *, more: bool = False) -> None:
    pairs = [(b"content-type", content.media_type.encode()), (b"content-length", b"%d" % len(content.body))]
    pairs += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    if content.media_type == _HTML:
        pairs += _PAGE_HEADERS
    await send({"type": "http.response.start", "status": content.status, "headers": pairs})
    await send({"type": "http.response.body", "body": content.body, "more_body": more})
