"""Changing records of the Learner Register, each change with its event in the same transaction."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy import text as sql

from uln_server.register.authorship import Author
from uln_server.register.demographics import Demographics
from uln_server.register.event import EventKind
from uln_server.register.learner import Learner, Status
from uln_server.store.errors import (
    AlreadyMerged,
    HasMerged,
    LearnerDeleted,
    MergeCycle,
    MergeIntoItself,
    NotMerged,
    UlnTaken,
    UlnUnknown,
)
from uln_server.store.events import add_event, add_events
from uln_server.store.learners import ASKED, CHAIN, COLUMNS, LEARNER_FIELDS, StoredLearners, learner_of
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner
from uln_server.store.uln_numbers import draw, uln_key

_KEYS = ("given_key", "family_key", "post_code_key")
_in_order = attrgetter(*LEARNER_FIELDS)
_ADD = Prepared(
    insert(learner).values({name: bindparam(name) for name in (*LEARNER_FIELDS, *_KEYS)}).inline(),
    " ON CONFLICT (uln) DO NOTHING",
)
# FOR NO KEY UPDATE: enough against whoever changes the record, and no bar to whoever merges another into it. An
# import that holds the table would wait for a stronger lock, whose holder waits for the table.
_GET_LOCKED = Prepared(select(*COLUMNS).where(learner.c.uln == ASKED).with_for_update(key_share=True))
_replaced = tuple(name for name in LEARNER_FIELDS if name not in {"uln", "status", "created_at", "master_uln"})
_REPLACE = Prepared(
    update(learner)
    .where(learner.c.uln == bindparam("replaced_uln"))
    .values({name: bindparam(name) for name in (*_replaced, *_KEYS)})
)
_LOCK = Prepared(
    select(learner.c.uln)
    .where(or_(learner.c.uln == ASKED, learner.c.uln == bindparam("other")))
    .order_by(learner.c.uln)
    .with_for_update(key_share=True)
)
_SET_STATUS = Prepared(
    update(learner)
    .where(learner.c.uln == ASKED)
    .values(
        status=bindparam("status"),
        master_uln=bindparam("master"),
        version=learner.c.version + 1,
        updated_at=bindparam("at"),
    )
)
# Active records come first, and one is enough; only an import can bring several that are merged.
_SAME_AT_MOST = 100
_SAME = Prepared(
    select(learner.c.uln, learner.c.status)
    .where(
        learner.c.date_of_birth == bindparam("date_of_birth"),
        learner.c.family_key == bindparam("family_key"),
        learner.c.given_key == bindparam("given_key"),
        learner.c.post_code_key == bindparam("post_code_key"),
        learner.c.gender == bindparam("gender"),
        learner.c.status != Status.DELETED,
        learner.c.uln != bindparam("besides"),
    )
    .order_by(learner.c.status)
    .limit(_SAME_AT_MOST)
)
# Any number that only merging uses: 'merg' in ASCII.
_ONE_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(1835364967)"))
_ONE_OF_THEM_AT_A_TIME = Prepared(sql("SELECT pg_advisory_xact_lock(:key)"))
# A function's rows come in the order of its argument.
_EACH_OF_THEM = Prepared(
    sql("SELECT pg_advisory_xact_lock(CAST(value AS bigint)) FROM json_array_elements_text(CAST(:keys AS json))")
)
# What the write to come takes anyway, but before the look: an import holds off whoever changes learners.
_AFTER_AN_IMPORT = Prepared(sql("LOCK TABLE learner IN ROW EXCLUSIVE MODE"))


class LearnerChanges(StoredLearners):
    """What may be done to records, within a writing transaction.

    Each change raises the record's version by one, sets ``updated_at`` and leaves an event; ``by`` says who makes
    it, ``None`` that nobody is known. The master of a merge is not changed by it: nothing that its own version
    speaks for is, and an update based on it must not fail for it [O].
    """

    def add(self, new: Learner, by: Author | None = None) -> None:
        """Put a record into the register as it is; ``UlnTaken`` when its ULN is held, in whatever state."""
        if not self._line.run(_ADD, **columns_of(new)):
            raise UlnTaken(f"ULN {new.uln} is held already: each ULN is given once, deleted ones included.")
        add_event(self._line, EventKind.REGISTERED, new, by, at=new.created_at)
        if new.status is Status.MERGED:
            add_event(self._line, EventKind.MERGED, new, by, at=new.updated_at, master_uln=new.master_uln)
        elif new.status is Status.DELETED:
            add_event(self._line, EventKind.DELETED, new, by, at=new.updated_at)

    def locked(self, uln: str) -> Learner | None:
        """Give a record as ``get`` does, and hold off whoever else wants to change it."""
        rows = self._line.rows(_GET_LOCKED, uln=uln)
        return learner_of(rows[0]) if rows else None

    def same(self, demographics: Demographics, besides: str = "") -> bool:
        """Tell whether a record of another ULN than ``besides`` has the same five demographics.

        Whoever asks for the same five waits until this transaction has ended, so that of two registrations at
        once the second sees the first; and this one waits for the chunk of an import, to see what it brought.
        Deleted records do not count, nor do those merged into a deleted one, and unknown values equal
        themselves [O].
        """
        if self._line.driver.name == "postgresql":
            self._line.rows(_ONE_OF_THEM_AT_A_TIME, key=_lock_number(demographics))
            self._line.run(_AFTER_AN_IMPORT)
        return self.same_held(demographics, besides)

    def same_held(self, demographics: Demographics, besides: str = "") -> bool:
        """Tell the same of five that ``hold`` was asked for in this transaction."""
        rows = self._line.rows(
            _SAME,
            date_of_birth=demographics.date_of_birth,
            family_key=demographics.family_key,
            given_key=demographics.given_key,
            post_code_key=demographics.post_code_key,
            gender=demographics.gender,
            besides=besides,
        )
        return any(status is Status.ACTIVE or self._stands_for_another(uln, besides) for uln, status in rows)

    def hold(self, several: Iterable[Demographics]) -> None:
        """Let whoever asks for one of these wait until this transaction has ended, as ``same`` does for one.

        They are taken in the order of their numbers, so that two who want several do not wait for each other.
        """
        keys = sorted({_lock_number(each) for each in several})
        if keys and self._line.driver.name == "postgresql":
            self._line.rows(_EACH_OF_THEM, keys=json.dumps(keys))
            self._line.run(_AFTER_AN_IMPORT)

    def register(self, new: Learner, by: Author) -> Learner:
        """Give a learner the next free ULN, whatever ULN ``new`` carries, and put the record into the register.

        A number that is held already, in whatever state, is skipped; the primary key decides (domain §2) [O].
        """
        return self.register_all([new], by)[0]

    def register_all(self, several: Sequence[Learner], by: Author) -> list[Learner]:
        """Do the same for many, and give them in their order."""
        ulns = self._next_ulns(len(several))
        registered = [self._numbered(each, ulns) for each in several]
        add_events(self._line, EventKind.REGISTERED, registered, by, at=by.at)
        return registered

    def _next_ulns(self, count: int) -> Iterator[str]:
        """Give the next ULNs without end, the first ``count`` counters drawn at once."""
        key = uln_key(self._line)
        while True:
            yield from (uln for uln in map(key.nth, draw(self._line, count)) if uln is not None)
            count = 1

    def _numbered(self, new: Learner, ulns: Iterator[str]) -> Learner:
        while True:
            numbered = replace(new, uln=next(ulns))
            if self._line.run(_ADD, **columns_of(numbered)):
                return numbered

    def update(self, held: Learner, changes: Mapping[str, str], by: Author) -> Learner:
        """Store changed fields of a record that ``locked`` gave, and give the record as it is then.

        What was there before stays readable in the history.
        """
        changed: dict[str, Any] = dict(changes)
        updated = replace(held, **changed, version=held.version + 1, updated_at=by.at)
        values = columns_of(updated)
        self._line.run(_REPLACE, replaced_uln=held.uln, **{name: values[name] for name in (*_replaced, *_KEYS)})
        before = {name: getattr(held, name) for name in changes}
        add_event(self._line, EventKind.UPDATED, updated, by, at=by.at, before=before)
        return updated

    def merge(self, uln: str, into: str, by: Author | None = None) -> Learner:
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
        if (uln,) in self._line.rows(CHAIN, uln=into):
            raise MergeCycle(
                f"ULN {into} is itself merged into {uln}: merge {into} the other way round, or unmerge it first."
            )
        return self._set(merged, Status.MERGED, into, by)

    def unmerge(self, uln: str, by: Author | None = None) -> Learner:
        """Let a merged record stand for itself again, and give it.

        Raises ``UlnUnknown``, ``LearnerDeleted`` or ``NotMerged``.
        """
        self._lock(uln)
        record = self._present(uln)
        if record.status is not Status.MERGED:
            raise NotMerged(f"ULN {uln} is not merged into another: there is nothing to undo.")
        return self._set(record, Status.ACTIVE, None, by)

    def delete(self, uln: str, by: Author | None = None) -> Learner:
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
        return self._set(record, Status.DELETED, None, by)

    def _stands_for_another(self, merged: str, besides: str) -> bool:
        entry = self.entry(merged)
        return entry is not None and entry.current.uln != besides

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

    def _set(self, record: Learner, status: Status, master: str | None, by: Author | None) -> Learner:
        at = by.at if by else datetime.now(UTC)
        self._line.run(_SET_STATUS, uln=record.uln, status=status, master=master, at=at)
        changed = replace(record, status=status, master_uln=master, version=record.version + 1, updated_at=at)
        add_event(self._line, _EVENTS[status], changed, by, at=at, master_uln=master or record.master_uln)
        return changed


_EVENTS = {
    Status.MERGED: EventKind.MERGED,
    Status.ACTIVE: EventKind.UNMERGED,
    Status.DELETED: EventKind.DELETED,
}


def columns_of(record: Learner) -> dict[str, Any]:
    """Give every column of a record, what is compared with them."""
    columns = dict(zip(LEARNER_FIELDS, _in_order(record), strict=True))
    compared = record.demographics
    columns["given_key"] = compared.given_key
    columns["family_key"] = compared.family_key
    columns["post_code_key"] = compared.post_code_key
    return columns


def _lock_number(demographics: Demographics) -> int:
    """Give a number of 64 bits for the five: the database's log must not show whom it is about."""
    digest = hashlib.blake2b(demographics.key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
