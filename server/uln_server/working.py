"""Running what works jobs off: a thread of the service, or a process of its own, on either database (ADR 12)."""

import asyncio
import sys
import threading
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import structlog

from uln_server.batch.job import Job, Processors
from uln_server.batch.processors import processors as of_this_release
from uln_server.batch.worker import Worker
from uln_server.mailing import GIVEN_UP_AFTER, Mailing
from uln_server.record.action import Action, Actions
from uln_server.settings import Settings
from uln_server.store import job_queue
from uln_server.store.database import Database

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0  # on SQLite, between two looks for a job that another process took in
_BETWEEN_TIDYING = 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0  # seconds after trouble with the database
_END_SECONDS = 10.0
_CLAIMED_ON_SQLITE = 5.0


class Working:
    """Works jobs off on the thread that calls ``run``, until another one stops it.

    ``processors`` are this release's, unless others are given. Where there is a mail server, messages about jobs
    that have ended are sent from another thread meanwhile.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        processors: Processors | None = None,
        *,
        mailing: Mailing | None = None,
    ) -> None:
        self._database = database
        self._at_once = settings.worker_jobs
        self._lease = settings.job_lease_seconds
        self._kept = timedelta(days=settings.job_retention_days)
        self._mailing = Mailing(settings, database) if mailing is None and settings.mail_host else mailing
        self._worker = Worker(
            database,
            _of_this_release(settings) if processors is None else processors,
            lease=timedelta(seconds=_claimed_for(self._lease, database)),
            trouble=_tell_of_trouble,
            chunk_rows=settings.job_chunk_rows,
            ended=self._tell_of_end,
        )
        self._ended = threading.Event()
        self._bell = threading.Event()

    def run(self) -> None:
        """Work until stopped. A database that is gone is waited for."""
        with nullcontext() if self._mailing is None else self._mailing.beside():
            self._run()

    def _run(self) -> None:
        self._database.on_job = self._bell.set
        pause = _FIRST_PAUSE
        carry_on = self._with_queue if self._database.dialect == "postgresql" else self._by_turns
        while not self._ended.is_set():
            began = time.monotonic()
            try:
                carry_on()
            except Exception as error:  # noqa: BLE001  # a worker that ended would leave all jobs lying
                _warn("worker trouble", error)
                # Longer each time, unless it went well for a while.
                went_well = time.monotonic() - began > _LONGEST_PAUSE
                pause = _FIRST_PAUSE if went_well else min(pause * 2, _LONGEST_PAUSE)
                self._ended.wait(pause)

    def stop(self) -> None:
        """End behind the chunk that is under way; ``run`` returns soon."""
        self._ended.set()
        self._worker.stop()
        self._bell.set()

    def _tell_of_end(self, job: Job) -> None:  # noqa: ARG002  # which one it was, the register knows
        if self._mailing is not None:
            self._mailing.ring()

    def _by_turns(self) -> None:
        tidied = time.monotonic() - _BETWEEN_TIDYING
        while not self._ended.is_set():
            # Before the look, so that whoever rings meanwhile is heard.
            self._bell.clear()
            if not self._worker.turn():
                self._bell.wait(_LOOK_SECONDS)
            if time.monotonic() - tidied >= _BETWEEN_TIDYING:
                tidied = time.monotonic()
                self._tidy()

    def _with_queue(self) -> None:
        tasks = job_queue.Tasks(take_a_turn=self._worker.turn, look_after=self._look_after, tidy=self._tidy)
        # psycopg's asynchronous connections need a loop of this kind on Windows.
        factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(
                job_queue.carry(
                    self._database, tasks, at_once=self._at_once, lease=self._lease, stop=self._ended.is_set
                )
            )

    def _look_after(self) -> None:
        """Ask for the turns that were lost: with a worker that died, or that nobody asked for."""
        free = self._worker.free()
        if free:
            with self._database.writing() as writing:
                writing.job_work.ask_for(free)

    def _tidy(self) -> None:
        """Delete what finished longer ago than jobs are kept, and let go of messages that nobody sent."""
        with self._database.writing() as writing:
            writing.job_mail.give_up(datetime.now(UTC) - GIVEN_UP_AFTER)
        before = datetime.now(UTC) - self._kept
        forgotten = False
        while not self._ended.is_set():
            with self._database.writing() as writing:
                if not writing.jobs.forget(before):
                    break
            forgotten = True
        if forgotten:
            log.info("old jobs deleted", before=before.isoformat())


class WorkingThread:
    """The same in a thread of its own, beside a service."""

    def __init__(self, working: Working) -> None:
        self._working = working
        self._thread = threading.Thread(target=working.run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Wait for the chunk that is under way; may be called without ``start``."""
        self._working.stop()
        if self._thread.is_alive():
            self._thread.join(_END_SECONDS)


def _claimed_for(lease: float, database: Database) -> float:
    """Seconds that a claim holds: half of what the operator allows, because its end is not seen at once.

    On SQLite less, so that a service that is started again soon takes its jobs up: a chunk has the one writer's
    lock, under which nobody can claim, and between two there is no long time.
    """
    return lease / 2 if database.waits else min(lease / 2, _CLAIMED_ON_SQLITE)


def _of_this_release(settings: Settings) -> Processors:
    actions = Actions({each: getattr(settings, f"action_{each.value}") for each in Action})
    return of_this_release(opt_out=settings.opt_out, actions=actions)


def serves_jobs(settings: Settings, *, sandbox: bool, dialect: str) -> bool:
    """Tell whether the service works jobs off itself: by the settings, else in a sandbox and on SQLite."""
    if settings.serve_jobs is not None:
        return settings.serve_jobs
    return sandbox or dialect == "sqlite"


def _tell_of_trouble(job: Job, error: Exception) -> None:
    _warn("job trouble", error, job=job.id, kind=job.kind.value, done=job.done)


def _warn(event: str, error: Exception, **facts: object) -> None:
    """Log by type alone: an error's words may quote a row. A log that has gone away is not in the way."""
    cause = error.__cause__
    try:
        log.warning(event, error=type(error).__name__, cause=cause and type(cause).__name__, **facts)
    except (OSError, ValueError):
        return
