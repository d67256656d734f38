"""Pages of an organisation's awards on both databases: each award once, and no page dearer than another."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import sql
from tests.docs.pages import page as page_of
from tests.store.crowds import add, someone
from tests.unit.learners import LONG_AGO
from tests.unit.record.submissions import AO, KNOWN, OTHER_AO, UNIT, submitted

from uln_server.record.action import Form
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.judging import judge
from uln_server.record.own_awards import BEFORE_ALL, OwnAward, OwnAwards, Place, Wanted
from uln_server.record.recorded import AwardChange
from uln_server.register.authorship import Author
from uln_server.register.learner import Learner, Status
from uln_server.store import own_awards
from uln_server.store.catalogue import Change
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared

BY = Author(at=LONG_AGO, message_id="message")
LATER = LONG_AGO + timedelta(days=1)
UNITS = [replace(UNIT, key=f"K501577{digit}", reference=f"K/501/577{digit}") for digit in range(8)]
CONDITIONS = Wanted(
    from_date="2000-01-01", to_date="2030-01-01", provider_ukprn="10000001", updated_since=LONG_AGO
)


def award_of(uln: str, key: str, organisation: str = AO, day: str = "2026-06-30") -> Award:
    made = judge(submitted(), KNOWN).award
    assert made is not None
    return replace(
        made, key=AwardKey(organisation, uln, key), details=replace(made.details, award_date=day), version=1
    )


def keep(database: Database, awards: Sequence[Award], at: datetime = LONG_AGO) -> None:
    changes = [AwardChange(None, each, Outcome.CREATED, at, None, 1) for each in awards]
    with database.writing() as writing:
        writing.awards.keep(changes, 1, replace(BY, at=at))


def filled(database: Database, learners: int) -> list[Learner]:
    """Learners who each have the eight units from one organisation, and one of them from another."""
    people = sorted((someone() for _ in range(learners)), key=lambda who: who.uln)
    add(database, people)
    with database.writing() as writing:
        writing.catalogue.put([Change(None, each) for each in UNITS], BY)
    keep(database, [award_of(who.uln, unit.key) for who in people for unit in UNITS])
    keep(database, [award_of(who.uln, UNITS[0].key, OTHER_AO) for who in people])
    return people


def page(database: Database, behind: Place | None, most: int, wanted: Wanted | None = None) -> OwnAwards:
    return database.reading().awards.own(AO, wanted or Wanted(), behind or BEFORE_ALL, most)


def walk(database: Database, most: int, wanted: Wanted | None = None) -> Iterator[OwnAwards]:
    behind: Place | None = BEFORE_ALL
    while behind is not None:
        found = page(database, behind, most, wanted)
        yield found
        behind = found.behind


def places(pages: Sequence[OwnAwards]) -> list[Place]:
    return [each.place for found in pages for each in found.awards]


def withdraw_all(database: Database, stays: Sequence[Place]) -> None:
    """Change the first organisation's awards once more."""
    with database.writing() as writing:
        changes = [
            AwardChange(
                each, replace(each, withdrawn=True, version=each.version + 1), Outcome.WITHDRAWN, LATER, None, 1
            )
            for each in writing.awards.of([(place.uln, place.reference) for place in stays])
            if each.key.organisation == AO
        ]
        writing.awards.keep(changes, 1, replace(BY, at=LATER))


def test_an_award_that_stays_is_given_once_whatever_is_done_meanwhile(database: Database) -> None:
    stays = [Place(who.uln, unit.key) for who in filled(database, 5) for unit in UNITS]
    given: list[OwnAward] = []
    for number, found in enumerate(walk(database, 9)):
        given += found.awards
        before, behind = replace(someone(), uln=f"10000{number:05}"), someone()
        add(database, [before, behind])
        keep(database, [award_of(each.uln, UNITS[0].key) for each in (before, behind)])
        withdraw_all(database, stays)
    met = [each.place for each in given]
    assert met == sorted(set(met))
    assert set(stays) < set(met)
    assert not [place for place in met if place.uln < stays[0].uln]
    assert [each.version for each in given if each.place in stays] == [1 + place // 9 for place in range(40)]


def test_an_award_is_given_as_it_is_held(database: Database) -> None:
    (who,) = filled(database, 1)
    old = someone(status=Status.MERGED, master_uln=who.uln)
    add(database, [old])
    plain = award_of(old.uln, UNITS[0].key)
    details = replace(plain.details, grade=None, language="Welsh", mis_identifier="m")
    at = datetime(2026, 9, 2, 8, 30, 0, 250_417, tzinfo=UTC)
    kept = replace(
        plain, details=details, form=Form.PROVISIONAL, withdrawn=True, withdrawn_at=LATER, details_at=at, version=4
    )
    keep(database, [kept], LATER)
    (found,) = (each for each in page(database, None, 100).awards if each.uln == old.uln)
    assert found == OwnAward(
        uln=old.uln,
        key="K5015770",
        award_date="2026-06-30",
        provider_ukprn="10000001",
        grade=None,
        language="Welsh",
        mis_identifier="m",
        form=Form.PROVISIONAL,
        withdrawn=True,
        version=4,
        details_at=at,
        withdrawn_at=LATER,
        updated_at=LATER,
        reference="K/501/5770",
        merged=True,
    )
    others = [each.merged for each in page(database, None, 100).awards if each.uln != old.uln]
    assert others == [False] * 8


def test_a_page_with_conditions_goes_through_so_many_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = filled(database, 5)
    rare = [award_of(each.uln, unit.key, day="2020-02-29") for each in people[1::3] for unit in UNITS[5:]]
    with database.writing() as writing:
        held = {
            each.key: each for each in writing.awards.of([(each.key.uln, each.key.reference) for each in rare])
        }
        changes = [
            AwardChange(held[each.key], replace(each, version=2), Outcome.UPDATED, LATER, None, 1) for each in rare
        ]
        writing.awards.keep(changes, 1, replace(BY, at=LATER))
    wanted = [Place(each.key.uln, each.key.reference) for each in rare]
    monkeypatch.setattr(own_awards, "LOOKED_AT", 7)
    for conditions in (
        Wanted(to_date="2020-02-29"),
        Wanted(updated_since=LATER),
        replace(CONDITIONS, updated_since=LATER),
    ):
        for most in (1, 2, 100):
            pages = list(walk(database, most, conditions))
            assert places(pages) == wanted
            assert max(len(each.awards) for each in pages) <= most
            assert len(pages) >= 40 // 7
            assert any(not each.awards for each in pages)
    assert not places(list(walk(database, 100, Wanted(provider_ukprn="10000009"))))
    assert places(list(walk(database, 3, CONDITIONS))) == [
        Place(who.uln, unit.key) for who in people for unit in UNITS
    ]


def test_the_page_of_the_operation_tells_how_many_are_gone_through() -> None:
    assert f"goes through {own_awards.LOOKED_AT:,} awards at most" in page_of("docs/operations/GetOwnAwards.md")


NAMES = ("from_date", "to_date", "provider_ukprn", "updated_since")
FIRST = {"organisation": AO, **BEFORE_ALL._asdict()}
ENDS = {"last_uln": "5000100000", "last_reference": "K5015773"}
VALUES = {name: getattr(CONDITIONS, name) for name in NAMES}
STATEMENTS: Mapping[str, tuple[Prepared, dict[str, Any]]] = {
    "page": (own_awards.page_of(ends=False), {**FIRST, "most": 10}),
    "page with conditions": (own_awards.page_of(*NAMES, ends=True), {**FIRST, **VALUES, **ENDS, "most": 10}),
    "last page with conditions": (own_awards.page_of(*NAMES, ends=False), {**FIRST, **VALUES, "most": 10}),
    "how far": (own_awards.LAST, {**FIRST, "looked_at": 99}),
}


def plan(line: Line, statement: Prepared, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The steps of a plan that read a table or sort: what is read, and how; as each database names them."""
    written = statement.on(line.driver.dialect)
    bound = written.bind(values)
    if line.driver.name == "sqlite":
        question = f"EXPLAIN QUERY PLAN {written.sql}"
        for row in line._attempt(lambda connection: connection.execute(question, bound).fetchall()):
            found = re.match(r"(SCAN|SEARCH|USE TEMP) (\w+)", row[-1])
            if found:
                yield found[2], str(row[-1])
        return
    asked = sql.SQL(f"EXPLAIN (FORMAT JSON) {written.sql}")
    ((told,),) = line._attempt(lambda connection: connection.execute(asked, bound).fetchall())
    yield from nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])


def nodes(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    how = f"{node['Node Type']} by {node.get('Index Name')}: {node.get('Index Cond')}"
    if "Relation Name" in node or "Sort" in how:
        yield node.get("Relation Name", ""), how
    for child in node.get("Plans", ()):
        yield from nodes(child)


# From the place on, not from the organisation's first award.
_FROM_THERE = re.compile(r"organisation\b.*= ?\S+ AND .*\buln\b.*\breference\b.*>")


def test_a_page_is_read_in_the_order_of_its_index(database: Database) -> None:
    filled(database, 400)
    with closing(database.line(Role.WRITING)) as line:
        if line.driver.name == "postgresql":
            line._attempt(lambda connection: connection.execute("ANALYZE"))
        for name, (statement, values) in STATEMENTS.items():
            steps = list(plan(line, statement, values))
            (how,) = [how for table, how in steps if table == "award"]
            assert "ix_award_organisation" in how, (name, steps)
            assert _FROM_THERE.search(how), (name, steps)
            others = [how for table, how in steps if table != "award"]
            assert not [how for how in others if re.match("SCAN|USE TEMP|.*Sort", how)], (name, steps)
            assert ("learner", "Seq Scan by None: None") not in steps, (name, steps)
