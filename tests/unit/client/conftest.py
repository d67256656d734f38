import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.client.replaying import Replaying, replaying


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
