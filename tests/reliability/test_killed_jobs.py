"""Killed while they work a job of 5,000 rows off, again and again, workers and servers do each row once.

``ULN_TEST_KILLS`` and ``ULN_TEST_FIRST_SEED`` mean what they mean in ``test_killed``; ten seeds kill one job's.
"""

import pytest
from tests.reliability.test_killed import SEEDS as ALL_SEEDS
from tests.store.builders import an_organisation
from tests.store.killing import SEEDS_A_JOB, assert_jobs_survive

from uln_server.store.database import Database

SEEDS = [ALL_SEEDS[first : first + SEEDS_A_JOB] for first in range(0, len(ALL_SEEDS), SEEDS_A_JOB)]


@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")
def test_jobs_survive_the_death_of_who_works_on_them(database: Database, seeds: range) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    organisations = [an_organisation(database).id, an_organisation(database, "90000002", "SBXAO2").id]
    assert assert_jobs_survive(database, organisations, seeds, rows=5_000) > 0
