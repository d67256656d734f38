"""What is found wrong with, or is worth saying of, one submitted achievement: one catalogue of codes (domain §9).

That there are three classes of errors is published; the codes and their rules are ours [O].
"""

from enum import StrEnum

from uln_contract.explanations import Explanation, Origin


class FindingClass(StrEnum):
    """What a finding counts as; a warning refuses nothing."""

    FIELD_DATA = "Field data"
    LEARNER_DATA = "Learner data"
    BUSINESS_RULE = "Business rule"
    WARNING = "Warning"


class AchievementCode(StrEnum):
    """``code`` of a line of the error file: FD field data, LD learner data, BR business rule, W warning."""

    FD001 = "FD001"
    FD002 = "FD002"
    FD003 = "FD003"
    FD004 = "FD004"
    FD005 = "FD005"
    FD006 = "FD006"
    FD007 = "FD007"
    FD008 = "FD008"
    LD001 = "LD001"
    LD002 = "LD002"
    LD003 = "LD003"
    BR001 = "BR001"
    BR002 = "BR002"
    BR003 = "BR003"
    BR004 = "BR004"
    BR005 = "BR005"
    BR006 = "BR006"
    BR007 = "BR007"
    BR008 = "BR008"
    BR009 = "BR009"
    BR010 = "BR010"
    BR011 = "BR011"
    BR012 = "BR012"
    BR013 = "BR013"
    W001 = "W001"
    W002 = "W002"
    W003 = "W003"
    W004 = "W004"
    W005 = "W005"
    W006 = "W006"
    W007 = "W007"

    @property
    def finding_class(self) -> FindingClass:
        """What the finding counts as."""
        return _CLASSES[self.value.rstrip("0123456789")]


_CLASSES = {
    "FD": FindingClass.FIELD_DATA,
    "LD": FindingClass.LEARNER_DATA,
    "BR": FindingClass.BUSINESS_RULE,
    "W": FindingClass.WARNING,
}


def _ours(code: AchievementCode, text: str, remedy: str) -> Explanation:
    return Explanation(code.value, text, remedy, Origin.OURS)


_FIELD_DATA = (
    _ours(
        AchievementCode.FD001,
        "A field that must be given is empty.",
        "Give AchievementAwardDate, Action, ActionDate, FamilyName, GivenName, ProviderUkprn, Uln and "
        "UnitOrQualificationReferenceNumber in each achievement; both names need a letter.",
    ),
    _ours(
        AchievementCode.FD002,
        "A text is longer than its field takes, or holds a control character.",
        "Shorten it: names, Grade and LanguageForAssessment take 35 characters, LearnerPostcode 9, MisIdentifier "
        "128, ActionReason 254. Remove line breaks and tabs.",
    ),
    _ours(
        AchievementCode.FD003,
        "The value is no date with a time, or lies before 1900.",
        "Send it as 2026-06-30T00:00:00, with or without a time zone; without one it is UK time. A program that "
        "sends 0001-01-01T00:00:00 has left the date unset.",
    ),
    _ours(
        AchievementCode.FD004,
        "The date lies in the future.",
        "Submit an achievement once it is awarded, with an ActionDate not after the day of submission in UK time.",
    ),
    _ours(
        AchievementCode.FD005,
        "The Action is none that this service knows.",
        "Send 1 to create, 2 to update, 3 to withdraw, 4 to reinstate or 5 to promote a provisional achievement "
        "to final, unless the service's operator has set other numbers. 0 is never known: a program that sends "
        "it has left the Action unset.",
    ),
    _ours(
        AchievementCode.FD006,
        "The ULN has the wrong form, or its check digit does not fit.",
        "Check the ULN digit by digit: ten digits, the first not 0, the last the check digit.",
    ),
    _ours(
        AchievementCode.FD007,
        "The Gender is none of the contract's.",
        "Send 0 for not known, 1 for male, 2 for female or 9 for not specified, or leave it out.",
    ),
    _ours(
        AchievementCode.FD008,
        "The reference number has neither the form of a unit's nor that of a qualification's.",
        "Send it as K/501/5773 (unit), 600/1166/X or 500/4606/8 (qualification), or the same without the strokes.",
    ),
)

_LEARNER_DATA = (
    _ours(
        AchievementCode.LD001,
        "The ULN is not in the register, or its record was deleted.",
        "Check the ULN digit by digit against the learner's own document, or ask the learner's provider for it.",
    ),
    _ours(
        AchievementCode.LD002,
        "The names are not those of the ULN's holder.",
        "Check that the ULN is this learner's, and send the names as on the learner's own document.",
    ),
    _ours(
        AchievementCode.LD003,
        "The date of birth is not that of the ULN's holder.",
        "Look for swapped day and month, and check that the ULN is this learner's; or leave the date of birth "
        "out.",
    ),
)

_BUSINESS_RULES = (
    _ours(
        AchievementCode.BR001,
        "The catalogue has no unit or qualification of this reference number, or had none any more on the "
        "award date.",
        "Check the reference number. If it is right, ask the service's operator to bring the catalogue up to "
        "date.",
    ),
    _ours(
        AchievementCode.BR002,
        "The award date lies before the first day on which the unit or qualification may be awarded.",
        "Check award date and reference number: an earlier version may have a number of its own.",
    ),
    _ours(
        AchievementCode.BR003,
        "The award date lies after the last day on which the unit or qualification may be certificated.",
        "Check award date and reference number: a later version may have a number of its own.",
    ),
    _ours(
        AchievementCode.BR004,
        "The unit or qualification is another awarding organisation's and not shared with yours, or the catalogue "
        "does not know whose it is.",
        "Check the reference number. If you may award it, ask its owner to list your organisation.",
    ),
    _ours(
        AchievementCode.BR005,
        "The grade is not in the grading structure of the unit or qualification.",
        "Send one of its grades as the catalogue spells it; a unit's is Pass, also when Grade is left out.",
    ),
    _ours(
        AchievementCode.BR006,
        "The provider's UKPRN is not well formed.",
        "Send the eight digits of the provider's UKPRN, the first not 0.",
    ),
    _ours(
        AchievementCode.BR007,
        "Your organisation has no such achievement of this learner to update, withdraw, reinstate or promote.",
        "Check ULN and reference number, or create the achievement first.",
    ),
    _ours(
        AchievementCode.BR008,
        "The achievement is not withdrawn, so that it cannot be reinstated.",
        "Nothing to do if it should stand. Otherwise withdraw it before it is reinstated.",
    ),
    _ours(
        AchievementCode.BR009,
        "The achievement is withdrawn already.",
        "Nothing to do if it should be withdrawn.",
    ),
    _ours(
        AchievementCode.BR010,
        "The achievement is final already, so that it cannot be promoted.",
        "Nothing to do if it should be final. To change its details, update it.",
    ),
    _ours(
        AchievementCode.BR011,
        "Your organisation has submitted this achievement of this learner already, perhaps through another "
        "provider. An achievement counts once.",
        "Nothing to do if it is the same. To change its details, also those of a better result, update it.",
    ),
    _ours(
        AchievementCode.BR012,
        "Your organisation has submitted this achievement of this learner and withdrawn it.",
        "Reinstate it, and update it if its details have changed.",
    ),
    _ours(
        AchievementCode.BR013,
        "The ActionDate is earlier than that of what is held, so that nothing is changed.",
        "Nothing to do if what is held is right. Otherwise send the action with the date on which it was decided.",
    ),
)

_WARNINGS = (
    _ours(
        AchievementCode.W001,
        "The learner's postcode is not the one that the register holds.",
        "Nothing to correct if the learner has moved.",
    ),
    _ours(
        AchievementCode.W002,
        "The learner's gender is not the one that the register holds.",
        "Check that the ULN is this learner's.",
    ),
    _ours(
        AchievementCode.W003,
        "The names are similar to the registered ones, but not the same.",
        "Compare them with the learner's own document.",
    ),
    _ours(
        AchievementCode.W004,
        "The ULN was merged into another one. The achievement is kept under the ULN that was sent, and shows in "
        "the record of the other one.",
        "Find the learner by ULN, and use the master's ULN from now on.",
    ),
    _ours(
        AchievementCode.W005,
        "The provider's UKPRN is not on this service's list of providers.",
        "Check the UKPRN. If it is right, ask the service's operator to bring the list up to date.",
    ),
    _ours(
        AchievementCode.W006,
        "The achievement holds already what was sent.",
        "Nothing to correct. If you expected a change, check that the new value really was sent.",
    ),
    _ours(
        AchievementCode.W007,
        "The learner has the same unit or qualification already, from another awarding organisation or under a "
        "ULN that was merged. The achievement is recorded, and its credit counts once.",
        "Nothing to correct.",
    ),
)

ACHIEVEMENT_CODES: dict[str, Explanation] = {
    explanation.code: explanation for explanation in (*_FIELD_DATA, *_LEARNER_DATA, *_BUSINESS_RULES, *_WARNINGS)
}
"""Each of these codes explained."""
