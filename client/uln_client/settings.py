"""The client's settings: option over environment (``ULN_*``) over file (``uln.toml``)."""

import os
import sys
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypedDict

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from uln_client.errors import UsageError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# What `uln-server serve --sandbox` listens on when nobody says otherwise.
SANDBOX_URL = "http://127.0.0.1:8000"


class Options(TypedDict, total=False):
    """The settings as keyword arguments; ``None`` is "not given", and leaves it to environment and file."""

    url: str | None
    path: str | None
    generation: Literal["today", "2014"] | None
    wsdl: Literal["bundled", "server"] | None
    ukprn: str | None
    orgref: str | None
    password: str | SecretStr | None
    username: str | None
    cert: str | Path | None
    key: str | Path | None
    ca: str | Path | None
    timeout: float | None
    connect_timeout: float | None
    retries: int | None
    check_digit: bool | None
    allow_http: bool | None


def file_path() -> Path:
    r"""Where the settings file lies.

    ``$XDG_CONFIG_HOME/uln/uln.toml``, which is ``~/.config/uln/uln.toml`` where that variable is not set;
    on Windows without it ``%APPDATA%\uln\uln.toml``.
    """
    home = os.environ.get("XDG_CONFIG_HOME")
    if not home and sys.platform == "win32":
        home = os.environ.get("APPDATA")
    return Path(home or Path.home() / ".config") / "uln" / "uln.toml"


class Settings(BaseSettings):
    """Everything a caller may set; ``docs/client.md`` lists each name, its default and its meaning."""

    model_config = SettingsConfigDict(
        env_prefix="ULN_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )

    url: str = Field(
        default=SANDBOX_URL,
        description="Address of the service: scheme, host and port; or the full address, if it ends in .svc.",
    )
    path: str | None = Field(
        default=None,
        description="Path of LearnerService under url; unset, /LearnerService.svc, or /2014/LearnerService.svc "
        "for generation 2014.",
    )
    generation: Literal["today", "2014"] = Field(
        default="today", description="Generation of the contract that calls are made by: today or 2014."
    )
    wsdl: Literal["bundled", "server"] = Field(
        default="bundled", description="WSDL that calls are built from: bundled, or the server's own."
    )
    ukprn: str | None = Field(default=None, description="UKPRN of the organisation, 8 characters.")
    orgref: str | None = Field(default=None, description="OrganisationRef of the organisation, 6 characters.")
    password: SecretStr | None = Field(default=None, description="OrgPassword of the organisation, 16 characters.")
    username: str | None = Field(
        default=None, description="UserName: the person who calls, for the service's audit."
    )
    cert: Path | None = Field(default=None, description="PEM file of the client certificate.")
    key: Path | None = Field(
        default=None, description="PEM file of its key, not encrypted; unset, the key is in cert."
    )
    ca: Path | None = Field(
        default=None, description="PEM bundle of the CAs that the service's certificate is checked against."
    )
    timeout: float = Field(default=60.0, gt=0, description="Seconds to wait for the next bytes of a reply.")
    connect_timeout: float = Field(default=10.0, gt=0, description="Seconds to wait for a connection.")
    retries: int = Field(
        default=2, ge=0, le=10, description="How often a call that is safe to repeat is tried again."
    )
    check_digit: bool = Field(default=True, description="Refuse to send a ULN whose check digit is wrong.")
    allow_http: bool = Field(
        default=False, description="Send the password over plain http to a host that is not this one."
    )

    @model_validator(mode="after")
    def _key_needs_certificate(self) -> Self:
        if self.key is not None and self.cert is None:
            raise ValueError("key is set without cert; set both")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Option over environment over file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file_path())

    @classmethod
    def load(cls, options: Options | None = None) -> Self:
        """Read the settings; options that are ``None`` count as not given.

        Raises :class:`~uln_client.errors.UsageError` naming each setting that is wrong, and its value unless that
        may be secret; a variable that is named like a setting and is none counts as wrong.
        """
        _refuse_unknown_variables(cls)
        given = {name: value for name, value in (options or {}).items() if value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]  # pydantic checks each value
        except ValidationError as error:
            raise _wrong(error, given) from None
        except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError):
            raise UsageError(
                f"The settings file {file_path()} cannot be read as TOML.",
                'Each line is a name and a value: ukprn = "90000001".',
            ) from None


def _refuse_unknown_variables(settings: type[Settings]) -> None:
    """Refuse ``ULN_PASWORD``: nobody would notice that it says nothing. The server's and the tests' are theirs."""
    known = [f"ULN_{name.upper()}" for name in settings.model_fields]
    for variable in sorted(os.environ):
        name = variable.upper()
        if name.startswith("ULN_") and not name.startswith(_OTHERS) and name not in known:
            near = get_close_matches(name.removeprefix("ULN_").lower(), settings.model_fields, 1)
            raise UsageError(
                f"There is no setting {variable}.",
                f"Is ULN_{near[0].upper()} meant?" if near else f"Unset it; the settings are {', '.join(known)}.",
            )


_OTHERS = ("ULN_SERVER_", "ULN_TEST_")


def _wrong(error: ValidationError, given: Mapping[str, object]) -> UsageError:
    """Name each wrong setting by where it stands, with its value unless that may be secret, rule and remedy."""
    wrong = [_worded(detail, given) for detail in error.errors(include_url=False, include_context=False)]
    return UsageError(" ".join(text for text, _ in wrong), " ".join(dict.fromkeys(remedy for _, remedy in wrong)))


def _worded(detail: "ErrorDetails", given: Mapping[str, object]) -> tuple[str, str]:
    if not detail["loc"]:
        return f"The settings are wrong: {detail['msg'].removeprefix('Value error, ')}.", _KEY_REMEDY
    name = str(detail["loc"][0])
    if name not in Settings.model_fields:
        near = get_close_matches(name, Settings.model_fields, 1)
        hint = (
            f"Is {near[0]} meant?"
            if near
            else f"Take it out; the settings are {', '.join(Settings.model_fields)}."
        )
        return f"There is no setting {name}; it stands in {file_path()}.", hint
    value = detail["input"]
    shown = f" is {value!r}, and" if name not in _SECRET and isinstance(value, str | int | float) else ""
    rule, remedy = _RULES.get(name, _TEXT)
    return f"{_place(name, given)}{shown} {rule}", remedy


def _place(name: str, given: Mapping[str, object]) -> str:
    """Where a setting was given: as an option or argument, in the environment, or in the file."""
    if name in given:
        return name
    variable = f"ULN_{name.upper()}"
    return variable if variable in map(str.upper, os.environ) else f"{name} in {file_path()}"


_SECRET = frozenset({"password", "key", "cert", "ca", "username", "ukprn", "orgref"})
_KEY_REMEDY = "Give the certificate and its key (ULN_CERT, ULN_KEY), or one file with both as cert."
_TEXT = ("must be text.", 'Put it into quotation marks: name = "value".')
_SECONDS = ("must be a number of seconds above 0.", "Write it like 60 or 2.5.")
_SWITCH = ("must be true or false.", "Write true or false.")
_RULES = {
    "generation": ("must be today or 2014.", "Write today for the contract in use now, 2014 for the earlier one."),
    "wsdl": ("must be bundled or server.", "Write bundled unless the service's own WSDL is wanted."),
    "timeout": _SECONDS,
    "connect_timeout": _SECONDS,
    "retries": ("must be a whole number from 0 to 10.", "Write it like 2; 0 tries nothing again."),
    "check_digit": _SWITCH,
    "allow_http": _SWITCH,
}
