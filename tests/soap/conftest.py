"""Services that several modules share, because starting one takes a second."""

from collections.abc import Iterator

import pytest
from tests.service import RunningService
from tests.soap.newcomers import Registrar
from tests.soap.registers import filled_service
from tests.soap.wire import GENERATION_2014, TODAY


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def changing_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """A filled service, once on each kind of database, that tests change as callers do: each its own learners."""
    with filled_service(request, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="session")
def registrar(changing_service: RunningService) -> Iterator[Registrar]:
    """An organisation that calls on one path with SQLite behind it, on the other with PostgreSQL."""
    with changing_service.register() as register:
        path = {"sqlite": GENERATION_2014, "postgresql": TODAY}[register.dialect]
        yield Registrar(changing_service, path, register=register)
