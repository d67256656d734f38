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
def _registrars(changing_service: RunningService) -> dict[str, Registrar]:
    return {path: Registrar(changing_service, path) for path in (TODAY, GENERATION_2014)}


@pytest.fixture(params=[TODAY, GENERATION_2014])
def registrar(request: pytest.FixtureRequest, _registrars: dict[str, Registrar]) -> Registrar:
    """An organisation that calls on one path, once on each."""
    return _registrars[request.param]
