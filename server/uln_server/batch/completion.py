"""What the sender of a job is told once it has ended, without personal data (domain §9) [O]."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from uln_contract.codes import explain
from uln_server.batch.job import Job, JobKind
from uln_server.batch.mail_address import mail_address
from uln_server.record.counting import counters

_LONDON = ZoneInfo("Europe/London")
_ASKED_WITH = {
    JobKind.REGISTRATION: "getBatchRegistrationOutput",
    JobKind.VERIFICATION: "getVerifyBatchOutput",
    JobKind.ACHIEVEMENTS: "GetAchievementBatchJob",
}
_ADDRESSES = ("email", "org_email")  # achievements' and verifications'


@dataclass(frozen=True, slots=True)
class Completion:
    """A message in words: plain ASCII, each line short enough for any mail server."""

    subject: str
    text: str


def address_of(job: Job) -> str | None:
    """Give the address that a job was submitted with, if it is one."""
    sent = next((text for name in _ADDRESSES if (text := job.given.get(name))), None)
    return None if sent is None else mail_address(sent)


def completion(job: Job, *, sandbox: bool = False, service: str | None = None) -> Completion:
    """Say that a job has ended, how its rows fared, and how to get its output.

    ``service`` is the address that callers use, if that is known. Nothing of it is a row's, and nothing a
    person's: mail is read by whoever carries it. So an operator's reason for failing a job is left to the output.
    """
    subject = f"{'Sandbox: ' if sandbox else ''}Job {job.id} has ended: {job.status}"
    parts = ("\n".join(_facts(job, service)), "\n".join(_counts(job)), _way_on(job), _FOOT)
    return Completion(subject, "\n\n".join(filter(None, parts)) + "\n")


_FOOT = (
    "This message was made by a machine, because the job was submitted with this\n"
    "address. It holds no personal data, and nobody reads an answer to it."
)


def _facts(job: Job, service: str | None) -> list[str]:
    facts = {
        "Job": str(job.id),
        "Kind": ", ".join(filter(None, (job.kind, job.form))),
        "Organisation": job.ukprn,
        "Status": job.status,
        "Rows done": f"{job.done} of {job.rows}",
        "Submitted": _in_london(job.submitted_at),
        "Ended": _in_london(job.finished_at),
        "Service": service,
    }
    return [f"{name + ':':14}{value}" for name, value in facts.items() if value]


def _counts(job: Job) -> list[str]:
    return [f"{number:9}  {said}" for said, number in _said_counts(job).items() if number]


def _said_counts(job: Job) -> dict[str, int]:
    if job.kind is not JobKind.ACHIEVEMENTS:
        return {f"{code}: {_first_sentence(code)}": number for code, number in sorted(job.counts.items())}
    found = counters(job.counts)
    return {
        "created": found.created,
        "updated": found.updated,
        "withdrawn": found.withdrawn,
        "reinstated": found.reinstated,
        "promoted to final": found.promoted,
        "refused for field data": found.field_data_errors,
        "refused for learner data": found.learner_data_errors,
        "refused by a business rule": found.business_rule_errors,
    }


def _first_sentence(code: str) -> str:
    return explain(code).text.partition(". ")[0].rstrip(".")


def _way_on(job: Job) -> str:
    return (
        f"{_ASKED_WITH[job.kind]} with this number gives what became of each row, and\n"
        f"why a job was not successful; `uln job {job.id}` asks for it."
    )


def _in_london(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(_LONDON):%Y-%m-%d %H:%M} UK time"
