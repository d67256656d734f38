"""Registers to measure jobs in: copies of those that finds are measured in, on SQLite and on PostgreSQL."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

import psycopg
from benchmarks.growth import kept_register
from benchmarks.registers import UKPRN, add_organisation
from sqlalchemy import make_url

from uln_server.access.organisation import Agreement
from uln_server.catalogue.entry import Availability, Entry, EntryKind
from uln_server.catalogue.provider import Provider
from uln_server.register.authorship import Author
from uln_server.store import schema
from uln_server.store.catalogue import Change
from uln_server.store.database import Database
from uln_server.store.tables import audit, demographic_find, disclosure, metadata

UNITS = tuple(
    Entry(
        key=f"K501{number}",
        reference=f"K/501/{number}",
        kind=EntryKind.UNIT,
        title=f"Benchmark unit {number}",
        credit=5,
        owner_ukprn=UKPRN,
        availability=Availability.RESTRICTED,
        grades=("Pass",),
        operational_start="2015-01-01",
    )
    for number in range(5000, 5240)
)
"""Units of the benchmark's own awarding organisation."""
PROVIDERS = tuple(Provider(f"1000{number}", f"Benchmark college {number}") for number in range(1000, 1200))
"""Where its learners were taught."""
_LEFT_OUT = {audit, disclosure, demographic_find}  # what measuring finds has left behind
_LARGE = ("learner", "register_event")


@dataclass(frozen=True, slots=True)
class Person:
    """A learner of the register, as whoever sends a batch knows them."""

    uln: str
    given_name: str
    family_name: str
    date_of_birth: str
    gender: str
    last_known_post_code: str


def on_sqlite(size: int, folder: Path) -> str:
    """Copy the register of so many learners, and give its URL."""
    path = folder / f"jobs-{size}.sqlite3"
    shutil.copyfile(kept_register(size), path)
    url = f"sqlite:///{path}"
    _prepare(url)
    return url


def on_postgresql(size: int, url: str) -> str:
    """Put the same register into an empty database, and give its URL."""
    source = kept_register(size)
    with Database.open(url) as database:
        schema.upgrade(database)
        _copy(source, url)
        with Database.open(f"sqlite:///{source}") as kept, database.writing() as writing:
            writing.numbering.set(writing.numbering.locked(), kept.reading().numbering.get())
    _prepare(url)
    return url


@cache
def people(size: int, count: int, seed: int) -> list[Person]:
    """Active learners of the register of this size at random, each once; the same ones for the same seed."""
    columns = ", ".join(Person.__slots__)
    with closing(sqlite3.connect(kept_register(size))) as connection:
        (most,) = connection.execute("SELECT max(rowid) FROM learner").fetchone()
        rows = Random(seed).sample(range(1, most + 1), min(most, count + count // 10 + 100))
        found = (
            connection.execute(f"SELECT {columns} FROM learner WHERE rowid = ? AND status = 1", (row,)).fetchone()
            for row in rows
        )
        chosen = [Person(*each) for each in found if each][:count]
    if len(chosen) < count:
        raise ValueError(f"{size} learners are too few for {count} of them.")
    return chosen


def _copy(source: Path, url: str) -> None:
    """Copy the tables; the large ones' indexes are made afterwards, which takes a third of the time."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(sqlite3.connect(source)) as kept, psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys hold in the source
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT LIKE 'pk_%%'",
            (list(_LARGE),),
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"'.encode())
        for table in metadata.sorted_tables:
            if table not in _LEFT_OUT:
                columns = ", ".join(f'"{each.name}"' for each in table.columns)
                rows = kept.execute(f"SELECT {columns} FROM {table.name}")
                with connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
        for _, definition in indexes:
            connection.execute(definition.encode())
        for table in metadata.sorted_tables:
            _number_on(connection, table.name, [each.name for each in table.columns])
        connection.execute("ANALYZE")


def _number_on(connection: "psycopg.Connection[tuple[object, ...]]", table: str, columns: list[str]) -> None:
    """Let a table's own numbers go on behind those that it has."""
    if "id" in columns:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            f" HAVING max(id) IS NOT NULL AND pg_get_serial_sequence('{table}', 'id') IS NOT NULL".encode()
        )


def _prepare(url: str) -> None:
    """Let the benchmark's organisation award its units, to learners of known providers."""
    with Database.open(url) as database:
        add_organisation(database)
        with database.writing() as writing:
            for each in (Agreement.ACHIEVEMENTS_SUBMIT, Agreement.PLR_READ):
                writing.organisations.agree(UKPRN, each)
            by = Author(at=datetime.now(UTC), message_id="benchmark")
            writing.providers.add(PROVIDERS, by.at)
            writing.catalogue.put([Change(None, each) for each in UNITS], by)
