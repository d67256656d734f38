"""Whoever works on a job of 5,000 rows is killed at ten points that seeds choose: each is done, none twice."""

from tests.store.builders import an_organisation
from tests.store.killing import SEEDS_A_JOB, assert_jobs_survive

from uln_server.store.database import Database

SEEDS = range(1, 1 + SEEDS_A_JOB)


def test_jobs_survive_the_death_of_who_works_on_them(database: Database) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    organisations = [an_organisation(database).id, an_organisation(database, "90000002", "SBXAO2").id]
    assert assert_jobs_survive(database, organisations, SEEDS, rows=5_000) > len(SEEDS) // 2
