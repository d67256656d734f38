"""Pages of one organisation's awards, each read from where the last one ended."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, tuple_

from uln_server.record.own_awards import OwnAward, OwnAwards, Place, Wanted
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import award, catalogue_entry, learner

LOOKED_AT = 20_000
"""Awards that a page with conditions goes through at most, however few of them are wanted."""

_order = (award.c.uln, award.c.reference)
_place = tuple_(*_order)
_behind = (
    award.c.organisation == bindparam("organisation"),
    _place > tuple_(bindparam("uln"), bindparam("reference")),
)
_as_far = _place <= tuple_(bindparam("last_uln"), bindparam("last_reference"))
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "from_date": award.c.award_date >= bindparam("from_date"),
    "to_date": award.c.award_date <= bindparam("to_date"),
    "provider_ukprn": award.c.provider_ukprn == bindparam("provider_ukprn"),
    "updated_since": award.c.updated_at >= bindparam("updated_since", type_=award.c.updated_at.type),
}
# Subqueries, so that no database makes up its mind to go through the whole register or catalogue for a page.
_reference = (
    select(catalogue_entry.c.reference).where(catalogue_entry.c.key == award.c.reference).scalar_subquery()
)
_master = select(learner.c.master_uln).where(learner.c.uln == award.c.uln).scalar_subquery()
_KEPT = (
    *("uln", "reference", "award_date", "provider_ukprn", "grade", "language", "mis_identifier"),
    *("form", "withdrawn", "version", "details_at", "withdrawn_at", "updated_at"),
)
# The place up to which a page with conditions looks.
LAST = Prepared(select(*_order).where(*_behind).order_by(*_order).limit(1).offset(bindparam("looked_at")))


@cache
def page_of(*conditions: str, ends: bool) -> Prepared:
    """Give the statement for a page with these conditions, which ``ends`` at a place or not."""
    return Prepared(
        select(*(award.c[name] for name in _KEPT), _reference, _master.is_not(None))
        .where(*_behind, *((_as_far,) if ends else ()), *(_CONDITIONS[name] for name in conditions))
        .order_by(*_order)
        .limit(bindparam("most"))
    )


def own_awards(line: Line, organisation: str, wanted: Wanted, behind: Place, most: int) -> OwnAwards:
    """Give the next page of an organisation's awards, by its UKPRN: at most ``most``, those behind a place.

    It costs the same however many awards there are: at most ``LOOKED_AT`` of them are gone through.
    """
    conditions = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    asked: dict[str, Any] = {"organisation": organisation, **behind._asdict()}
    last = _last(line, asked) if conditions else None
    as_far = {} if last is None else {"last_uln": last.uln, "last_reference": last.reference}
    statement = page_of(*conditions, ends=last is not None)
    rows = line.rows(statement, **asked, **conditions, **as_far, most=most + 1)
    awards = list(map(OwnAward._make, rows))
    if len(awards) > most:
        return OwnAwards(awards[:most], awards[most - 1].place)
    return OwnAwards(awards, last)


def _last(line: Line, asked: Mapping[str, Any]) -> Place | None:
    """Give the place up to which a page looks; ``None`` when so many awards do not follow."""
    rows = line.rows(LAST, **asked, looked_at=LOOKED_AT - 1)
    return Place(*rows[0]) if rows else None
