"""The simple types of a learner's fields in words: what each asks for, and what to do when a value breaks it.

The schema decides; this table only says it so that a clerk understands, in a message and in a file alike. Elements
of one name mean the same in all requests of the contract (learner-service 2014).
"""

from collections.abc import Mapping
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
DATE = Rule("must be a date as YYYY-MM-DD, from 1800 to 2099.", "Write a day that exists, like 1976-08-16.")
"""Any date's."""
_POST_CODE = Rule(
    "must be a UK or BFPO postcode of at most 9 characters.",
    "Write it like CV4 9EE, with none of C, I, K, M, O and V among the last two letters;"
    " ZZ99 9ZZ when it is unknown.",
)

FIELD_RULES: Mapping[str, Rule] = {
    "AbilityToShare": Rule("must be 0, 1 or 2.", "0: notice not seen; 1: seen, shares; 2: seen, does not share."),
    "DateOfAddressCapture": DATE,
    "DateOfBirth": DATE,
    "EmailAddress": Rule("must be an e-mail address of at most 254 characters.", "Correct it, or leave it out."),
    "FamilyName": _NAME,
    "FamilyNameAtAge16": _SHORT,
    "Gender": Rule("must be 0, 1, 2 or 9.", "0: not known; 1: male; 2: female; 9: not specified."),
    "GivenName": _NAME,
    "LastKnownAddressCountyOrCity": _ADDRESS,
    "LastKnownAddressLine1": _ADDRESS,
    "LastKnownAddressLine2": _ADDRESS,
    "LastKnownAddressTown": _ADDRESS,
    "LastKnownPostCode": _POST_CODE,
    "MISIdentifier": Rule("must be at most 128 characters.", "Shorten it, or leave it out."),
    "MiddleOtherName": _SHORT,
    "Nationality": Rule("must be at most 3 characters.", "Give the code, or leave it out."),
    "Notes": Rule("must be at most 4000 characters.", "Shorten them, or leave them out."),
    "OtherVerificationDescription": Rule("must be at most 255 characters.", "Shorten it."),
    "PlaceOfBirth": _SHORT,
    "PreferredGivenName": _SHORT,
    "PreviousFamilyName": _SHORT,
    "SchoolAtAge16": Rule("must be at most 254 characters.", "Shorten it, or leave it out."),
    "ScottishCandidateNumber": Rule("must be 9 digits.", "Correct it, or leave it out."),
    "Title": _SHORT,
    "ULN": Rule("must be 10 digits, the first not 0.", "Copy it from the learner's document, without spaces."),
    "VerificationType": Rule("must be 0 to 7 or 999.", "With 999 give OtherVerificationDescription as well."),
}
"""The rule of each field of a learner, by the element's name."""
