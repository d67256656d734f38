"""Batches of achievements: submitted, waited for, and what GetAchievementBatchJob tells of them."""

import csv
import io
import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple

from lxml import etree
from tests.service import RunningService
from tests.soap.services import invoking_user, job_body, submission_body
from tests.soap.wire import EXTERNAL, Answer, send

from uln_contract.ulns import check_digit
from uln_server.batch.job import JobId
from uln_server.record.credit import credits_of
from uln_server.register.learner import Learner, Status
from uln_server.store.database import Database

FIRST_AO = invoking_user()
SECOND_AO = invoking_user("SBXAO6", "SandboxAO-000006")
ACHIEVEMENT: Mapping[str, str | None] = {
    "AchievementAwardDate": "2024-01-31T00:00:00",
    "Action": "1",
    "ActionDate": "2024-02-05T09:30:00Z",
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000004",
    "Uln": "1026893096",
    "UnitOrQualificationReferenceNumber": "S/900/0001",
}
"""Darcie Tucker's unit, to be created: the first awarding organisation's own."""
SECONDS_UNIT, SHARED_UNIT = "S/900/0101", "S/900/0201"
"""Units of the second awarding organisation: one its own, one that all may award."""
CREATE, UPDATE, WITHDRAW, REINSTATE, PROMOTE = "12345"
PATIENCE_SECONDS = 20.0
Fields = Mapping[str, str | None]
Row = dict[str, str | None]
_REGISTERED = datetime(2024, 6, 30, 23, 30, tzinfo=UTC)


def _ulns() -> Iterator[str]:
    """Valid ULNs that neither the sandbox nor a filled register holds."""
    for number in count(700_000_000):
        digit = check_digit(f"{number}")
        if digit is not None:
            yield f"{number}{digit}"


_new_ulns = _ulns()


def newcomers(register: Database, number: int) -> list[Row]:
    """So many learners who have no achievement yet, in the register; as an achievement names each."""
    ulns = [next(_new_ulns) for _ in range(number)]
    with register.writing() as writing:
        for uln in ulns:
            writing.learners.add(
                Learner(
                    uln=uln,
                    status=Status.ACTIVE,
                    version=1,
                    created_at=_REGISTERED,
                    updated_at=_REGISTERED,
                    given_name="Beatrix",
                    family_name="Honeyman",
                    date_of_birth="2001-02-03",
                    gender="2",
                    last_known_post_code="TR1 2HE",
                    ability_to_share="1",
                    verification_type="1",
                )
            )
    return [{"Uln": uln, "GivenName": "Beatrix", "FamilyName": "Honeyman"} for uln in ulns]


class Award(NamedTuple):
    """What these tests look at of an award."""

    organisation: str
    reference: str
    award_date: str
    form: str
    withdrawn: bool
    provider_ukprn: str
    language: str | None


def awards(register: Database, learner: Fields) -> list[Award]:
    """What is recorded of a learner."""
    recorded = register.reading().awards.recorded(str(learner["Uln"]))
    columns = (getattr(recorded, name) for name in Award._fields)
    return [Award(*values) for values in zip(*columns, strict=True)]


def credit(register: Database, learner: Fields) -> int:
    """What a learner has accumulated."""
    return sum(each or 0 for each in credits_of(register.reading().awards.recorded(str(learner["Uln"]))))


def achievement(learner: Fields | None = None, **changes: str | None) -> Row:
    """An achievement by the contract's names, in the contract's order; of a learner, and with changes."""
    fields = {**ACHIEVEMENT, **(learner or {}), **changes}
    return {name: fields[name] for name in sorted(fields, key=str.lower)}


def submit(service: RunningService, *rows: Fields, form: str = "Final", by: str = FIRST_AO) -> JobId:
    """Submit a batch that is accepted, and give its number."""
    answer = send(service, submission_body(*rows, user=by, form=form), path=EXTERNAL)
    assert answer.text("ResponseCode") == "WSRC0040"
    return int(answer.text("JobId") or 0)


def asked(service: RunningService, job_id: JobId | None, by: str = FIRST_AO) -> Answer:
    """Ask for a job once."""
    return send(service, job_body(None if job_id is None else str(job_id), by), path=EXTERNAL)


def finished(service: RunningService, job_id: JobId, by: str = FIRST_AO) -> Answer:
    """Ask for a job until it has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while b"WSRC0041" in (answer := asked(service, job_id, by)).body:
        assert time.monotonic() < deadline, answer.body
        time.sleep(0.01)
    return answer


def outcome(service: RunningService, *rows: Fields, form: str = "Final", by: str = FIRST_AO) -> Answer:
    """Submit a batch and wait until it has ended."""
    return finished(service, submit(service, *rows, form=form, by=by), by)


def fields(answer: Answer) -> dict[str, str]:
    """What a reply says of a job, by element; each at most once."""
    (result,) = answer.reply()
    found = {etree.QName(each).localname: each.text or "" for each in result}
    assert len(found) == len(result)
    return found


COUNTERS = {
    "AchievementsCreated": "created",
    "AchievementsUpdated": "updated",
    "AchievementsWithdrawn": "withdrawn",
    "AchievementsReinstated": "reinstated",
    "AchievementsPromotedToFinal": "promoted",
    "SuccessfulFinalAchievements": "final",
    "SuccessfulProvisionalAchievements": "provisional",
    "FieldDataErrors": "field",
    "LearnerDataErrors": "learner",
    "BusinessRuleErrors": "business",
}


def counted(answer: Answer) -> dict[str, int]:
    """The counters that are not zero; every one is there."""
    found = fields(answer)
    counts = {short: int(found[name]) for name, short in COUNTERS.items()}
    return {name: count for name, count in counts.items() if count}


def errors(answer: Answer) -> list[dict[str, str]]:
    """The lines of the error file by its headings."""
    return list(csv.DictReader(io.StringIO(fields(answer).get("AchievementBatchErrorFile", ""))))


def found(answer: Answer) -> list[tuple[int, str]]:
    """Record number and code of each line of the error file."""
    return [(int(each["RecordNumber"]), each["Code"]) for each in errors(answer)]


def shape(answer: Answer) -> dict[str, str]:
    """What a reply says of a job but the counters and the error file; the times by their form."""
    return {
        name: re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d\d:\d\d:\d\d", "a time", text)
        for name, text in fields(answer).items()
        if name not in COUNTERS and name != "AchievementBatchErrorFile"
    }
