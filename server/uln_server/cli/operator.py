"""The operator's own acts in the audit trail: whoever administers a register is seen doing it [O]."""

import getpass
import secrets
from datetime import UTC, datetime

from uln_server.access.audit import AuditEntry
from uln_server.register.authorship import Author

CODE = "OPERATOR"
"""The code of such an entry, which answers no message."""


def act(command: str, *, organisation: str | None = None, shown: tuple[str, ...] = ()) -> AuditEntry:
    """Give the entry for a command of the operator, to be written along with what the command does.

    The user is ``operator:`` and the name at the operating system; ``organisation`` is the UKPRN that the command
    is about, ``shown`` the ULNs whose record it showed or changed.
    """
    return AuditEntry(
        at=datetime.now(UTC),
        message_id=secrets.token_hex(12),
        organisation=organisation,
        user=f"operator:{_name()}",
        operation=command,
        code=CODE,
        disclosed=shown,
    )


def author_of(entry: AuditEntry) -> Author:
    """Give who makes the changes of a command, so that their history leads to its entry and back."""
    return Author(at=entry.at, message_id=entry.message_id, user=entry.user)


def _name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name, and Windows no USERNAME
        return "unknown"
