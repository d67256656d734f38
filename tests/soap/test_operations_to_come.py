"""The operations of the contract that this release does not carry out: each answers WSEC0002, on both paths."""

import pytest
from lxml import etree
from tests.service import RunningService
from tests.soap.wire import CREDENTIALS, GENERATION_2014, TODAY, send

from uln_contract import schema
from uln_contract.operations import LEARNER_SERVICE
from uln_contract.shape import Field, OperationContract, Record
from uln_contract.writing import write
from uln_server.operations.catalogue import OPERATIONS

TO_COME = [each for each in LEARNER_SERVICE if each.name not in OPERATIONS]
VALUES: dict[str, object] = {
    "OrganisationRef": "SBXAO1",
    "UKPRN": "90000001",
    "OrgPassword": "SandboxAO-000001",
    "UserName": "tester",
    "ULN": "1026893096",
    "GivenName": "Darcie",
    "FamilyName": "Tucker",
    "DateOfBirth": "1976-08-16",
    "Gender": "2",
    "LastKnownPostCode": "CV4 9EE",
    "AbilityToShare": "1",
    "VerificationType": "1",
    "FindType": "FUL",
    "JobType": "FUL",
    "UserType": "ORG",
    "LNRContactType": "TEL",
    "FromDate": "2024-01-01",
    "VersionNumber": 1,
    "LearnerRecordCount": 1,
    "JobID": 100001,
}


def required(record: type[Record]) -> Record:
    """A record with its required fields, and both identifiers."""
    wanted = [field for field in record.FIELDS if field.required or field.name in {"OrganisationRef", "UKPRN"}]
    return record(**{field.attribute: _value(field) for field in wanted})


def _value(field: Field) -> object:
    one = VALUES[field.name] if field.record is None else required(field.record)
    return (one,) if field.many else one


def request_of(operation: OperationContract) -> str:
    return write(required(operation.request_record), operation.request, {})


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize("operation", TO_COME, ids=lambda each: each.name)
def test_wsec0002_for_a_valid_request(service: RunningService, operation: OperationContract, path: str) -> None:
    body = request_of(operation)
    assert schema.is_valid(etree.fromstring(body)), schema.first_violation(etree.fromstring(body))
    assert CREDENTIALS in body
    fault = send(service, body, path=path).expect_fault("WSEC0002", operation.name, "does not carry it out yet")
    assert fault.detail["ErrorActor"] == operation.name


def test_the_rest_of_both_generations_is_carried_out() -> None:
    assert [each.name for each in TO_COME] == ["getLearnerRecord"]
    assert len({each.name for each in LEARNER_SERVICE} & OPERATIONS.keys()) + len(TO_COME) == len(LEARNER_SERVICE)
