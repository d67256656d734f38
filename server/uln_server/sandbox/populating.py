"""Filling a sandbox register with invented learners."""

import secrets
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from uln_server.access.audit import AuditEntry
from uln_server.sandbox.content import LEARNERS
from uln_server.sandbox.installing import install
from uln_server.sandbox.inventing import DEFAULT_SEED, Kind, invent
from uln_server.store import schema
from uln_server.store.database import Database
from uln_server.store.errors import RegisterExists
from uln_server.store.filling import Filling

CHUNK = 5_000
"""Learners a transaction [O]: on SQLite calls wait about half a second behind one."""


class SandboxFilled(Exception):  # noqa: N818  # what it says is a state, no fault
    """The sandbox holds learners beyond its fixed content, and more were not asked for."""

    def __init__(self, learners: int) -> None:
        super().__init__(f"The sandbox holds {learners} learners besides its own.")
        self.learners = learners


def populate(  # noqa: PLR0913  # what a filling depends on
    database: Database,
    count: int,
    seed: int = DEFAULT_SEED,
    progress: Callable[[int], None] | None = None,
    *,
    more: bool = False,
    entry: AuditEntry | None = None,
) -> Counter[Kind]:
    """Put so many invented learners into a sandbox, which is made where there is none; say how many of each kind.

    The same count and seed put the same learners into a sandbox as it was on its first day; into another one they
    also depend on the ULNs it has given. ``progress`` is told after each transaction how many came with it.
    ``entry`` goes into the audit as the act that did it; without one, an act of nobody known.

    Raises ``SandboxFilled`` where other learners are and ``more`` was not asked for, ``RegisterExists`` for a
    production register. A run that is killed leaves whole transactions. A million learners take a few minutes.
    """
    _prepare(database)
    entry = entry or _nobody_s()
    with Filling(database) as filling:
        others = filling.learners() - len(LEARNERS)
        if others > 0 and not more:
            raise SandboxFilled(others)
        return _fill(filling, count, f"{seed}/{filling.counter()}", progress or _unwatched, entry)


def _prepare(database: Database) -> None:
    schema.upgrade(database)
    with database.writing() as writing:
        if writing.register.kind == "production":
            raise RegisterExists(
                "This database holds a production register: no invented learner may come into it."
            )
        if writing.register.kind is None:
            writing.register.create("sandbox")
            install(writing)


def _fill(
    filling: Filling, count: int, seed: str, progress: Callable[[int], None], entry: AuditEntry
) -> Counter[Kind]:
    ulns: deque[str] = deque()
    invented = invent(count, seed, iter(ulns.popleft, None))
    made: Counter[Kind] = Counter()
    while made.total() < count:
        size = min(CHUNK, count - made.total())
        with filling.numbered_chunk() as chunk:
            if not made:
                chunk.audit(entry)
            ulns.extend(chunk.ulns(size))
            people = list(islice(invented, size))
            chunk.put((each.learner for each in people), entry)
        made.update(each.kind for each in people)
        progress(size)
    return made


def _unwatched(_size: int) -> None:
    """Nobody watches."""


def _nobody_s() -> AuditEntry:
    return AuditEntry(at=datetime.now(UTC), message_id=secrets.token_hex(12), operation="sandbox", code="OPERATOR")
