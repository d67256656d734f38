import os
import shutil
from pathlib import Path

import pytest
from tests.unit.cli.running import Operator

from uln_server.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, and no settings but its own."""
    for name in [name for name in os.environ if name.startswith("ULN_SERVER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(capsys)


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of each kind, made once: making one takes half a second, copying it nothing."""
    made = tmp_path_factory.mktemp("registers")
    for kind, words in (("sandbox", ["--sandbox"]), ("production", [])):
        with pytest.raises(SystemExit) as ended:
            main(["init", *words, "--database", f"sqlite:///{(made / kind).as_posix()}"])
        assert not ended.value.code
    return made


@pytest.fixture
def sandbox(operator: Operator, registers: Path, folder: Path) -> Operator:
    """An operator with a sandbox register."""
    copy(registers / "sandbox", folder)
    return operator


@pytest.fixture
def production(operator: Operator, registers: Path, folder: Path) -> Operator:
    """An operator with a production register that nobody may call yet."""
    copy(registers / "production", folder)
    return operator


def copy(register: Path, folder: Path) -> None:
    (folder / "var").mkdir()
    shutil.copy(register, folder / "var/register.sqlite3")
