"""What a register shows of Darcie's awards, for the tests of the record's rules: an award at a time."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.unit.learners import DARCIE
from tests.unit.record.submissions import AO

from uln_server.catalogue.entry import EntryKind
from uln_server.record.action import Form
from uln_server.record.recorded import Recorded


class Shown(NamedTuple):
    """One award of a ``Recorded``."""

    number: int = 17
    uln: str = DARCIE.uln
    organisation: str = AO
    award_date: str = "2026-06-30"
    provider_ukprn: str = "10000001"
    grade: str | None = "Pass"
    language: str | None = "Welsh"
    form: str = Form.FINAL
    withdrawn: bool = False
    recorded_at: str = "2026-07-01T08:30:15.250000+00:00"
    reference: str = "K/501/5773"
    kind: str = EntryKind.UNIT
    title: str = "Wiring"
    type: str | None = "QCF"
    level: str | None = "Level 2"
    credit: int | None = 10
    organisation_name: str | None = "Sandbox Awarding Organisation"
    provider_name: str | None = "Invented College"


def recorded(shown: Iterable[Shown]) -> Recorded:
    rows = list(shown)
    columns: Any = zip(*rows, strict=True) if rows else [()] * len(Shown._fields)
    return Recorded._make(columns)


def each_shown(awards: Recorded) -> list[Shown]:
    return [Shown(*row) for row in zip(*awards, strict=True)]
