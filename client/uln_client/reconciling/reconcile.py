"""The comparison: the list is read, the register walked through once, and what is left looked at (domain §9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from uln_client.achievements import Action
from uln_client.errors import NotPermitted
from uln_client.own_awards import OwnAward
from uln_client.reconciling import telling
from uln_client.reconciling.comparing import Kind, Listed, Remark, Verdict, compared, final_already, unheld
from uln_client.reconciling.correcting import Correcting, Values
from uln_client.reconciling.ledger import Ledger, Place
from uln_client.reconciling.summary import Summary
from uln_client.reconciling.writing import Targets, write
from uln_client.reports import RETRIEVED_AT_ONCE
from uln_contract.batch_files.checking import CheckedFile, CheckedRow, Options, open_checked
from uln_contract.layouts import FileKind
from uln_contract.references import key_of
from uln_contract.ulns import is_valid

if TYPE_CHECKING:
    from uln_client.awarding_organisation import AwardingOrganisation

MOST_ROWS = 1_000_000
"""Rows of a list [O]."""
_REFERENCE = "UnitOrQualificationReferenceNumber"
_EVERY = 2_000
_FIRST_ULN, _ULNS = 10**9, 9 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a list is compared.

    ``provisional``: its awards are provisional ones. Extra awards are looked for among those that were awarded
    from ``from_date`` to ``to_date``, both included, at the provider ``provider``; ``None`` narrows nothing.
    ``withdraw_extra``: the file of corrections withdraws them. ``output`` is the folder for what is written,
    ``None`` for the list's own. The others are as in :class:`~uln_contract.batch_files.checking.Options`; ``name``
    is the list's, ``""`` when it has none.
    """

    provisional: bool = False
    from_date: date | None = None
    to_date: date | None = None
    provider: str | None = None
    withdraw_extra: bool = False
    output: Path | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    name: str | None = None


class Watch(Protocol):
    """Is told how far a comparison has come."""

    def stage(self, words: str) -> None:
        """A pass begins."""

    def position(self, done: int, of: int) -> None:
        """So much of it was read."""


def reconcile(organisation: "AwardingOrganisation", path: Path, how: How, watch: Watch) -> Summary:
    """Compare a list of awards, an achievement file, with what the register holds of the organisation's own.

    Nothing in the register is changed. Writes a report of what differs, and an achievement file that would put the
    register right, if anything can be. Raises ``UnusableFile`` when the list cannot be read,
    and whatever the service's answers mean.
    """
    summary = Summary(path=path, provisional=how.provisional)
    with Ledger() as ledger:
        targets = _read(organisation, path, how, watch, ledger, summary)
        comparison = _Comparison(organisation, how, ledger, summary)
        comparison.repeats()
        watch.stage("Reading the register")
        comparison.walk(watch)
        comparison.merged()
        comparison.missing()
        comparison.extras()
        watch.stage("Writing")
        write(ledger, targets, summary)
    return summary


def _read(  # noqa: PLR0913, PLR0917  # what a comparison is made of
    organisation: "AwardingOrganisation", path: Path, how: How, watch: Watch, ledger: Ledger, summary: Summary
) -> Targets:
    """Take the list in, and give where and in which form to write."""
    ukprn = organisation.desk.credentials()["ukprn"]
    options = Options(
        encoding=how.encoding,
        delimiter=how.delimiter,
        sheet=how.sheet,
        ukprn=ukprn,
        most=MOST_ROWS,
        name=how.name,
    )
    watch.stage("Reading the list")
    with open_checked(path, kind=FileKind.ACHIEVEMENTS, options=options) as checked:
        targets = Targets.beside(path, how.output, checked, ukprn, how.name)
        ledger.list_rows(_rows(checked, watch, summary))
        for each in checked.findings:
            summary.report.add(each)
    return targets


def _rows(checked: CheckedFile, watch: Watch, summary: Summary) -> Iterator[Listed]:
    """Give the rows of which it is known which award they are about, and count all."""
    for row in checked.rows():
        if summary.rows % _EVERY == 0:
            watch.position(*checked.position())
        found = _listed(row, summary.awards)
        summary.rows += 1
        summary.good += row.good
        for each in row.findings:
            summary.report.add(each)
        if found is None:
            summary.unsure = True
        else:
            summary.awards += 1
            yield found


def _listed(row: CheckedRow, place: int) -> Listed | None:
    """Give a row as it is compared; ``None`` when nobody can say which award it is about."""
    uln, key = row.values.get("Uln", ""), key_of(row.values.get(_REFERENCE, ""))
    if key is None or not is_valid(uln):
        return None
    return Listed(place=place, number=row.number, uln=uln, key=key, values=row.values, good=row.good)


class _Comparison:
    """One comparison under way."""

    def __init__(self, organisation: "AwardingOrganisation", how: How, ledger: Ledger, summary: Summary) -> None:
        self._organisation = organisation
        self._how = how
        self._ledger = ledger
        self._summary = summary
        self._correcting = Correcting(datetime.now(UTC))

    def repeats(self) -> None:
        """Tell of the rows that do not count."""
        for row, counts in self._ledger.repeats():
            self._summary.awards -= 1
            self._remark(Remark.REPEATED, row, telling.of_repeat(row, counts))

    def walk(self, watch: Watch) -> None:
        """Hold every award of the register to the list."""
        for award in self._organisation.own_awards():
            if self._summary.held % _EVERY == 0:
                # ULNs are spread evenly, and awards come in their order.
                watch.position(int(award.uln) - _FIRST_ULN, _ULNS)
            self._summary.held += 1
            listed = self._ledger.met(award)
            if listed is None:
                self._ledger.keep(award)
            else:
                self._compare(listed, award)
        self._ledger.index_kept()

    def merged(self) -> None:
        """Find awards that are held under another ULN of the learner, since one was merged into the other."""
        for listed in self._ledger.unmet_beside_kept():
            self._meet(listed, listed.uln)
        try:
            left = self._ledger.unmet_beside_kept()
            while some := list(islice(left, RETRIEVED_AT_ONCE)):
                # Two rows may be about one learner, and a learner is asked about once.
                ulns = dict.fromkeys(each.uln for each in some)
                masters = {each.uln: each.master_uln for each in self._organisation.retrieve(ulns)}
                for listed in some:
                    self._meet(listed, masters[listed.uln])
        except NotPermitted:
            self._summary.unasked = True

    def _meet(self, listed: Listed, person: str | None) -> None:
        award = self._ledger.take_out(listed.key, person) if person else None
        if award is not None and person:
            self._ledger.meet(listed, person)
            self._remark(Remark.MERGED, listed, telling.of_merged(listed, award))
            self._compare(listed, award)

    def missing(self) -> None:
        """Tell of the rows whose award the register does not have."""
        for listed in self._ledger.unmet():
            if self._ledger.has_met(listed):
                self._remark(Remark.REPEATED, listed, telling.of_same_learner(listed))
                self._summary.awards -= 1
                continue
            verdict = unheld(listed)
            self._summary.counts[verdict.kind] += 1
            if verdict.kind.differs:
                self._tell(verdict.kind, listed, telling.of_missing(verdict, listed))
            if verdict.kind is Kind.MISSING:
                self._correct(_place(verdict.kind, listed), self._correcting.missing(listed))

    def extras(self) -> None:
        """Tell of the awards that the list does not have."""
        for award in self._ledger.kept():
            if award.withdrawn:
                self._summary.remarks[Remark.UNLISTED] += 1
            elif self._asked_for(award):
                self._summary.counts[Kind.EXTRA] += 1
                place = Place(_RANKS[Kind.EXTRA], 0, award.uln, award.reference)
                self._ledger.write("lines", place, telling.of_extra(award, self._extra(award, place)))

    def _asked_for(self, award: OwnAward) -> bool:
        how = self._how
        return (
            (how.from_date is None or how.from_date <= award.award_date)
            and (how.to_date is None or award.award_date <= how.to_date)
            and how.provider in {None, award.provider_ukprn}
        )

    def _extra(self, award: OwnAward, place: Place) -> str:
        """Withdraw an extra award if that is wanted and can be, and say what to do."""
        if not self._how.withdraw_extra:
            return telling.EXTRA_LEFT
        if self._summary.unsure:
            return telling.EXTRA_UNSURE
        learner = self._ledger.learner(award.uln, award.current_uln)
        if learner is None:
            self._summary.nameless += 1
            return telling.EXTRA_NAMELESS
        self._summary.extra_withdrawn += 1
        self._correct(place, self._correcting.unlisted(award, learner))
        return telling.EXTRA_WITHDRAWN

    def _compare(self, listed: Listed, award: OwnAward) -> None:
        provisional = self._how.provisional
        verdict: Verdict = compared(listed, award, provisional=provisional)
        self._summary.counts[verdict.kind] += 1
        self._summary.fields.update(each.field for each in verdict.differences)
        if final_already(listed, award, provisional=provisional):
            self._remark(Remark.FINAL_ALREADY, listed, telling.of_final(listed))
        for line in telling.of_award(verdict, listed, award):
            self._tell(verdict.kind, listed, line)
        for values in self._correcting.of(verdict, listed, award):
            self._correct(_place(verdict.kind, listed), values)

    def _tell(self, kind: Kind | Remark, listed: Listed, line: telling.Line) -> None:
        self._ledger.write("lines", _place(kind, listed), line)

    def _remark(self, remark: Remark, listed: Listed, line: telling.Line) -> None:
        self._summary.remarks[remark] += 1
        self._tell(remark, listed, line)

    def _correct(self, place: Place, values: Values) -> None:
        self._summary.corrections[Action(int(values["Action"]))] += 1
        self._ledger.write("corrections", place, values)


_RANKS = {each: rank for rank, each in enumerate((*Kind, *Remark))}


def _place(kind: Kind | Remark, listed: Listed) -> Place:
    return Place(_RANKS[kind], listed.number, listed.uln, listed.key)
