"""``docs/operating.md`` against the command itself."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from tests.docs.pages import blocks, page, pages, plain, table

from uln_server.access.organisation import Agreement
from uln_server.cli.application import command
from uln_server.cli.problems import Exit

PAGE = page("docs/operating.md")


def commands(group: Any, names: str = "uln-server") -> Iterator[tuple[str, Any]]:
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, f"{names} {name}")
        else:
            yield f"{names} {name}", each


COMMANDS = dict(commands(command()))


def options(name: str) -> set[str]:
    return {option for each in COMMANDS[name].params for option in (*each.opts, *each.secondary_opts)} | {"--help"}


def test_every_command_is_listed_and_no_other() -> None:
    assert sorted(plain(row[0]) for row in table(PAGE, "command")) == sorted(COMMANDS)


def test_the_listed_options_are_the_command_s() -> None:
    for name, meaning in table(PAGE, "command"):
        assert set(re.findall(r"`(--[a-z-]+)`", meaning)) <= options(plain(name)), name


def test_every_exit_code_is_listed() -> None:
    assert [int(row[0]) for row in table(PAGE, "exit")] == list(Exit)


def test_every_agreement_is_listed() -> None:
    assert [plain(row[0]) for row in table(PAGE, "agreement")] == list(Agreement)


def lines_of_commands() -> list[tuple[str, str]]:
    found = []
    for each in pages():
        for block in blocks(each.read_text(encoding="utf-8")):
            lines = (line.strip() for line in block.text.splitlines() if block.language in {"", "sh"})
            found += [(each.name, line) for line in lines if re.search(r"(^|\s)uln-server ", line)]
    return found


@pytest.mark.parametrize(("where", "line"), lines_of_commands())
def test_every_command_line_in_the_documentation_can_be_given(where: str, line: str) -> None:
    words = shlex.split(line)
    words = words[words.index("uln-server") :]
    name = " ".join(words[:3]) if " ".join(words[:3]) in COMMANDS else " ".join(words[:2])
    assert name in COMMANDS, f"{where}: {line}"
    given = {word for word in words if word.startswith("--")}
    assert given <= options(name), f"{where}: {line}"


@pytest.mark.parametrize(("name", "each"), COMMANDS.items())
def test_every_command_and_option_explains_itself(name: str, each: Any) -> None:
    assert each.help, name
    for parameter in each.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"
