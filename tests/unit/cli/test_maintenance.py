import json

import pytest
from tests.unit.cli.running import Operator


def operations(operator: Operator) -> list[str]:
    return [json.loads(line)["operation"] for line in operator.does("audit", "--json").splitlines()]


def test_the_service_is_closed_and_opened_again(production: Operator) -> None:
    assert production.does("maintenance", "status") == "Open.\n"
    closed = production.does("maintenance", "on", "--text", " Back at two. ")
    assert closed == "Closed for maintenance. Callers are told: Back at two.\n"
    assert production.does("maintenance", "status") == closed
    assert production.does("maintenance", "on") == "Closed for maintenance.\n"
    assert production.does("maintenance", "status") == "Closed for maintenance.\n"
    assert production.does("maintenance", "off") == "Open.\n"
    assert production.does("maintenance", "off") == "Open.\n"
    assert production.does("maintenance", "status") == "Open.\n"


def test_the_operator_is_seen_doing_it(sandbox: Operator) -> None:
    sandbox.does("maintenance", "on")
    sandbox.does("maintenance", "status")
    sandbox.does("maintenance", "off")
    assert operations(sandbox) == ["maintenance on", "maintenance off"]


@pytest.mark.parametrize("text", ["two\nlines", "x" * 501, "a\x00b"])
def test_a_text_that_is_no_line_is_refused(production: Operator, text: str) -> None:
    assert "--text" in production.fails(2, "maintenance", "on", "--text", text)
    assert production.does("maintenance", "status") == "Open.\n"


@pytest.mark.parametrize("command", ["off", "status"])
def test_the_setting_is_not_forgotten(production: Operator, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("ULN_SERVER_MAINTENANCE", "true")
    ran = production.run("maintenance", command)
    assert (ran.exit, ran.out) == (0, "Open.\n")
    assert "setting maintenance" in ran.err


def test_without_a_register_there_is_nothing_to_close(operator: Operator) -> None:
    assert "no register" in operator.fails(4, "maintenance", "on")
