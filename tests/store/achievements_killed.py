"""Jobs of achievements, every action among them, and what must hold of them however often they were broken off."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.store.achieving import NOW, prepared, submit
from tests.store.builders import an_organisation
from tests.store.crowds import add, someone
from tests.store.killing import work_off_and_kill
from tests.unit.batch.achievements import JOB, Catalogue, Unit, rows, sent
from tests.unit.batch.test_batch_verifying import Register
from tests.unit.learners import alone
from tests.unit.record.submissions import UNIT

from uln_server.access.organisation import Organisation
from uln_server.batch.achieving import Achieving
from uln_server.batch.job import Fields, Job, JobStatus
from uln_server.catalogue.entry import Availability
from uln_server.record.action import ACTIONS
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.register.learner import Learner
from uln_server.store.database import Database
from uln_server.store.units import Reading

OTHER_AO = "90000002"
UNITS = tuple(
    replace(UNIT, key=f"K501577{place}", reference=f"K/501/577{place}", availability=Availability.SHARED)
    for place in range(5)
)
_OUTCOMES = frozenset(Outcome)
_ROWS_A_LEARNER = 12  # so that most awards are created, changed, and sent again


@dataclass
class Expected:
    """What becomes of one organisation's job when nobody dies, as the rules say it in memory."""

    job_id: int
    codes: list[str]
    awards: dict[AwardKey, Award]


def some_achievements(dice: random.Random, learners: Sequence[Learner], number: int) -> Iterator[Fields]:
    """Achievements of these learners in any order: creations first of all, some of them refused."""
    for _ in range(number):
        who = dice.choice(learners)
        yield sent(
            Uln=who.uln,
            GivenName=who.given_name,
            FamilyName=dice.choices([who.family_name, "Papadopoulos"], [9, 1])[0],
            UnitOrQualificationReferenceNumber=dice.choice(UNITS).reference,
            Action=dice.choices("12345", [6, 3, 2, 2, 1])[0],
            ActionDate=f"2026-0{dice.randint(6, 8)}-{dice.randint(1, 30):02}T00:00:00Z",
            ProviderUkprn=f"1000000{dice.randint(1, 9)}",
            MisIdentifier=f"row-{dice.random()}",
        )


def expected(
    database: Database, by: Organisation, learners: Sequence[Learner], dice: random.Random, number: int
) -> Expected:
    given = list(some_achievements(dice, learners, number))
    unit = Unit(learners=Register(tuple(map(alone, learners))), catalogue=Catalogue(UNITS))
    job = replace(JOB, ukprn=by.ukprn, form="Provisional", submitted_at=NOW)
    results = Achieving(ACTIONS).process(job, rows(*given), unit)
    job_id = submit(database, by, *given, form="Provisional")
    return Expected(job_id, [each.code for each in results], unit.awards.held)


def assert_achievements_survive(database: Database, seeds: Sequence[int], *, number: int, chunk_rows: int) -> int:
    """Submit the jobs of two organisations and kill who works on them, once a seed: they end as if nobody had.

    Gives how many kills came while there was something left to do.
    """
    dice = random.Random(seeds[0])
    learners = [someone() for _ in range(max(1, number // _ROWS_A_LEARNER))]
    first = prepared(database, entries=UNITS)
    add(database, learners)
    second = an_organisation(database, OTHER_AO, "SBXAO2")
    jobs = [
        expected(database, by, learners, dice, rows) for by, rows in ((first, number), (second, number // 20 + 1))
    ]
    return work_off_and_kill(
        database,
        [each.job_id for each in jobs],
        seeds,
        holds=lambda: _hold(database, learners, jobs),
        chunk_rows=chunk_rows,
    )


def _hold(database: Database, learners: Sequence[Learner], jobs: Sequence[Expected]) -> None:
    """Each success so far has one event, each award its versions in a row; at the end all is as it should be."""
    with database.snapshot() as reading:
        found = list(reading.awards.events())
        for each in jobs:
            job = reading.jobs.get(each.job_id)
            assert job is not None
            assert job.counts == Counter(each.codes[: job.done])
            positions = [event.position for event in found if event.job_id == each.job_id]
            done = enumerate(each.codes[: job.done], 1)
            assert sorted(positions) == [place for place, code in done if code.split()[0] in _OUTCOMES]
            if job.status is JobStatus.SUCCESSFUL:
                _ended_well(reading, learners, each, job)
                assert {key: award.version for key, award in each.awards.items()} == Counter(
                    event.key for event in found if event.job_id == each.job_id
                )
    versions: dict[AwardKey, list[int]] = defaultdict(list)
    for event in found:
        versions[event.key].append(event.version)
    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in versions.values())


def _ended_well(reading: Reading, learners: Sequence[Learner], each: Expected, job: Job) -> None:
    """The rows have the codes that they should have, and the organisation the awards."""
    told = [result.code for _, result in reading.jobs.results(each.job_id) if result is not None]
    assert told == each.codes
    held = reading.awards.of([(who.uln, unit.key) for who in learners for unit in UNITS])
    assert {award.key: award for award in held if award.key.organisation == job.ukprn} == each.awards
