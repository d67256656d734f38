"""Jobs from submission to output, over HTTP: how long they take, and what a row costs as the register grows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from benchmarks import job_messages, large_batch, learning_events
from benchmarks.job_registers import Person, on_postgresql, on_sqlite, people
from benchmarks.job_service import POLL_SECONDS, Kind, Service, Took, service
from tests.store.databases import administer, postgres_database, postgres_server

SIZES = (10_000, 1_000_000)
ROUNDS = 3
_LEARNERS = 9_000  # of each register

VERIFICATION = Kind(
    "verify job",
    "/LearnerService.svc",
    job_messages.verification_output,
    b"WSRC0026",
    lambda output, rows: output.count(b"WSVRC001") == rows,
)
REGISTRATION = Kind(
    "registration job",
    "/LearnerService.svc",
    job_messages.registration_output,
    b"WSRC0008",
    lambda output, rows: output.count(b">RC001<") == rows,
)
ACHIEVEMENTS = Kind(
    "achievement job",
    "/ExternalService.svc",
    job_messages.achievements_output,
    b"WSRC0041",
    lambda output, rows: re.search(rb"Created[^>]*>%d<" % rows, output) is not None,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A job of a size, and how its message is made of learners; ``place`` tells the rounds apart."""

    kind: Kind
    rows: int
    message: Callable[[Sequence[Person], int], bytes]


BATCHES = (
    Batch(VERIFICATION, 5_000, lambda who, _: job_messages.verification(who[:5_000])),
    Batch(REGISTRATION, 200, lambda who, place: job_messages.registration(who[:200], place)),
    # The learners are fewer than the rows: some get a second unit, and each round has units of its own.
    Batch(
        ACHIEVEMENTS,
        10_000,
        lambda who, place: b"".join(job_messages.achievements(who, 10_000, first_unit=2 * place)),
    ),
)


def measure(folder: Path) -> None:
    """Measure jobs of each kind on both databases, a very large one, and the reading of what was recorded."""
    costs: dict[tuple[str, str], list[float]] = {}
    with postgres_server() as server:
        # PostgreSQL waits for its disk as SQLite does.
        administer(server, "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        for size in SIZES:
            with postgres_database(server) as empty:
                registers = {"SQLite": on_sqlite(size, folder), "PostgreSQL": on_postgresql(size, empty)}
                for database, url in registers.items():
                    with service(url) as served:
                        for batch in BATCHES:
                            cost = _measured(served, batch, database, size)
                            costs.setdefault((batch.kind.name, database), []).append(cost)
                if size == max(SIZES):
                    _tell_growth(costs)
                    large_batch.measure(ACHIEVEMENTS, registers, size, folder)
                    learning_events.measure(registers, size, folder)


def _measured(served: Service, batch: Batch, database: str, size: int) -> float:
    """Carry a batch out several times, print, and give the processor's seconds a row.

    Those come from rounds of their own, in which nobody asks before the output is likely there: how many questions
    there are depends on whatever else the machine does.
    """
    rounds = [_round(served, batch, size, place) for place in range(ROUNDS + 1)][1:]  # the first warms up
    accepted, ready = median(each.accepted for each in rounds), median(each.ready for each in rounds)
    quiet = [_round(served, batch, size, ROUNDS + 1 + place, pause=1.5 * ready) for place in range(ROUNDS)]
    cost = fmean(each.processor for each in quiet)
    print(
        f"{batch.rows:,}-row {batch.kind.name}, {database}, {size:,} learners: accepted after {accepted:.2f} s,"
        f" output there after {ready:.2f} s (medians of {ROUNDS}), {cost * 1e6:.0f} µs of processor a row",
        flush=True,
    )
    return cost


def _round(served: Service, batch: Batch, size: int, place: int, pause: float = POLL_SECONDS) -> Took:
    message = batch.message(people(size, _LEARNERS, seed=place), place)
    return served.carry_out(batch.kind, batch.rows, [message], len(message), pause=pause)


def _tell_growth(costs: dict[tuple[str, str], list[float]]) -> None:
    for (name, database), found in costs.items():
        words = "; ".join(
            f"{size:,} learners {cost * 1e6:.0f} µs (times {cost / found[0]:.2f})"
            for size, cost in zip(SIZES, found, strict=True)
        )
        print(f"growth, {name}, processor a row, {database}: {words}")
