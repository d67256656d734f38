"""LRB files: learners to register or update, in layout 2A and in 3A, which replaced it in 2019 (domain §8)."""

import re

from uln_contract.facets import Facets, facets_of, named_facets
from uln_contract.layouts.layout import Column, FileKind, Layout, ValueKind

_CONTRACT = "BatchLearner"
# Headings that differ from the contract's element.
_ELEMENTS = {
    "FamilyNameAt16": "FamilyNameAtAge16",
    "LastKnownAddressCountyorCity": "LastKnownAddressCountyOrCity",
    "MiddleNames": "MiddleOtherName",
}
_KINDS = {
    "ULN": ValueKind.ULN,
    "MISIdentifier": ValueKind.REFERENCE,
    "GivenName": ValueKind.NAME,
    "FamilyName": ValueKind.NAME,
    "LastKnownPostCode": ValueKind.POST_CODE,
    "DateOfAddressCapture": ValueKind.DATE,
    "DateOfBirth": ValueKind.DATE,
    "EmailAddress": ValueKind.EMAIL,
    "Gender": ValueKind.CODE,
    "Nationality": ValueKind.CODE,
    "ScottishCandidateNumber": ValueKind.REFERENCE,
    "AbilityToShare": ValueKind.CODE,
    "VerificationType": ValueKind.CODE,
}
_REQUIRED = frozenset({"GivenName", "FamilyName"})

_VERSION = {
    name: Facets(meaning=f"The layout of the file: {name}.", example=name, pattern=re.compile(name))
    for name in ("2A", "3A")
}
_FILE_NAME = Facets(
    meaning="The file's own name, with its extension.",
    example="LRB_90000001_240620240930.CSV",
    minimum=1,
    maximum=254,
)
_COUNT = Facets(
    meaning="How many learners the file holds, a whole number.",
    example="50",
    pattern=re.compile("[1-9][0-9]{0,6}"),
)
_UCI = Facets(
    meaning="A unique candidate identifier: 12 digits and a check character.",
    example="900000100001A",
    pattern=re.compile("[0-9]{12}[0-9A-Za-z]"),
)
_UPN = Facets(
    meaning="A unique pupil number: a letter, 11 digits, and a digit or letter.",
    example="A900000100001",
    pattern=re.compile("[A-Za-z][0-9]{11}[0-9A-Za-z]"),
)
_SEEN = Facets(
    meaning="Whether the privacy notice was seen: 0 no, 1 yes.", example="1", pattern=re.compile("[01]")
)


def _leading(version: str) -> tuple[Column, ...]:
    """The four columns that the first row alone fills."""
    return (
        Column("FileVersion", ValueKind.CODE, _VERSION[version], required=True, of_file=True),
        Column("FileName", ValueKind.TEXT, _FILE_NAME, of_file=True),
        Column("UKPRN", ValueKind.REFERENCE, named_facets("MIAPUKPRN"), required=True, of_file=True),
        Column("LearnerRecordCount", ValueKind.COUNT, _COUNT, required=True, of_file=True),
    )


def _column(name: str) -> Column:
    element = _ELEMENTS.get(name, name)
    kind = _KINDS.get(name, ValueKind.TEXT)
    return Column(name, kind, facets_of(element, _CONTRACT), element, required=name in _REQUIRED)


_SHARED = (
    *("ULN", "MISIdentifier", "Title", "GivenName", "PreferredGivenName", "MiddleOtherName", "FamilyName"),
    *("PreviousFamilyName", "FamilyNameAt16", "SchoolAtAge16", "LastKnownAddressLine1", "LastKnownAddressLine2"),
    *("LastKnownAddressTown", "LastKnownAddressCountyorCity", "LastKnownPostCode", "DateOfAddressCapture"),
    *("DateOfBirth", "PlaceOfBirth", "EmailAddress", "Gender", "Nationality", "ScottishCandidateNumber"),
    *("AbilityToShare", "VerificationType", "OtherVerificationDescription", "Notes"),
)
_2A = {name: _column(name) for name in _SHARED}
# Where 3A has something else than 2A. Its order is not published: this is ours [O].
_INSTEAD = {
    "MiddleOtherName": (_column("MiddleNames"),),
    "AbilityToShare": (Column("PrivacyNoticeSeen", ValueKind.CODE, _SEEN, "AbilityToShare"),),
    "ScottishCandidateNumber": (
        _2A["ScottishCandidateNumber"],
        Column("UCI", ValueKind.REFERENCE, _UCI),
        Column("UPN", ValueKind.REFERENCE, _UPN),
    ),
}
# As the contract spells them, and as the other layout does.
_ALSO = {
    "familynameatage16": "FamilyNameAt16",
    "misidentifer": "MISIdentifier",
}


def _layout(version: str, columns: tuple[Column, ...]) -> Layout:
    return Layout(
        name=version,
        kind=FileKind.REGISTRATION,
        title=f"learners to register, layout {version}",
        columns=(*_leading(version), *columns),
        file_name=re.compile(
            r"LRB_(?P<ukprn>[0-9]{8})_"
            r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{4}(?:[01][0-9]|2[0-3])[0-5][0-9]"
        ),
        file_name_form="LRB_<UKPRN>_<DDMMYYYYHHMM>",
        file_name_example="LRB_90000001_240620240930",
        extension_upper=True,
        fewest=50,
        most=5_000,
        at_once=200,
        root="LearnerRegistrationFile",
        record="Learner",
        also_headed=_ALSO,
    )


REGISTRATION_2A = _layout("2A", tuple(_2A.values()))
REGISTRATION_3A = _layout(
    "3A", tuple(each for name, column in _2A.items() for each in _INSTEAD.get(name, (column,)))
)
