"""Replies of services as records, for the replaying service to send."""

import csv
import io
from typing import Any

from lxml import etree
from tests.unit.client.organisation import SOAP
from tests.unit.client.replaying import Answer, Replaying

from uln_contract.external_records import (
    AchievementBatchJobResponse,
    GetAchievementBatchJobResponse,
    SubmitAchievementBatchJobResponse,
    SubmitAchievementBatchJobResponseMessage,
)
from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.shape import Record
from uln_contract.writing import write

_OPERATIONS = (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
RESPONSES = {each.name: each.response for each in _OPERATIONS}
_ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>%s</e:Body></e:Envelope>'


def enveloped(body: str, status: int = 200) -> Answer:
    return Answer(status=status, body=(_ENVELOPE % body).encode())


def answer(operation: str, record: Record) -> Answer:
    return enveloped(write(record, RESPONSES[operation], {}))


def submitted(job_id: int | None = 100001, code: str = "WSRC0040") -> Answer:
    """The reply to SubmitAchievementBatchJob."""
    result = SubmitAchievementBatchJobResponse(response_code=code, job_id=job_id)
    message = SubmitAchievementBatchJobResponseMessage(submit_achievement_batch_job_result=result)
    return answer("SubmitAchievementBatchJob", message)


def output(code: str = "WSRC0042", **said: Any) -> Answer:
    """The reply to GetAchievementBatchJob."""
    result = AchievementBatchJobResponse(response_code=code, **said)
    return answer(
        "GetAchievementBatchJob", GetAchievementBatchJobResponse(get_achievement_batch_job_result=result)
    )


UNKNOWN = output("WSRC0018")
WAITING = output("WSRC0041", status="Waiting", number_of_records=2)


def done(accepted: int, *errors: tuple[int, str], status: str = "Successful", **said: Any) -> Answer:
    """A finished job with so many accepted, and lines of (record number, code)."""
    refusals = {number for number, code in errors if not code.startswith("W")}
    return output(
        status=status,
        successful_final_achievements=accepted,
        business_rule_errors=len(refusals),
        number_of_records=accepted + len(refusals),
        achievement_batch_error_file=error_file(*errors) if errors else None,
        **said,
    )


HEADINGS = (
    *("RecordNumber", "MisIdentifier", "Uln", "UnitOrQualificationReferenceNumber"),
    *("Field", "Code", "Class", "Message", "Remedy"),
)


def error_file(*errors: tuple[int, str]) -> str:
    text = io.StringIO()
    kinds = {"W": "Warning", "B": "Business rule"}
    lines = [
        (number, "", "", "", "Grade", code, kinds[code[0]], "It is so.", "Do that.") for number, code in errors
    ]
    csv.writer(text, lineterminator="\n").writerows([HEADINGS, *lines])
    return text.getvalue()


def domain_fault(code: str, detail: str) -> Answer:
    return enveloped(
        "<e:Fault><faultcode>e:Server</faultcode><faultstring>x</faultstring><detail>"
        '<f:DomainFault xmlns:f="http://api.lrs.qcf.gov.uk/faults">'
        f"<f:ErrorCode>{code}</f:ErrorCode><f:ErrorDetail>{detail}</f:ErrorDetail></f:DomainFault>"
        "</detail></e:Fault>",
        500,
    )


def names(service: Replaying) -> list[str]:
    """Which operation each request was for."""
    return [str(etree.QName(body(service, place)).localname) for place in range(len(service.requests))]


def body(service: Replaying, place: int = -1) -> etree._Element:
    found = etree.fromstring(service.requests[place].body).find("soap:Body", SOAP)
    assert found is not None
    return found[0]


def message_id(service: Replaying, place: int) -> str:
    header = etree.fromstring(service.requests[place].body).find("soap:Header", SOAP)
    assert header is not None
    return header.findtext("{http://www.w3.org/2005/08/addressing}MessageID") or ""
