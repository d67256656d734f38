"""Batches of achievements: what a chunk needs is read at once, judged row by row, and written at once (domain §9).

The rules are ``record``'s. One organisation's chunks take turns, so that each sees what the others did to its
awards. What another organisation awards at the same moment is not waited for: at most a warning (W007) is missing,
and whose award counts is decided when the record is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from uln_server.batch.job import Job, Row, RowResult
from uln_server.catalogue import entry as catalogue
from uln_server.catalogue.provider import Provider
from uln_server.record.action import Action, Actions, Form
from uln_server.record.award import Award, AwardKey
from uln_server.record.counting import row_code
from uln_server.record.finding import as_text
from uln_server.record.holdings import Holdings
from uln_server.record.judging import Known, Verdict, judge
from uln_server.record.recorded import AwardChange
from uln_server.record.submitted import Submitted, read
from uln_server.register.authorship import Author
from uln_server.register.entry import Learners
from uln_server.register.times import london_day

FINDINGS = "findings"
"""Under which name a row's result has what was found (``record.finding``); without findings there is none."""
_now = partial(datetime.now, UTC)


class Catalogue(Protocol):
    """The catalogue, to be looked at."""

    def entries(self, keys: Iterable[str]) -> Mapping[str, catalogue.Entry]:
        """Give the entries that there are under these keys, by key."""


class Providers(Protocol):
    """The list of providers, to be looked at."""

    @property
    def loaded(self) -> bool:
        """Whether there is a list at all."""

    def known(self, ukprns: Iterable[str]) -> Mapping[str, Provider]:
        """Give those of these UKPRNs that the list has."""


class Awards(Protocol):
    """The awards, within a transaction."""

    def hold(self, organisation: str) -> None:
        """Keep others from changing this organisation's awards meanwhile."""

    def merged_into(self, masters: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Give for each of these ULNs those that were merged into it, directly or not; none, no key."""

    def of(self, pairs: Iterable[tuple[str, str]]) -> Iterable[Award]:
        """Give the awards of these pairs of ULN and catalogue key, by whichever organisation."""

    def keep(self, changes: Sequence[AwardChange], job_id: int, by: Author) -> None:
        """Keep the awards as these changes leave them, and an event of each."""


class AchievingUnit(Protocol):
    """What the processor reads and changes."""

    @property
    def learners(self) -> Learners:
        """The Learner Register."""

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue."""

    @property
    def providers(self) -> Providers:
        """The list of providers."""

    @property
    def awards(self) -> Awards:
        """The awards."""


class Achieving:
    """Works off batches of achievements (port ``batch.job.Processor``).

    No date may lie after the day of submission, in London.
    """

    def __init__(self, actions: Actions, *, clock: Callable[[], datetime] = _now) -> None:
        self._actions = actions
        self._clock = clock

    def process(self, job: Job, rows: Sequence[Row], unit: AchievingUnit) -> list[RowResult]:
        """Give for each row what it is counted by (``record.counting.row_code``), and what was found."""
        unit.awards.hold(job.ukprn)
        today = london_day(job.submitted_at)
        given = [read(each.given, self._actions, today) for each in rows]
        chunk = _Chunk(job, [each for each in given if isinstance(each, Submitted)], unit)
        results = [
            _result(row, chunk.judge(row, each) if isinstance(each, Submitted) else Verdict(each))
            for row, each in zip(rows, given, strict=True)
        ]
        by = Author(
            at=self._clock(),
            message_id=job.message_id,
            organisation_id=job.organisation_id,
            organisation=job.ukprn,
            user=job.user,
        )
        unit.awards.keep(chunk.changes, job.id, by)
        return results


class _Chunk:
    """What the submissions of a chunk are held against, and what comes of them."""

    def __init__(self, job: Job, submissions: Sequence[Submitted], unit: AchievingUnit) -> None:
        self._organisation = job.ukprn
        self._form = Form(job.form)
        self._entries = unit.learners.entries(each.uln for each in submissions)
        self._catalogue = unit.catalogue.entries({each.reference for each in submissions})
        sent = {each.details.provider_ukprn for each in submissions}
        self._unlisted = sent.difference(unit.providers.known(sent)) if unit.providers.loaded else frozenset()
        linked = self._linked(unit.awards)
        pairs = {(uln, each.reference) for each in submissions for uln in (each.uln, *linked.get(each.uln, ()))}
        self._holdings = Holdings(unit.awards.of(pairs), linked)
        self.changes: list[AwardChange] = []

    def _linked(self, awards: Awards) -> dict[str, tuple[str, ...]]:
        """Give for each ULN the others of the same learner, the master first; none, no key."""
        merged = awards.merged_into({each.current.uln for each in self._entries.values()})
        families = ((uln, each.current.uln) for uln, each in self._entries.items() if each.current.uln in merged)
        return {
            uln: tuple(other for other in (master, *merged[master]) if other != uln) for uln, master in families
        }

    def judge(self, row: Row, submitted: Submitted) -> Verdict:
        """Judge one submission, and know what it did."""
        key = AwardKey(self._organisation, submitted.uln, submitted.reference)
        held = self._holdings.held(key, submitted.action)
        verdict = judge(
            submitted,
            Known(
                organisation=self._organisation,
                form=self._form,
                learner=self._entries.get(submitted.uln),
                entry=self._catalogue.get(submitted.reference),
                provider_unlisted=submitted.details.provider_ukprn in self._unlisted,
                held=held,
                elsewhere=submitted.action is Action.CREATE and self._holdings.elsewhere(key),
            ),
        )
        if verdict.award is not None and verdict.outcome is not None:
            self._holdings.take(verdict.award)
            self.changes.append(
                AwardChange(
                    held, verdict.award, verdict.outcome, submitted.action_at, submitted.reason, row.position
                )
            )
        return verdict


def _result(row: Row, verdict: Verdict) -> RowResult:
    values = {FINDINGS: as_text(verdict.findings)} if verdict.findings else {}
    return RowResult(row.position, row_code(verdict), values)
