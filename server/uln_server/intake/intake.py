"""A file's way: taken, checked and made into jobs, waited for, reported on, filed away (domain §8) [O].

Each step ends with a transaction that says so, and whatever it did before can be done again: what was killed in
the middle is begun again by whoever finds the file, once the claim of the one that died has ended.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath

from uln_server.access.organisation import Organisation
from uln_server.batch.intake_file import Held, IntakeFile, IntakeState
from uln_server.intake.arrivals import Arrival
from uln_server.intake.folders import DONE, FAILED, Folders, Taken
from uln_server.intake.holding import Holding, NoLongerOurs
from uln_server.intake.returning import Returning
from uln_server.intake.submitting import Submitting, Terms
from uln_server.store.database import Database
from uln_server.store.errors import StoreError
from uln_server.store.intake_files import Taking

_NOT_YET_JOBS = frozenset({IntakeState.TAKEN, IntakeState.FAILING})


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with a file: where it stands now, and the code of what it failed for."""

    file: IntakeFile
    code: str | None = None


class Intake:
    """Takes files along, each a step at a time. ``lease`` is how long a claim holds without a sign of life."""

    def __init__(
        self,
        database: Database,
        folders: Folders,
        terms: Terms,
        lease: timedelta,
        *,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._folders = folders
        self._terms = terms
        self._lease = lease
        self._stopped = stopped

    def take(self, arrival: Arrival, organisation: Organisation) -> Step | None:
        """Take a file that is whole, and go on with it as far as its jobs; ``None`` when another process did."""
        taken = self._folders.take(arrival.path, organisation.ukprn)
        return None if taken is None else self.adopt(taken, organisation)

    def adopt(self, taken: Taken, organisation: Organisation) -> Step | None:
        """Go on with a file that was taken, and of which nothing was written down."""
        name = taken.path.name
        free = not any(self._folders.lies_in(taken.ukprn, each, name) for each in (DONE, FAILED))
        numbered = f"{PurePath(name).stem}.{taken.token[:8]}{PurePath(name).suffix}"
        for filed_as in (name, numbered) if free else (numbered,):
            held = self._written_down(Taking(taken.token, name, filed_as), organisation)
            if held is not None:
                return self._go_on(held)
        return None

    def go_on(self, file: IntakeFile) -> Step | None:
        """Go on with a file that is written down; ``None`` when another process has it, or it has to wait."""
        if file.state is IntakeState.WAITING and not self._ended(file):
            return None
        held = self._database.change(lambda writing: writing.intake.claim(file, self._lease))
        if held is None:
            return None
        # It may have come further since it was looked at, and have to wait by now.
        if held.file.state is IntakeState.WAITING and not self._ended(held.file):
            Holding(self._database, held, self._lease).release()
            return None
        return self._go_on(held)

    def _written_down(self, taking: Taking, organisation: Organisation) -> Held | None:
        return self._database.change(lambda writing: writing.intake.take(taking, organisation, self._lease))

    def _ended(self, file: IntakeFile) -> bool:
        with self._database.reading() as reading:
            jobs = [reading.jobs.get(each.job_id) for each in file.parts]
        return all(each is None or each.status.finished for each in jobs)

    def _go_on(self, held: Held) -> Step | None:
        holding = Holding(self._database, held, self._lease, stopped=self._stopped)
        way = Submitting if held.file.state in _NOT_YET_JOBS else Returning
        with self._database.reading() as reading:
            try:
                code = way(holding, self._folders, self._terms, reading).step()
                if not holding.file.state.ended:
                    holding.release()
            except NoLongerOurs:
                return None
            except BaseException:
                with suppress(StoreError):  # the same trouble; the claim ends by itself
                    holding.release()
                raise
        return Step(holding.file, code)
