import os
import socket
import ssl
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from uln_server import tls

HOLDERS = (tls.Holder("Sandbox College", "90000002"), tls.Holder("Sandbox Reader", "90000004"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "tls"
    tls.prepare(made, HOLDERS)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


@contextmanager
def listening(folder: Path, host: str, family: socket.AddressFamily) -> Iterator[int]:
    """A TLS listener that echoes the UKPRN of the caller's certificate, or "none"."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        listener.listen(1)
        thread = threading.Thread(target=answer_once, args=(listener, context))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def answer_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    plain.settimeout(10)
    with plain, context.wrap_socket(plain, server_side=True) as secure:
        shown = secure.getpeercert(binary_form=True)
        secure.sendall(ukprn(x509.load_der_x509_certificate(shown)).encode() if shown else b"none")


def ukprn(shown: x509.Certificate) -> str:
    return str(shown.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value)


def who_the_server_saw(folder: Path, host: str, family: socket.AddressFamily, client: str | None) -> str:
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    if client is not None:
        context.load_cert_chain(folder / client)
    with (
        listening(folder, host, family) as port,
        socket.create_connection((host, port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        return secure.recv(100).decode()


@pytest.mark.parametrize(
    ("host", "family"),
    [("localhost", socket.AF_INET), ("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)],
)
def test_a_strict_client_trusts_the_server_by_each_of_its_names(
    folder: Path, host: str, family: socket.AddressFamily
) -> None:
    if family is socket.AF_INET6 and not has_ipv6_loopback():
        host, family = "127.0.0.1", socket.AF_INET
    assert who_the_server_saw(folder, host, family, None) == "none"


def has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_the_server_learns_the_ukprn_from_the_client_certificate(folder: Path) -> None:
    seen = who_the_server_saw(folder, "127.0.0.1", socket.AF_INET, "client-90000002.pem")
    assert seen == "90000002"


def test_the_subject_carries_name_and_ukprn(folder: Path) -> None:
    subject = certificate(folder / "client-90000004.pem").subject
    assert [part.value for part in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)] == ["Sandbox Reader"]
    assert [part.value for part in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)] == ["90000004"]


def test_the_pfx_holds_the_same_key_and_the_ca(folder: Path) -> None:
    sealed = (folder / "client-90000002.pfx").read_bytes()
    key, shown, others = pkcs12.load_key_and_certificates(sealed, tls.PFX_PASSWORD.encode())
    assert key is not None
    assert shown == certificate(folder / "client-90000002.pem")
    assert key.public_key() == shown.public_key()
    assert others == [certificate(folder / "ca.pem")]


def test_a_wrong_pfx_password_opens_nothing(folder: Path) -> None:
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates((folder / "client-90000002.pfx").read_bytes(), b"other")


@pytest.mark.parametrize("name", ["example.com", "localhost.example.com"])
def test_the_ca_vouches_for_this_machine_alone(folder: Path, name: str) -> None:
    permitted = certificate(folder / "ca.pem").extensions.get_extension_for_class(x509.NameConstraints)
    assert permitted.critical
    assert x509.DNSName(name) not in (permitted.value.permitted_subtrees or [])
    assert {str(subtree.value) for subtree in permitted.value.permitted_subtrees or []} == {
        "localhost",
        "127.0.0.1/32",
        "::1/128",
    }


@pytest.mark.parametrize("name", ["ca-key.pem", "server.pem", "client-90000002.pem", "client-90000002.pfx"])
def test_key_files_are_their_owner_s_alone(folder: Path, name: str) -> None:
    mode = stat.S_IMODE((folder / name).stat().st_mode)
    assert sys.platform == "win32" or mode == 0o600


def test_keys_are_what_old_net_reads(folder: Path) -> None:
    for file in ("ca.pem", "server.pem", "client-90000002.pem"):
        shown = certificate(folder / file)
        assert shown.public_key().key_size == 2048  # type: ignore[union-attr]  # an RSA key has a size
        assert shown.signature_hash_algorithm is not None
        assert shown.signature_hash_algorithm.name == "sha256"


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    tls.prepare(folder, HOLDERS)
    assert contents(folder) == before


def test_nothing_but_the_documented_files_is_left(folder: Path) -> None:
    clients = {f"client-{holder.ukprn}.{kind}" for holder in HOLDERS for kind in ("pem", "pfx")}
    assert set(contents(folder)) == {"ca.pem", "ca-key.pem", "server.pem", *clients}


def later(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def changed_by(folder: Path, now: datetime | None = None) -> set[str]:
    before = contents(folder)
    tls.prepare(folder, HOLDERS, now=now)
    after = contents(folder)
    return {name for name in after if before.get(name) != after[name]}


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "tls"
    copy.mkdir()
    for name, content in contents(folder).items():
        (copy / name).write_bytes(content)
    return copy


LEAVES = {
    "server.pem",
    "client-90000002.pem",
    "client-90000002.pfx",
    "client-90000004.pem",
    "client-90000004.pfx",
}


def test_certificates_near_their_end_are_renewed_under_the_same_ca(own: Path) -> None:
    assert changed_by(own, later(days=769)) == set()
    assert changed_by(own, later(days=771)) == LEAVES


def test_a_ca_near_its_end_takes_all_with_it(own: Path) -> None:
    assert changed_by(own, later(days=3621)) == {"ca.pem", "ca-key.pem", *LEAVES}


def test_a_clock_before_the_certificate_s_start_renews(own: Path) -> None:
    assert "server.pem" in changed_by(own, later(days=-2))


@pytest.mark.parametrize(
    ("damaged", "renewed"),
    [
        ("server.pem", {"server.pem"}),
        ("client-90000002.pem", {"client-90000002.pem", "client-90000002.pfx"}),
        ("ca-key.pem", {"ca.pem", "ca-key.pem", *LEAVES}),
        ("ca.pem", {"ca.pem", "ca-key.pem", *LEAVES}),
    ],
)
def test_a_damaged_file_is_made_again(own: Path, damaged: str, renewed: set[str]) -> None:
    (own / damaged).write_bytes(b"-----BEGIN CERTIFICATE-----\nbroken")
    assert changed_by(own) == renewed


def test_a_missing_pfx_is_made_again(own: Path) -> None:
    os.unlink(own / "client-90000004.pfx")  # noqa: PTH108  # as an operator's rm does
    assert changed_by(own) == {"client-90000004.pem", "client-90000004.pfx"}


def test_another_ca_s_certificate_is_not_kept(own: Path, tmp_path: Path) -> None:
    tls.prepare(tmp_path / "other", HOLDERS)
    (own / "server.pem").write_bytes((tmp_path / "other" / "server.pem").read_bytes())
    assert changed_by(own) == {"server.pem"}


def test_a_key_of_another_certificate_is_not_kept(own: Path) -> None:
    key = (own / "client-90000002.pem").read_text().split("-----BEGIN CERTIFICATE-----")[0]
    shown = (own / "server.pem").read_text().split("-----END PRIVATE KEY-----\n")[1]
    (own / "server.pem").write_text(key + shown)
    assert changed_by(own) == {"server.pem"}
