import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.client.commanding import Ended, Run
from tests.unit.client.organisation import SECRET
from tests.unit.client.replaying import Replaying, replaying

from uln_client import cli


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No settings of the machine reach a test; the folder is where ``uln/uln.toml`` would lie."""
    for name in os.environ:
        if name.startswith("ULN_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def service() -> Iterator[Replaying]:
    with replaying() as server:
        yield server


@pytest.fixture
def uln(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, as its entry point does."""

    def run(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        out, err = capsys.readouterr()
        assert SECRET not in out + err
        assert "Traceback" not in out + err
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def caller(service: Replaying, monkeypatch: pytest.MonkeyPatch) -> Replaying:
    """The replaying service, with settings that call it as an organisation of one's own."""
    for name, value in {
        "URL": service.url,
        "UKPRN": "12345678",
        "PASSWORD": SECRET,
        "USERNAME": "Pat",
        "RETRIES": "0",
    }.items():
        monkeypatch.setenv(f"ULN_{name}", value)
    return service
