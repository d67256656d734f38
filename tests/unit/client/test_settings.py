import sys
from pathlib import Path
from typing import Any

import pytest

from uln_client.errors import UsageError
from uln_client.settings import SANDBOX_URL, Settings, file_path


def write(home: Path, text: str) -> None:
    (home / "uln").mkdir(parents=True)
    (home / "uln" / "uln.toml").write_text(text, encoding="utf-8")


def test_without_any_settings_the_sandbox_is_meant() -> None:
    settings = Settings.load()
    assert settings.url == SANDBOX_URL
    assert settings.password is None
    assert settings.generation == "today"


def test_option_over_environment_over_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'url = "https://file.example"\nukprn = "11111111"\norgref = "FILE01"\ntimeout = 7\n')
    monkeypatch.setenv("ULN_UKPRN", "22222222")
    monkeypatch.setenv("ULN_ORGREF", "ENVIR2")
    settings = Settings.load({"orgref": "OPTIO3", "url": None})
    assert (settings.url, settings.ukprn, settings.orgref, settings.timeout) == (
        "https://file.example",
        "22222222",
        "OPTIO3",
        7,
    )


def test_numbers_in_the_file_are_identifiers_all_the_same(home: Path) -> None:
    write(home, "ukprn = 90000001\n")
    assert Settings.load().ukprn == "90000001"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULN_CERT", "")
    assert Settings.load().cert is None


def test_settings_of_the_server_are_no_business_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULN_SERVER_PORT", "8000")
    monkeypatch.setenv("ULN_TEST_KILLS", "3")
    assert Settings.load().url == SANDBOX_URL


@pytest.mark.parametrize(
    ("variable", "hint"), [("ULN_PASWORD", "Is ULN_PASSWORD meant?"), ("ULN_XYZZY", "the settings are ULN_URL")]
)
def test_a_variable_that_is_no_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, hint: str
) -> None:
    monkeypatch.setenv(variable, "SECRET-SECRET-01")
    with pytest.raises(UsageError, match=variable) as raised:
        Settings.load()
    assert hint in raised.value.remedy
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('passwrod = "SECRET-SECRET-01"\n', "passwrod"),
        ('generation = "2013"\n', "generation"),
        ("timeout = 0\n", "timeout"),
        ('password = ["SECRET-SECRET-01"]\n', "password"),
        ('key = "SECRET-SECRET-01"\n', "key is set without cert"),
        ('password = "SECRET-SECRET-01\n', "uln.toml"),
    ],
)
def test_a_wrong_file_is_named_without_its_values(home: Path, text: str, named: str) -> None:
    write(home, text)
    with pytest.raises(UsageError, match=named) as raised:
        Settings.load()
    assert "SECRET" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_wrong_setting_is_said_with_its_place_value_rule_and_remedy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, "retries = 11\nwsdl = 'mine'\nfoo = 1\n")
    monkeypatch.setenv("ULN_CHECK_DIGIT", "perhaps")
    with pytest.raises(UsageError) as raised:
        Settings.load({"timeout": 0})
    assert raised.value.text == (
        f"wsdl in {file_path()} is 'mine', and must be bundled or server. timeout is 0, and must be a number of "
        f"seconds above 0. retries in {file_path()} is 11, and must be a whole number from 0 to 10. "
        f"ULN_CHECK_DIGIT is 'perhaps', and must be true or false. There is no setting foo; it stands in "
        f"{file_path()}."
    )
    assert raised.value.remedy.startswith(
        "Write bundled unless the service's own WSDL is wanted. Write it like 60"
    )
    assert "nput should" not in str(raised.value)


def test_a_file_that_is_no_text_is_named(home: Path) -> None:
    (home / "uln").mkdir(parents=True)
    (home / "uln" / "uln.toml").write_bytes(b'ukprn = "\xff"')
    with pytest.raises(UsageError, match=r"uln\.toml"):
        Settings.load()


def test_the_password_is_in_no_representation() -> None:
    settings = Settings.load({"password": "SECRET-SECRET-01"})
    assert "SECRET" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_the_file_lies_where_the_platform_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert file_path() == tmp_path / "uln" / "uln.toml"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    assert file_path() == tmp_path / ".config" / "uln" / "uln.toml"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    assert file_path() == tmp_path / "Roaming" / "uln" / "uln.toml"


def test_every_setting_can_be_given_as_an_option() -> None:
    from uln_client.settings import Options  # noqa: PLC0415  # beside the comparison it is for

    assert set(Options.__annotations__) == set(Settings.model_fields)
    described: dict[str, Any] = {name: field.description for name, field in Settings.model_fields.items()}
    assert all(described.values())
