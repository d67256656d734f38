"""The contract over HTTP: WSDLs and schemas, each with the address that its reader can call."""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree
from tests.service import RunningService, make_sandbox, running, running_sandbox, sandbox_settings
from tests.soap.wire import EXTERNAL, GENERATION_2014, R9, RECONCILIATION, TODAY, send
from tests.store import databases

from uln_contract import files
from uln_server.tls import Holder, prepare

XS = "{http://www.w3.org/2001/XMLSchema}"
PATHS = {"today": TODAY, "2014": GENERATION_2014, "external": EXTERNAL, "r9": R9, "reconciliation": RECONCILIATION}
# Where schemas lie beside their service, and a name says whose it is.
FOLDERS = {"today": "", "2014": "/2014"}
SCHEMAS = [name for generation in PATHS for name in files.schemas(generation)]
generations = pytest.mark.parametrize("generation", PATHS)


@dataclass(frozen=True, slots=True)
class Document:
    """What a GET or HEAD found."""

    status: int
    headers: dict[str, str]
    body: bytes

    def root(self) -> etree._Element:
        assert self.status == 200, self.body[:300]
        assert self.headers["content-type"] == "text/xml; charset=utf-8"
        return etree.fromstring(self.body)

    def endpoint(self) -> str:
        """The one address that the document names for calls."""
        (address,) = self.root().iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
        return str(address.get("location"))

    def imports(self) -> list[str]:
        found = (each.get("schemaLocation") for each in self.root().iter(f"{XS}import", f"{XS}include"))
        return [str(location) for location in found if location is not None]


def get(
    service: RunningService, path: str, *, method: str = "GET", host: str | None = None, port: int | None = None
) -> Document:
    """Ask for a document, under another Host when one is given, over https when another port is."""
    if port is None:
        connection = http.client.HTTPConnection(service.host, service.port, timeout=30)
    else:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(service.host, port, timeout=30, context=context)
    try:
        connection.request(method, path, headers={} if host is None else {"Host": host})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Document(response.status, names, response.read())
    finally:
        connection.close()


@generations
@pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl", "wsdl=", "wsdl=1", "a=b&wsdl"])
def test_the_wsdl_is_the_file_but_for_its_addresses(service: RunningService, generation: str, query: str) -> None:
    served = get(service, f"{PATHS[generation]}?{query}")
    kept = files.read(files.wsdl(generation))
    assert served.endpoint() == f"{service.url}{PATHS[generation]}"
    assert without_addresses(served.body) == without_addresses(kept)


def without_addresses(text: bytes) -> bytes:
    return re.sub(rb'(schemaLocation|location)="[^"]*"', rb"\1", text)


@generations
@pytest.mark.parametrize("query", ["wsdl", "singleWsdl"])
def test_the_address_of_a_document_answers_calls(service: RunningService, generation: str, query: str) -> None:
    address = urlsplit(get(service, f"{PATHS[generation]}?{query}").endpoint())
    assert address.netloc == f"{service.host}:{service.port}"
    assert send(service, b"<not-soap/>", path=address.path).fault().code == "WSEC0001"


@generations
def test_every_import_of_the_wsdl_leads_to_the_file(service: RunningService, generation: str) -> None:
    """And each of theirs, as a client resolves it: against the address it came from.

    Two services have a schema called model.xsd: theirs are named by the service's own address throughout.
    """
    address = f"{service.url}{PATHS[generation]}?wsdl"
    waiting, seen = [(address, location) for location in get_at(service, address).imports()], set()
    assert len(waiting) == len([name for name in SCHEMAS if name.startswith(f"xsd/{generation}/")])
    while waiting:
        where, location = waiting.pop()
        found = urljoin(where, location)
        if found in seen:
            continue
        seen.add(found)
        name = re.split(r"[/=]", found)[-1]
        document = get_at(service, found)
        assert without_addresses(document.body) == without_addresses(files.read(f"xsd/{generation}/{name}"))
        waiting += [(found, each) for each in document.imports()]
    assert any("?xsd=" in each for each in seen)
    assert any("?xsd=" not in each for each in seen) is (generation in FOLDERS)


def test_a_schema_that_two_services_have_is_each_ones_own(service: RunningService) -> None:
    found = {path: get(service, f"{path}?xsd=model.xsd").body for path in (EXTERNAL, R9)}
    assert b"AchievementBatchJobResponse" in found[EXTERNAL]
    assert b"LearningEvent" in found[R9]
    assert b"LearningEvent" not in found[EXTERNAL]
    assert f'schemaLocation="{service.url}{R9}?xsd=miapmodel.xsd"'.encode() in found[R9]
    assert get(service, "/model.xsd").status == 404


def get_at(service: RunningService, address: str) -> Document:
    parts = urlsplit(address)
    assert parts.netloc == f"{service.host}:{service.port}"
    return get(service, f"{parts.path}?{parts.query}" if parts.query else parts.path)


@generations
@pytest.mark.parametrize("query", ["singleWsdl", "singlewsdl", "SINGLEWSDL"])
def test_the_single_wsdl_imports_nothing_and_lacks_nothing(
    service: RunningService, generation: str, query: str
) -> None:
    served = get(service, f"{PATHS[generation]}?{query}")
    assert served.imports() == []
    assert served.endpoint() == f"{service.url}{PATHS[generation]}"
    inside = {each.get("targetNamespace") for each in served.root().iter(f"{XS}schema")}
    kept = {etree.fromstring(files.read(name)).get("targetNamespace") for name in SCHEMAS if generation in name}
    assert inside == kept
    named = {each.get("namespace") for each in served.root().iter(f"{XS}import")}
    assert named <= inside


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_served_byte_for_byte(service: RunningService, name: str) -> None:
    """By query, beside the service, where the WSDL's own file looks for it, in any case, and by odd ways."""
    _, generation, file = name.split("/")
    path, text = PATHS[generation], files.read(name)
    by_query = [f"{path}?xsd={file}", f"{path}?XSD={file.upper()}", f"{path}/?xsd={file}"]
    as_files = [f"/{name}", f"/{name.upper()}"]
    if generation in FOLDERS:
        folder = FOLDERS[generation]
        as_files += [*by_query, f"{folder}/{file}", f"{folder}/./{file}", f"{folder}/{file.upper()}"]
    for address in as_files:
        document = get(service, address)
        assert document.body == text, address
        document.root()
    for address in by_query:
        assert without_addresses(get(service, address).body) == without_addresses(text), address


@pytest.mark.parametrize(
    "path",
    [
        f"{TODAY}?wsdl",
        f"{TODAY}?singleWsdl",
        f"{GENERATION_2014}?wsdl",
        f"{TODAY}?xsd=learner.xsd",
        "/learner.xsd",
        "/2014/learnerrec.xsd",
        TODAY,
        GENERATION_2014,
        EXTERNAL,
        f"{EXTERNAL}?wsdl",
        f"{R9}?singleWsdl",
        f"{R9}?xsd=model.xsd",
    ],
)
def test_head_says_what_get_would_send(service: RunningService, path: str) -> None:
    whole, head = get(service, path), get(service, path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.body)
    assert head.headers["content-type"] == whole.headers["content-type"]


@generations
@pytest.mark.parametrize("form", ["{}", "{}/", "{}?help", "lower"])
def test_the_address_alone_shows_a_page(service: RunningService, generation: str, form: str) -> None:
    path = PATHS[generation]
    page = get(service, path.lower() if form == "lower" else form.format(path))
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"{service.url}{path}?wsdl".encode() in page.body


NOT_THERE = [
    f"{TODAY}?xsd=",
    f"{TODAY}?xsd=nothing.xsd",
    f"{TODAY}?xsd=learnerrec.xsd",  # the 2014 contract's alone
    f"{TODAY}?xsd=../2014/learner.xsd",
    f"{TODAY}?xsd=..%2F..%2Fwsdl%2Ftoday%2FLearnerService.wsdl",
    f"{TODAY}?xsd=/etc/passwd",
    f"{TODAY}?xsd=%00learner.xsd",
    f"{TODAY}?xsd=model.xsd",
    f"{EXTERNAL}?xsd=tempuri.xsd",
    f"{R9}?xsd=services.xsd",
]


@pytest.mark.parametrize("path", NOT_THERE)
def test_no_other_file_is_served_by_name(service: RunningService, path: str) -> None:
    """On a service path a refusal is a fault, whatever was asked for."""
    answer = send(service, b"", path=path, method="GET", headers={})
    answer.expect_fault("WSEC0001", "There is no schema", status=404, faultcode="soapenv:Client")


@pytest.mark.parametrize(
    "path",
    [
        "/learnerrec.xsd",
        "/2014/nothing.xsd",
        "/xsd/learner.xsd",
        "/../xsd/today/learner.xsd",
        "/services.xsd",
        "/tempuri.xsd",
        "/pyproject.toml",
        "/x",
    ],
)
def test_no_other_path_leads_anywhere(service: RunningService, path: str) -> None:
    answer = get(service, path)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"The services are {', '.join(PATHS.values())}.".encode() in answer.body


ALLOWED = ["localhost", "127.0.0.1", "[::1]", "localhost:81", "127.0.0.1:65535", "[::1]:8000", "LocalHost:82"]
STRANGE = [
    "evil.example",
    "localhost.evil.example",
    "localhost:evil",
    'localhost"/><x a="',
    "",
    "localhost,evil",
    "[::2]",
]


@generations
@pytest.mark.parametrize("host", ALLOWED)
def test_a_document_names_the_host_that_its_reader_used(
    service: RunningService, host: str, generation: str
) -> None:
    for query in ("wsdl", "singleWsdl"):
        document = get(service, f"{PATHS[generation]}?{query}", host=host)
        assert document.endpoint() == f"http://{host}{PATHS[generation]}"
        assert all(each.startswith(f"http://{host}{PATHS[generation]}?xsd=") for each in document.imports())


@pytest.mark.parametrize("host", STRANGE)
def test_a_host_that_is_not_allowed_is_never_repeated(service: RunningService, host: str) -> None:
    for path in (f"{TODAY}?wsdl", f"{GENERATION_2014}?singleWsdl", TODAY):
        document = get(service, path, host=host)
        assert f"{service.url}".encode() in document.body
        assert b"evil" not in document.body


def test_a_host_is_never_remembered(service: RunningService) -> None:
    """Whoever asks first does not decide what the next one reads."""
    hosts = ["localhost:1", "evil.example", "127.0.0.1:2", "localhost:1"]
    found = [get(service, f"{TODAY}?singleWsdl", host=host).endpoint() for host in hosts]
    assert found == [f"http://localhost:1{TODAY}", f"{service.url}{TODAY}", f"http://127.0.0.1:2{TODAY}", found[0]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    address = "https://lrs.example/api/"
    with running_sandbox(tmp_path_factory.mktemp("published"), public_url=address) as service:
        yield service


@generations
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
def test_the_configured_address_comes_before_any_host(
    published: RunningService, host: str, generation: str
) -> None:
    for query in ("wsdl", "singleWsdl"):
        document = get(published, f"{PATHS[generation]}?{query}", host=host)
        assert document.endpoint() == f"https://lrs.example/api{PATHS[generation]}"
        assert all(each.startswith("https://lrs.example/api/") for each in document.imports())


def test_an_address_with_characters_of_xml_and_of_patterns(tmp_path: Path) -> None:
    address = r"https://lrs.example/a&b\1"
    with running_sandbox(tmp_path, public_url=address) as service:
        for query in ("wsdl", "singleWsdl"):
            assert get(service, f"{TODAY}?{query}").endpoint() == address + TODAY


def test_hosts_that_the_settings_allow(tmp_path: Path) -> None:
    with running_sandbox(tmp_path, allowed_hosts=("lrs.example",)) as service:
        assert get(service, f"{TODAY}?wsdl", host="LRS.example:81").endpoint() == f"http://LRS.example:81{TODAY}"
        assert get(service, f"{TODAY}?wsdl", host="localhost").endpoint() == f"{service.url}{TODAY}"


def test_over_https_the_address_is_https(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path / "register.sqlite3")
    make_sandbox(url)
    certificates = prepare(tmp_path / "tls", [Holder("Sandbox", "90000001")])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"tls_port": port, "tls_certificate": certificates.server, "tls_key": certificates.server}
    with running(sandbox_settings(url, **own)) as service:
        secure = get(service, f"{TODAY}?wsdl", host=f"localhost:{port}", port=port)
        assert secure.endpoint() == f"https://localhost:{port}{TODAY}"
        assert all(each.startswith(f"https://localhost:{port}/") for each in secure.imports())
        other = get(service, f"{TODAY}?wsdl", host="evil.example", port=port)
        assert other.endpoint() == f"https://127.0.0.1:{port}{TODAY}"
        assert get(service, f"{TODAY}?wsdl").endpoint() == f"{service.url}{TODAY}"
