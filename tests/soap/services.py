"""Requests of the services whose every element carries a namespace: all but LearnerService."""

from collections.abc import Mapping

SERVICES = "http://api.lrs.qcf.gov.uk/services"
MODEL = "http://api.lrs.qcf.gov.uk/model"
TEMPURI = "http://tempuri.org/"
RECONCILIATION = "urn:uln-interchange:reconciliation:1"
COMMON = "http://schemas.datacontract.org/2004/07/Amor.Qcf.Common"
INTERFACE = "http://schemas.datacontract.org/2004/07/Amor.Qcf.Service.Interface"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _in(namespace: str, fields: Mapping[str, str | None]) -> str:
    """Elements of this namespace, values as markup; ``""`` is sent as nil, ``None`` not at all."""
    opened = {name: f'{name} xmlns="{namespace}"' for name in fields}
    nil = f' xmlns:xsi="{XSI}" xsi:nil="true"/>'
    return "".join(
        f"<{opened[name]}>{value}</{name}>" if value else f"<{opened[name]}{nil}"
        for name, value in fields.items()
        if value is not None
    )


def invoking_user(
    reference: str | None = "SBXAO1", password: str | None = "SandboxAO-000001", user: str | None = "tester"
) -> str:
    """The content of ExternalService's invokingUser."""
    return _in(MODEL, {"OrgPassword": password, "OrganisationRef": reference, "UserName": user})


def invoking_organisation(
    ukprn: str | None = "90000001",
    password: str | None = "SandboxAO-000001",
    user: str | None = "tester",
    reference: str | None = None,
) -> str:
    """The content of LearnerServiceR9's invokingOrganisation."""
    return _in(COMMON, {"Password": password, "Reference": reference, "Ukprn": ukprn, "Username": user})


def invoking_organisation_r10(
    ukprn: str | None = "90000001",
    password: str | None = "SandboxAO-000001",
    user: str | None = "tester",
    reference: str | None = None,
) -> str:
    """The content of GetLearnerLearningEvents' invokingOrganisation, which is of a type of its own."""
    return _in(INTERFACE, {"OrganisationRef": reference, "Password": password, "Ukprn": ukprn, "Username": user})


ACHIEVEMENT: Mapping[str, str] = {
    "AchievementAwardDate": "2024-01-31T00:00:00",
    "Action": "1",
    "ActionDate": "2024-02-05T09:30:00Z",
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000004",
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "K/501/5773",
}


def submission_body(
    *achievements: Mapping[str, str | None],
    user: str | None = invoking_user(),
    form: str | None = "Final",
    email: str | None = None,
) -> str:
    """A SubmitAchievementBatchJob in contract form; one achievement of Darcie Tucker's unless others are given."""
    rows = "".join(_in(SERVICES, {"Achievement": _in(SERVICES, each)}) for each in achievements or (ACHIEVEMENT,))
    fields = {"invokingUser": user, "emailAddress": email, "submissionType": form, "achievements": rows}
    return _in(SERVICES, {"SubmitAchievementBatchJob": _in(SERVICES, fields)})


def job_body(job_id: str | None = "100001", user: str | None = invoking_user()) -> str:
    """A GetAchievementBatchJob in contract form."""
    return _in(SERVICES, {"GetAchievementBatchJob": _in(SERVICES, {"invokingUser": user, "jobId": job_id})})


_FROM_ORGANISATION = {"invokingOrganisation": invoking_organisation(), "userType": "ORG", "vendorId": "1"}
_NAMED = {"uln": "1026893096", "givenName": "Darcie", "familyName": "Tucker"}
R9_FIELDS: Mapping[str, Mapping[str, str]] = {
    "LearnerByUln": {**_FROM_ORGANISATION, "language": "ENG", **_NAMED, "findType": "FUL"},
    "GetLearnerLearningEvents": {
        "invokingOrganisation": invoking_organisation_r10(),
        "userType": "ORG",
        "vendorID": "1",
        "language": "ENG",
        **_NAMED,
        "dateOfBirth": "",
        "gender": "",
        "getType": "FULL",
    },
    "UpdateLearnerSubsetFields": {
        **_FROM_ORGANISATION,
        "language": "ENG",
        "uln": "1026893096",
        "versionNumber": "1",
        "emailAddress": "",
        "telephoneNumber": "",
        "abilityToShare": "NotProvided",
        "schoolAtAge16": "",
        "preferredGivenName": "Dee",
    },
    "ViewAudit": {
        **_FROM_ORGANISATION,
        "language": "ENG",
        "learnerUln": "1026893096",
        "learnerGivenName": "Darcie",
        "learnerFamilyName": "Tucker",
        "page": "1",
    },
    "GetOrganisation": {**_FROM_ORGANISATION, "language": "ENG", "ukPrn": "90000002", "orgRef": ""},
}
"""LearnerServiceR9's requests, their fields in contract order."""


def r9_body(operation: str, **changes: str | None) -> str:
    """A request of LearnerServiceR9 in contract form; a field that is changed keeps its place."""
    assert R9_FIELDS[operation].keys() >= changes.keys()
    return _in(TEMPURI, {operation: _in(TEMPURI, {**R9_FIELDS[operation], **changes})})


OWN_AWARDS_FIELDS = ("fromDate", "toDate", "providerUkprn", "updatedSince", "pageSize", "pageToken")
"""What a GetOwnAwards says besides who calls, in contract order."""


def own_awards_body(
    reference: str | None = "SBXAO1",
    password: str | None = "SandboxAO-000001",
    user: str | None = "tester",
    **asked: str | None,
) -> str:
    """A GetOwnAwards in contract form; what is asked for by the contract's names."""
    assert asked.keys() <= set(OWN_AWARDS_FIELDS)
    caller = {"OrgPassword": password, "OrganisationRef": reference, "UserName": user}
    fields = {
        "invokingUser": _in(RECONCILIATION, caller),
        **{name: asked.get(name) for name in OWN_AWARDS_FIELDS},
    }
    return _in(RECONCILIATION, {"GetOwnAwards": _in(RECONCILIATION, fields)})
