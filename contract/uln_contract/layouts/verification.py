"""VER files: learners to verify, the fields of the contract type MIAPBatchLearnerToVerify (domain §8) [O]."""

import re

from uln_contract.facets import facets_of
from uln_contract.layouts.layout import Column, FileKind, Layout, ValueKind
from uln_contract.records import MIAPBatchLearnerToVerify

_KINDS = {
    "MISIdentifier": ValueKind.REFERENCE,
    "ULN": ValueKind.ULN,
    "DateOfBirth": ValueKind.DATE,
    "Gender": ValueKind.CODE,
}

VERIFICATION = Layout(
    name="verify",
    kind=FileKind.VERIFICATION,
    title="learners to verify",
    columns=tuple(
        Column(
            each.name,
            _KINDS.get(each.name, ValueKind.NAME),
            facets_of(each.name, "MIAPBatchLearnerToVerify"),
            each.name,
            required=each.required,
        )
        for each in MIAPBatchLearnerToVerify.FIELDS
    ),
    file_name=re.compile(
        r"VER_(?P<ukprn>[0-9]{8})_[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])_(?P<number>[0-9]{3})"
    ),
    file_name_form="VER_<UKPRN>_<YYYYMMDD>_<NNN>",
    file_name_example="VER_90000001_20240624_001",
    extension_upper=False,
    fewest=1,
    most=100_000,
    at_once=5_000,
    root="VerifyFile",
    record="Learner",
)
