"""What kind of register this database is."""

from datetime import UTC, datetime
from typing import Literal, cast

from sqlalchemy import bindparam, insert, select, update

from uln_server.register.issuing import SANDBOX_KEY, new_key
from uln_server.store.errors import RegisterExists
from uln_server.store.jobs import JobChanges
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import register
from uln_server.store.uln_numbers import set_counter

RegisterKind = Literal["sandbox", "production"]

_KIND = Prepared(select(register.c.kind))
_MAINTENANCE = Prepared(select(register.c.maintenance))
_SET_MAINTENANCE = Prepared(update(register).values(maintenance=bindparam("told")))
_CREATE = Prepared(
    insert(register)
    .values(
        id=1,
        kind=bindparam("kind"),
        created_at=bindparam("created_at"),
        uln_key=bindparam("uln_key"),
        uln_counter=0,
    )
    .inline()
)


class StoredRegister:
    """The register's own row."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def kind(self) -> RegisterKind | None:
        """Whether it is a sandbox or in production; ``None`` when it was not initialised."""
        rows = self._line.rows(_KIND)
        return cast("RegisterKind", rows[0][0]) if rows else None

    @property
    def maintenance(self) -> str | None:
        """What the operator says while the service is closed for maintenance; ``None`` while it is open."""
        rows = self._line.rows(_MAINTENANCE)
        return cast("str | None", rows[0][0]) if rows else None


class RegisterCreation(StoredRegister):
    """Making the register, once, and its switches."""

    def create(self, kind: RegisterKind) -> None:
        """Say once and for all what kind of register this is; ``RegisterExists`` when that was said before.

        A production register gets a secret key of its own for its ULNs; sandboxes share a public one, so that the
        same calls always get the same numbers [O].
        """
        if self.kind is not None:
            raise RegisterExists(f"This database holds a {self.kind} register already: use another database.")
        key = SANDBOX_KEY if kind == "sandbox" else new_key()
        self._line.run(_CREATE, kind=kind, created_at=datetime.now(UTC), uln_key=key)
        set_counter(self._line, 0)
        JobChanges(self._line).begin_numbers()

    def set_maintenance(self, told: str | None) -> None:
        """Close the service for maintenance, saying ``told`` to callers (may be empty), or open it: ``None``."""
        self._line.run(_SET_MAINTENANCE, told=told)
