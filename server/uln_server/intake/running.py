"""An intake at work: it looks at its folders again and again, or until nothing is left to do (domain §8) [O]."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from uln_contract.layouts import LAYOUTS
from uln_server import logs
from uln_server.access.organisation import Organisation
from uln_server.batch.intake_file import IntakeFile, IntakeState
from uln_server.intake.arrivals import Arrivals
from uln_server.intake.folders import DONE, FAILED, IN, Folders, NotUsable
from uln_server.intake.holding import Stopped
from uln_server.intake.intake import Intake, Step
from uln_server.intake.submitting import Terms
from uln_server.record.action import Action
from uln_server.settings import Settings
from uln_server.store.database import Database

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds after trouble with one file, or with the database
_BETWEEN_TIDYING = 3600.0
_AT_ONCE = 0.1  # seconds between two looks when everything is to be done by the end
UNATTENDED_SECONDS = 30.0
"""For so long jobs may wait before somebody is told that nobody works them off [O]."""


class Running:
    """Works on the folders below one until it is stopped.

    ``lease_seconds`` is how long a file is left alone by others when whoever worked on it has died.
    """

    def __init__(
        self, settings: Settings, database: Database, folders: Folders, *, lease_seconds: float | None = None
    ) -> None:
        lease = timedelta(seconds=settings.job_lease_seconds if lease_seconds is None else lease_seconds)
        terms = Terms(
            achievements_per_job=settings.achievements_per_job,
            intake_achievements=settings.intake_achievements,
            actions=frozenset(getattr(settings, f"action_{each.value}") for each in Action),
        )
        self._settings = settings
        self._database = database
        self._folders = folders
        self._lease = lease
        self._ended = threading.Event()
        self._arrivals = Arrivals(settings.intake_settle_seconds)
        self._intake = Intake(database, folders, terms, lease, stopped=self._ended.is_set)
        self._waiting: tuple[IntakeFile, ...] = ()
        self._state: object = None
        self._moved = time.monotonic()
        self._troubled: dict[object, tuple[float, float]] = {}
        self._told: set[object] = set()
        self._tidied = time.monotonic() - _BETWEEN_TIDYING
        self.failed = 0
        """How many files have failed so far."""

    def stop(self) -> None:
        """End soon; what is under way is taken up later."""
        self._ended.set()

    def run(self) -> None:
        """Look until stopped. A database that is gone is waited for."""
        while not self._ended.is_set():
            self.look()
            self._ended.wait(self._settings.intake_look_seconds)

    def run_once(self) -> bool:
        """Work off what is there; tell whether all of it was.

        It was not when something went wrong, or nobody works off the jobs that a file waits for. A file that is
        not whole yet is given the time that it would have to rest, once.
        """
        until = time.monotonic() + self._settings.intake_settle_seconds
        while not self._ended.is_set():
            self.look()
            settling = self._arrivals.unsettled() and time.monotonic() <= until
            if not self._waiting and not settling:
                return not self._troubled
            if self._unattended():
                return False
            self._ended.wait(min(_AT_ONCE, self._settings.intake_look_seconds))
        return False

    def look(self) -> None:
        """Take what is whole, and every file a step further that can be taken."""
        self._attempt("folders", self._take_all)
        self._attempt("taken", self._adopt_all)
        self._attempt("register", self._go_on_with_all)
        if time.monotonic() - self._tidied >= _BETWEEN_TIDYING:
            self._tidied = time.monotonic()
            self._attempt("tidying", self._tidy)

    def _take_all(self) -> None:
        for ukprn in self._folders.organisations():
            with self._database.reading() as reading:
                organisation = reading.organisations.by_identifier(ukprn)
            if organisation is None or organisation.ukprn != ukprn:
                self._tell_once("folder of no organisation", folder=ukprn)
                continue
            self._attempt(ukprn, partial(self._take_from, organisation))

    def _take_from(self, organisation: Organisation) -> None:
        try:
            folder, *_ = [self._folders.of(organisation.ukprn, each) for each in (IN, DONE, FAILED)]
        except NotUsable as unusable:
            self._tell_once("folder cannot be used", folder=organisation.ukprn, why=str(unusable))
            return
        for arrival in self._arrivals.whole(folder):
            if self._ended.is_set():
                return
            self._attempt(arrival.path, partial(self._intake.take, arrival, organisation))

    def _adopt_all(self) -> None:
        """Go on with what a process had taken that died before it wrote that down."""
        for taken in self._folders.all_taken():
            with self._database.reading() as reading:
                known = reading.intake.by_token(taken.token)
                organisation = reading.organisations.by_identifier(taken.ukprn)
            if known is not None and known.state.ended:
                self._folders.forget(taken, known.filed_as)
            elif (
                known is None
                and organisation is not None
                and self._folders.age(taken) > self._lease.total_seconds()
            ):
                self._attempt(taken.token, partial(self._intake.adopt, taken, organisation))

    def _go_on_with_all(self) -> None:
        with self._database.reading() as reading:
            unfinished = reading.intake.unfinished()
        for each in unfinished:
            if self._ended.is_set():
                return
            self._attempt(each.token, partial(self._intake.go_on, each))
        self._notice_progress()

    def _notice_progress(self) -> None:
        """See whether anything has moved since the last look, and say once when for long nothing has."""
        with self._database.reading() as reading:
            self._waiting = reading.intake.unfinished()
            jobs = [reading.jobs.get(part.job_id) for each in self._waiting for part in each.parts]
        state = (self._waiting, tuple(each and (each.status, each.done) for each in jobs))
        if state != self._state:
            self._state, self._moved = state, time.monotonic()
            self._told.discard(_UNATTENDED)
        elif self._unattended():
            self._tell_once(_UNATTENDED, files=len(self._waiting))

    def _unattended(self) -> bool:
        patience = max(UNATTENDED_SECONDS, 2 * self._lease.total_seconds())
        return bool(self._waiting) and time.monotonic() - self._moved > patience

    def _attempt(self, key: object, work: Callable[[], Step | None]) -> None:
        """Do something, unless it went wrong a short while ago; what goes wrong is told, and the rest goes on."""
        pause, again_at = self._troubled.get(key, (_FIRST_PAUSE, 0.0))
        if time.monotonic() < again_at:
            return
        try:
            step = work()
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001  # the other files go on, whatever is the matter with one
            _tell_of_trouble(error)
            self._troubled[key] = (min(pause * 2, _LONGEST_PAUSE), time.monotonic() + pause)
            return
        self._troubled.pop(key, None)
        if step is not None:
            self._tell_of(step)

    def _tell_of(self, step: Step) -> None:
        file = step.file
        if file.state is IntakeState.FAILED:
            self.failed += 1
        logs.tell(
            "info",
            "file put back" if file.state is IntakeState.TAKEN else f"file {file.state}",
            file=file.id,
            organisation=file.ukprn,
            name=shown_name(file.name),
            jobs=[each.job_id for each in file.parts],
            rows=file.rows,
            code=step.code,
        )

    def _tell_once(self, event: str, **facts: object) -> None:
        key = event if event == _UNATTENDED else (event, *facts.values())
        if key not in self._told:
            self._told.add(key)
            logs.tell("warning", event, **facts)

    def _tidy(self) -> None:
        before = datetime.now(UTC) - timedelta(days=max(1.0, self._settings.job_retention_days))
        self._database.change(lambda writing: writing.intake.forget(before))
        self._folders.tidy(self._lease.total_seconds())


_UNATTENDED = "files wait for jobs that nobody works off"


def shown_name(name: str) -> str | None:
    """Give a file's name for the log, if it is of a published form: any other may be a person's [O]."""
    stem = name.rpartition(".")[0]
    return name if any(each.file_name.fullmatch(stem) for each in LAYOUTS.values()) else None


def _tell_of_trouble(error: Exception) -> None:
    """Log by type alone: an error's words may quote a row, or a file's name."""
    cause = error.__cause__
    facts = {"error": type(error).__name__, "cause": type(cause).__name__ if cause else None}
    logs.tell("warning", "intake trouble", **facts, errno=getattr(error, "errno", None))
