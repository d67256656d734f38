"""Killed while they work 20,000 achievements off, again and again, workers and servers do each of them once.

``ULN_TEST_KILLS`` and ``ULN_TEST_FIRST_SEED`` mean what they mean in ``test_killed``; ten seeds kill one job's.
"""

import pytest
from tests.reliability.test_killed_jobs import SEEDS
from tests.store.achievements_killed import assert_achievements_survive

from uln_server.store.database import Database


@pytest.mark.parametrize("seeds", SEEDS, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")
def test_achievements_survive_the_death_of_who_works_on_them(database: Database, seeds: range) -> None:
    assert assert_achievements_survive(database, seeds, number=20_000, chunk_rows=250) > 0
