"""Putting many new learners into a sandbox, each under the next ULN of the register's own counter."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from uln_server.access.audit import AuditEntry
from uln_server.register.learner import Learner
from uln_server.store.bulk import BulkImport, Chunk, Progress
from uln_server.store.changes import columns_of
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner
from uln_server.store.uln_numbers import counter, draw, uln_key

_COUNT = Prepared(select(func.count()).select_from(learner))


class NumberedChunk(Chunk):
    """What may be done in one transaction of filling a register."""

    def ulns(self, count: int) -> list[str]:
        """Draw the next ULNs that no record has: registrations to come go on behind them (domain §2)."""
        key = uln_key(self._line)
        free: list[str] = []
        while len(free) < count:
            drawn = [uln for uln in map(key.nth, draw(self._line, count - len(free))) if uln is not None]
            held = self.held(drawn)
            free += [uln for uln in drawn if uln not in held]
        return free

    def put(self, learners: Iterable[Learner], by: AuditEntry) -> None:
        """Put records into the register as they are, masters first, each with its events in the name of an act."""
        told = Progress(started_at=by.at, message_id=by.message_id, user=by.user)
        self.add([columns_of(each) for each in learners], told)


class Filling(BulkImport):
    """A register that is filled, on a connection of its own."""

    def counter(self) -> int:
        """Give the counter that the next ULN is made of."""
        return counter(self._line)

    def learners(self) -> int:
        """Count the records, deleted and merged ones too."""
        return int(self._line.rows(_COUNT)[0][0])

    @contextmanager
    def numbered_chunk(self) -> Iterator[NumberedChunk]:
        """Commit everything that the block does, or nothing.

        PostgreSQL lets others register meanwhile: no two draw the same number.
        """
        with self._line.transaction(self._driver.begin_writing):
            yield NumberedChunk(self._line)
