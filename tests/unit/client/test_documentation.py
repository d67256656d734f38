"""``docs/client.md`` lists what there is: settings, exit codes, exceptions, methods."""

import re
from pathlib import Path

import typer

from uln_client import AwardingOrganisation, errors
from uln_client.cli.application import command
from uln_client.cli.exits import Exit
from uln_client.cli.given import from_json
from uln_client.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "client.md"


def rows(heading: str) -> list[list[str]]:
    """The table whose first heading this is, without its head."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return table


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_setting_is_listed_with_its_variable_option_and_default() -> None:
    listed = {code(row[0])[0]: row for row in rows("setting")}
    assert list(listed) == list(Settings.model_fields)
    options = {option for parameter in command().params for option in (*parameter.opts, *parameter.secondary_opts)}
    for name, row in listed.items():
        assert code(row[1]) == [f"ULN_{name.upper()}"]
        assert set(code(row[2])) <= options
        default = Settings.model_fields[name].default
        if isinstance(default, bool | int | float | str):
            assert code(row[3]) == [f"{default:g}" if isinstance(default, float) else str(default).lower()]


def test_every_option_is_listed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    group = command()
    assert isinstance(group, typer.core.TyperGroup)
    for each in (group, *group.commands.values()):
        for parameter in each.params:
            for option in parameter.opts:
                shown = f"`{option}`" in text or f"{option} " in text
                assert shown or option == "--version" or not option.startswith("--")


def test_every_exit_code_is_listed() -> None:
    assert [int(row[0]) for row in rows("exit")] == [*map(int, Exit), 130]


def test_every_exception_is_listed_under_its_parent() -> None:
    listed = {code(row[0])[0]: code(row[1])[0] for row in rows("exception")}
    tree = {
        name: kind.__bases__[0].__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.ULNError)
    }
    assert listed == tree


def test_every_call_is_listed() -> None:
    calls = {
        name
        for name in dir(AwardingOrganisation)
        if name[0] != "_" and callable(getattr(AwardingOrganisation, name))
    }
    assert {code(row[0])[0].partition("(")[0] for row in rows("method")} == calls - {"close"}


def test_the_tree_is_drawn_whole() -> None:
    drawing = errors.__doc__ or ""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.ULNError):
            assert re.search(rf"\b{name}\b", drawing)


def test_the_listed_file_of_achievements_can_be_read(tmp_path: Path) -> None:
    (listed,) = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "achievements.json").write_text(listed, encoding="utf-8")
    found = from_json(str(tmp_path / "achievements.json"))
    assert [each.unit_or_qualification_reference_number for each in found] == ["S/900/0005"] * 2
