"""The settings of this run: options over environment over ``uln-server.toml``."""

import difflib
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from uln_server.cli.problems import Exit, Problem
from uln_server.settings import Settings

Database = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Register: sqlite:///path or postgresql+psycopg://user@host/name. "
        "Others on this machine can read an option: a password in it belongs in ULN_SERVER_DATABASE.",
    ),
]


def settings(**options: Any) -> Settings:
    """Read the settings; options that are ``None`` count as not given.

    Raises ``Problem`` that names each wrong setting, and never shows its value: it may be a password.
    """
    _refuse_unknown_variables(os.environ)
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise Problem(f"The settings are wrong: {_wrong(error)}.", _REMEDY, ends_with=Exit.USAGE) from None
    except SettingsError as error:
        raise Problem(f"The settings are wrong: {error}. {_LIST}", _REMEDY, ends_with=Exit.USAGE) from None
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise Problem(
            f"{Path('uln-server.toml').absolute()} cannot be read as TOML: {error}.",
            'Each line is a name and a value, such as: port = 8000 or host = "127.0.0.1"',
            ends_with=Exit.USAGE,
        ) from None


_PREFIX = str(Settings.model_config["env_prefix"])
_VARIABLES = tuple(f"{_PREFIX}{name.upper()}" for name in Settings.model_fields)
_LIST = (
    f"A list is written as JSON in the environment: {_PREFIX}ALLOWED_HOSTS='[\"lrs.example.org\"]';"
    ' in uln-server.toml: allowed_hosts = ["lrs.example.org"].'
)
_REMEDY = (
    "Correct it in the option, in the environment (ULN_SERVER_ and the name in capitals) or in uln-server.toml;"
    " docs/settings.md lists every name."
)


def _refuse_unknown_variables(names: Iterable[str]) -> None:
    """Raise ``Problem`` for a variable that means to be a setting and is none: a typo would go unnoticed [O]."""
    for name in sorted(names):
        if not name.upper().startswith(_PREFIX) or name.upper() in _VARIABLES:
            continue
        near = difflib.get_close_matches(name.upper(), _VARIABLES, n=1)
        raise Problem(
            f"The environment has {name}, and there is no such setting.",
            f"Did you mean {near[0]}? Otherwise unset it." if near else f"Unset it. {_REMEDY}",
            ends_with=Exit.USAGE,
        )


def _wrong(error: ValidationError) -> str:
    details = error.errors(include_input=False, include_url=False, include_context=False)
    wrong = "; ".join(": ".join([*map(str, each["loc"]), _said(each["msg"])]) for each in details)
    return f"{wrong}. {_LIST.rstrip('.')}" if any("allowed_hosts" in each["loc"] for each in details) else wrong


def _said(message: str) -> str:
    return "there is no such setting" if message.startswith("Extra inputs") else message
