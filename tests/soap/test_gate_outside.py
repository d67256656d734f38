"""Nothing in a message makes the service reach out: no connection is made, no file is read."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.service import RunningService
from tests.soap.hostile import GOOD, changed
from tests.soap.wire import XML_TYPE, envelope, find_body, send, verify_body

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SECRET = "tell-nobody-7731"


@dataclass(slots=True)
class Listener:
    """A server on the loopback that only counts who comes."""

    port: int
    visits: list[object] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Listener(listening.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    connection, address = listening.accept()
                except OSError:
                    return
                found.visits.append(address)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield found


def doctype(inside: str) -> bytes:
    return f"<!DOCTYPE x {inside}>".encode() + changed("Darcie", "&a;")


def hinted(body: str, place: str, hint: str) -> bytes:
    assert place in body
    return envelope(body.replace(place, f"{place} {XSI} {hint} "))


MESSAGES: Mapping[str, Callable[[str], bytes]] = {
    "external entity": lambda url: doctype(f'[<!ENTITY a SYSTEM "{url}">]'),
    "external subset": lambda url: doctype(f'SYSTEM "{url}"'),
    "public subset": lambda url: doctype(f'PUBLIC "x" "{url}"'),
    "parameter entity": lambda url: doctype(f'[<!ENTITY % p SYSTEM "{url}"> %p;]'),
    "external entity in UTF-16": lambda url: doctype(f'[<!ENTITY a SYSTEM "{url}">]').decode().encode("utf-16"),
    "style sheet": lambda url: f'<?xml-stylesheet type="text/xsl" href="{url}"?>'.encode() + GOOD,
    "XInclude": lambda url: changed(
        "Darcie", f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{url}" parse="text"/>'
    ),
    "schema location": lambda url: hinted(verify_body(), "<r:VerifyLearner", f'xsi:schemaLocation="urn:x {url}"'),
    "schema location without a namespace": lambda url: hinted(
        verify_body(), "<ULN", f'xsi:noNamespaceSchemaLocation="{url}"'
    ),
    "schema location on what is refused": lambda url: hinted(
        find_body(find_type="x"), "<f:FindLearnerByULN", f'xsi:schemaLocation="urn:x {url}"'
    ),
    "namespace": lambda url: changed("<ULN>", f'<ULN xmlns:u="{url}">'),
    "reply-to address": lambda url: envelope(
        verify_body(),
        '<soapenv:Header><a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing">'
        f"<a:Address>{url}</a:Address></a:ReplyTo></soapenv:Header>",
    ),
    "href": lambda url: changed("<ULN>", f'<ULN href="{url}">'),
}


@pytest.mark.parametrize("make", MESSAGES.values(), ids=MESSAGES.keys())
def test_no_message_makes_the_service_reach_out(
    service: RunningService, listener: Listener, tmp_path: Path, make: Callable[[str], bytes]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    for url in (f"http://127.0.0.1:{listener.port}/x", f"https://127.0.0.1:{listener.port}/x", secret.as_uri()):
        answer = send(service, make(url), headers=XML_TYPE | {"Content-Type": "text/xml"})
        assert answer.status in {200, 500}
        assert SECRET.encode() not in answer.body
        assert answer.root() is not None
    assert send(service, verify_body()).text("ResponseCode") == "WSVRC001"
    assert listener.visits == []


def test_the_listener_would_have_noticed(listener: Listener) -> None:
    """It counts this visit, the last of the module."""
    with socket.create_connection(("127.0.0.1", listener.port)) as connection:
        assert connection.recv(1) == b""
    assert len(listener.visits) == 1
