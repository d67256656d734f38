"""QCF files: achievements, the fields of the contract type Achievement in its order (domain §8, §9) [O]."""

import re

from uln_contract.external_records import Achievement
from uln_contract.facets import Facets
from uln_contract.layouts.layout import Column, FileKind, Layout, ValueKind

# The contract's own types say no more than "text", "whole number" or "moment": the rest is ours [O].
_MOMENT = Facets(
    meaning="A day, YYYY-MM-DD, or a day and a time, YYYY-MM-DDTHH:MM:SS, with or without a time zone.",
    example="2024-06-28",
    pattern=re.compile(
        r"(?:19|2[0-9])[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
        r"(?:T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?(?:Z|[+-][01][0-9]:[0-5][0-9])?)?"
    ),
)
_NAME = Facets(
    meaning="A name of 1 to 35 characters, with a letter in it.", example="Darcie", minimum=1, maximum=35
)


def _text(meaning: str, example: str, most: int) -> Facets:
    return Facets(meaning=f"{meaning}, up to {most} characters.", example=example, maximum=most)


_TYPES = {
    "AchievementAwardDate": (ValueKind.MOMENT, _MOMENT),
    "Action": (
        ValueKind.CODE,
        Facets(
            meaning="1 create, 2 update, 3 withdraw, 4 reinstate, 5 promote to final.",
            example="1",
            pattern=re.compile("[+-]?[0-9]{1,9}"),
        ),
    ),
    "ActionDate": (ValueKind.MOMENT, _MOMENT),
    "ActionReason": (ValueKind.TEXT, _text("Why the action is taken", "Regraded after an appeal", 254)),
    "DateofBirth": (ValueKind.MOMENT, _MOMENT),
    "FamilyName": (ValueKind.NAME, _NAME),
    "Gender": (
        ValueKind.CODE,
        Facets(
            meaning="Gender: 0 not known, 1 male, 2 female, 9 not specified.",
            example="2",
            pattern=re.compile("[0129]"),
        ),
    ),
    "GivenName": (ValueKind.NAME, _NAME),
    "Grade": (ValueKind.TEXT, _text("The grade, as the catalogue grades it", "Pass", 35)),
    "LanguageForAssessment": (ValueKind.TEXT, _text("The language of the assessment", "English", 35)),
    "LearnerPostcode": (ValueKind.POST_CODE, _text("The learner's postcode", "CV4 9EE", 9)),
    "MisIdentifier": (ValueKind.REFERENCE, _text("The learner's number in your own system", "MIS-0042", 128)),
    "ProviderUkprn": (
        ValueKind.REFERENCE,
        Facets(
            meaning="The UKPRN of the centre: eight digits.", example="90000002", pattern=re.compile("[0-9]{8}")
        ),
    ),
    "Uln": (
        ValueKind.ULN,
        Facets(
            meaning="A Unique Learner Number: ten digits, the first not 0, the last a check digit.",
            example="1026893096",
            pattern=re.compile("[1-9][0-9]{9}"),
        ),
    ),
    "UnitOrQualificationReferenceNumber": (
        ValueKind.REFERENCE,
        Facets(
            meaning="The reference number of a unit or qualification, with or without its slashes.",
            example="S/900/0004",
            pattern=re.compile(
                "[A-Za-z]/[0-9]{3}/[0-9]{4}|[A-Za-z0-9][0-9]{2}/[0-9]{4}/[0-9Xx]"
                "|[A-Za-z][0-9]{7}|[A-Za-z0-9][0-9]{6}[0-9Xx]"
            ),
        ),
    ),
}
REQUIRED = frozenset(
    {
        *("AchievementAwardDate", "Action", "ActionDate", "FamilyName", "GivenName", "ProviderUkprn", "Uln"),
        "UnitOrQualificationReferenceNumber",
    }
)
"""What every achievement fills (code FD001)."""

ACHIEVEMENTS = Layout(
    name="achievement",
    kind=FileKind.ACHIEVEMENTS,
    title="achievements",
    columns=tuple(
        Column(each.name, *_TYPES[each.name], each.name, required=each.name in REQUIRED)
        for each in Achievement.FIELDS
    ),
    file_name=re.compile(
        r"QCF_(?P<ukprn>[0-9]{8})_[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])_(?P<number>[0-9]{3})"
    ),
    file_name_form="QCF_<UKPRN>_<YYYYMMDD>_<NNN>",
    file_name_example="QCF_90000001_20240624_001",
    extension_upper=False,
    fewest=1,
    most=500_000,
    at_once=3_000,
    root="AchievementFile",
    record="Achievement",
)
