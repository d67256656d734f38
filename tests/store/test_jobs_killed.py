"""Whoever works on jobs is killed at points that a seed chooses: every row is done, and none twice."""

import pytest
from tests.store.builders import an_organisation
from tests.store.killing import assert_jobs_survive

from uln_server.store.database import Database


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_jobs_survive_the_death_of_who_works_on_them(database: Database, seed: int) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    organisations = [an_organisation(database).id, an_organisation(database, "90000002", "SBXAO2").id]
    assert assert_jobs_survive(database, organisations, seed, rows=600, kills=2) > 0
