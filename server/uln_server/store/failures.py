"""What a driver's error means for whoever runs the register: busy or failed, where, and what to do about it.

A driver's own words are repeated only where they cannot quote a row: PostgreSQL shows values in those about
data and constraints (classes 22 and 23), SQLite never does.
"""

import sqlite3
from typing import Any

from uln_server.store.errors import DatabaseBusy, DatabaseFailed

_SQLITE_REMEDIES = {
    sqlite3.SQLITE_READONLY: "let this user write the file and its folder",
    sqlite3.SQLITE_PERM: "let this user write the file and its folder",
    sqlite3.SQLITE_FULL: "make room on its disk",
    sqlite3.SQLITE_IOERR: "look after its disk",
    sqlite3.SQLITE_CORRUPT: "restore it from a backup",
    sqlite3.SQLITE_NOTADB: "restore it from a backup, or name another file",
}
_SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_POSTGRESQL_REMEDIES = {
    "42501": "let the user of the address own the tables, or grant it its rights on them",
    "25006": "name the primary server in the address: a standby takes no changes",
    "53100": "make room on the server's disk",
    "53300": "raise max_connections, or lower workers and call_threads",
}
_POSTGRESQL_BUSY = ("55P03", "40P01", "40001")
_POSTGRESQL_QUOTING = ("22", "23")
_OTHERWISE = "look into the log of the database, and try again"


def sqlite_busy(error: Exception) -> bool:
    """Tell whether another connection holds the lock."""
    return _primary(error) in _SQLITE_BUSY


def sqlite_failure(error: Exception, where: object, seconds: float) -> DatabaseBusy | DatabaseFailed:
    """Say what went wrong with the file ``where``, for whose lock ``seconds`` were waited."""
    if sqlite_busy(error):
        return _busy(where, seconds)
    return _failed(where, str(error), _SQLITE_REMEDIES.get(_primary(error), _OTHERWISE))


def postgresql_failure(error: Any, where: object, seconds: float) -> DatabaseBusy | DatabaseFailed:
    """Say what went wrong with the database ``where``, for whose locks ``seconds`` were waited."""
    state = error.sqlstate or ""
    if state in _POSTGRESQL_BUSY:
        return _busy(where, seconds)
    words = None if state[:2] in _POSTGRESQL_QUOTING else error.diag.message_primary
    said = words or type(error).__name__
    return _failed(where, f"{said} ({state})" if state else said, _POSTGRESQL_REMEDIES.get(state, _OTHERWISE))


def _busy(where: object, seconds: float) -> DatabaseBusy:
    return DatabaseBusy(
        f"The register {where} is locked by another process, for longer than the {seconds:g} seconds that are"
        " waited: end what holds it (a shell, a backup, a long change), and try again."
    )


def _failed(where: object, said: str, remedy: str) -> DatabaseFailed:
    return DatabaseFailed(
        f"The database of the register {where} refused: {said}. {remedy[0].upper()}{remedy[1:]}."
    )


def _primary(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
