from pathlib import Path

import pytest
from tests.unit.cli.running import Operator

from uln_server.cli.configuration import settings
from uln_server.cli.problems import Problem


def test_an_option_stands_over_the_environment_and_that_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "uln-server.toml").write_text("port = 1001\nworkers = 3\nhost = '0.0.0.0'\n")
    monkeypatch.setenv("ULN_SERVER_PORT", "1002")
    monkeypatch.setenv("ULN_SERVER_WORKERS", "4")
    chosen = settings(port=1003, workers=None)
    assert (chosen.port, chosen.workers, chosen.host) == (1003, 4, "0.0.0.0")


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("port = 'many'", "port"),
        ("workers = 0", "workers"),
        ("action_update = 1", "no two of action_create, action_update,"),
        ("prot = 8000", "prot: there is no such setting"),
        ("port = ", "uln-server.toml cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_named(operator: Operator, folder: Path, file: str, named: str) -> None:
    (folder / "uln-server.toml").write_text(file)
    said = operator.fails(2, "check")
    assert named in said
    assert "uln-server.toml" in said


def test_a_wrong_value_is_never_shown(operator: Operator, folder: Path) -> None:
    (folder / "uln-server.toml").write_text("database = ['topsecret']\nport = 'topsecret'")
    assert "topsecret" not in operator.fails(2, "check")


def test_a_list_that_is_no_json_is_named(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULN_SERVER_ALLOWED_HOSTS", "a, b")
    said = operator.fails(2, "check")
    assert "allowed_hosts" in said
    assert """ULN_SERVER_ALLOWED_HOSTS='["lrs.example.org"]'""" in said


@pytest.mark.parametrize("file", ["allowed_hosts = 'a'", "allowed_hosts = [1]"])
def test_a_list_that_is_none_in_the_file_says_how_to_write_it(operator: Operator, folder: Path, file: str) -> None:
    (folder / "uln-server.toml").write_text(file)
    assert 'allowed_hosts = ["lrs.example.org"]' in operator.fails(2, "check")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ULN_SERVER_DATABSE", "Did you mean ULN_SERVER_DATABASE?"),
        ("uln_server_prot", "Did you mean ULN_SERVER_PORT?"),
        ("ULN_SERVER_QQQQQQQQQQQQQQQQQQQQ", "Unset it"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_without_its_value(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv(name, "topsecret")
    refused = operator.fails(2, "check")
    assert name.lower() in refused.lower()
    assert said in refused
    assert "topsecret" not in refused


def test_a_variable_of_others_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ULN_TEST_POSTGRES_URL", "x")
    monkeypatch.setenv("uln_server_port", "1004")
    assert settings().port == 1004


def test_a_wrong_option_ends_with_2(operator: Operator) -> None:
    operator.fails(2, "serve", "--port", "x")
    operator.fails(2, "serve", "--port", "99999")
    operator.fails(2, "nonsense")


def test_a_problem_carries_text_remedy_and_exit() -> None:
    with pytest.raises(Problem) as raised:
        settings(workers=0)
    assert raised.value.text.startswith("The settings are wrong: workers")
    assert "docs/settings.md" in raised.value.remedy
