"""A learner's awards are found by the ULN, whatever the others have: how each database plans to read them."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

from psycopg import sql
from tests.store.crowds import add, someone
from tests.unit.learners import LONG_AGO
from tests.unit.record.submissions import AO, KNOWN, UNIT, submitted

from uln_server.record.award import AwardKey, Outcome
from uln_server.record.judging import judge
from uln_server.record.recorded import AwardChange
from uln_server.register.authorship import Author
from uln_server.store import awards
from uln_server.store.catalogue import Change
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared

LARGE = {"award", "award_event", "learner"}
BY = Author(at=LONG_AGO, message_id="message")


def fill(database: Database) -> str:
    """Give learners eight awards each, and one of their ULNs; of few it would be right to go through all."""
    people = [someone() for _ in range(2_500)]
    units = [replace(UNIT, key=f"K501577{digit}", reference=f"K/501/577{digit}") for digit in range(8)]
    award = judge(submitted(), KNOWN).award
    assert award is not None
    made = [replace(award, key=AwardKey(AO, who.uln, unit.key)) for who in people for unit in units]
    add(database, people)
    with database.writing() as writing:
        writing.catalogue.put([Change(None, each) for each in units], BY)
        writing.awards.keep([AwardChange(None, each, Outcome.CREATED, LONG_AGO, None, 1) for each in made], 1, BY)
    return people[7].uln


def steps(line: Line, statement: Prepared, uln: str) -> Iterator[tuple[str, str]]:
    """How each table is read, and its name."""
    written = statement.on(line.driver.dialect)
    values = written.bind({"uln": uln})
    if line.driver.name == "sqlite":
        question = f"EXPLAIN QUERY PLAN {written.sql}"
        for row in line._attempt(lambda connection: connection.execute(question, values).fetchall()):
            how, table, *_ = f"{row[-1]} -".split()
            yield how, table
        return
    asked = sql.SQL(f"EXPLAIN (FORMAT JSON) {written.sql}")
    line._attempt(lambda connection: connection.execute("ANALYZE"))
    ((plan,),) = line._attempt(lambda connection: connection.execute(asked, values).fetchall())
    yield from nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def nodes(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "Relation Name" in node:
        yield "SCAN" if node["Node Type"] == "Seq Scan" else "SEARCH", node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from nodes(child)


READ = {
    "sqlite": ((awards._GATHERED, {"award", "award_event", "learner"}),),
    "postgresql": ((awards._ROWS, {"award"}), (awards._NUMBERS, {"award_event"})),
}
STATE = (awards._RECORD_STATE, {"award_event", "learner"})


def test_no_record_is_found_by_going_through_all_awards(database: Database) -> None:
    uln = fill(database)
    assert database.reading().awards.recorded(uln).size == 8
    with closing(database.line(Role.WRITING)) as line:
        for statement, tables in (*READ[database.dialect], STATE):
            read = list(steps(line, statement, uln))
            assert {table for how, table in read if how == "SEARCH"} >= tables, read
            assert not LARGE & {table for how, table in read if how == "SCAN"}, read
