"""The contract's simple types in words: what each field asks for, and what to do when a value breaks it.

The schema decides; this table only says it so that a clerk understands. Elements of one name mean the same in all
requests of the contract (learner-service 2014).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """``words`` continues a sentence that starts with the field's name; ``remedy`` is a sentence of its own."""

    words: str
    remedy: str


_SPELLING = "Give it as on the learner's own document."
_NAME = Rule("must be 1 to 35 characters and not blank.", _SPELLING)
_SHORT = Rule("must be at most 35 characters.", "Shorten it, or leave it out.")
_ADDRESS = Rule("must be at most 50 characters.", "Shorten it, or spread it over the address lines.")
_DATE = Rule("must be a date as YYYY-MM-DD, from 1800 to 2099.", "Write a day that exists, like 1976-08-16.")
_POST_CODE = Rule(
    "must be a UK or BFPO postcode of at most 9 characters.",
    "Write it like CV4 9EE, with none of C, I, K, M, O and V among the last two letters;"
    " ZZ99 9ZZ when it is unknown.",
)

_RULES = {
    "AbilityToShare": Rule("must be 0, 1 or 2.", "0: notice not seen; 1: seen, shares; 2: seen, does not share."),
    "DateOfAddressCapture": _DATE,
    "DateOfBirth": _DATE,
    "EmailAddress": Rule("must be an e-mail address of at most 254 characters.", "Correct it, or leave it out."),
    "FamilyName": _NAME,
    "FamilyNameAtAge16": _SHORT,
    "FindType": Rule("must be FUL or CHK.", "FUL returns the learner, CHK the code only."),
    "FromDate": _DATE,
    "Gender": Rule("must be 0, 1, 2 or 9.", "0: not known; 1: male; 2: female; 9: not specified."),
    "GivenName": _NAME,
    "JobType": Rule("must be FUL or CHK.", "FUL registers and updates, CHK checks only."),
    "LNRContactType": Rule("must be FTF, TEL, PST, WEB, EML or NKN.", "NKN when it is not known."),
    "LastKnownAddressCountyOrCity": _ADDRESS,
    "LastKnownAddressLine1": _ADDRESS,
    "LastKnownAddressLine2": _ADDRESS,
    "LastKnownAddressTown": _ADDRESS,
    "LastKnownPostCode": _POST_CODE,
    "Learner": Rule(
        "must be there once at least, and at most 200 times in a batch to register, 5,000 times in one to verify.",
        "Split the batch.",
    ),
    "LearnerRecordCount": Rule(
        "must be 1 to 200 in a batch to register, 1 to 5,000 in one to verify.", "Split the batch."
    ),
    "MISIdentifier": Rule("must be at most 128 characters.", "Shorten it, or leave it out."),
    "MiddleOtherName": _SHORT,
    "Nationality": Rule("must be at most 3 characters.", "Give the code, or leave it out."),
    "Notes": Rule("must be at most 4000 characters.", "Shorten them, or leave them out."),
    "OrgEmail": Rule("must be an e-mail address of at most 254 characters.", "Correct it, or leave it out."),
    "OrgPassword": Rule(
        "must be 16 characters and not blank.", "Set ULN_PASSWORD to the organisation's password."
    ),
    "OrganisationRef": Rule("must be 6 letters or digits.", "Set ULN_ORGREF to the organisation's reference."),
    "OtherVerificationDescription": Rule("must be at most 255 characters.", "Shorten it."),
    "PlaceOfBirth": _SHORT,
    "PreferredGivenName": _SHORT,
    "PreviousFamilyName": _SHORT,
    "SchoolAtAge16": Rule("must be at most 254 characters.", "Shorten it, or leave it out."),
    "ScottishCandidateNumber": Rule("must be 9 digits.", "Correct it, or leave it out."),
    "Title": _SHORT,
    "ToDate": _DATE,
    "UKPRN": Rule("must be 8 letters or digits.", "Set ULN_UKPRN to the organisation's UKPRN."),
    "ULN": Rule("must be 10 digits, the first not 0.", "Copy it from the learner's document, without spaces."),
    "UserName": Rule("must be 1 to 35 characters and not blank.", "Set ULN_USERNAME to the person who calls."),
    "UserType": Rule(
        "must be LNR, ORG or SER.", "Give ORG, unless your organisation may speak as one of the others."
    ),
    "VerificationType": Rule("must be 0 to 7 or 999.", "With 999 give OtherVerificationDescription as well."),
}
_OTHER = Rule(
    "is not what the contract asks for.", "Compare it with the type of that name in the service's schemas."
)


def rule_of(name: str) -> Rule:
    """Give the rule of the request element with this local name."""
    return _RULES.get(name, _OTHER)


def names() -> frozenset[str]:
    """Every element that has a rule of its own."""
    return frozenset(_RULES)
