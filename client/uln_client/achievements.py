"""What became of submitted achievements: one result for each, from the job's reply and error file (domain §9)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import takewhile
from typing import NamedTuple

from uln_client.sense import senseless
from uln_contract.external_records import AchievementBatchJobResponse


class Action(IntEnum):
    """What is to be done with an achievement.

    No list of the numbers is published: these are ULN Interchange's own, and another service may have others [O].
    """

    CREATE = 1
    UPDATE = 2
    WITHDRAW = 3
    REINSTATE = 4
    PROMOTE = 5


class AchievementOutcome(StrEnum):
    """What an achievement came to; ``UNKNOWN`` where the service's error file was cut before it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementFinding:
    """One line of an error file, in the service's words.

    ``number`` is the achievement's place in its job, counted from 1. ``kind`` is Field data, Learner data,
    Business rule or Warning.
    """

    number: int
    mis_identifier: str
    uln: str
    reference: str
    field: str
    code: str
    kind: str
    message: str
    remedy: str

    @property
    def refuses(self) -> bool:
        """Whether the achievement is refused for it; a warning refuses nothing."""
        return self.kind.casefold() != "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementResult:
    """What one achievement came to.

    ``number`` is its place in all that was submitted, counted from 1; ``uln``, ``reference``, ``mis_identifier``
    and ``action`` are as submitted. ``findings`` say why it was refused, or warn.
    """

    number: int
    job_id: int
    uln: str | None
    reference: str | None
    mis_identifier: str | None
    action: int
    outcome: AchievementOutcome
    findings: tuple[AchievementFinding, ...]

    @property
    def accepted(self) -> bool:
        """Whether the achievement was carried out, with or without a warning."""
        return self.outcome is AchievementOutcome.ACCEPTED


class Sent(NamedTuple):
    """What is kept of an achievement while its job runs."""

    uln: str | None
    reference: str | None
    mis_identifier: str | None
    action: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFile:
    """An error file: its lines, and what it says of those that were left out to keep it small, ``""`` for none."""

    findings: tuple[AchievementFinding, ...] = ()
    left_out: str = ""


_HEADINGS = (
    *("RecordNumber", "MisIdentifier", "Uln", "UnitOrQualificationReferenceNumber"),
    *("Field", "Code", "Class", "Message", "Remedy"),
)


def error_file(text: str | None) -> ErrorFile:
    """Read AchievementBatchErrorFile. Raises :class:`~uln_client.errors.InvalidReply` if it is no such file."""
    rows = csv.DictReader(io.StringIO(text or ""))
    if text and not set(_HEADINGS) <= set(rows.fieldnames or ()):
        raise senseless("its error file has other headings than the contract's")
    findings, left_out = [], ""
    for row in rows:
        cells = [row[name] or "" for name in _HEADINGS]
        if not cells[0]:
            left_out = f"{cells[-2]} {cells[-1]}".strip()
            continue
        if not cells[0].isdecimal():
            raise senseless("a line of its error file names no record")
        findings.append(AchievementFinding(**dict(zip(_ATTRIBUTES, [int(cells[0]), *cells[1:]], strict=True))))  # type: ignore[arg-type]  # the number first, then text
    return ErrorFile(findings=tuple(findings), left_out=left_out)


_ATTRIBUTES = ("number", "mis_identifier", "uln", "reference", "field", "code", "kind", "message", "remedy")


def accepted(output: AchievementBatchJobResponse) -> int:
    """Count the achievements of a job that were carried out."""
    return (output.successful_final_achievements or 0) + (output.successful_provisional_achievements or 0)


def refused(output: AchievementBatchJobResponse) -> int:
    """Count the achievements of a job that were refused."""
    errors = (output.field_data_errors, output.learner_data_errors, output.business_rule_errors)
    return sum(each or 0 for each in errors)


def results(
    output: AchievementBatchJobResponse, job_id: int, sent: Sequence[Sent], first: int
) -> Iterator[AchievementResult]:
    """Give the result of each achievement that a finished job has done, in order.

    ``first`` is the first one's place in all that was submitted. Rows are done in order, so that a job which ended
    early has done the first ones.
    """
    file = error_file(output.achievement_batch_error_file)
    done = accepted(output) + refused(output)
    if done > len(sent):
        raise senseless(f"it counts {done} achievements of {len(sent)}")
    told = _Told(file, done, refused(output))
    for place, each in enumerate(sent[:done], 1):
        findings = told.of(place)
        yield AchievementResult(
            number=first + place - 1,
            job_id=job_id,
            **each._asdict(),
            outcome=told.outcome(place),
            findings=findings,
        )


class _Told:
    """What an error file tells of each achievement; asked for one after the other."""

    def __init__(self, file: ErrorFile, done: int, refused: int) -> None:
        self._left = list(reversed(file.findings))
        self._refusals = {each.number for each in file.findings if each.refuses}
        # Of the last one in a cut file not every line may be there, and of those behind it none.
        last = file.findings[-1].number if file.findings else 0
        self._unsure_from = last if file.left_out else done + 1
        unsure = sum(place not in self._refusals for place in range(self._unsure_from, done + 1))
        self._otherwise = _otherwise(unsure, refused - len(self._refusals))

    def of(self, place: int) -> tuple[AchievementFinding, ...]:
        """Give the lines about this one."""
        found = tuple(takewhile(lambda each: each.number == place, reversed(self._left)))
        del self._left[len(self._left) - len(found) :]
        return found

    def outcome(self, place: int) -> AchievementOutcome:
        """Say what this one came to."""
        if place in self._refusals:
            return AchievementOutcome.REFUSED
        return self._otherwise if place >= self._unsure_from else AchievementOutcome.ACCEPTED


def _otherwise(unsure: int, refused: int) -> AchievementOutcome:
    """Say what those came to of which the file does not tell: so many, of which so many were refused."""
    if refused <= 0:
        return AchievementOutcome.ACCEPTED
    return AchievementOutcome.REFUSED if refused >= unsure else AchievementOutcome.UNKNOWN
