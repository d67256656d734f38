"""From a body element to the request record that its operation takes, or the reason why not."""

from collections.abc import Mapping
from dataclasses import replace

from uln_contract import schema
from uln_contract.codes import FaultCode
from uln_contract.reading import Element, read
from uln_contract.shape import OperationContract, Record
from uln_server.gate.conform import conformed
from uln_server.soap.faults import ContractFault

_PASSWORD_LENGTH = 16
# LearnerService's requests are held to the strict types of 2014, whichever contract a client has (domain §12).
_SCHEMAS: Mapping[str, str] = {
    "LearnerService": "2014",
    "ExternalService": "external",
    "LearnerServiceR9": "r9",
    "ReconciliationService": "reconciliation",
}
_CREDENTIALS = frozenset({"OrganisationRef", "UKPRN", "UserName"})
_INVOKERS = frozenset({"invokingUser", "invokingOrganisation"})


def read_request(body: Element, operation: OperationContract, raw: bytes, *, strict: bool) -> tuple[Record, bool]:
    """Validate a body element against the strict schema and read it.

    One that is in contract form already is read as it stands; any other is brought to it first, unless
    ``strict``; the second value says whether that was done. ``raw`` are the document's bytes. Raises
    ``ContractFault`` WSEC0001 that names the first bad place, its value and the rule.
    """
    contract = _SCHEMAS[operation.service]
    valid = body.tag == operation.request and schema.is_valid(body, contract)
    # An xsi:type can pass the schema as a derived type, with fields that the operation does not take.
    if valid and not (b"XMLSchema-instance" in raw and b"type" in raw):
        return read(body, operation.request_record), False
    if strict and not valid:
        raise _refused(body, contract)
    kind = conformed(body, operation)
    if not schema.is_valid(kind, contract):
        raise _refused(kind, contract)
    return read(kind, operation.request_record), True


def _refused(body: Element, contract: str) -> ContractFault:
    violation = schema.first_violation(body, contract)
    if _may_be_password(violation):
        violation = replace(violation, value=None)
    return ContractFault(FaultCode.WSEC0001, f"{violation} Correct it and send the message again.")


def _may_be_password(violation: schema.Violation) -> bool:
    """Whether a value that is refused has the length of a password and stands in a field beside it [O]."""
    *above, field = violation.place.split("/")
    beside = field in _CREDENTIALS or not _INVOKERS.isdisjoint(above)
    return beside and len(violation.value or "") == _PASSWORD_LENGTH
