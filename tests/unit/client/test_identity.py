import pytest

from uln_client.errors import UsageError
from uln_client.identity import SANDBOX, address, identity, is_loopback, is_sandbox
from uln_client.settings import Options, Settings

OWN: Options = {"ukprn": "12345678", "password": "SECRET-SECRET-01", "username": "Pat"}


def test_without_settings_it_is_the_sandbox_s_awarding_organisation() -> None:
    who = identity(Settings.load())
    assert (who.ukprn, who.organisation_ref, who.user_name) == ("90000001", "SBXAO1", "sandbox")
    assert who.password.get_secret_value() == "SandboxAO-000001"
    assert is_sandbox(who)
    assert identity(Settings.load({"username": "Pat"})).user_name == "Pat"


@pytest.mark.parametrize(
    "url",
    [
        "https://lrs.example",
        "http://127.0.0.1:8001",
        "http://localhost:8000",
        "https://127.0.0.1:8443",
        "http://127.0.0.1:8000.example",
    ],
)
def test_the_sandbox_s_credentials_go_nowhere_else(url: str) -> None:
    with pytest.raises(UsageError, match="ULN_PASSWORD"):
        identity(Settings.load({"url": url}))


@pytest.mark.parametrize("missing", ["ukprn", "password", "username"])
def test_an_identity_in_part_is_refused(missing: str) -> None:
    options = OWN.copy()
    options[missing] = None  # type: ignore[literal-required]  # each key in turn
    with pytest.raises(UsageError, match=f"ULN_{missing.upper()}") as raised:
        identity(Settings.load({**options, "url": "https://lrs.example"}))
    assert "SECRET" not in str(raised.value)


def test_half_an_identity_is_never_filled_up_from_the_sandbox_s() -> None:
    with pytest.raises(UsageError, match="ULN_UKPRN or ULN_ORGREF"):
        identity(Settings.load({"password": "SECRET-SECRET-01", "username": "Pat"}))


def test_one_identifier_is_enough() -> None:
    who = identity(Settings.load({**OWN, "ukprn": None, "orgref": "ABCDEF"}))
    assert (who.ukprn, who.organisation_ref) == (None, "ABCDEF")
    assert not is_sandbox(who)


def test_the_sandbox_s_own_credentials_given_by_name_are_settings_like_any_other() -> None:
    options: Options = {"ukprn": SANDBOX.ukprn, "password": "SandboxAO-000001", "username": "Pat"}
    assert not is_sandbox(identity(Settings.load(options)))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "http://127.0.0.1:8000/LearnerService.svc"),
        ({"generation": "2014"}, "http://127.0.0.1:8000/2014/LearnerService.svc"),
        ({"url": "https://lrs.example/"}, "https://lrs.example/LearnerService.svc"),
        ({"url": "https://lrs.example/uln", "path": "x.svc"}, "https://lrs.example/uln/x.svc"),
        ({"url": "https://lrs.example/a/Learner.SVC", "path": "/b.svc"}, "https://lrs.example/a/Learner.SVC"),
        ({"url": "https://lrs.example/LearnerService.svc/"}, "https://lrs.example/LearnerService.svc"),
        ({"url": "http://[::1]:8000"}, "http://[::1]:8000/LearnerService.svc"),
        ({"url": "http://uln:8000", "allow_http": True}, "http://uln:8000/LearnerService.svc"),
    ],
)
def test_the_address_is_url_and_path(options: Options, expected: str) -> None:
    assert address(Settings.load(options)) == expected


@pytest.mark.parametrize(
    "url",
    [
        "lrs.example",
        "ftp://lrs.example",
        "https://",
        "https://user:SECRET@lrs.example",
        "https://lrs.example:port",
        "https://lrs.example:0",
        "https://lrs.example?x=1",
        "https://lrs.example#x",
        "file:///etc/passwd",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"ULN_URL.*ends in \.svc") as raised:
        address(Settings.load({"url": url}))
    assert "SECRET" not in str(raised.value)


def test_a_password_does_not_go_over_plain_http_to_another_host() -> None:
    with pytest.raises(UsageError, match="plain http"):
        address(Settings.load({"url": "http://lrs.example"}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.9.9.9", True), ("::1", True), ("LOCALHOST", True), ("localhost.example", False), ("10.0.0.1", False)],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
