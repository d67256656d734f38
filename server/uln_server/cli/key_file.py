"""The file that a register's ULN key is kept in, apart from the register: made, read, and nobody else's to read.

It is JSON, in UTF-8, and holds a secret (``docs/operating.md`` says what each of its members is).
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from uln_server.cli.problems import Exit, Problem
from uln_server.register.issuing import PREFIXES, SANDBOX_KEY
from uln_server.store.registers import RegisterKind

_MOST = 65_536  # bytes; one that we wrote has a few hundred


class KeyFile(BaseModel):
    """A register's key and the counter that came next when it was written."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    what: Literal["ULN Interchange: a register's ULN key"] = "ULN Interchange: a register's ULN key"
    format: Literal[1] = 1
    kind: RegisterKind
    key: str = Field(pattern=r"^[0-9a-f]{64}$", repr=False)
    next_counter: int = Field(ge=0, le=PREFIXES)
    written_at: AwareDatetime

    @model_validator(mode="after")
    def _public_in_a_sandbox_alone(self) -> Self:
        if (self.key == SANDBOX_KEY) is not (self.kind == "sandbox"):
            raise ValueError("every sandbox has the one public key, and no production register has it")
        return self


def fingerprint(key: str) -> str:
    """Give eight characters by which two keys are told apart; neither the key nor a number follows from them."""
    return sha256(bytes.fromhex(key)).hexdigest()[:8]


def write(file: Path, content: KeyFile) -> None:
    """Write a new file that only its owner may read; ``Problem`` when it is there already or cannot be written."""
    try:
        # Not there yet: what lies at this place may be the only copy of another register's key.
        stream = open(file, "x", encoding="utf-8", newline="\n", opener=_owner_s_alone)  # noqa: SIM115  # below
    except FileExistsError:
        raise Problem(
            f"{file} is there already, and may be the only copy of a key.",
            "Name another file.",
            ends_with=Exit.USAGE,
        ) from None
    except OSError as error:
        raise _unusable(file, "written", error) from None
    try:
        with stream:
            stream.write(content.model_dump_json(indent=2) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        file.unlink()  # half a key is none
        raise _unusable(file, "written", error) from None


def read(file: Path) -> KeyFile:
    """Read a file that :func:`write` made; ``Problem`` for any other, without a word of what is in it."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST)
    except OSError as error:
        raise _unusable(file, "read", error) from None
    try:
        return KeyFile.model_validate_json(content)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = "".join(f"{part}: " for part in found["loc"])
        raise Problem(
            f"{file} is no file of a register's key: {where}{found['msg'].removeprefix('Value error, ')}.",
            "Name a file that `uln-server key backup` wrote, as it wrote it.",
            ends_with=Exit.USAGE,
        ) from None


def _owner_s_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _unusable(file: Path, how: str, error: OSError) -> Problem:
    return Problem(f"{file} cannot be {how}: {error.strerror}.", "Name another file.", ends_with=Exit.USAGE)
