"""The reports on what happened to ULNs: read from the register's events."""

from sqlalchemy import bindparam, select

from uln_server.register.event import EventKind
from uln_server.register.learner import Status
from uln_server.register.reporting import Deletion, LinkChange, Named, Period
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner, register_event

_linked, _master = learner.alias("linked"), learner.alias("master")
_named = ("uln", "family_name", "given_name", "date_of_birth")
_in_period = (
    register_event.c.kind == bindparam("kind", type_=register_event.c.kind.type),
    register_event.c.at >= bindparam("start", type_=register_event.c.at.type),
    register_event.c.at < bindparam("end", type_=register_event.c.at.type),
)
_LINKS = Prepared(
    select(
        register_event.c.at,
        *(_master.c[name].label(f"master_{name}") for name in _named),
        *(_linked.c[name].label(f"linked_{name}") for name in _named),
    )
    .join(_linked, _linked.c.uln == register_event.c.uln)
    .join(_master, _master.c.uln == register_event.c.master_uln)
    .where(*_in_period, _linked.c.status != Status.DELETED, _master.c.status != Status.DELETED)
    .order_by(register_event.c.at, register_event.c.id)
    .limit(bindparam("most"))
)
_DELETIONS = Prepared(
    select(register_event.c.at, register_event.c.uln)
    .where(*_in_period)
    .order_by(register_event.c.at, register_event.c.id)
    .limit(bindparam("most"))
)


class StoredReports:
    """The register's events, as the reports ask for them (port ``register.reporting.Reports``)."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def links(self, kind: EventKind, period: Period, most: int) -> list[LinkChange]:
        """Give the merges or unmerges of a period, oldest first; not those of records deleted since."""
        rows = self._line.rows(_LINKS, kind=kind, start=period.start, end=period.end, most=most)
        return [LinkChange(row[0], Named(*row[1:5]), Named(*row[5:9])) for row in rows]

    def deletions(self, period: Period, most: int) -> list[Deletion]:
        """Give the deletions of a period, oldest first."""
        rows = self._line.rows(_DELETIONS, kind=EventKind.DELETED, start=period.start, end=period.end, most=most)
        return [Deletion(*row) for row in rows]
