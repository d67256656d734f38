"""Learners of the register: reading, and the changes that are not an update of their details."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy import text as sql

from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status
from uln_server.store.errors import (
    AlreadyMerged,
    ChainBroken,
    HasMerged,
    LearnerDeleted,
    MergeCycle,
    MergeIntoItself,
    NotMerged,
    UlnTaken,
    UlnUnknown,
)
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import learner

_fields = tuple(column.name for column in learner.columns)
_asked = bindparam("uln", type_=learner.c.uln.type)

# UNION, not UNION ALL: a row met twice ends the walk, so that no circle can run for ever.
_up = select(learner.c.uln, learner.c.master_uln).where(learner.c.uln == _asked).cte("chain", recursive=True)
_up = _up.union(select(learner.c.uln, learner.c.master_uln).join(_up, learner.c.uln == _up.c.master_uln))
_down = select(learner.c.uln).where(learner.c.master_uln == _asked).cte("merged", recursive=True)
_down = _down.union(select(learner.c.uln).join(_down, learner.c.master_uln == _down.c.uln))

_MERGED_ENTRY = Prepared(
    select(learner)
    .join(_up, learner.c.uln == _up.c.uln)
    .where(or_(learner.c.uln == _asked, learner.c.status != Status.MERGED))
)
_CHAIN = Prepared(select(_up.c.uln))
_LINKED = Prepared(select(_down.c.uln).where(_down.c.uln != _asked).order_by(_down.c.uln))
_GET = Prepared(select(learner).where(learner.c.uln == _asked))
_ADD = Prepared(insert(learner).values({name: bindparam(name) for name in _fields}).inline())
_LOCK = Prepared(
    select(learner.c.uln)
    .where(or_(learner.c.uln == _asked, learner.c.uln == bindparam("other")))
    .order_by(learner.c.uln)
    .with_for_update()
)
_SET_STATUS = Prepared(
    update(learner)
    .where(learner.c.uln == _asked)
    .values(
        status=bindparam("status"),
        master_uln=bindparam("master"),
        version=learner.c.version + 1,
        updated_at=bindparam("at"),
    )
)
# Any number that only merging uses: 'merg' in ASCII.
_ONE_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(1835364967)"))


class StoredLearners:
    """The learners as the register holds them (port ``register.entry.Learners``)."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def entry(self, uln: str) -> Entry | None:
        """Find the record asked for and the one that stands for it now, both in the state of one moment.

        ``None`` when the ULN is unknown, deleted, or merged into a deleted record. Raises ``ChainBroken`` if the
        stored merges lead nowhere.
        """
        record = self.get(uln)
        if record is None or record.status is Status.DELETED:
            return None
        if record.status is Status.ACTIVE:
            return Entry(asked=record, current=record)
        return self._merged_entry(uln)

    def linked(self, uln: str) -> tuple[str, ...]:
        """Give every ULN that was merged into this one, directly or through another, ascending."""
        return tuple(row[0] for row in self._line.rows(_LINKED, uln=uln))

    def get(self, uln: str) -> Learner | None:
        """Give the record as it stands, deleted and merged ones too; ``None`` for an unknown ULN."""
        rows = self._line.rows(_GET, uln=uln)
        return _learner(rows[0]) if rows else None

    def _merged_entry(self, uln: str) -> Entry | None:
        # One statement reads the asked record again along with its master, so that no change falls between.
        found = {each.uln: each for each in map(_learner, self._line.rows(_MERGED_ENTRY, uln=uln))}
        current = next((each for each in found.values() if each.status is not Status.MERGED), None)
        if current is None:
            raise ChainBroken(f"ULN {uln} is merged in a circle: the database was changed from outside.")
        return None if current.status is Status.DELETED else Entry(asked=found[uln], current=current)


class LearnerChanges(StoredLearners):
    """What may be done to whole records, within a writing transaction.

    Each change raises the record's version by one and sets ``updated_at``. The master of a merge is not changed
    by it: nothing that its own version speaks for is, and an update based on it must not fail for it [O].
    """

    def add(self, new: Learner) -> None:
        """Put a record into the register as it is; ``UlnTaken`` when its ULN is held, in whatever state."""
        if self.get(new.uln) is not None:
            raise UlnTaken(f"ULN {new.uln} is held already: each ULN is given once, deleted ones included.")
        self._line.run(_ADD, **{name: getattr(new, name) for name in _fields})

    def merge(self, uln: str, into: str) -> Learner:
        """Merge a record into a master, and give the merged record.

        The master may itself be merged: the last of the chain stands for all. Raises ``MergeIntoItself``,
        ``UlnUnknown``, ``LearnerDeleted``, ``AlreadyMerged`` or ``MergeCycle``.
        """
        if uln == into:
            raise MergeIntoItself(f"ULN {uln} cannot be merged into itself: name its master.")
        self._lock(uln, into)
        merged, _ = self._present(uln), self._present(into)
        if merged.master_uln is not None:
            raise AlreadyMerged(
                f"ULN {uln} is merged into {merged.master_uln} already: unmerge it first, or merge"
                f" {merged.master_uln} instead."
            )
        if (uln,) in self._line.rows(_CHAIN, uln=into):
            raise MergeCycle(
                f"ULN {into} is itself merged into {uln}: merge {into} the other way round, or unmerge it first."
            )
        return self._set(uln, Status.MERGED, into)

    def unmerge(self, uln: str) -> Learner:
        """Let a merged record stand for itself again, and give it.

        Raises ``UlnUnknown``, ``LearnerDeleted`` or ``NotMerged``.
        """
        self._lock(uln)
        if self._present(uln).status is not Status.MERGED:
            raise NotMerged(f"ULN {uln} is not merged into another: there is nothing to undo.")
        return self._set(uln, Status.ACTIVE, None)

    def delete(self, uln: str) -> Learner:
        """Mark a record as deleted, so that it answers as unknown, and give it. Its ULN is never given again.

        Raises ``UlnUnknown``, ``LearnerDeleted``, ``AlreadyMerged`` or ``HasMerged``.
        """
        self._lock(uln)
        record = self._present(uln)
        if record.status is Status.MERGED:
            raise AlreadyMerged(f"ULN {uln} is merged into {record.master_uln}: unmerge it before deleting it.")
        others = self.linked(uln)
        if others:
            raise HasMerged(
                f"{len(others)} other record(s) are merged into ULN {uln}, the first is {others[0]}:"
                " unmerge them before deleting it."
            )
        return self._set(uln, Status.DELETED, None)

    def _lock(self, uln: str, other: str | None = None) -> None:
        # Two merges that touch different rows can close a circle together, so that they take turns; the row
        # locks, in ULN order, hold against whoever else changes these records. SQLite has one writer anyway.
        if self._line.driver.name == "postgresql":
            self._line.rows(_ONE_AT_A_TIME)
            self._line.rows(_LOCK, uln=uln, other=other)

    def _present(self, uln: str) -> Learner:
        record = self.get(uln)
        if record is None:
            raise UlnUnknown(f"The register has no ULN {uln}: check the number.")
        if record.status is Status.DELETED:
            raise LearnerDeleted(f"ULN {uln} was deleted: nothing more can be done with it.")
        return record

    def _set(self, uln: str, status: Status, master: str | None) -> Learner:
        self._line.run(_SET_STATUS, uln=uln, status=status, master=master, at=datetime.now(UTC))
        return self._present_or_deleted(uln)

    def _present_or_deleted(self, uln: str) -> Learner:
        return _learner(self._line.rows(_GET, uln=uln)[0])


# A frozen dataclass of thirty fields takes longer to initialise than its row takes to read; the slots' own
# descriptors fill it in a sixth of the time. Learner has no rules in its __init__ that this could pass by.
_slots = tuple(getattr(Learner, name).__set__ for name in _fields)


def _learner(row: Row) -> Learner:
    record = object.__new__(Learner)
    for fill, value in zip(_slots, row, strict=True):
        fill(record, value)
    return record
