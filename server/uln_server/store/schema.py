"""The schema's revision: whether it is current, and making it so."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, column, create_engine, select, table
from sqlalchemy.exc import DBAPIError

from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed, SchemaUnknown
from uln_server.store.prepared import Prepared

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0012"
"""The newest migration. A constant, because finding it out takes alembic, and alembic takes time to import."""

_REVISION = Prepared(select(column("version_num")).select_from(table("alembic_version")))


def revision(database: Database) -> str | None:
    """Give the revision that the database carries; ``None`` when it has no schema or does not exist yet."""
    if not database.driver.present():
        return None
    line = database.line(Role.READING)
    try:
        rows = line.rows(_REVISION)
    except DatabaseFailed as error:
        if not database.driver.no_table(error.__cause__):
            raise
        return None
    finally:
        line.close()
    return str(rows[0][0]) if rows else None


def is_current(database: Database) -> bool:
    """Tell whether the database carries the schema that this version works with."""
    return revision(database) == REVISION


def upgrade(database: Database) -> None:
    """Make the schema, or bring it up to date; safe when several processes do so at once.

    Raises ``SchemaUnknown`` for a database that another version made whose revisions this one does not know,
    ``DatabaseUnreachable`` when there is no connection to be had.
    """
    if is_current(database):
        return
    from alembic import command  # noqa: PLC0415  # slow to import, and seldom needed
    from alembic.util import CommandError  # noqa: PLC0415  # as above

    driver = database.driver
    driver.create()
    engine = create_engine(database.url, poolclass=NullPool, creator=lambda: driver.connect(Role.WRITING))
    try:
        with engine.connect() as connection:
            for statement in driver.begin_migrating:
                connection.exec_driver_sql(statement)
            command.upgrade(configuration(connection), "head")
            connection.commit()
    except CommandError as error:
        raise SchemaUnknown(
            "The database carries a schema that this version does not know, so a newer one made it:"
            " install that version, or use another database."
        ) from error
    except DBAPIError as error:
        if not isinstance(error.orig, driver.errors):
            raise
        raise driver.failure(error.orig) from error.orig


def configuration(connection: Connection) -> "Config":
    """Give alembic's configuration for running our migrations on this connection."""
    from alembic.config import Config  # noqa: PLC0415  # slow to import, and seldom needed

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
