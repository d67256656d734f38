"""Whoever works on achievements is killed at points that a seed chooses: every row is done, none twice."""

import pytest
from tests.store.achievements_killed import assert_achievements_survive

from uln_server.store.database import Database


@pytest.mark.parametrize("seed", [1, 2])
def test_achievements_survive_the_death_of_who_works_on_them(database: Database, seed: int) -> None:
    assert assert_achievements_survive(database, seed, number=400, kills=2, chunk_rows=20) > 0
