"""What each kind of file is for: the job of its rows, who may hand it in, what results mean (domain §7, §9)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.outputs import Answered
from uln_contract.codes import ResponseCode, ReturnCode, VerifyCode, explain
from uln_contract.layouts import FileKind, Layout
from uln_contract.records import BatchLearner, MIAPBatchLearnerToVerify, MIAPVerifiedBatchLearner
from uln_contract.shape import Record
from uln_server.access import hours
from uln_server.access.identity import Refused, admit
from uln_server.access.organisation import Agreement, Organisation
from uln_server.batch import registration_rows, verifying
from uln_server.batch.achieving import FINDINGS
from uln_server.batch.job import Fields, Job, JobKind, JobStatus, Row, RowResult
from uln_server.operations.catalogue import OPERATIONS
from uln_server.record.finding import from_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the files of one kind are for.

    ``submit`` and ``ask`` are the operations that do the same over SOAP: a file is audited as they are, and needs
    what they need. ``at_once`` rows are one job, as many as they take; ``None`` where that is a setting.
    """

    kind: JobKind
    submit: str
    ask: str
    submitted: ResponseCode
    ended: ResponseCode
    ended_early: ResponseCode
    at_once: int | None
    form: str = ""
    given: Fields = field(default_factory=dict)

    def refusal(self, organisation: Organisation | None, now: datetime) -> tuple[str, Finding] | None:
        """Say what keeps an organisation from handing such a file in, as the operation would answer it.

        Hours do not count: a file waits by its nature [O].
        """
        operation = OPERATIONS[self.submit]
        try:
            admitted = admit(
                organisation and replace(organisation, hours=hours.ALWAYS),
                proven=True,
                needs=operation.needs,
                only=operation.only,
                now=now,
            )
        except Refused as refused:
            said = explain(refused.code)
            return refused.code, _error(refused.code, refused.text, said.remedy)
        if self.kind is JobKind.ACHIEVEMENTS and Agreement.ACHIEVEMENTS_SUBMIT not in admitted.agreements:
            return ResponseCode.WSRC0043, _finding(ResponseCode.WSRC0043)
        return None

    def code_of(self, job: Job) -> ResponseCode:
        """Give what the asking operation would answer for a job that has ended."""
        return self.ended if job.status is JobStatus.SUCCESSFUL else self.ended_early

    def answered(self, row: Row, result: RowResult) -> Answered:
        """Give what became of a record."""
        if self.kind is JobKind.REGISTRATION:
            return Answered(result.code, uln=result.values.get("uln") or "")
        if self.kind is JobKind.VERIFICATION:
            return _verified(verifying.output(row, result))
        findings = from_text(result.values.get(FINDINGS) or "")
        return Answered(result.code, " ".join(dict.fromkeys(each.code.value for each in findings)))

    def findings(self, result: RowResult) -> tuple[Finding, ...]:
        """Say what there is to do about a record; nothing about one that went as it should."""
        if self.kind is JobKind.ACHIEVEMENTS:
            return tuple(
                _finding(each.code.value, each.field, refuses=each.refuses)
                for each in from_text(result.values.get(FINDINGS) or "")
            )
        return () if result.code in _AS_IT_SHOULD else (_finding(result.code),)


ERRANDS: Mapping[FileKind, Errand] = {
    FileKind.REGISTRATION: Errand(
        kind=JobKind.REGISTRATION,
        submit="submitBatchRegistration",
        ask="getBatchRegistrationOutput",
        submitted=ResponseCode.WSRC0007,
        ended=ResponseCode.WSRC0009,
        ended_early=ResponseCode.WSRC0010,
        at_once=registration_rows.MOST_ROWS,
        form=registration_rows.FULL,
        given=registration_rows.OF_FILE,
    ),
    FileKind.VERIFICATION: Errand(
        kind=JobKind.VERIFICATION,
        submit="submitVerifyBatch",
        ask="getVerifyBatchOutput",
        submitted=ResponseCode.WSRC0025,
        ended=ResponseCode.WSRC0027,
        ended_early=ResponseCode.WSRC0028,
        at_once=verifying.MOST_ROWS,
    ),
    FileKind.ACHIEVEMENTS: Errand(
        kind=JobKind.ACHIEVEMENTS,
        submit="SubmitAchievementBatchJob",
        ask="GetAchievementBatchJob",
        submitted=ResponseCode.WSRC0040,
        ended=ResponseCode.WSRC0042,
        ended_early=ResponseCode.WSRC0042,
        at_once=None,
    ),
}
"""What files are for, by their kind."""


def job_rows(layout: Layout, records: Iterable[Mapping[str, str]]) -> Iterator[Fields]:
    """Give the rows of a job for the values of a file's records, as a message would bring them."""
    names = _names(layout)
    rows = ({names[name]: text for name, text in each.items()} for each in records)
    return registration_rows.marked(rows) if layout.kind is FileKind.REGISTRATION else iter(rows)


_AS_IT_SHOULD = frozenset(
    {
        *(ReturnCode.RC001, ReturnCode.RC002, ReturnCode.RC003, ReturnCode.RC005),
        *(VerifyCode.WSVRC001, VerifyCode.WSVRC002),
    }
)
_RECORDS: Mapping[FileKind, type[Record]] = {
    FileKind.REGISTRATION: BatchLearner,
    FileKind.VERIFICATION: MIAPBatchLearnerToVerify,
}


def _names(layout: Layout) -> Mapping[str, str]:
    """Give how a job's row calls each column: a learner's by attributes, an achievement's as the contract does."""
    record = _RECORDS.get(layout.kind)
    if record is None:
        return {each.name: each.element or each.name for each in layout.of_record}
    return {
        each.name: record.BY_NAME[each.element].attribute if each.element else each.name.lower()
        for each in layout.of_record
    }


def _verified(learner: MIAPVerifiedBatchLearner) -> Answered:
    found = {name: getattr(learner, attribute) or "" for name, attribute in _FOUND.items()}
    return Answered(
        learner.response_code, uln=learner.uln or "", flags=" ".join(learner.failure_flag), found=found
    )


_FOUND = {
    "FamilyName": "family_name",
    "GivenName": "given_name",
    "DateOfBirth": "date_of_birth",
    "Gender": "gender",
}


def _finding(code: str, column: str | None = None, *, refuses: bool = True) -> Finding:
    said = explain(code)
    severity = Severity.ERROR if refuses else Severity.WARNING
    return Finding(code=str(code), severity=severity, words=said.text, remedy=said.remedy, column=column)


def _error(code: str, words: str, remedy: str) -> Finding:
    return Finding(code=str(code), severity=Severity.ERROR, words=words, remedy=remedy)
