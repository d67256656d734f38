"""What became of one learner of a batch registration: the return codes (domain §7).

RC006, RC011, RC012 and RC013 are published; the numbers and meanings of the others are ours [O].
"""

from enum import StrEnum

from uln_contract.explanations import Explanation, Origin


class ReturnCode(StrEnum):
    """``ReturnCode`` of an OutputBatchLearner, and of a row of an output file."""

    RC001 = "RC001"
    RC002 = "RC002"
    RC003 = "RC003"
    RC004 = "RC004"
    RC005 = "RC005"
    RC006 = "RC006"
    RC007 = "RC007"
    RC008 = "RC008"
    RC009 = "RC009"
    RC010 = "RC010"
    RC011 = "RC011"
    RC012 = "RC012"
    RC013 = "RC013"


def _ours(code: str, text: str, remedy: str) -> Explanation:
    return Explanation(code, text, remedy, Origin.OURS)


def _published(code: str, text: str, remedy: str) -> Explanation:
    return Explanation(code, text, remedy, Origin.PUBLISHED)


RETURN_CODES: dict[str, Explanation] = {
    explanation.code: explanation
    for explanation in (
        _ours(
            "RC001",
            "The learner was not in the register and is registered now, under the ULN beside this code. "
            "In a batch that only checks (CHK): the learner would be registered, and no ULN is given.",
            "Store the ULN with the learner. After a check, send the batch as FUL to register.",
        ),
        _ours(
            "RC002",
            "The learner is in the register, and the record is updated with what the row says. "
            "In a batch that only checks (CHK): it would be updated.",
            "Store the ULN with the learner. After a check, send the batch as FUL to update.",
        ),
        _ours(
            "RC003",
            "The learner is in the register, and the record holds already what the row says: nothing is changed.",
            "Store the ULN with the learner.",
        ),
        _ours(
            "RC004",
            "The ULN of the row is not in the register.",
            "Check the ULN digit by digit against the learner's own document, or leave it out and let the details "
            "find the learner.",
        ),
        _ours(
            "RC005",
            "The learner's record was merged into another one: the ULN beside this code is that master's. "
            "Nothing is changed.",
            "Replace the old ULN by the master's in your own system. To update the record, send the row again "
            "with the master's ULN.",
        ),
        _published(
            "RC006",
            "The data do not suffice to create a ULN. This service's rule: a given name and a family name with at "
            "least one letter are needed in each row, and without a ULN also date of birth, gender and postcode; "
            "for a learner who is not in the register yet, VerificationType and AbilityToShare as well.",
            "Complete the row and send it again.",
        ),
        _ours(
            "RC007",
            "The row may mean a learner who is in the register, but its details are not equal to that record; "
            "or it may mean the learner of an earlier row of this batch, or one who was registered or changed at "
            "this very moment.",
            "Find the learner by demographics and compare the records with the learner's own document. If one of "
            "them is the learner's, send the row again with its ULN; if none is, register the learner singly.",
        ),
        _ours(
            "RC008",
            "The ULN of the row is in the register, but the details are not its holder's; or they would make its "
            "record equal to another learner's. Nothing is changed.",
            "Check the ULN and the details against the learner's own document. A date of birth or a gender is "
            "corrected singly, with updateSingleLearner; a new family name needs the old one as "
            "PreviousFamilyName.",
        ),
        _ours(
            "RC009",
            "More than 10 learners of the register may be meant by the row, or so many records resemble it that "
            "not all of them were read.",
            "Find the learner by demographics with more details, or ask the learner for the ULN, and send the row "
            "again with it.",
        ),
        _ours(
            "RC010",
            "The batch has the same learner in an earlier row: the same ULN, the same names, date of birth, "
            "gender and postcode, or details that lead to the same record. This row is left out.",
            "Send each learner once in a batch. The earlier row's code says what became of the learner.",
        ),
        _published(
            "RC011",
            "The format is incorrect. This service's rule: the ULN's check digit does not fit, the date of "
            "birth is outside the age range of 13 to 110 years, VerificationType 999 has no "
            "OtherVerificationDescription, or AbilityToShare would change to 2, which this service is not set "
            "up to allow.",
            "Correct the row and send it again.",
        ),
        _published(
            "RC012",
            "An identifier has an incorrect format. It occurs in files of layout 3A only.",
            "Correct the UCI or the UPN, 13 characters each, and send the row again.",
        ),
        _published(
            "RC013",
            "The date of birth is outside the permitted age range. It occurs in files only.",
            "Correct the date of birth and send the row again. Over the web service the same is RC011.",
        ),
    )
}
"""Each return code explained."""
