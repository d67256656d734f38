"""A defect of ours ends a command in one line: where it was, and nobody's data."""

import pytest
from tests.unit.cli.running import Operator

from uln_server.store.changes import LearnerChanges


def test_an_unexpected_error_shows_its_place_alone(sandbox: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Darcie Tucker")

    monkeypatch.setattr(LearnerChanges, "get", broken)
    said = sandbox.fails(70, "learner", "show", "1026893096")
    assert "ValueError in tests.unit.cli.test_defects:" in said
    assert "Darcie" not in said
