"""Opening the register that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

from uln_server.cli.configuration import settings
from uln_server.cli.problems import Problem
from uln_server.store import schema
from uln_server.store.database import Database
from uln_server.store.units import Reading, Writing


@contextmanager
def opened(url: str | None) -> Iterator[Database]:
    """Open the register that the settings name, ready for use; raise ``Problem`` where there is none."""
    with Database.open(settings(database=url).database) as database:
        require_current(database)
        with database.reading() as reading:
            kind_of(reading, database)
        yield database


def require_current(database: Database) -> None:
    """Raise ``Problem`` for a database without the schema that this version works with."""
    revision = schema.revision(database)
    if revision is None:
        raise no_register(database)
    if revision != schema.REVISION:
        raise Problem(
            f"The register {database.url} has schema {revision}; this version works with {schema.REVISION}.",
            "Make a backup and bring it up to date with `uln-server init` (`uln-server init --sandbox` for a"
            " sandbox); or install the version that made it.",
        )


def kind_of(reading: Reading | Writing, database: Database) -> str:
    """Give the register's kind; raise ``Problem`` where none was made."""
    kind = reading.register.kind
    if kind is None:
        raise no_register(database)
    return kind


def no_register(database: Database) -> Problem:
    """Say that there is nothing to work on."""
    return Problem(
        f"There is no register in {database.url}.",
        "Make one with `uln-server init`, or try the service with `uln-server serve --sandbox`.",
    )
