"""The development CA and its certificates: https on one's own machine, with client certificates to try [O].

For the sandbox and for development. A production listener is given the operator's own certificate with the
settings ``tls_certificate`` and ``tls_key``. In the folder (``var/tls``):

- ``ca.pem``: what clients trust; its key is ``ca-key.pem``. The CA may vouch for this machine's names alone, so
  that trusting it opens nothing else.
- ``server.pem``: key and certificate for ``localhost``, ``127.0.0.1`` and ``::1``.
- ``client-<UKPRN>.pem`` and ``.pfx``: key and certificate of an organisation. The subject carries its name as O
  and CN and its UKPRN as serialNumber [O]; nothing is bound to the certificate yet.

Keys are RSA 2048 with SHA-256, and the PFX is sealed with PKCS#12's old triple DES: clients on .NET Framework
before 4.6.1, on Windows before Server 2019 and on Java 6 read neither elliptic curves nor AES in a PFX. The PFX
password is fixed and public, so its cipher protects nothing anyway. Key files are readable by their owner alone.
"""

import ipaddress
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PFX_PASSWORD = "sandbox"  # noqa: S105  # public by design: Windows wants a password on a PFX
AUTHORITY_NAME = "ULN Interchange development CA"

_SERVER_NAMES = ("localhost",)
_SERVER_ADDRESSES = ("127.0.0.1", "::1")
_AUTHORITY_LIFE = timedelta(days=3650)
_LEAF_LIFE = timedelta(days=800)  # browsers refuse more than 825 days
_RENEW_BEFORE = timedelta(days=30)
_BACKDATED = timedelta(hours=1)  # clocks of two machines differ
_KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class Holder:
    """The organisation that a client certificate is made for."""

    name: str
    ukprn: str


@dataclass(frozen=True, slots=True)
class Files:
    """What a listener needs: the PEM of its key and certificate, and of the CA that clients come from."""

    server: Path
    authority: Path


@dataclass(frozen=True, slots=True)
class _Identity:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def prepare(folder: Path, holders: Iterable[Holder], *, now: datetime | None = None) -> Files:
    """Make what is missing, damaged or within 30 days of its end in ``folder``; keep the rest as it is.

    ``now`` is aware; without it, the clock's. Raises ``OSError`` where the folder cannot be written.
    """
    moment = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(folder, moment)
    _keep_server(folder, authority, moment)
    for holder in holders:
        _keep_client(folder, holder, authority, moment)
    return Files(server=folder / "server.pem", authority=folder / "ca.pem")


def _authority(folder: Path, now: datetime) -> _Identity:
    certificate_file, key_file = folder / "ca.pem", folder / "ca-key.pem"
    kept = _read(certificate_file, key_file)
    if kept is not None and _lasts(kept.certificate, now) and _self_issued(kept.certificate):
        return kept
    key = _new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY_NAME)])
    certificate = _authority_draft(name, key, now).sign(key, hashes.SHA256())
    _write(key_file, _key_pem(key))
    _write(certificate_file, _certificate_pem(certificate))
    return _Identity(certificate, key)


def _authority_draft(name: x509.Name, key: rsa.RSAPrivateKey, now: datetime) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _draft(name, name, key, now, _AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(_this_machine_alone(), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )


def _this_machine_alone() -> x509.NameConstraints:
    names = [x509.DNSName(name) for name in _SERVER_NAMES]
    addresses = [x509.IPAddress(ipaddress.ip_network(address)) for address in _SERVER_ADDRESSES]
    return x509.NameConstraints(permitted_subtrees=[*names, *addresses], excluded_subtrees=None)


def _keep_server(folder: Path, authority: _Identity, now: datetime) -> None:
    file = folder / "server.pem"
    if _still_good(file, authority, now):
        return
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName(name) for name in _SERVER_NAMES]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in _SERVER_ADDRESSES]
    identity = _issue(
        subject, ExtendedKeyUsageOID.SERVER_AUTH, x509.SubjectAlternativeName([*names, *addresses]), authority, now
    )
    _write(file, _key_pem(identity.key) + _certificate_pem(identity.certificate))


def _keep_client(folder: Path, holder: Holder, authority: _Identity, now: datetime) -> None:
    pem, pfx = folder / f"client-{holder.ukprn}.pem", folder / f"client-{holder.ukprn}.pfx"
    if _still_good(pem, authority, now) and pfx.exists():
        return
    identity = _issue(_subject(holder), ExtendedKeyUsageOID.CLIENT_AUTH, None, authority, now)
    _write(pem, _key_pem(identity.key) + _certificate_pem(identity.certificate))
    _write(pfx, _pfx(identity, authority.certificate, holder.name))


def _subject(holder: Holder) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, holder.ukprn),
            x509.NameAttribute(NameOID.COMMON_NAME, holder.name),
        ]
    )


def _issue(
    subject: x509.Name,
    purpose: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName | None,
    authority: _Identity,
    now: datetime,
) -> _Identity:
    key = _new_key()
    draft = (
        _draft(subject, authority.certificate.subject, key, now, _LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
    )
    if names is not None:
        draft = draft.add_extension(names, critical=False)
    return _Identity(draft.sign(authority.key, hashes.SHA256()), key)


def _draft(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=not signs_certificates,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _still_good(file: Path, authority: _Identity, now: datetime) -> bool:
    kept = _read(file, file)
    if kept is None or not _lasts(kept.certificate, now):
        return False
    try:
        kept.certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _lasts(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _RENEW_BEFORE


def _self_issued(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _read(certificate_file: Path, key_file: Path) -> _Identity | None:
    """Read a certificate and its key; ``None`` when either is missing or broken, or they are no pair."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        # Our own files: proving each RSA key's primes anew would cost every start a quarter of a second.
        key = serialization.load_pem_private_key(
            key_file.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True
        )
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        return None
    return _Identity(certificate, key)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pfx(identity: _Identity, authority: x509.Certificate, name: str) -> bytes:
    sealing = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303  # what old Windows reads; see the module's docstring
        .build(PFX_PASSWORD.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        name.encode(), identity.key, identity.certificate, [authority], sealing
    )


def _write(file: Path, content: bytes) -> None:
    """Write whole or not at all, readable by the owner alone from its first byte."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    draft.replace(file)
