"""The last messages of a sandbox, kept so that its page can show them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select

from uln_server.access.audit import SandboxMessage
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import sandbox_message
from uln_server.store.texts import clean

KEPT = 100
"""How many messages a sandbox remembers."""
_TEXT_LIMIT = 256 * 1024  # characters of a request or a reply [O]: a hundred of 8 MB would fill a small disk

_fields = ("at", "message_id", "path", "operation", "code", "reading", "request", "reply")
_columns = [sandbox_message.c[name] for name in _fields]
_ADD = Prepared(insert(sandbox_message).values({name: bindparam(name) for name in _fields}).inline())
_last_kept = (
    select(sandbox_message.c.id).order_by(sandbox_message.c.id.desc()).offset(KEPT).limit(1).scalar_subquery()
)
_TRIM = Prepared(delete(sandbox_message).where(sandbox_message.c.id <= _last_kept))
_LAST = Prepared(select(*_columns).order_by(sandbox_message.c.id.desc()).limit(bindparam("n")))


class StoredMessages:
    """What the sandbox page shows."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def last(self, n: int = KEPT) -> tuple[SandboxMessage, ...]:
        """Give the last ``n`` messages, but never more than a hundred, newest first.

        Processes that write at once do not see each other's rows when they forget the old ones, so that for a
        moment a few more are stored.
        """
        rows = self._line.rows(_LAST, n=min(n, KEPT))
        return tuple(SandboxMessage(**dict(zip(_fields, row, strict=True))) for row in rows)


class MessageKeeping(StoredMessages):
    """Keeping a message within a writing transaction."""

    def add(self, message: SandboxMessage) -> None:
        """Keep a message along with the change that it asked for."""
        keep(self._line, [message])


def keep(line: Line, messages: Sequence[SandboxMessage]) -> None:
    """Add messages and forget all but the last hundred, within a writing transaction."""
    if messages:
        line.run_many(_ADD, [_values(message) for message in messages[-KEPT:]])
        line.run(_TRIM)


def _values(message: SandboxMessage) -> dict[str, object]:
    values = {name: getattr(message, name) for name in _fields}
    for name in ("path", "operation", "code", "reading", "request", "reply"):
        values[name] = clean(values[name], _TEXT_LIMIT)
    return values
