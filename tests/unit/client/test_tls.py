import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from tests.unit.client.replaying import Answer, Replaying, replaying

from uln_client.connection import Connection
from uln_client.errors import Unreachable, UsageError
from uln_client.settings import Options, Settings
from uln_server import tls


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tls")
    tls.prepare(made, [tls.Holder("Sandbox Awarding Organisation", "90000001"), tls.Holder("Other", "90000002")])
    return made


@pytest.fixture
def secured(folder: Path) -> Iterator[Replaying]:
    """A service that lets in only those who show a certificate of its CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with replaying(context) as server:
        server.answer(Answer(body=b"<ok/>"))
        yield server


def post(url: str, options: Options) -> int:
    made = Connection(Settings.load({**options, "retries": 0}), f"{url}/LearnerService.svc")
    try:
        return made.post(b"<m/>", {}, repeatable=True).status
    finally:
        made.close()


def test_the_certificate_is_shown_and_the_service_s_checked(secured: Replaying, folder: Path) -> None:
    assert post(secured.url, {"ca": folder / "ca.pem", "cert": folder / "client-90000001.pem"}) == 200


def test_a_ca_that_is_not_trusted_is_named_as_the_cause(
    secured: Replaying, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with pytest.raises(Unreachable, match="ULN_CA"):
        post(secured.url, {"cert": folder / "client-90000001.pem"})
    assert secured.requests == []


def test_a_bundle_of_the_environment_does_not_outrank_the_setting(
    secured: Replaying, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "nothing.pem"))
    assert post(secured.url, {"ca": folder / "ca.pem", "cert": folder / "client-90000001.pem"}) == 200


def test_without_a_certificate_the_service_lets_nobody_in(secured: Replaying, folder: Path) -> None:
    with pytest.raises(Unreachable):
        post(secured.url, {"ca": folder / "ca.pem"})
    assert secured.requests == []


def test_certificate_and_key_may_lie_apart(secured: Replaying, folder: Path, tmp_path: Path) -> None:
    pem = (folder / "client-90000001.pem").read_text()
    start, end = pem.index("-----BEGIN CERTIFICATE"), pem.rindex("-----END CERTIFICATE-----") + 25
    (tmp_path / "cert.pem").write_text(pem[start:end] + "\n")
    options: Options = {
        "ca": folder / "ca.pem",
        "cert": tmp_path / "cert.pem",
        "key": folder / "client-90000001.pem",
    }
    assert post(secured.url, options) == 200


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"ca": "nothing.pem"}, "ULN_CA"),
        ({"cert": "nothing.pem"}, "ULN_CERT"),
        ({"cert": "client-90000001.pem", "key": "nothing.pem"}, "ULN_KEY"),
        ({"cert": "client-90000001.pem", "key": "client-90000002.pem"}, "ULN_CERT and ULN_KEY"),
        ({"ca": "client-90000001.pfx"}, "ULN_CA"),
        ({"cert": "client-90000001.pfx"}, "ULN_CERT"),
    ],
)
def test_files_that_cannot_be_used_are_named_before_anything_is_sent(
    folder: Path, options: dict[str, str], named: str
) -> None:
    given = {name: folder / file for name, file in options.items()}
    with pytest.raises(UsageError, match=named):
        Connection(Settings.load(given), "https://lrs.example/LearnerService.svc")  # type: ignore[arg-type]  # by name


def test_an_encrypted_key_is_refused_instead_of_asking_at_the_terminal(folder: Path, tmp_path: Path) -> None:
    key = load_pem_private_key((folder / "client-90000001.pem").read_bytes(), None)
    encrypted = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass"))
    (tmp_path / "key.pem").write_bytes(encrypted)
    options: Options = {"cert": folder / "client-90000001.pem", "key": tmp_path / "key.pem"}
    with pytest.raises(UsageError, match="must not be encrypted"):
        Connection(Settings.load(options), "https://lrs.example/LearnerService.svc")
