"""The contract's simple types in words: what each field asks for, and what to do when a value breaks it.

The schema decides; this table only says it so that a clerk understands. Elements of one name mean the same in all
requests of the contract (learner-service 2014); those of a learner are told here as they are told of a file.
"""

from uln_contract.field_rules import DATE, FIELD_RULES, Rule

__all__ = ["Rule", "names", "rule_of"]

_RULES = {
    **FIELD_RULES,
    "FindType": Rule("must be FUL or CHK.", "FUL returns the learner, CHK the code only."),
    "FromDate": DATE,
    "JobType": Rule("must be FUL or CHK.", "FUL registers and updates, CHK checks only."),
    "LNRContactType": Rule("must be FTF, TEL, PST, WEB, EML or NKN.", "NKN when it is not known."),
    "Learner": Rule(
        "must be there once at least, and at most 200 times in a batch to register, 5,000 times in one to verify.",
        "Split the batch.",
    ),
    "LearnerRecordCount": Rule(
        "must be 1 to 200 in a batch to register, 1 to 5,000 in one to verify.", "Split the batch."
    ),
    "OrgEmail": Rule("must be an e-mail address of at most 254 characters.", "Correct it, or leave it out."),
    "OrgPassword": Rule(
        "must be 16 characters and not blank.", "Set ULN_PASSWORD to the organisation's password."
    ),
    "OrganisationRef": Rule("must be 6 letters or digits.", "Set ULN_ORGREF to the organisation's reference."),
    "ToDate": DATE,
    "fromDate": DATE,
    "pageSize": Rule("must be 1 to 1000.", "Ask for smaller pages: all of them are read in any case."),
    "providerUkprn": Rule("must be 8 digits.", "Correct the provider's UKPRN, or leave it out."),
    "toDate": DATE,
    "updatedSince": Rule("must be a date with a time.", "Write it like 2024-02-05T09:30:00Z, or leave it out."),
    "UKPRN": Rule("must be 8 letters or digits.", "Set ULN_UKPRN to the organisation's UKPRN."),
    "UserName": Rule("must be 1 to 35 characters and not blank.", "Set ULN_USERNAME to the person who calls."),
    "UserType": Rule(
        "must be LNR, ORG or SER.", "Give ORG, unless your organisation may speak as one of the others."
    ),
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
