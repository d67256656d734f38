"""What the submissions of batches have in common: the job that is made of a message (domain §7)."""

from collections.abc import Iterable
from typing import Any

from uln_server.batch.job import ContentDigest, Fields, JobId, JobKind, Submission, WrittenRows
from uln_server.operations.call import Call, ChangingUnit

NO_JOB = 0
"""The JobID of a reply when no job was made [O]."""


def submitted(  # noqa: PLR0913  # what a job is made of
    call: Call[Any],
    unit: ChangingUnit,
    kind: JobKind,
    rows: Iterable[Fields],
    *,
    form: str = "",
    given: Fields | None = None,
) -> JobId:
    """Keep a job with its rows in the call's own transaction, and give its number.

    A repetition gets the first one's number: the same content, ``given`` included, while the first is unfinished,
    or under the same WS-Addressing MessageID within a day (domain §7). Another content is another job even under
    the same MessageID, so that a client that never changes it loses nothing [O].
    """
    of_message, listed = given or {}, list(rows)
    digest = ContentDigest()
    for each in (of_message, *listed):
        digest.add(each)
    return unit.jobs.submit(_submission(call, kind, form, of_message, digest), listed)


def submitted_in_writing(  # noqa: PLR0913  # what a job is made of
    call: Call[Any], unit: ChangingUnit, kind: JobKind, rows: WrittenRows, *, form: str, given: Fields
) -> JobId:
    """The same of rows that are too many to be looked at again."""
    digest = ContentDigest()
    for each in (given, {"rows": rows.digest}):
        digest.add(each)
    return unit.jobs.submit(_submission(call, kind, form, given, digest), rows)


def _submission(call: Call[Any], kind: JobKind, form: str, given: Fields, digest: ContentDigest) -> Submission:
    organisation = call.caller.organisation
    return Submission(
        kind=kind,
        form=form,
        organisation_id=organisation.id,
        ukprn=organisation.ukprn,
        user=call.caller.user,
        message_id=call.message_id,
        wsa_message_id=call.wsa_message_id,
        digest=digest.hexdigest(),
        at=call.now,
        given=given,
    )
