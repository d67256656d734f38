"""procrastinate: what wakes a worker on PostgreSQL, on whichever machine (https://procrastinate.readthedocs.io).

What is deferred is no job of ours but a turn: whoever gets it asks our tables whose turn it is. So a turn too many
finds nothing and does no harm, and the job's row is the only truth.
"""

import asyncio
import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import text as sql

from uln_server.store.errors import DatabaseUnreachable
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared

if TYPE_CHECKING:
    from procrastinate import App, JobContext, PsycopgConnector
    from procrastinate.tasks import Task

    from uln_server.store.database import Database

_QUEUE, _TURN = "uln", "take_a_turn"
_SOON = 10  # the priority of what must not wait behind a long line of turns
_FALLBACK_SECONDS = 1.0  # between two looks for a turn whose notification did not arrive
_WATCHED_SECONDS = 0.1
TIDY_CRON = "17 * * * *"
"""When old jobs are deleted: once an hour [O]."""
# Divisors of a minute, so that they fall on the same seconds in each.
_EVERY = (1, 2, 3, 5, 10, 15)
_WAITING = Prepared(
    sql("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'take_a_turn'")
)
TABLES = ("procrastinate_periodic_defers", "procrastinate_events", "procrastinate_jobs", "procrastinate_workers")
"""The library's tables, in the order in which they can be emptied."""
_ALIVE = Prepared(
    sql(
        "SELECT count(*) FROM procrastinate_workers"
        " WHERE last_heartbeat > clock_timestamp() - :seconds * interval '1 s'"
    )
)
_CLEARING = Prepared(sql("DELETE FROM procrastinate_jobs WHERE status = 'todo'"))


@dataclass(frozen=True, slots=True)
class Tasks:
    """What workers are woken for: a turn, the look for turns that were lost, and the deletion of old jobs."""

    take_a_turn: Callable[[], object]
    look_after: Callable[[], object]
    tidy: Callable[[], object]


def tell(line: Line, turns: int = 1) -> None:
    """Ask for turns, to be taken once this transaction is committed; SQLite's worker is woken otherwise."""
    if line.driver.name == "postgresql":
        line.through(lambda connection: _defer(connection, turns))


def _defer(connection: object, turns: int) -> None:
    from procrastinate.exceptions import ConnectorException  # noqa: PLC0415  # for registers on PostgreSQL alone

    try:
        _turn().configure(connection=connection).batch_defer(*[{}] * turns)
    except ConnectorException as error:
        # The driver's own, which says whether it is worth trying again.
        raise error.__cause__ or error from None


def waiting(line: Line) -> int:
    """Count the turns that nobody has begun; on SQLite nobody asks for one."""
    if line.driver.name != "postgresql":
        return 0
    return int(line.rows(_WAITING)[0][0])


def alive(line: Line, seconds: float) -> int | None:
    """Count the workers that gave a sign of life within so many seconds; ``None`` on SQLite, where none does."""
    if line.driver.name != "postgresql":
        return None
    return int(line.rows(_ALIVE, seconds=seconds)[0][0])


def clear(line: Line) -> None:
    """Forget the turns that nobody has begun, with a sandbox that is emptied; its workers go on."""
    if line.driver.name == "postgresql":
        line.run(_CLEARING)


async def carry(
    database: "Database", tasks: Tasks, *, at_once: int, lease: float, stop: Callable[[], bool]
) -> None:
    """Take turns, ``at_once`` at a time, until ``stop`` says so; those that have begun are ended first.

    ``lease`` is the time in seconds within which the work of a worker that died is taken up. Raises
    ``DatabaseUnreachable``, or what procrastinate raises, when the database is lost.
    """
    from procrastinate import PsycopgConnector  # noqa: PLC0415  # for workers on PostgreSQL alone

    # A thread keeps its connections: there are to be no more of them than turns at once.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(at_once, thread_name_prefix="turn"))
    connector = PsycopgConnector(kwargs=database.driver.parameters, min_size=1, max_size=at_once + 2)
    async with _app(connector, lease).open_async() as app:
        # A chunk of rows makes so many objects that Python looks through all there are for some that nobody needs:
        # what stays for good is left out, as a service does.
        gc.collect()
        gc.freeze()
        work = asyncio.create_task(
            app.run_worker_async(
                queues=[_QUEUE],
                concurrency=at_once,
                install_signal_handlers=False,
                delete_jobs="always",
                fetch_job_polling_interval=_FALLBACK_SECONDS,
                update_heartbeat_interval=lease / 4,
                stalled_worker_timeout=2 * lease,
                additional_context={"tasks": tasks, "dead_after": 2 * lease},
            )
        )
        while not work.done() and not stop():
            await asyncio.wait([work], timeout=_WATCHED_SECONDS)
        ended = work.done()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
    if ended and not stop():
        raise DatabaseUnreachable("procrastinate ended, as it does when it loses the database.")


@lru_cache(maxsize=1)
def _turn() -> "Task[[JobContext], None, []]":
    """Give the task to be deferred, in an app that has no connection of its own."""
    _silence()
    from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415  # for registers on PostgreSQL alone

    return _add_turn(App(connector=SyncPsycopgConnector()))


def _add_turn(app: "App") -> "Task[[JobContext], None, []]":
    @app.task(name=_TURN, queue=_QUEUE, pass_context=True)
    def take_a_turn(context: "JobContext") -> None:
        _tasks(context).take_a_turn()

    return take_a_turn


def _app(connector: "PsycopgConnector", lease: float) -> "App":
    """Give the tasks as a worker carries them out, those that come by the clock among them."""
    _silence()
    from procrastinate import App  # noqa: PLC0415  # as above

    app = App(connector=connector)
    _add_turn(app)
    often = max(each for each in _EVERY if each <= max(1, lease / 4))

    @app.periodic(cron=f"* * * * * */{often}")
    @app.task(name="look_after", queue=_QUEUE, priority=_SOON, pass_context=True)
    async def look_after(context: "JobContext", timestamp: int) -> None:  # noqa: ARG001  # the port's
        await _bury(context)
        await asyncio.get_running_loop().run_in_executor(None, _tasks(context).look_after)

    @app.periodic(cron=TIDY_CRON)
    @app.task(name="tidy", queue=_QUEUE, priority=_SOON, pass_context=True)
    def tidy(context: "JobContext", timestamp: int) -> None:  # noqa: ARG001  # the port's signature
        _tasks(context).tidy()

    return app


async def _bury(context: "JobContext") -> None:
    """Forget the turns that died with their workers: others are asked for in their place."""
    from procrastinate.jobs import Status  # noqa: PLC0415  # as above

    manager, seconds = context.app.job_manager, context.additional_context["dead_after"]
    for dead in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        await manager.finish_job(dead, status=Status.FAILED, delete_job=True)
    await manager.prune_stalled_workers(seconds)


def _tasks(context: "JobContext") -> Tasks:
    tasks: Tasks = context.additional_context["tasks"]
    return tasks


def _silence() -> None:
    """Their logs name every turn, and errors may quote a row; what matters of it is logged by us."""
    for name in ("procrastinate", "psycopg.pool"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
