"""Jobs from submission to output, over HTTP: how long they take, and what a row costs as the register grows."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import job_messages, large_batch, learning_events
from benchmarks.job_registers import Person, on_postgresql, on_sqlite, people
from benchmarks.job_service import POLL_SECONDS, Kind, Service, Took, service
from tests.store.databases import administer, postgres_database, postgres_server

SIZES = (10_000, 1_000_000)
ROUNDS, QUIET_ROUNDS = 3, 5
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
    with postgres_server() as server, ExitStack() as stack:
        # PostgreSQL waits for its disk as SQLite does.
        administer(server, "ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
        empty = {size: stack.enter_context(postgres_database(server)) for size in SIZES}
        registers = {
            "SQLite": {size: on_sqlite(size, folder) for size in SIZES},
            "PostgreSQL": {size: on_postgresql(size, url) for size, url in empty.items()},
        }
        for database, urls in registers.items():
            _compare(database, urls)
        large = {database: urls[max(SIZES)] for database, urls in registers.items()}
        large_batch.measure(ACHIEVEMENTS, large, max(SIZES), folder)
        learning_events.measure(large, max(SIZES), folder)


def _compare(database: str, urls: Mapping[int, str]) -> None:
    """Carry each batch out in registers of every size, in turn, so that a noisy moment meets them all."""
    with ExitStack() as stack:
        services = {size: stack.enter_context(service(url)) for size, url in urls.items()}
        for batch in BATCHES:
            costs = _measured(services, batch, database)
            _tell_growth(f"{batch.kind.name}, processor a row, {database}", costs)


def _measured(services: Mapping[int, Service], batch: Batch, database: str) -> dict[int, list[float]]:
    """Carry a batch out several times, print, and give the processor's seconds a row in rounds, by register.

    Those come from rounds of their own, in which nobody asks before the output is likely there: how many questions
    there are depends on whatever else the machine does.
    """
    timed = [_rounds(services, batch, place) for place in range(ROUNDS + 1)][1:]  # the first warms up
    ready = {size: median(each[size].ready for each in timed) for size in services}
    pauses = {size: 1.5 * seconds for size, seconds in ready.items()}
    places = range(ROUNDS + 1, ROUNDS + 1 + QUIET_ROUNDS)
    quiet = [_rounds(services, batch, place, pauses) for place in places]
    costs = {size: [each[size].processor for each in quiet] for size in services}
    for size in services:
        accepted = median(each[size].accepted for each in timed)
        print(
            f"{batch.rows:,}-row {batch.kind.name}, {database}, {size:,} learners:"
            f" accepted after {accepted:.2f} s, output there after {ready[size]:.2f} s (medians of {ROUNDS}),"
            f" {median(costs[size]) * 1e6:.0f} µs of processor a row (median of {QUIET_ROUNDS})",
            flush=True,
        )
    return costs


def _rounds(
    services: Mapping[int, Service], batch: Batch, place: int, pauses: Mapping[int, float] | None = None
) -> dict[int, Took]:
    """Carry a batch out in each register, in one order and then in the other."""
    sizes = sorted(services, reverse=place % 2 == 0)
    return {
        size: _round(services[size], batch, size, place, pauses[size] if pauses else POLL_SECONDS)
        for size in sizes
    }


def _round(served: Service, batch: Batch, size: int, place: int, pause: float) -> Took:
    message = batch.message(people(size, _LEARNERS, seed=place), place)
    return served.carry_out(batch.kind, batch.rows, [message], len(message), pause=pause)


def _tell_growth(what: str, costs: Mapping[int, Sequence[float]]) -> None:
    """Compare what rounds cost that followed each other at once: a slow minute of the machine is in both."""
    first = costs[min(costs)]
    words = "; ".join(
        f"{size:,} learners {median(found) * 1e6:.0f} µs"
        f" (times {median(each / beside for each, beside in zip(found, first, strict=True)):.2f})"
        for size, found in costs.items()
    )
    print(f"growth, {what}: {words}", flush=True)
