"""Find by demographics as the register grows: its cost follows the number of namesakes, not of learners."""

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

from benchmarks import messages
from benchmarks.registers import add_organisation
from benchmarks.sides import ROOT, Result, Side, compare, http_request

from uln_server.sandbox.populating import populate
from uln_server.store import schema
from uln_server.store.database import Database

SIZES = (10_000, 1_000_000)
LARGE = 10_000_000
SEED = 1
CONNECTIONS = 8
_ASKED = 2_000
_KINDS = {"any": "any learner", "common": "the commonest names"}

Person = tuple[str, str, str, str, str]


def measure(folder: Path, *, large: bool = False) -> None:
    """Search registers of each size in turn, and print how the time to an answer grows."""
    sizes = (*SIZES, LARGE) if large else SIZES
    sides = [side for size in sizes for side in _sides(size, kept_register(size))]
    results = compare(sides, folder, (CONNECTIONS,))
    for kind, words in _KINDS.items():
        times = {size: results[_name(size, kind), CONNECTIONS] for size in sizes}
        print(f"growth, {words}: {_growth(times)}")


def _growth(times: dict[int, Result]) -> str:
    first = next(iter(times.values()))
    return "; ".join(
        f"{size:,} learners p50 {each.p50:.1f} ms, p99 {each.p99:.1f} ms (times {each.p99 / first.p99:.2f}),"
        f" {each.processor:.0f} µs"
        for size, each in times.items()
    )


@cache
def kept_register(size: int) -> Path:
    """A sandbox of this many learners; made once, since a million take minutes."""
    path = ROOT / "var" / "bench" / f"learners-{size}.sqlite3"
    if not path.exists():
        print(f"making {path.relative_to(ROOT)}, once", flush=True)
        _make(path, size)
    with Database.open(f"sqlite:///{path}") as database:
        schema.upgrade(database)
        add_organisation(database)
    return path


def _make(path: Path, size: int) -> None:
    """Fill a register under another name first: one that was left half filled is none."""
    making = path.with_suffix(".making")
    for each in path.parent.glob(f"{making.name}*"):
        each.unlink()
    with Database.open(f"sqlite:///{making}") as database:
        populate(database, size, SEED)
    making.rename(path)


def _sides(size: int, path: Path) -> Iterator[Side]:
    people = {"any": _anybody(path), "common": _namesakes(path)}
    for kind, chosen in people.items():
        requests = [http_request(each) for each in _searches(chosen)]
        yield Side(_name(size, kind), "service", f"sqlite:///{path}", "<ResponseCode>WSRC00", requests)


def _name(size: int, kind: str) -> str:
    return f"learnerByDemographics, {_KINDS[kind]} of {size:,}"


def _searches(people: Sequence[Person]) -> Iterator[bytes]:
    """Each as registered, as somebody who moved, and under a given name that nobody has."""
    for place, (given, family, born, gender, post_code) in enumerate(people):
        yield messages.find(
            "Xanthippe" if place % 3 == 2 else given,
            family,
            born,
            gender,
            "CV4 9EE" if place % 3 == 1 else post_code,
        )


_PERSON = "SELECT given_name, family_name, date_of_birth, gender, last_known_post_code FROM learner"


def _anybody(path: Path) -> list[Person]:
    with sqlite3.connect(path) as connection:
        (most,) = connection.execute("SELECT max(rowid) FROM learner").fetchone()
        rows = Random(SEED).sample(range(1, most + 1), _ASKED)
        return [
            found
            for row in rows
            if (found := connection.execute(f"{_PERSON} WHERE rowid = ? AND status = 1", (row,)).fetchone())
        ]


def _namesakes(path: Path) -> list[Person]:
    """Learners whose names most others have."""
    with sqlite3.connect(path) as connection:
        names = connection.execute(
            "SELECT family_key, given_key FROM learner GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 20"
        ).fetchall()
        wanted = " OR ".join("(family_key = ? AND given_key = ?)" for _ in names)
        found: list[Person] = connection.execute(
            f"{_PERSON} WHERE status = 1 AND ({wanted}) LIMIT 20000", [each for pair in names for each in pair]
        ).fetchall()
    return Random(SEED).sample(found, min(_ASKED, len(found)))
