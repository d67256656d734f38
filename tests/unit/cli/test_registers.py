import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from tests.unit.cli.running import Operator


def test_init_makes_a_production_register_and_says_what_comes_next(operator: Operator, folder: Path) -> None:
    said = operator.does("init")
    assert "is now a production register" in said
    assert "uln-server org add" in said
    file = folder / "var/register.sqlite3"
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_init_twice_changes_nothing(production: Operator) -> None:
    production.does("org", "add", "12345678", *ORG, "--generate")
    assert "is up to date" in production.does("init")
    assert "12345678" in production.does("org", "list")


ORG = ("--ref", "ABC123", "--name", "An AO", "--kind", "awarding-organisation")


@pytest.mark.parametrize(("first", "second"), [(["--sandbox"], []), ([], ["--sandbox"])])
def test_a_register_keeps_its_kind(operator: Operator, first: list[str], second: list[str]) -> None:
    operator.does("init", *first)
    said = operator.fails(4, "init", *second)
    assert "cannot become" in said
    assert f"say `{' '.join(('uln-server init', *first))}`" in said


def test_reset_puts_the_sandbox_back(sandbox: Operator) -> None:
    first = sandbox.does("org", "list"), sandbox.does("learner", "show", "1026893096")
    sandbox.does("org", "suspend", "90000001")
    sandbox.does("org", "add", "12345678", *ORG, "--generate")
    sandbox.does("learner", "delete", "1026893096", "--yes")
    sandbox.does("learner", "unmerge", "4444599390")
    sandbox.does("reset")
    assert (sandbox.does("org", "list"), sandbox.does("learner", "show", "1026893096")) == first
    assert "merged into 6936002314" in sandbox.does("learner", "show", "4444599390")


def test_reset_makes_a_sandbox_where_there_is_none(operator: Operator) -> None:
    operator.does("reset")
    assert "90000005" in operator.does("org", "list")


def test_reset_never_empties_a_production_register(production: Operator) -> None:
    production.does("org", "add", "12345678", *ORG, "--generate")
    assert "never emptied" in production.fails(4, "reset")
    assert "12345678" in production.does("org", "list")


@pytest.mark.parametrize(
    "words",
    [
        ("org", "list"),
        ("learner", "show", "1026893096"),
        ("audit",),
        ("check",),
        ("serve",),
        ("org", "suspend", "90000001"),
    ],
)
def test_without_a_register_every_command_says_how_to_make_one(operator: Operator, words: tuple[str, ...]) -> None:
    assert "uln-server init" in operator.fails(4, *words)


def test_a_newer_schema_is_left_alone(sandbox: Operator, folder: Path) -> None:
    connection = sqlite3.connect(folder / "var/register.sqlite3")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "9999" in sandbox.fails(4, "org", "list")
    assert "newer" in sandbox.fails(4, "init", "--sandbox")


def test_a_file_that_is_no_database_is_said_to_be(operator: Operator, folder: Path) -> None:
    (folder / "x.db").write_bytes(b"no database at all" * 100)
    assert "x.db" in operator.fails(4, "org", "list", "--database", "sqlite:///x.db")


@pytest.mark.parametrize(
    ("url", "code", "text"),
    [
        ("mysql://x", 2, "no database of ours"),
        ("nonsense", 2, "not an SQLAlchemy URL"),
        ("postgresql://someone:topsecret@127.0.0.1:1/x", 4, "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    operator: Operator, url: str, code: int, text: str
) -> None:
    said = operator.fails(code, "check", "--database", url)
    assert text in said
    assert "topsecret" not in said


def test_a_locked_register_is_named_and_no_defect(
    sandbox: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uln_server.store.drivers.WAIT_SECONDS", 0.05)
    holder = sqlite3.connect(folder / "var/register.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said = sandbox.fails(4, "org", "suspend", "90000001")
    holder.close()
    assert "register.sqlite3 is locked by another process" in said
    assert "end what holds it" in said
    sandbox.does("org", "suspend", "90000001")


def test_an_address_with_a_port_that_is_none_is_wrong_use(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ULN_SERVER_DATABASE", "postgresql+psycopg://u:SEC@RET:PW@127.0.0.1:x/d")
    said = operator.fails(2, "check")
    assert "not an SQLAlchemy URL" in said
    assert "SEC" not in said
    assert "RET" not in said


def test_a_folder_that_cannot_be_made_is_named(operator: Operator, folder: Path) -> None:
    (folder / "file").write_text("")
    assert "cannot be made" in operator.fails(4, "init", "--database", "sqlite:///file/sub/x.sqlite3")
