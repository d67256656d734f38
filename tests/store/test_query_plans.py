"""No search scans the register: what each statement of a find goes through, as each database plans it."""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from psycopg import sql
from tests.store.crowds import add, someone

from uln_server.register.learner import Learner, Status
from uln_server.store import changes, learners
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared

ULN, MASTER = frozenset({"uln"}), frozenset({"master_uln"})
NAMES = frozenset({"date_of_birth", "family_key", "given_key"})
PLACE = frozenset({"date_of_birth", "post_code_key"})
# Both indexes lead to the few who share a day, the names and the postcode: either is narrow.
EITHER = {NAMES | PLACE, PLACE}

Statement = tuple[Prepared, list[set[frozenset[str]]]]
# statement, and for each time that it reads the table, the columns that lead straight to the rows
BY_DETAILS: dict[str, Statement] = {
    "candidates": (learners._CANDIDATES, [EITHER, {NAMES}, {PLACE}]),
    "candidates by name": (learners._CANDIDATES_BY_NAME, [{NAMES}]),
    "same": (changes._SAME, [EITHER]),
}
BY_ULN: dict[str, Statement] = {
    "get": (learners.GET, [{ULN}]),
    "merged entry": (learners._MERGED_ENTRY, [{ULN}, {ULN}]),
    "linked": (learners._LINKED, [{MASTER}, {MASTER}]),
}


def population(number: int) -> Iterator[Learner]:
    """Learners as registers hold them: common names, days and postcodes, unknown ones, merged records."""
    dice = random.Random(5)
    masters: list[str] = []
    for _ in range(number):
        merged = bool(masters) and dice.random() < 0.05
        rare = f"{dice.choice('abcdefgh')}{dice.choice('aeiou')}{dice.choice('lmnrst')}"
        each = someone(
            family_name=dice.choices(["Smith", f"{rare}son"], [1, 19])[0],
            given_name=dice.choices(["Alex", f"{rare}a"], [1, 19])[0],
            date_of_birth=dice.choices(
                ["2000-01-01", f"{dice.randint(1995, 2004)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"],
                [1, 99],
            )[0],
            last_known_post_code=dice.choices(["ZZ99 9ZZ", "B1 1BB", f"M{dice.randint(1, 999)} 2WD"], [1, 1, 8])[
                0
            ],
            gender=dice.choice("1111222209"),
            status=Status.MERGED if merged else Status.ACTIVE,
            master_uln=dice.choice(masters[-50:]) if merged else None,
        )
        masters.append(each.uln)
        yield each


def sqlite_plan(line: Line, statement: Prepared, values: dict[str, Any]) -> list[frozenset[str]]:
    """The columns that each reading of the table is led by; it is no plan of ours that reads all of it."""
    written = statement.on(line.driver.dialect)
    question = f"EXPLAIN QUERY PLAN {written.sql}"
    rows = line._attempt(lambda connection: connection.execute(question, written.bind(values)).fetchall())
    steps = [str(row[-1]) for row in rows if re.search(r"\blearner\b", row[-1])]
    assert all(step.startswith("SEARCH learner USING") for step in steps), steps
    return [frozenset(re.findall(r"(\w+)=\?", step)) for step in steps]


def postgres_plan(line: Line, statement: Prepared, values: dict[str, Any], mode: str) -> list[frozenset[str]]:
    """The same; once planned for these values, and once for any, as psycopg has it after a few calls."""
    written = statement.on(line.driver.dialect)
    numbers = itertools.count(1)
    text = re.sub("%s", lambda _: f"${next(numbers)}", written.sql)
    literals = sql.SQL(", ").join(map(sql.Literal, written.bind(values)))

    def explain(connection: Any) -> Any:
        connection.execute(f"SET plan_cache_mode = {mode}")
        connection.execute(f"PREPARE asked AS {text}")
        (row,) = connection.execute(sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE asked({})").format(literals))
        connection.execute("DEALLOCATE asked")
        return row[0][0]["Plan"]

    return list(readings(line._attempt(explain)))


def readings(node: dict[str, Any]) -> Iterator[frozenset[str]]:
    assert (node["Node Type"], node.get("Relation Name")) != ("Seq Scan", "learner"), node
    if "Index Name" in node:
        yield frozenset(re.findall(r"(\w+)\)?(?:::\w+)? = ", node["Index Cond"]))
    for child in node.get("Plans", ()):
        yield from readings(child)


def by_details(asked: Learner) -> dict[str, Any]:
    five = asked.demographics
    genders = {f"gender{place}": gender for place, gender in enumerate((five.gender, "0", "9", "9"))}
    return {
        "date_of_birth": five.date_of_birth,
        "family_key": five.family_key,
        "given_key": five.given_key,
        "post_code_key": five.post_code_key,
        "gender": five.gender,
        "besides": "",
        **genders,
    }


def asked_of(people: list[Learner]) -> Iterator[tuple[str, Statement, dict[str, Any]]]:
    """Every statement, for rare details, for the commonest ones, and for what the register does not hold."""
    common = someone(date_of_birth="2000-01-01")
    for who in (people[7], common, replace(common, last_known_post_code="ZZ99 9ZZ"), someone(given_name="Nobody")):
        for name, statement in BY_DETAILS.items():
            yield name, statement, by_details(who)
    merged = next(each for each in people if each.master_uln)
    for uln in (merged.uln, merged.master_uln, people[0].uln, someone().uln):
        for name, statement in BY_ULN.items():
            yield name, statement, {"uln": uln}


def test_no_statement_of_a_find_scans_the_register(database: Database) -> None:
    people = list(population(4_000))
    add(database, people)
    with closing(database.line(Role.WRITING)) as line:
        for plan, (name, (statement, narrow), values) in itertools.product(planning(line), asked_of(people)):
            read = plan(line, statement, values)
            assert len(read) == len(narrow), (name, read)
            assert all(columns in allowed for columns, allowed in zip(read, narrow, strict=True)), (name, read)


def planning(line: Line) -> list[Callable[..., list[frozenset[str]]]]:
    if line.driver.name == "sqlite":
        return [sqlite_plan]
    line._attempt(lambda connection: connection.execute("ANALYZE learner"))
    return [partial(postgres_plan, mode=f"force_{kind}_plan") for kind in ("custom", "generic")]
