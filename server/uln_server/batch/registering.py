"""Batch registration: what becomes of each row (domain §6, §7).

What RC006 and RC011 are about is published; every other code, and when each of them is given, is ours [O] and
stands here. A batch needs no find before it [O]: each row is searched for. In these orders:

A row with a ULN: RC011 its check digit; RC012 the form of a UCI or UPN; RC006 a name without a letter; RC010 an
earlier row is about this learner; RC004 not in the register; RC008 the details are not its holder's; RC005 merged;
RC011 AbilityToShare, evidence or age; RC003 nothing new; RC008 the details would be another learner's; RC002.

A row without: RC012; RC006 a name without a letter, or one of the five is missing; RC010; then what a find by
demographics answers, without its narrowing fields, which a batch gives to be stored: RC009 too many, RC007
possible, RC005 equal to a merged record, or equal to one and on as above. Nobody: RC006 VerificationType or
AbilityToShare is missing; RC011 evidence or age; RC007 somebody else registers this learner just now; RC001. A row
that resembles an earlier newcomer of the same chunk is RC007 like one that resembles a record.

A row that came in a file has RC013 for the age in place of RC011 (domain §7).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Protocol

from uln_contract.codes import ResponseCode, ReturnCode, VerifyCode
from uln_contract.records import LearnerToRegister
from uln_server.batch.job import Fields, Job, Row, RowResult
from uln_server.batch.registration_rows import CHECK, five, from_file, refused
from uln_server.register.authorship import Author
from uln_server.register.demographics import Demographics
from uln_server.register.entry import Changes, Entry, Standing
from uln_server.register.learner import Learner, Status
from uln_server.register.matching import Search, match
from uln_server.register.registering import age_refused, verification_described
from uln_server.register.times import london_day
from uln_server.register.updating import CHANGEABLE, FROM_FILES, changes, new_learner, share_refused
from uln_server.register.verifying import Claim, verify

_TO_CREATE = ("verification_type", "ability_to_share")
_now = partial(datetime.now, UTC)
_NOT_SEEN = "0"
_NO_ONE_RECORD = {ResponseCode.WSRC0002: ReturnCode.RC009, ResponseCode.WSRC0003: ReturnCode.RC007}


class BatchChanges(Changes, Protocol):
    """The register as a batch changes it: many records in one transaction."""

    def hold(self, several: Iterable[Demographics]) -> None:
        """Let others who ask for any of these wait; taken in the one order that closes no circle."""

    def same_held(self, demographics: Demographics, besides: str = "") -> bool:
        """Tell what ``same`` tells, of five that are held."""

    def register_all(self, several: Sequence[Learner], by: Author) -> Sequence[Learner]:
        """Put learners into the register, each under a new ULN, and give the records in their order."""


class RegisteringUnit(Protocol):
    """What the processor reads and changes."""

    @property
    def learners(self) -> BatchChanges:
        """The Learner Register."""


class Registration:
    """Works off batches of registrations (port ``batch.job.Processor``).

    ``opt_out`` is the setting of that name. Ages count on the day of submission, in London.
    """

    def __init__(self, *, opt_out: bool, clock: Callable[[], datetime] = _now) -> None:
        self._opt_out = opt_out
        self._clock = clock

    def process(self, job: Job, rows: Sequence[Row], unit: RegisteringUnit) -> list[RowResult]:
        """Give each row's return code, with the ULN where it has one.

        A check (CHK) goes the same way, locks and all, up to the change itself, so that it answers as that would.
        """
        by = Author(
            at=self._clock(),
            message_id=job.message_id,
            organisation_id=job.organisation_id,
            organisation=job.ukprn,
            user=job.user,
        )
        plans = [_Plan(row, refused(row.given)) for row in rows]
        age = ReturnCode.RC013 if from_file(job) else ReturnCode.RC011
        _Deciding(unit.learners, london_day(job.submitted_at), by.at, opt_out=self._opt_out, age=age).decide(plans)
        if job.form != CHECK:
            _carry_out(plans, unit.learners, by)
        return [each.result for each in plans]


@dataclass(slots=True, repr=False)
class _Plan:
    """A row on its way to its code.

    ``uln`` is the record that it means, in the end the one beside the code; ``learner`` the record as it will be.
    """

    row: Row
    code: ReturnCode | None
    uln: str | None = None
    held: Learner | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    learner: Learner | None = None

    @property
    def sent(self) -> Fields:
        return self.row.given

    @property
    def result(self) -> RowResult:
        return RowResult(self.row.position, str(self.code), {"uln": self.uln} if self.uln else {})

    def settle(self, code: ReturnCode, uln: str | None = None) -> None:
        self.code, self.uln = code, uln


def _open(plans: Iterable[_Plan]) -> list[_Plan]:
    return [each for each in plans if each.code is None]


def _carry_out(plans: Sequence[_Plan], learners: BatchChanges, by: Author) -> None:
    new = [(each, each.learner) for each in plans if each.code is ReturnCode.RC001 and each.learner]
    for (plan, _), registered in zip(new, learners.register_all([learner for _, learner in new], by), strict=True):
        plan.uln = registered.uln
    for each in plans:
        if each.code is ReturnCode.RC002 and each.held:
            learners.update(each.held, each.changes, by)


class _Deciding:
    """Decides on the rows of a chunk, in steps that keep the order of locks: records, then demographics.

    What is read before the locks says only which of them are needed; it is looked at again behind them.
    """

    def __init__(
        self, learners: BatchChanges, today: date, now: datetime, *, opt_out: bool, age: ReturnCode
    ) -> None:
        self._learners = learners
        self._today = today
        self._now = now
        self._opt_out = opt_out
        self._age = age

    def decide(self, plans: Sequence[_Plan]) -> None:
        """Give every plan its code."""
        newcomers: dict[str, list[Entry]] = defaultdict(list)
        for each in _open(plans):
            self._look_up(each, newcomers)
        meant = [each for each in _open(plans) if each.uln]
        locked = {uln: self._learners.locked(uln) for uln in sorted({each.uln for each in meant if each.uln})}
        taken: set[str] = set()
        for each in meant:
            self._change(each, locked[each.uln or ""], taken)
        self._claim(_open(plans))

    def _look_up(self, plan: _Plan, newcomers: dict[str, list[Entry]]) -> None:
        """Say which record the row means: its own ULN's, one that has its five, or a new one."""
        plan.uln = plan.sent.get("uln")
        if plan.uln:
            return
        sent = five(plan.sent)
        same_day = newcomers[sent.date_of_birth]
        candidates = self._learners.candidates(sent)
        found = match(Search(demographics=sent), (*candidates.entries, *same_day), complete=candidates.complete)
        if found.code in _NO_ONE_RECORD:
            plan.settle(_NO_ONE_RECORD[found.code])
        elif found.code is ResponseCode.WSRC0022:
            plan.settle(ReturnCode.RC005, found.entries[0].current.uln)
        elif found.code is ResponseCode.WSRC0004:
            plan.uln = found.entries[0].current.uln
        elif learner := self._newcomer(plan):
            plan.learner = learner
            same_day.append(Entry(asked=learner, current=learner))

    def _newcomer(self, plan: _Plan) -> Learner | None:
        """Give the record that a registration would start, under what is no ULN; ``None`` after a refusal."""
        sent = plan.sent
        if not all(sent.get(name) for name in _TO_CREATE):
            plan.settle(ReturnCode.RC006)
            return None
        values: dict[str, Any] = {name: sent.get(name) for name in CHANGEABLE}
        to_register = LearnerToRegister(**values)
        described = verification_described(
            to_register.verification_type, to_register.other_verification_description
        )
        if not described or age_refused(to_register.date_of_birth, self._today):
            plan.settle(self._age if described else ReturnCode.RC011)
            return None
        of_file = {name: sent.get(name) for name in FROM_FILES}
        return new_learner(f"row {plan.row.position}", to_register, self._now, **of_file)

    def _change(self, plan: _Plan, held: Learner | None, taken: set[str]) -> None:
        """Say what the row changes of the record that it means, or why it changes nothing."""
        self._recognise(plan, held) if plan.sent.get("uln") else _equal_still(plan, held)
        if plan.code or held is None:
            return
        if held.uln in taken:
            plan.settle(ReturnCode.RC010)
            return
        plan.held, plan.changes = held, _changed(plan.sent, held)
        changed: dict[str, Any] = dict(plan.changes)
        plan.learner = replace(held, **changed)
        refusal = self._change_refused(plan, held, plan.learner)
        if refusal:
            plan.settle(refusal)
            return
        taken.add(held.uln)
        if not changed:
            plan.settle(ReturnCode.RC003, held.uln)

    def _recognise(self, plan: _Plan, held: Learner | None) -> None:
        """Settle a row whose ULN has no record of its own to be changed, or whose details are not its holder's."""
        entry = self._standing(held)
        if entry is None:
            plan.settle(ReturnCode.RC004)
        elif not self._describes(plan.sent, entry):
            plan.settle(ReturnCode.RC008)
        elif entry.merged:
            plan.settle(ReturnCode.RC005, entry.current.uln)

    def _standing(self, held: Learner | None) -> Entry | None:
        if held is None or held.status is Status.DELETED:
            return None
        return Entry(held, held) if held.status is Status.ACTIVE else self._learners.entry(held.uln)

    def _describes(self, sent: Fields, entry: Entry) -> bool:
        """Tell whether the details are the holder's, or those of a record merged into the holder's [O].

        A search may find the master through such a record, and its ULN sent again must then be taken (RC007).
        """
        if _agrees(sent, entry):
            return True
        merged = self._learners.entries(self._learners.linked(entry.current.uln))
        return any(_agrees(sent, each) for each in merged.values())

    def _change_refused(self, plan: _Plan, held: Learner, new: Learner) -> ReturnCode | None:
        evidence = plan.sent.get("verification_type") and not verification_described(
            new.verification_type, new.other_verification_description
        )
        if evidence or share_refused(held.ability_to_share, new.ability_to_share, opt_out=self._opt_out):
            return ReturnCode.RC011
        aged = "date_of_birth" in plan.changes and age_refused(new.date_of_birth, self._today)
        return self._age if aged else None

    def _claim(self, plans: Sequence[_Plan]) -> None:
        """Let each set of five demographics be one learner's: of the register, and of this chunk."""
        wanted = [(each, each.learner.demographics) for each in plans if each.learner]
        new = [
            (plan, sent) for plan, sent in wanted if plan.held is None or plan.held.demographics.key != sent.key
        ]
        self._learners.hold(sent for _, sent in new)
        claimed: set[str] = set()
        for plan, sent in new:
            if sent.key in claimed or self._learners.same_held(sent, besides=plan.uln or ""):
                plan.settle(ReturnCode.RC008 if plan.held else ReturnCode.RC007)
            claimed.add(sent.key)
        for plan in _open(plans):
            plan.settle(ReturnCode.RC002 if plan.held else ReturnCode.RC001, plan.uln)


def _equal_still(plan: _Plan, held: Learner | None) -> None:
    """Settle a row whose record has changed since it was found, so that it is no longer equal."""
    if held is None or held.status is not Status.ACTIVE or held.demographics.key != five(plan.sent).key:
        plan.settle(ReturnCode.RC007)


def _changed(sent: Fields, held: Learner) -> Mapping[str, str]:
    """Give what the row changes of a record.

    AbilityToShare 0 changes nothing: a row has to have one, and 0 says only that the learner has not seen the
    notice of whoever sends it. To refuse the row for it would keep the ULN from them [O].
    """
    given = {name: sent.get(name) for name in (*CHANGEABLE, *FROM_FILES)}
    if given["ability_to_share"] == _NOT_SEEN:
        given["ability_to_share"] = None
    return changes(held, given)


def _agrees(sent: Fields, entry: Standing) -> bool:
    """Tell whether a row with a ULN describes its holder: as verifyLearner answers, or by an earlier family name.

    So a row changes names to similar ones, and the family name to any other if the one that is registered is sent
    as the previous one; a date of birth or a gender is nothing that a batch changes [O].
    """
    claim = Claim(
        given_name=sent["given_name"] or "",
        family_name=sent["family_name"] or "",
        date_of_birth=sent.get("date_of_birth"),
        gender=sent.get("gender"),
    )
    before = replace(claim, family_name=sent.get("previous_family_name") or claim.family_name)
    return any(verify(each, entry).code is not VerifyCode.WSVRC005 for each in (claim, before))
