"""Killed while they work a job of 5,000 rows off, again and again, workers and servers do each row once.

``ULN_TEST_KILLS`` and ``ULN_TEST_FIRST_SEED`` mean what they mean in ``test_killed``; each seed kills four times.
"""

import pytest
from tests.reliability.test_killed import FIRST_SEED, KILLS
from tests.store.builders import an_organisation
from tests.store.killing import assert_jobs_survive

from uln_server.store.database import Database

SEEDS = range(FIRST_SEED, FIRST_SEED + max(1, KILLS // 4))


@pytest.mark.parametrize("seed", SEEDS)
def test_jobs_survive_the_death_of_who_works_on_them(database: Database, seed: int) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    organisations = [an_organisation(database).id, an_organisation(database, "90000002", "SBXAO2").id]
    assert assert_jobs_survive(database, organisations, seed, rows=5_000, kills=4) > 0
