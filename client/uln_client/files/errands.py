"""What each kind of file is sent for: the message of its rows, and what their results mean (domain §7, §8, §9)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from uln_client.achievements import AchievementOutcome, Sent, results
from uln_client.batches import IN_THE_REGISTER, check_rows
from uln_client.desk import Desk
from uln_client.files.journal import Result
from uln_client.files.outcomes import Outcome, Standing
from uln_client.jobs import Job, JobKind, output_of
from uln_client.results import OUTCOMES
from uln_client.results import Outcome as Verified
from uln_client.sense import code_of
from uln_contract.codes import FailureFlag, ReturnCode, VerifyCode, explain
from uln_contract.external_records import Achievement, AchievementBatchJobResponse
from uln_contract.layouts import Layout
from uln_contract.records import BatchLearner, BatchOutputResp, MIAPBatchLearnerToVerify, VerifyBatchOutputResp
from uln_contract.shape import Record

Values = Mapping[str, str]
"""A row as it is sent: text by the layout's name of the column."""


class Errand(Protocol):
    """One kind's way of being sent and answered."""

    kind: JobKind

    def message(self, rows: Sequence[Values], name: str) -> bytes:
        """Write the message of one job, with the MessageID ``name``."""

    def kept(self, rows: Sequence[Values]) -> Sequence[Any]:
        """Give what must be known of rows while their job is under way."""

    def results(self, job: Job, kept: Sequence[Any]) -> list[Result]:
        """Give what became of the rows of a job that has ended; of one that ended early, of the first ones.

        Raises :class:`~uln_client.errors.InvalidReply` if the answer is not about these rows.
        """

    def outcome(self, result: Result) -> Outcome:
        """Say a row's result in words."""


class Verification:
    """Learners to verify. A result is a code, flags, and what the register holds: uln, names, date, gender."""

    kind = JobKind.VERIFICATION

    def __init__(self, desk: Desk, layout: Layout, *, email: str | None = None) -> None:
        self._desk = desk
        self._attributes = _attributes(layout, MIAPBatchLearnerToVerify)
        self._email = email

    def message(self, rows: Sequence[Values], name: str) -> bytes:
        """As :class:`Errand` says."""
        learners = [MIAPBatchLearnerToVerify(**_renamed(each, self._attributes)) for each in rows]
        return self._desk.verification(learners, name, email=self._email)

    def kept(self, rows: Sequence[Values]) -> Sequence[str]:
        """As :class:`Errand` says."""
        return [each["ULN"] for each in rows]

    def results(self, job: Job, kept: Sequence[str]) -> list[Result]:
        """As :class:`Errand` says."""
        found = output_of(job, VerifyBatchOutputResp).verified_learner
        check_rows([each.searched_uln for each in found], kept)
        return [
            [
                code_of(VerifyCode, each.response_code),
                " ".join(each.failure_flag),
                each.uln,
                each.family_name,
                each.given_name,
                each.date_of_birth,
                each.gender,
            ]
            for each in found
        ]

    def outcome(self, result: Result) -> Outcome:
        """As :class:`Errand` says."""
        return _verified(result[0], result[1], result[2] or "")


_STANDINGS = {
    Verified.MATCH: Standing.DONE,
    Verified.SIMILAR: Standing.UNSURE,
    Verified.NO_MATCH: Standing.WRONG,
    Verified.NOT_FOUND: Standing.WRONG,
}


def _verified(code: str, flags: str, uln: str) -> Outcome:
    word, standing, reason, remedy = _worded(code, flags)
    return Outcome(word, standing, code, reason, remedy, uln)


@cache
def _worded(code: str, flags: str) -> tuple[str, Standing, str, str]:
    outcome, said = OUTCOMES[VerifyCode(code)], explain(VerifyCode(code))
    failures = [f"{each}: {explain(code_of(FailureFlag, each)).text}" for each in flags.split()]
    return str(outcome), _STANDINGS[outcome], " ".join((said.text, *failures)), said.remedy


class Registration:
    """Learners to register, or with ``check_only`` to look what would become of them. A result: code, ULN."""

    kind = JobKind.REGISTRATION

    def __init__(self, desk: Desk, layout: Layout, *, check_only: bool = False) -> None:
        self._desk = desk
        self._attributes = _attributes(layout, BatchLearner)
        self._check_only = check_only

    def message(self, rows: Sequence[Values], name: str) -> bytes:
        """As :class:`Errand` says."""
        learners = [BatchLearner(**_renamed(each, self._attributes)) for each in rows]
        return self._desk.registration(learners, name, check_only=self._check_only)

    def kept(self, rows: Sequence[Values]) -> Sequence[str | None]:
        """As :class:`Errand` says."""
        return [each.get("MISIdentifier") for each in rows]

    def results(self, job: Job, kept: Sequence[str | None]) -> list[Result]:
        """As :class:`Errand` says."""
        found = output_of(job, BatchOutputResp).learner
        check_rows([each.mis_identifier for each in found], kept)
        return [[code_of(ReturnCode, each.return_code), each.uln] for each in found]

    def outcome(self, result: Result) -> Outcome:
        """As :class:`Errand` says."""
        code = ReturnCode(result[0])
        standing = (
            Standing.DONE if code in IN_THE_REGISTER else Standing.UNSURE if code in _POSSIBLE else Standing.WRONG
        )
        word = _WORDS.get(code, "refused")
        if self._check_only and code in _CHANGING:
            word = f"would be {word}"
        return Outcome(word, standing, code, explain(code).text, explain(code).remedy, result[1] or "")


_POSSIBLE = frozenset({ReturnCode.RC007, ReturnCode.RC009})
_CHANGING = frozenset({ReturnCode.RC001, ReturnCode.RC002})
_WORDS = {
    ReturnCode.RC001: "registered",
    ReturnCode.RC002: "updated",
    ReturnCode.RC003: "unchanged",
    ReturnCode.RC004: "not found",
    ReturnCode.RC005: "merged",
    ReturnCode.RC007: "possible matches",
    ReturnCode.RC009: "too many matches",
}


class Achievements:
    """Achievements to submit. A result: the outcome, and findings as field, code, kind, message, remedy."""

    kind = JobKind.ACHIEVEMENTS

    def __init__(self, desk: Desk, layout: Layout, *, provisional: bool = False, email: str | None = None) -> None:
        self._desk = desk
        self._attributes = _attributes(layout, Achievement)
        self._provisional = provisional
        self._email = email

    def message(self, rows: Sequence[Values], name: str) -> bytes:
        """As :class:`Errand` says."""
        achievements = [Achievement(**_typed(_renamed(each, self._attributes))) for each in rows]
        return self._desk.achievements(achievements, name, provisional=self._provisional, email=self._email)

    def kept(self, rows: Sequence[Values]) -> Sequence[Sent]:
        """As :class:`Errand` says."""
        return [_sent(each) for each in rows]

    def results(self, job: Job, kept: Sequence[Sent]) -> list[Result]:
        """As :class:`Errand` says."""
        return [
            [
                str(each.outcome),
                [[one.field, one.code, one.kind, one.message, one.remedy] for one in each.findings],
            ]
            for each in results(output_of(job, AchievementBatchJobResponse), job.job_id, kept, 1)
        ]

    def outcome(self, result: Result) -> Outcome:
        """As :class:`Errand` says."""
        word, findings = result
        if word == AchievementOutcome.UNKNOWN:
            return _CUT
        standing = Standing.DONE if word == AchievementOutcome.ACCEPTED else Standing.WRONG
        return Outcome(
            word,
            standing,
            " ".join(dict.fromkeys(code for _, code, *_ in findings)),
            " ".join(f"{field}: {message}" if field else message for field, _, _, message, _ in findings),
            " ".join(dict.fromkeys(remedy for *_, remedy in findings)),
        )


_CUT = Outcome(
    "unknown",
    Standing.UNSURE,
    reason="The service's error file takes 1 MB, and was cut before it came to this row.",
    remedy="Ask the service's operator for the job's whole error file, or send the row again: an achievement that "
    "is recorded already counts once.",
)


def _sent(row: Values) -> Sent:
    reference = row.get("UnitOrQualificationReferenceNumber")
    return Sent(row.get("Uln"), reference, row.get("MisIdentifier"), int(row["Action"]))


def _typed(fields: dict[str, str]) -> dict[str, Any]:
    """Give an achievement's fields with whole numbers where the contract has them."""
    return {name: int(text) if name in _INTEGERS else text for name, text in fields.items()}


_INTEGERS = frozenset(each.attribute for each in Achievement.FIELDS if each.integer)


def _attributes(layout: Layout, record: type[Record]) -> dict[str, str]:
    """Give the record's attribute for each column of the layout that a message carries."""
    return {
        each.name: record.BY_NAME[each.element].attribute
        for each in layout.columns
        if each.element is not None and not each.of_file
    }


def _renamed(row: Values, attributes: Mapping[str, str]) -> dict[str, str]:
    return {attributes[name]: text for name, text in row.items() if name in attributes}
