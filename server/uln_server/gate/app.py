"""The service as an ASGI application: routes, documents, and messages handed to the interchange."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from uln_server.gate import documents
from uln_server.gate.body import ClientLeft, Receive, drain, read_body
from uln_server.gate.endpoints import Endpoint, endpoints
from uln_server.gate.head import check_head, headers_of
from uln_server.gate.interchange import Interchange
from uln_server.gate.public_address import public_address
from uln_server.gate.trail import Trail
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal, Refusal, fault_envelope

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_XML = "text/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_ALLOW = "GET, HEAD, POST"
# A page shows text that callers sent: nothing in it may run or be fetched.
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A response's body and type."""

    body: bytes
    media_type: str = _XML
    status: int = 200


@dataclass(frozen=True, slots=True)
class Pages:
    """What is shown to people: an endpoint's page by its address, and pages by path, where there are any."""

    service: Callable[[Endpoint, str], str]
    others: Mapping[str, Callable[[], str]]


class GateApp:
    """The ASGI application of one process."""

    def __init__(self, settings: Settings, interchange: Interchange, pages: Pages) -> None:
        self.settings = settings
        self._interchange = interchange
        self._pages = pages
        self._endpoints = {each.path.lower(): each for each in endpoints(settings)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = str(scope["path"]).lower().rstrip("/").replace("/./", "/")
        endpoint = self._endpoints.get(path)
        method = scope["method"]
        if endpoint is not None and method == "POST":
            await self._post(endpoint, scope, receive, send)
            return
        try:
            content = self._document(endpoint, path, method, scope)
        except HttpRefusal as refusal:
            await self._refuse_plainly(refusal, endpoint, scope, send)
            return
        headers = _PAGE_HEADERS if content.media_type.startswith("text/html") else {}
        await _send(send, content.status, content.body, content.media_type, headers)

    def unreadable(self, refusal: HttpRefusal, target: str) -> tuple[bytes, str]:
        """Body and type of a refusal of what was no request; ``target`` is as much as came of its path."""
        endpoint = self._endpoints.get(target.partition("?")[0].lower().rstrip("/"))
        if endpoint is None:
            return refusal.text.encode(), _TEXT
        return fault_envelope(refusal, endpoint.fault, actor="LearnerService"), _XML

    async def _post(self, endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        trail = Trail(endpoint=endpoint, address=client[0] if client else None)
        headers = headers_of(scope["headers"])
        try:
            head = check_head(headers, self.settings.body_limit)
            body = await read_body(receive, head, self.settings)
        except ClientLeft:
            return
        except HttpRefusal as refusal:
            if refusal.status != 408 and "expect" not in headers:  # noqa: PLR2004  # the slow are not waited for again
                await drain(receive, self.settings)
            answered = await self._interchange.refuse(refusal, trail)
        else:
            answered = await self._interchange.answer(head, body, trail)
        await _send(send, answered.status, answered.body, _XML, _refusal_headers(answered.refusal))

    def _document(self, endpoint: Endpoint | None, path: str, method: str, scope: Scope) -> Content:
        """What a GET finds; ``HttpRefusal`` 404 and 405."""
        if endpoint is not None:
            _only(method, _ALLOW)
            return self._of_service(endpoint, scope)
        page = self._pages.others.get(path or "/")
        content = None if page is None else Content(page().encode(), "text/html; charset=utf-8")
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
            found = documents.schema(endpoint, query["xsd"])
            if found is None:
                raise HttpRefusal(404, f"There is no schema '{query['xsd'][:40]}'. ?wsdl names them.")
            return Content(found)
        return Content(self._pages.service(endpoint, address).encode(), "text/html; charset=utf-8")

    def _beside(self, path: str) -> Content | None:
        """A schema beside its service, or at the place that the WSDL's own relative imports name."""
        folder, _, name = path.rpartition("/")
        for endpoint in self._endpoints.values():
            if folder in {endpoint.folder, f"/xsd/{endpoint.generation}"}:
                found = documents.schema(endpoint, name)
                if found is not None:
                    return Content(found)
        return None

    async def _refuse_plainly(
        self, refusal: HttpRefusal, endpoint: Endpoint | None, scope: Scope, send: Send
    ) -> None:
        """A refusal where no message was sent; on a service path it is a fault all the same (domain §4)."""
        if endpoint is None:
            await _send(send, refusal.status, refusal.text.encode(), _TEXT, _refusal_headers(refusal))
            return
        client = scope.get("client")
        answered = await self._interchange.refuse(
            refusal, Trail(endpoint=endpoint, address=client[0] if client else None)
        )
        await _send(send, answered.status, answered.body, _XML, _refusal_headers(answered.refusal))


def _only(method: str, allowed: str) -> None:
    if method not in {"GET", "HEAD"}:
        raise HttpRefusal(405, f"The method is not allowed here. Use {allowed}.", {"Allow": allowed})


def _refusal_headers(refusal: Refusal | None) -> Mapping[str, str]:
    """After an HTTP refusal the connection closes: part of its body may still be on the way."""
    return {**refusal.headers, "Connection": "close"} if isinstance(refusal, HttpRefusal) else {}


async def _send(send: Send, status: int, body: bytes, media_type: str, headers: Mapping[str, str]) -> None:
    pairs = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
    pairs += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
