"""Whoever works 20,000 achievements off is killed at ten points that seeds choose: each is done, none twice."""

from tests.store.achievements_killed import assert_achievements_survive
from tests.store.test_jobs_killed import SEEDS

from uln_server.store.database import Database


def test_achievements_survive_the_death_of_who_works_on_them(database: Database) -> None:
    found = assert_achievements_survive(database, SEEDS, number=20_000, chunk_rows=250)
    assert found > len(SEEDS) // 2
