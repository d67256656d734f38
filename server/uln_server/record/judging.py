"""What becomes of one submitted achievement: the checks in their order, and then the action (domain §9) [O].

Field data are checked when it is read (``submitted.read``), then the learner, then the business rules. It is
refused in the first class that has an error, with everything that class has against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from uln_contract.codes import AchievementCode
from uln_server.catalogue import entry as catalogue
from uln_server.catalogue.awarding import Problem, available_to, graded, in_time, listed_on
from uln_server.catalogue.provider import is_ukprn
from uln_server.record.action import Action, Form
from uln_server.record.award import Award, AwardKey, Deed, Details, Outcome, Step, act
from uln_server.record.finding import Finding, Findings
from uln_server.record.learner_data import learner_findings
from uln_server.record.submitted import Submitted
from uln_server.register import entry as register

_REFERENCE = "UnitOrQualificationReferenceNumber"
_AWARD_DATE = "AchievementAwardDate"
_PROBLEMS = {
    Problem.NOT_ON_CATALOGUE: Finding(AchievementCode.BR001, _REFERENCE),
    Problem.WITHDRAWN: Finding(AchievementCode.BR001, _REFERENCE),
    Problem.BEFORE_START: Finding(AchievementCode.BR002, _AWARD_DATE),
    Problem.AFTER_END: Finding(AchievementCode.BR003, _AWARD_DATE),
    Problem.NOT_AVAILABLE: Finding(AchievementCode.BR004, _REFERENCE),
    Problem.OWNER_NOT_KNOWN: Finding(AchievementCode.BR004, _REFERENCE),
    Problem.NO_GRADE: Finding(AchievementCode.BR005, "Grade"),
    Problem.NOT_A_GRADE: Finding(AchievementCode.BR005, "Grade"),
}
_ABOUT = {
    AchievementCode.BR007: _REFERENCE,
    AchievementCode.BR011: _REFERENCE,
    AchievementCode.BR012: _REFERENCE,
    AchievementCode.BR013: "ActionDate",
}
_WITH_DETAILS = frozenset({Action.CREATE, Action.UPDATE, Action.PROMOTE})


# Not frozen, either of them: there is one for each row, and a frozen one takes twice as long to make.
@dataclass(slots=True, kw_only=True)
class Known:
    """What a submission is held against.

    ``organisation`` is the awarding organisation's UKPRN; ``learner`` and ``entry`` are what register and
    catalogue have for ULN and reference. ``provider_unlisted`` is true only where a list of providers is loaded
    and the provider is not on it. ``held`` is the award that the action is about: the organisation's own under
    this ULN; where there is none, and for every action but CREATE, the one under a ULN that is linked with it by
    merging, so that whoever took over the master's ULN can still change what was submitted under the old one.
    ``elsewhere``: whether the learner has the same unit or qualification from another organisation, or under a
    linked ULN.
    """

    organisation: str
    form: Form
    learner: register.Standing | None
    entry: catalogue.Entry | None
    provider_unlisted: bool = False
    held: Award | None = None
    elsewhere: bool = False


@dataclass(slots=True)
class Verdict:
    """What became of an achievement: what was done, and the award since then, or neither; and what was found."""

    findings: Findings
    outcome: Outcome | None = None
    award: Award | None = None


def judge(submitted: Submitted, known: Known) -> Verdict:
    """Hold an achievement to the learner and to the business rules, and carry its action out."""
    learner = learner_findings(submitted, known.learner)
    if learner and any(each.refuses for each in learner):
        return Verdict(learner)
    details, problems = _details(submitted, known)
    step = act(
        known.held, _key(submitted, known), Deed(submitted.action, submitted.action_at, details, known.form)
    )
    if isinstance(step, AchievementCode):
        problems = (*problems, Finding(step, _ABOUT.get(step, "Action")))
    if problems or isinstance(step, AchievementCode):
        return Verdict((*learner, *problems))
    return Verdict((*learner, *_warnings(submitted, known, step)), step.outcome, step.award)


def _key(submitted: Submitted, known: Known) -> AwardKey:
    return AwardKey(known.organisation, submitted.uln, submitted.reference)


def _details(submitted: Submitted, known: Known) -> tuple[Details, Findings]:
    """Give the details as they will be kept, the grade as the catalogue spells it, and what stands against them.

    To withdraw or reinstate nothing of them is needed: what the catalogue says today must not keep an award that
    was a mistake.
    """
    sent = submitted.details
    if submitted.action not in _WITH_DETAILS:
        return sent, ()
    provider = () if is_ukprn(sent.provider_ukprn) else (Finding(AchievementCode.BR006, "ProviderUkprn"),)
    if known.entry is None:
        return sent, (_PROBLEMS[Problem.NOT_ON_CATALOGUE], *provider)
    grading = graded(known.entry, sent.grade)
    problems = (
        listed_on(known.entry, sent.award_date),
        in_time(known.entry, sent.award_date),
        available_to(known.entry, known.organisation),
        grading.problem,
    )
    found = tuple([_PROBLEMS[each] for each in problems if each]) if any(problems) else ()
    spelt = sent if sent.grade == grading.grade else replace(sent, grade=grading.grade)
    return spelt, (*found, *provider)


def _warnings(submitted: Submitted, known: Known, step: Step) -> Iterator[Finding]:
    if known.provider_unlisted and submitted.action in _WITH_DETAILS:
        yield Finding(AchievementCode.W005, "ProviderUkprn")
    held = known.held
    if step.outcome is Outcome.UPDATED and held is not None and step.award.details == held.details:
        yield Finding(AchievementCode.W006, "Action")
    if step.outcome is Outcome.CREATED and known.elsewhere:
        yield Finding(AchievementCode.W007, _REFERENCE)
