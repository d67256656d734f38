"""``uln-server serve``: the service, in a sandbox that makes itself or on a register that is there."""

# ruff: noqa: FBT002, PLR0913, PLR0917  # typer reads a command's options from its parameters

import errno
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from uln_server.cli import output
from uln_server.cli.check import refuse_errors
from uln_server.cli.checking import database_findings, settings_findings
from uln_server.cli.configuration import Database, settings
from uln_server.cli.opening import kind_of, require_current
from uln_server.cli.problems import Exit, Problem
from uln_server.cli.registers import prepare
from uln_server.sandbox.content import ORGANISATIONS
from uln_server.settings import Settings
from uln_server.store import database as store

_FIRST_CALL = "verify 1026893096 --given-name Darcie --family-name Tucker"
_CLIENT_URL = "http://127.0.0.1:8000"  # what `uln` calls when nobody says otherwise


def serve(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Serve the sandbox, and make it where it is not there yet.")
    ] = False,
    ephemeral: Annotated[
        bool, typer.Option("--ephemeral", help="With --sandbox: keep it in a temporary folder, gone at the end.")
    ] = False,
    host: Annotated[str | None, typer.Option(metavar="HOST", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Port for http; 0 takes a free one.")] = None,
    tls_port: Annotated[
        int | None, typer.Option(metavar="PORT", help="Port for https; 0 takes a free one.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes that answer calls.")] = None,
    database: Database = None,
) -> None:
    """Answer calls until Ctrl-C or SIGTERM."""
    if ephemeral and (not sandbox or database is not None):
        raise Problem(
            "--ephemeral goes with --sandbox, and without --database.",
            "Write: uln-server serve --sandbox --ephemeral",
            ends_with=Exit.USAGE,
        )
    with _folder(ephemeral=ephemeral) as folder:
        url = database if folder is None else f"sqlite:///{(folder / 'register.sqlite3').as_posix()}"
        chosen = settings(host=host, port=port, tls_port=tls_port, workers=workers, database=url)
        _serve(chosen, sandbox=sandbox)


@contextmanager
def _folder(*, ephemeral: bool) -> Iterator[Path | None]:
    """Give a folder that is deleted at the end, also when the end is SIGTERM."""
    if not ephemeral:
        yield None
        return
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with tempfile.TemporaryDirectory(prefix="uln-sandbox-", ignore_cleanup_errors=True) as made:
            yield Path(made)
    finally:
        signal.signal(signal.SIGTERM, previous)


def _serve(chosen: Settings, *, sandbox: bool) -> None:
    with store.Database.open(chosen.database) as register:
        if sandbox:
            prepare(register, "sandbox")
            chosen = _with_tls(chosen, register)
        else:
            _require_production(register)
        kind = "sandbox" if sandbox else "production"
        refuse_errors([*settings_findings(chosen, kind), *database_findings(register)])
    announce = partial(_announce_sandbox, chosen) if sandbox else _announce
    from uln_server import serving  # noqa: PLC0415  # half a second of Spyne and uvicorn, after the checks

    try:
        serving.serve(chosen, ready=announce, kind=kind)
    except OSError as error:
        raise _not_bound(error, chosen) from error
    except RuntimeError as error:
        raise Problem(f"The service did not start: {error}.", "Its own words are above.") from error


def _require_production(register: store.Database) -> None:
    require_current(register)
    with register.reading() as reading:
        if kind_of(reading, register) == "sandbox":
            raise Problem(
                f"{register.url} is a sandbox: invented learners, public passwords.",
                "Serve it as one with --sandbox, or make a production register with `uln-server init`.",
            )


def _with_tls(chosen: Settings, register: store.Database) -> Settings:
    """Give a sandbox https with its own certificates, unless the settings name others."""
    if chosen.tls_certificate is not None or chosen.tls_key is not None:
        return chosen
    from uln_server import tls  # noqa: PLC0415  # cryptography is slow to import, and production does without

    folder = tls_folder(register)
    files = tls.prepare(folder, [tls.Holder(each.name, each.ukprn) for each in ORGANISATIONS])
    client_ca = chosen.tls_client_ca or files.authority
    return chosen.model_copy(
        update={"tls_certificate": files.server, "tls_key": files.server, "tls_client_ca": client_ca}
    )


def tls_folder(register: store.Database) -> Path:
    """Where a sandbox keeps its certificates: beside its SQLite file, or in ``var/tls``."""
    beside = Path(str(register.url.database)).parent if register.dialect == "sqlite" else Path("var")
    return beside / "tls"


def _announce(addresses: list[str]) -> None:
    output.say("ULN Interchange answers on:", *(f"  {each}/LearnerService.svc" for each in addresses))


def _announce_sandbox(chosen: Settings, addresses: list[str]) -> None:
    who = ORGANISATIONS[0]
    output.say(
        "The sandbox of ULN Interchange answers on:",
        *(f"  {each}/LearnerService.svc" for each in addresses),
        "What was sent and how it was read:",
        f"  {addresses[0]}/sandbox/messages",
        f"One who may call, of five (docs/sandbox.md): {who.name},",
        f"  UKPRN {who.ukprn}, OrganisationRef {who.organisation_ref}, password {who.password}, any UserName",
        "Certificates for https, the CA and one for each organisation:",
        f"  {chosen.tls_certificate.parent if chosen.tls_certificate else '-'}",
        "Try in a second terminal:",
        f"  {_first_call(addresses[0])}",
        "Ctrl-C ends it.",
    )


def _first_call(address: str) -> str:
    """Give the command to try; the client knows the sandbox's credential only at its usual address."""
    if address == _CLIENT_URL:
        return f"{_client()} {_FIRST_CALL}"
    who = ORGANISATIONS[0]
    call = f"{_client()} --url {address} --ukprn {who.ukprn} --username you {_FIRST_CALL}"
    if sys.platform == "win32":
        return f'set "ULN_PASSWORD={who.password}" & {call}'
    return f"ULN_PASSWORD={who.password} {call}"


def _client() -> str:
    """Give the name by which the client of this very installation can be called here."""
    own = Path(sys.executable).with_name("uln.exe" if sys.platform == "win32" else "uln")
    found = shutil.which("uln")
    if not own.exists() or (found is not None and Path(found).resolve() == own.resolve()):
        return "uln"
    return os.path.relpath(own) if own.is_relative_to(Path.cwd()) else str(own)


def _not_bound(error: OSError, chosen: Settings) -> Problem:
    ports = (
        f"port {chosen.port} (http) or {chosen.tls_port} (https)"
        if chosen.tls_certificate
        else f"port {chosen.port}"
    )
    where = f"{chosen.host}, {ports}"
    if error.errno == errno.EADDRINUSE:
        return Problem(
            f"{where}: in use already, perhaps by another uln-server.",
            "Stop that one, or choose others with --port and --tls-port; 0 takes a free one.",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Problem(f"{where}: not allowed to this user.", "Choose ports above 1023.")
    return Problem(
        f"{where}: cannot be listened on: {error.strerror or error}.", "Choose another --host or --port."
    )
