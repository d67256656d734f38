"""``uln-server intake``: one run over a folder of folders."""

from pathlib import Path

import pytest
from tests.unit.cli.running import Operator


def test_a_folder_without_files_is_done_with(sandbox: Operator, folder: Path) -> None:
    (folder / "files" / "90000002").mkdir(parents=True)
    assert sandbox.does("intake", "files", "--once") == ""
    assert sorted(each.name for each in (folder / "files" / "90000002").iterdir()) == ["done", "failed", "in"]


def test_a_file_that_failed_is_told_by_the_exit_code(
    sandbox: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ULN_SERVER_INTAKE_SETTLE_SECONDS", "0")
    (place := folder / "files" / "90000002" / "in").mkdir(parents=True)
    (place / "Jane Doe.csv").write_text("nothing", encoding="utf-8")
    ran = sandbox.run("intake", "files", "--once")
    assert ran.exit == 3
    assert "Jane" not in ran.out + ran.err
    assert (place.parent / "failed" / "Jane Doe.csv").exists()


def test_a_folder_that_is_not_there_is_refused(sandbox: Operator) -> None:
    assert "is no folder: make it" in sandbox.fails(2, "intake", "files", "--once")


def test_a_register_that_is_not_there_is_refused(operator: Operator, folder: Path) -> None:
    (folder / "files").mkdir()
    assert "uln-server init" in operator.fails(4, "intake", "files")
