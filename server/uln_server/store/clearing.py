"""Beginning a register anew, for a sandbox alone: nothing else ever deletes what a register holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, text

from uln_server.store import job_queue
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import RegisterExists
from uln_server.store.prepared import Prepared
from uln_server.store.tables import metadata
from uln_server.store.units import Writing

# A learning event has its award's number: after each reset the same. SQLite begins anew by itself.
_NUMBERING = Prepared(text("ALTER SEQUENCE award_event_id_seq RESTART"))
_DELETIONS = tuple(Prepared(delete(table)) for table in reversed(metadata.sorted_tables))


@contextmanager
def begun_anew(database: Database) -> Iterator[Writing]:
    """Put what the block writes in the place of everything that a sandbox held, in one transaction.

    Whoever reads meanwhile sees the old register or the new one, never an empty one. Raises ``RegisterExists``
    for a production register, and leaves it alone.
    """
    line = database.line(Role.WRITING)
    try:
        with line.transaction(database.driver.begin_writing):
            writing = Writing(line)
            if writing.register.kind == "production":
                raise RegisterExists("This database holds a production register: it is never emptied.")
            for deletion in _DELETIONS:
                line.run(deletion)
            if database.dialect == "postgresql":
                line.run(_NUMBERING)
            job_queue.clear(line)
            yield writing
    finally:
        line.close()
