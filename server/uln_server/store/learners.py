"""Learners of the register: reading one by its ULN, and the candidates of a search."""

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, or_, select, union_all

from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates, Entry
from uln_server.register.learner import Learner, Status
from uln_server.store.aggregates import each_of
from uln_server.store.errors import ChainBroken
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import learner

LEARNER_FIELDS = tuple(each.name for each in fields(Learner))
COLUMNS = tuple(learner.c[name] for name in LEARNER_FIELDS)
ASKED = bindparam("uln", type_=learner.c.uln.type)

# Rows of a block that are read. More namesakes born on one day are too many to answer with anyway; no household
# has as many of one day, but a postcode may that somebody filled in for everybody.
_NAMESAKES, _NEIGHBOURS = 60, 300

# UNION, not UNION ALL: a row met twice ends the walk, so that no circle can run for ever.
_up = select(learner.c.uln, learner.c.master_uln).where(learner.c.uln == ASKED).cte("chain", recursive=True)
_up = _up.union(select(learner.c.uln, learner.c.master_uln).join(_up, learner.c.uln == _up.c.master_uln))
_down = select(learner.c.uln).where(learner.c.master_uln == ASKED).cte("merged", recursive=True)
_down = _down.union(select(learner.c.uln).join(_down, learner.c.master_uln == _down.c.uln))

_MERGED_ENTRY = Prepared(
    select(*COLUMNS)
    .join(_up, learner.c.uln == _up.c.uln)
    .where(or_(learner.c.uln == ASKED, learner.c.status != Status.MERGED))
)
CHAIN = Prepared(select(_up.c.uln))
_LINKED = Prepared(select(_down.c.uln).where(_down.c.uln != ASKED).order_by(_down.c.uln))
GET = Prepared(select(*COLUMNS).where(learner.c.uln == ASKED))
_GET_SEVERAL = Prepared(select(*COLUMNS).where(learner.c.uln.op("IN")(each_of(bindparam("ulns")))))

_GENDERS = {"0": "0129", "9": "0129", "1": "1099", "2": "2099"}
_living = learner.c.status != Status.DELETED
_born = learner.c.date_of_birth == bindparam("date_of_birth")
_called = (learner.c.family_key == bindparam("family_key"), learner.c.given_key == bindparam("given_key"))
_lives = learner.c.post_code_key == bindparam("post_code_key")
_gender = learner.c.gender.in_([bindparam(f"gender{place}") for place in range(4)])


def _block(*conditions: Any, most: int) -> Select[Any]:
    """Give one narrow block of equal values; as a subquery, so that each has a limit of its own."""
    found = select(*COLUMNS).where(_born, *conditions, _living, _gender).limit(most + 1).subquery()
    return select(*found.c)


def _blocks(*blocks: Select[Any]) -> CompoundSelect[Any]:
    return union_all(*blocks)


# A candidate agrees in the date of birth and in all but one of the rest: in both names, or in the postcode.
_NAMESAKE = Prepared(_block(*_called, most=_NAMESAKES))
_CANDIDATES = Prepared(
    _blocks(
        _block(*_called, _lives, most=_NAMESAKES),
        _block(*_called, most=_NAMESAKES),
        _block(_lives, most=_NEIGHBOURS),
    )
)


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
        rows = self._line.rows(GET, uln=uln)
        return learner_of(rows[0]) if rows else None

    def candidates(self, demographics: Demographics) -> Candidates:
        """Read who may be meant, through blocks of equal values: namesakes of the day, neighbours of the day.

        The cost follows the number of namesakes, not of learners (domain §5). ``complete`` is false when a block
        holds more than is read; deleted records, and those merged into one, are no candidates.
        """
        rows = self._line.rows(
            _CANDIDATES if demographics.post_code_known else _NAMESAKE,
            date_of_birth=demographics.date_of_birth,
            family_key=demographics.family_key,
            given_key=demographics.given_key,
            post_code_key=demographics.post_code_key,
            **{f"gender{place}": one for place, one in enumerate(_GENDERS[demographics.gender])},
        )
        found = {each.uln: each for each in map(learner_of, rows)}
        return Candidates(self._standing(found.values()), complete=_all_were_read(found.values(), demographics))

    def entries(self, ulns: Iterable[str]) -> dict[str, Entry]:
        """Give the entries of many ULNs, in no order; those that ``entry`` gives ``None`` for are left out."""
        rows = self._line.rows(_GET_SEVERAL, ulns=json.dumps(sorted(set(ulns))))
        living = (each for each in map(learner_of, rows) if each.status is not Status.DELETED)
        return {each.asked.uln: each for each in self._standing(living)}

    def _standing(self, records: Iterable[Learner]) -> tuple[Entry, ...]:
        entries = (
            self._merged_entry(each.uln) if each.status is Status.MERGED else Entry(asked=each, current=each)
            for each in records
        )
        return tuple(each for each in entries if each is not None)

    def _merged_entry(self, uln: str) -> Entry | None:
        # One statement reads the asked record again along with its master, so that no change falls between.
        found = {each.uln: each for each in map(learner_of, self._line.rows(_MERGED_ENTRY, uln=uln))}
        current = next((each for each in found.values() if each.status is not Status.MERGED), None)
        if current is None:
            raise ChainBroken(f"ULN {uln} is merged in a circle: the database was changed from outside.")
        return None if current.status is Status.DELETED else Entry(asked=found[uln], current=current)


def _all_were_read(found: Iterable[Learner], asked: Demographics) -> bool:
    """Tell whether no block was cut short."""
    namesakes = neighbours = 0
    for each in found:
        held = each.demographics
        namesakes += (held.family_key, held.given_key) == (asked.family_key, asked.given_key)
        neighbours += held.post_code_key == asked.post_code_key
    return namesakes <= _NAMESAKES and neighbours <= _NEIGHBOURS


# A frozen dataclass of thirty fields takes longer to initialise than its row takes to read; the slots' own
# descriptors fill it in a sixth of the time. Learner has no rules in its __init__ that this could pass by.
_slots = tuple(getattr(Learner, name).__set__ for name in LEARNER_FIELDS)


def learner_of(row: Row) -> Learner:
    """Make a record of a row of ``COLUMNS``."""
    record = object.__new__(Learner)
    for fill, value in zip(_slots, row, strict=True):
        fill(record, value)
    return record
