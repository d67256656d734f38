import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from tests.store.builders import an_organisation, quick
from tests.unit.cli.running import Operator

from uln_server import tls
from uln_server.access.organisation import Agreement
from uln_server.cli.checking import Level, settings_findings
from uln_server.register.learner import Learner
from uln_server.sandbox.content import LEARNERS, ORGANISATIONS, SandboxOrganisation
from uln_server.settings import Settings
from uln_server.store.database import Database


@pytest.fixture
def ready(production: Operator) -> Operator:
    """A production register with an organisation that may call."""
    with Database.open("sqlite:///var/register.sqlite3") as database:
        an_organisation(database, "12345678", "ABC123", agreements=[Agreement.REGISTER_READ])
    return production


def write(folder: Path, *lines: str) -> None:
    (folder / "uln-server.toml").write_text("\n".join(lines))


def test_a_register_in_order_can_be_served(ready: Operator) -> None:
    ran = ready.run("check")
    assert (ran.exit, ran.err) == (0, "")
    assert "a production register" in ran.out
    assert "It can be served." in ran.out


def test_a_sandbox_in_order_can_be_served(sandbox: Operator) -> None:
    assert "a sandbox register" in sandbox.does("check")


@pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda each: each.ukprn)
@pytest.mark.parametrize("by", ["ukprn", "organisation_ref"])
def test_a_sandbox_organisation_in_production_is_an_error(
    ready: Operator, organisation: SandboxOrganisation, by: str
) -> None:
    ukprn = organisation.ukprn if by == "ukprn" else "12345679"
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.organisations.add(
            kind=organisation.kind,
            ukprn=ukprn,
            organisation_ref=organisation.organisation_ref if by == "organisation_ref" else "ABC124",
            name="An AO",
            password="x" * 16,
            hashing=lambda _: "hash",
        )
    assert f"organisation {ukprn}" in ready.fails(4, "check")


@pytest.mark.parametrize("learner", [LEARNERS[0], LEARNERS[-1]], ids=lambda each: each.uln)
def test_a_sandbox_learner_in_production_is_an_error(ready: Operator, learner: Learner) -> None:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.learners.add(learner)
    said = ready.fails(4, "check")
    assert f"learner {learner.uln}" in said
    assert learner.family_name not in said
    assert "cannot be served" in ready.fails(4, "serve")


def test_a_real_person_may_have_a_sandbox_learner_s_uln(ready: Operator) -> None:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.learners.add(replace(LEARNERS[0], given_name="Robin"))
    ready.does("check")


def test_a_sandbox_password_is_found_when_asked_for(ready: Operator) -> None:
    with Database.open("sqlite:///var/register.sqlite3") as database, database.writing() as writing:
        writing.organisations.set_password("12345678", ORGANISATIONS[2].password, hashing=quick)
    ready.does("check")
    said = ready.fails(4, "check", "--passwords")
    assert "Organisation 12345678 has a password of the sandbox" in said
    assert ORGANISATIONS[2].password not in said


def test_a_register_that_nobody_may_call_is_a_warning(production: Operator) -> None:
    ran = production.run("check")
    assert ran.exit == 0
    assert "warning: No organisation may call." in ran.err


@pytest.mark.parametrize("name", ["tls_certificate", "tls_key"])
def test_half_a_certificate_is_an_error(ready: Operator, folder: Path, name: str) -> None:
    write(folder, f"{name} = 'x.pem'")
    assert "only one is set" in ready.fails(4, "check")


def test_a_certificate_that_is_not_there_is_an_error(ready: Operator, folder: Path) -> None:
    write(folder, "tls_certificate = 'x.pem'", "tls_key = 'y.pem'", "tls_client_ca = 'z.pem'")
    said = ready.fails(4, "check")
    assert "x.pem and tls_key y.pem cannot be used" in said
    assert "tls_client_ca z.pem cannot be used" in said
    assert "2 errors" in said


def test_files_that_are_no_certificates_are_errors(ready: Operator, folder: Path) -> None:
    (folder / "x.pem").write_text("nothing")
    write(folder, "tls_certificate = 'x.pem'", "tls_key = 'x.pem'", "tls_client_ca = 'x.pem'")
    said = ready.fails(4, "check")
    assert "tls_key x.pem cannot be used" in said
    assert "tls_client_ca x.pem cannot be used" in said


def test_a_sealed_key_is_an_error_and_asks_for_nothing(ready: Operator, folder: Path) -> None:
    made = tls.prepare(folder / "tls", []).server
    key = serialization.load_pem_private_key(made.read_bytes(), None)
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"phrase"),
    )
    (folder / "sealed.pem").write_bytes(sealed)
    write(folder, f"tls_certificate = '{made.as_posix()}'", "tls_key = 'sealed.pem'")
    assert "without a passphrase" in ready.fails(4, "check")


def test_the_sandbox_s_certificates_are_errors_in_production_alone(
    ready: Operator, registers: Path, folder: Path
) -> None:
    made = tls.prepare(folder / "tls", [])
    write(
        folder,
        *(f"{name} = '{made.server.as_posix()}'" for name in ("tls_certificate", "tls_key")),
        f"tls_client_ca = '{made.authority.as_posix()}'",
    )
    said = ready.fails(4, "check")
    assert "is the sandbox's own" in said
    assert "trusts the sandbox's CA" in said
    assert ready.run("check", "--database", f"sqlite:///{(registers / 'sandbox').as_posix()}").err == ""


@pytest.mark.parametrize(
    ("days", "code", "text"), [(-790, 0, "ends in 9 days"), (-801, 4, "ended on"), (0, 0, "")]
)
def test_a_certificate_near_its_end_is_a_warning(
    sandbox: Operator, folder: Path, days: int, code: int, text: str
) -> None:
    made = tls.prepare(folder / "tls", [], now=datetime.now(UTC) + timedelta(days=days)).server.as_posix()
    write(folder, f"tls_certificate = '{made}'", f"tls_key = '{made}'")
    ran = sandbox.run("check")
    assert ran.exit == code
    assert text in ran.err


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["host = '0.0.0.0'"], "plain http"),
        (["host = '0.0.0.0'"], "public_url is not set"),
        (["host = 'lrs.example.org'", "public_url = 'https://lrs.example.org'"], "plain http"),
    ],
)
def test_an_address_for_others_without_care_is_a_warning(
    ready: Operator, folder: Path, lines: list[str], text: str
) -> None:
    write(folder, *lines)
    ran = ready.run("check")
    assert ran.exit == 0
    assert text in ran.err


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_an_address_of_this_machine_is_none(ready: Operator, folder: Path, host: str) -> None:
    write(folder, f"host = '{host}'")
    assert ready.run("check").err == ""


def test_a_sandbox_for_others_is_a_warning(sandbox: Operator, folder: Path) -> None:
    write(folder, "host = '0.0.0.0'")
    assert "its passwords are printed" in sandbox.run("check").err


def test_a_public_url_without_scheme_is_an_error(ready: Operator, folder: Path) -> None:
    write(folder, "public_url = 'lrs.example.org'")
    assert "public_url is no http or https address" in ready.fails(4, "check")


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://lrs.example.org", "https://", "https:///x", "https://a:x", "https://a:99999", "https://a:0"),
        *("https://a:", "https://a:/x", "https://a?b", "https://a#b", "https://a/&b", "https://a/'b"),
        *("https://a/b c", "https://u:p@a", "https://a\\b", "https://a/<b", "https://[::1", " https://a"),
    ],
)
def test_a_public_url_that_no_wsdl_could_carry_is_an_error(url: str) -> None:
    (found,) = settings_findings(Settings(public_url=url), "production")
    assert found.level is Level.ERROR
    assert "public_url is no http or https address" in found.text
    assert "https://lrs.example.org" in found.remedy


@pytest.mark.parametrize("url", ["http://a", "https://lrs.example.org/", "https://[::1]:8443/a/b", "HTTPS://A:1"])
def test_a_public_url_in_order_is_none(url: str) -> None:
    assert not list(settings_findings(Settings(public_url=url), "production"))


def test_a_register_that_others_may_read_is_a_warning(ready: Operator, folder: Path) -> None:
    (folder / "var/register.sqlite3").chmod(0o644)
    said = ready.run("check").err
    assert sys.platform == "win32" or "Other users of this machine may read" in said


@pytest.mark.parametrize(
    ("seconds", "minutes", "first", "wrong"),
    [(60, 1, True, True), (0, 0, True, True), (60, 1, False, False), (59, 1, True, False)],
)
def test_a_procedure_that_nobody_could_follow_is_an_error(
    seconds: float, minutes: float, first: bool, wrong: bool
) -> None:
    settings = Settings(find_first=first, review_minimum_seconds=seconds, find_maximum_minutes=minutes)
    found = [each for each in settings_findings(settings, "sandbox") if "review_minimum_seconds" in each.text]
    assert [each.level for each in found] == [Level.ERROR] * wrong
