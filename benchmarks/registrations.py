"""Registrations per second on both databases: each a learner, a ULN, an event and an audit entry, committed."""

from pathlib import Path

from benchmarks import messages
from benchmarks.registers import make_register
from benchmarks.sides import Side, compare, http_request
from tests.store.databases import administer, postgres_database, postgres_server

LEARNERS = 1_000
CONNECTIONS = (1, 8)


def measure(folder: Path) -> None:
    """Register new learners through the service; PostgreSQL waits for its disk as SQLite does."""
    with postgres_server() as server, postgres_database(server) as postgresql:
        administer(server, "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        sqlite = f"sqlite:///{folder / 'registrations.sqlite3'}"
        sides = []
        for name, url in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
            make_register(url, LEARNERS)
            requests = (http_request(each) for each in messages.registrations())
            sides.append(Side(f"registerSingleLearner, {name}", "service", url, "WSRC0005", once=requests))
        compare(sides, folder, CONNECTIONS)
