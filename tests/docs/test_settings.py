import json

from tests.docs.pages import page, table

from uln_server.settings import Settings


def test_every_setting_is_listed_with_its_variable_default_and_meaning() -> None:
    assert table(page("docs/settings.md"), "setting") == [
        [f"`{name}`", f"`ULN_SERVER_{name.upper()}`", shown(field.default), field.description]
        for name, field in Settings.model_fields.items()
    ]


def shown(default: object) -> str:
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{json.dumps(list(default))}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
