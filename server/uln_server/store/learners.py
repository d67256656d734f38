"""Learners of the register: reading one by its ULN, and the candidates of a search."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields

from sqlalchemy import bindparam, literal_column, or_, select, union_all

from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates, Entry, Standing, Unmerged
from uln_server.register.learner import Learner, Status
from uln_server.store.aggregates import each_of
from uln_server.store.errors import ChainBroken
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import learner

LEARNER_FIELDS = tuple(each.name for each in fields(Learner))
COLUMNS = tuple(learner.c[name] for name in LEARNER_FIELDS)
ASKED = bindparam("uln", type_=learner.c.uln.type)

NAMESAKES, NEIGHBOURS = 60, 300
"""Rows of a block that are read.

More namesakes born on one day are too many to answer with anyway. No household has as many members born on one,
but a postcode may that somebody filled in for everybody.
"""

# UNION, not UNION ALL: a row met twice ends the walk, so that no circle can run for ever.
_up = select(learner.c.uln, learner.c.master_uln).where(learner.c.uln == ASKED).cte("chain", recursive=True)
_up = _up.union(select(learner.c.uln, learner.c.master_uln).join(_up, learner.c.uln == _up.c.master_uln))
_down = select(learner.c.uln).where(learner.c.master_uln == ASKED).cte("merged", recursive=True)
_down = _down.union(select(learner.c.uln).join(_down, learner.c.master_uln == _down.c.uln))

# The whole records go up the chain: joined with it afterwards, PostgreSQL would expect a hundred of them.
_chain = select(*COLUMNS).where(learner.c.uln == ASKED).cte("whole_chain", recursive=True)
_chain = _chain.union(select(*COLUMNS).join(_chain, learner.c.uln == _chain.c.master_uln))
_MERGED_ENTRY = Prepared(select(*_chain.c).where(or_(_chain.c.uln == ASKED, _chain.c.status != Status.MERGED)))
_chains = select(*COLUMNS).where(learner.c.uln.op("IN")(each_of(bindparam("ulns")))).cte("chains", recursive=True)
_chains = _chains.union(select(*COLUMNS).join(_chains, learner.c.uln == _chains.c.master_uln))
_CHAINS = Prepared(select(*_chains.c))
CHAIN = Prepared(select(_up.c.uln))
_LINKED = Prepared(select(_down.c.uln).where(_down.c.uln != ASKED).order_by(_down.c.uln))
GET = Prepared(select(*COLUMNS).where(learner.c.uln == ASKED))
# Of many only what is compared: a whole record takes three times as long to read.
_IDENTITIES = Prepared(
    select(*(learner.c[name] for name in Unmerged._fields), learner.c.master_uln).where(
        learner.c.uln.op("IN")(each_of(bindparam("ulns"))), learner.c.status != Status.DELETED
    )
)

_GENDERS = {"0": "0129", "9": "0129", "1": "1099", "2": "2099"}
_living = learner.c.status != Status.DELETED
_born = learner.c.date_of_birth == bindparam("date_of_birth")
_called = (learner.c.family_key == bindparam("family_key"), learner.c.given_key == bindparam("given_key"))
_lives = learner.c.post_code_key == bindparam("post_code_key")
_same_gender = learner.c.gender == bindparam("gender0")
_genders = learner.c.gender.in_([bindparam(f"gender{place}") for place in range(4)])

# A candidate agrees in the date of birth and in all but one of the rest: in both names, or in the postcode. Those
# equal in all five have a block of their own, so that each of them is read whoever else is there.
_EQUAL, _NAMESAKE, _NEIGHBOUR = range(3)
_MOST = (NAMESAKES, NAMESAKES, NEIGHBOURS)
_CONDITIONS = ((*_called, _lives, _same_gender), (*_called, _genders), (_lives, _genders))


def _blocks(*places: int) -> Prepared:
    """Read narrow blocks of equal values in one statement, each as a subquery, so that it has a limit of its own.

    The column behind the record's says which block a row is of.
    """
    cut = (
        select(*COLUMNS, literal_column(str(place)).label("block"))
        .where(_born, *_CONDITIONS[place], _living)
        .limit(_MOST[place] + 1)
        .subquery()
        for place in places
    )
    return Prepared(union_all(*(select(*each.c) for each in cut)))


_CANDIDATES = _blocks(_EQUAL, _NAMESAKE, _NEIGHBOUR)
# For the usual unknown postcode, which agrees with none.
_CANDIDATES_BY_NAME = _blocks(_NAMESAKE)


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
        holds more than is read; deleted records, and those merged into one, are no candidates. Every record
        equal in all five is among them, or, when even those are more than is read, none.
        """
        rows = self._line.rows(
            _CANDIDATES if demographics.post_code_known else _CANDIDATES_BY_NAME,
            date_of_birth=demographics.date_of_birth,
            family_key=demographics.family_key,
            given_key=demographics.given_key,
            post_code_key=demographics.post_code_key,
            **{f"gender{place}": one for place, one in enumerate(_GENDERS[demographics.gender])},
        )
        read = Counter(row[-1] for row in rows)
        if read[_EQUAL] > NAMESAKES:
            return Candidates((), complete=False)
        records = {row[0]: row[:-1] for row in rows}
        complete = all(count <= _MOST[block] for block, count in read.items())
        return Candidates(self._standing(map(learner_of, records.values())), complete=complete)

    def entries(self, ulns: Iterable[str]) -> dict[str, Standing]:
        """Give the entries of many ULNs, in no order; those that ``entry`` gives ``None`` for are left out."""
        rows = self._line.rows(_IDENTITIES, ulns=json.dumps(sorted(set(ulns))))
        found: dict[str, Standing] = {row[0]: Unmerged._make(row[:-1]) for row in rows if row[-1] is None}
        return found | self._merged_entries([row[0] for row in rows if row[-1] is not None])

    def _standing(self, records: Iterable[Learner]) -> tuple[Entry, ...]:
        found = tuple(records)
        merged = self._merged_entries([each.uln for each in found if each.status is Status.MERGED])
        entries = (
            merged.get(each.uln) if each.status is Status.MERGED else Entry(asked=each, current=each)
            for each in found
        )
        return tuple(each for each in entries if each is not None)

    def _merged_entries(self, ulns: list[str]) -> dict[str, Entry]:
        chains = self._chains(ulns) if len(ulns) > 1 else {}
        entries = ((uln, _standing_in(uln, chains) if chains else self._merged_entry(uln)) for uln in ulns)
        return {uln: entry for uln, entry in entries if entry is not None}

    def _chains(self, ulns: list[str]) -> dict[str, Learner]:
        """Read merged records again along with all that stands above them, in one state."""
        return {each.uln: each for each in map(learner_of, self._line.rows(_CHAINS, ulns=json.dumps(ulns)))}

    def _merged_entry(self, uln: str) -> Entry | None:
        # One statement reads the asked record again along with its master, so that no change falls between.
        found = {each.uln: each for each in map(learner_of, self._line.rows(_MERGED_ENTRY, uln=uln))}
        current = next((each for each in found.values() if each.status is not Status.MERGED), None)
        if current is None:
            raise _in_a_circle(uln)
        return None if current.status is Status.DELETED else Entry(asked=found[uln], current=current)


def _standing_in(uln: str, chains: Mapping[str, Learner]) -> Entry | None:
    """Follow a merged record to the one that stands for it; ``None`` when that was deleted."""
    asked = current = chains[uln]
    for _ in chains:
        if current.master_uln is None:
            return None if current.status is Status.DELETED else Entry(asked=asked, current=current)
        current = chains[current.master_uln]
    raise _in_a_circle(uln)


def _in_a_circle(uln: str) -> ChainBroken:
    return ChainBroken(f"ULN {uln} is merged in a circle: the database was changed from outside.")


# A frozen dataclass of thirty fields takes longer to initialise than its row takes to read; the slots' own
# descriptors fill it in a sixth of the time. Learner has no rules in its __init__ that this could pass by.
_slots = tuple(getattr(Learner, name).__set__ for name in LEARNER_FIELDS)


def learner_of(row: Row) -> Learner:
    """Make a record of a row of ``COLUMNS``."""
    record = object.__new__(Learner)
    for fill, value in zip(_slots, row, strict=True):
        fill(record, value)
    return record
